using TransformerTutorial.Tokenization;

namespace TransformerTutorial.Tests.Tokenization;

/// <summary>How sentencepiece cuts words with a model of its own, whose pieces and ranks our encoder gets as a merge list.</summary>
public class OracleSentencePieceTests
{
    [Fact]
    public void Words_are_cut_as_sentencepiece_cuts_them()
    {
        var file = OracleFiles.Read("sentencepiece/vectors.json");
        var vocabulary = OracleFiles.Strings(file.GetProperty("pieces")).Select((piece, id) => KeyValuePair.Create(piece, id)).ToDictionary();
        var merges = file.GetProperty("merges").EnumerateArray().Select((pair, rank) => new BytePairMerge(rank, pair[0].GetString()!, pair[1].GetString()!, 0)).ToList();
        var words = OracleFiles.Strings(file.GetProperty("words"));
        var expected = OracleFiles.Integers(file.GetProperty("ids"));
        var tokenizer = BytePairTokenizer.Create(new BytePairModel(vocabulary, merges) { UnknownToken = "<unk>" });

        var differences = new List<string>();
        for (var i = 0; i < words.Length; i++)
        {
            var text = i % 2 == 0 ? words[i] : "▁" + words[i];
            var ids = tokenizer.EncodeToIds(text);
            if (!ids.SequenceEqual(expected[i]))
            {
                differences.Add($"{OracleFiles.Show(text)}: expected {string.Join(' ', expected[i])}, got {string.Join(' ', ids)}");
            }
        }

        OracleFiles.NoDifferences(differences, words.Length);
    }
}
