namespace TransformerTutorial.Data;

/// <summary>Writes a file whole or not at all: a program that is stopped in the middle leaves the old file as it was.</summary>
internal static class WholeFile
{
    /// <summary>Puts <paramref name="content"/> into the file <paramref name="path"/>, whose folder exists; an existing file is replaced.</summary>
    public static void Write(string path, byte[] content) => Write(path, stream => stream.Write(content));

    /// <summary>The same for content that is written piece by piece.</summary>
    public static void Write(string path, Action<Stream> content)
    {
        var temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            using (var stream = File.Create(temporary))
            {
                content(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }
}
