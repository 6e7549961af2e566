namespace TransformerTutorial.Embeddings;

/// <content>Reading and writing files.</content>
public sealed partial class WordVectors
{
    /// <summary>Reads word2vec's text format: a line <c>V d</c>, then a line for each word, the word and its d numbers with one space between them, in UTF-8.</summary>
    /// <remarks>Spaces and a carriage return at the end of a line are fine: word2vec's own tool writes such spaces.</remarks>
    /// <exception cref="InvalidDataException">The file is something else, ends too early or goes on too long, is not UTF-8, or holds a number that is not finite or a word twice. The message names file and line.</exception>
    public static WordVectors LoadText(string path) => Load(path, WordVectorsTextFile.Read, row => $"line {row + 2}");

    /// <summary>Reads word2vec's binary format: a line <c>V d</c>, then for each word the word in UTF-8, a space, and d little-endian 32-bit floating-point numbers.</summary>
    /// <remarks>word2vec's own tool writes a line end behind every vector, gensim does not; both can be read.</remarks>
    /// <exception cref="InvalidDataException">The file is something else, ends too early or goes on too long, is not UTF-8, or holds a number that is not finite or a word twice. The message names file and row.</exception>
    public static WordVectors LoadBinary(string path) => Load(path, WordVectorsBinaryFile.Read, row => $"row {row + 1}");

    /// <summary>Writes word2vec's text format, whole or not at all, byte for byte as gensim does: each number has as many digits as it takes to read the same number back.</summary>
    /// <exception cref="ArgumentException">A word is empty, has white space or a line end in it, or is not valid Unicode, so that it could not be read back. The message names word and row.</exception>
    public void SaveText(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        WordVectorsTextFile.Write(path, this);
    }

    /// <summary>Writes word2vec's binary format, whole or not at all, byte for byte as gensim does.</summary>
    /// <exception cref="ArgumentException">A word is empty, has white space or a line end in it, or is not valid Unicode, so that it could not be read back. The message names word and row.</exception>
    public void SaveBinary(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        WordVectorsBinaryFile.Write(path, this);
    }

    private static WordVectors Load(string path, Func<string, (string[] Words, float[] Values, int Dimensions)> read, Func<int, string> place)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var (words, values, dimensions) = read(path);
        return new WordVectors(words, values, dimensions, place, message => new InvalidDataException($"{path}: {message}."));
    }
}
