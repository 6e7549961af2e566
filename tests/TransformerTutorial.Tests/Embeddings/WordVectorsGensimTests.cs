using TransformerTutorial.Data;
using TransformerTutorial.Embeddings;

namespace TransformerTutorial.Tests.Embeddings;

/// <summary>Neighbours, analogies and odd ones out against gensim's.</summary>
public sealed class WordVectorsGensimTests
{
    private static readonly WordVectors Table = WordVectors.LoadText(GensimQueries.PathOf("table.txt"));

    [Fact]
    public void Neighbours_are_gensims()
    {
        foreach (var row in GensimQueries.Rows("mostSimilar"))
        {
            AssertSame(row.GetProperty("found"), Table.MostSimilar(row.GetProperty("word").GetString()!, 8));
        }
    }

    [Fact]
    public void Sums_of_words_have_gensims_neighbours()
    {
        foreach (var row in GensimQueries.Rows("sums"))
        {
            AssertSame(row.GetProperty("found"), Table.MostSimilar(GensimQueries.Texts(row.GetProperty("positive")), GensimQueries.Texts(row.GetProperty("negative")), 5));
        }
    }

    [Theory]
    [InlineData("addition", AnalogyMethod.Addition)]
    [InlineData("multiplication", AnalogyMethod.Multiplication)]
    public void Analogies_have_gensims_answers(string name, AnalogyMethod method)
    {
        foreach (var row in GensimQueries.Rows("analogies"))
        {
            AssertSame(row.GetProperty(name), Table.Analogy(row.GetProperty("a").GetString()!, row.GetProperty("b").GetString()!, row.GetProperty("c").GetString()!, 4, method));
        }
    }

    [Fact]
    public void The_odd_one_out_is_gensims()
    {
        foreach (var row in GensimQueries.Rows("doesNotMatch"))
        {
            Assert.Equal(row.GetProperty("found").GetString(), Table.DoesNotMatch(GensimQueries.Texts(row.GetProperty("words"))));
        }
    }

    [Fact]
    public void Similarities_are_gensims()
    {
        foreach (var row in GensimQueries.Rows("similarities"))
        {
            Assert.Equal(row.GetProperty("similarity").GetDouble(), Table.Similarity(row.GetProperty("a").GetString()!, row.GetProperty("b").GetString()!), 1e-6);
        }
    }

    [Fact]
    public void Evaluations_count_what_gensim_counts()
    {
        var questions = GensimQueries.Rows("questions").Select(GensimQueries.Texts).Select(row => new AnalogyQuestion(row[0], row[1], row[2], row[3], row[4])).ToList();
        foreach (var evaluation in GensimQueries.Rows("evaluation"))
        {
            var report = Table.EvaluateAnalogies(questions, firstRows: evaluation.GetProperty("firstRows").GetInt32());
            var relations = report.Relations.Append(("Total accuracy", report)).ToList();
            var sections = evaluation.GetProperty("sections").EnumerateArray().ToList();
            Assert.Equal(sections.Select(section => section[0].GetString()), relations.Select(relation => relation.Item1));
            foreach (var (section, (_, counted)) in sections.Zip(relations))
            {
                Assert.Equal(section[1].EnumerateArray().Select(GensimQueries.Texts), counted.Answers.Where(answer => answer.IsRight).Select(WordsOf));
                Assert.Equal(section[2].EnumerateArray().Select(GensimQueries.Texts), counted.Answers.Where(answer => answer.IsKnown && !answer.IsRight).Select(WordsOf));
                Assert.Equal(counted.Answers.Count, counted.Asked + counted.Unknown);
            }

            Assert.True(report.Right > 0 && report.Right < report.Asked && report.Unknown > 0);
        }

        Assert.All(Table.EvaluateAnalogies(questions, AnalogyMethod.Multiplication).Answers.Where(answer => answer.IsKnown), answer =>
            Assert.Equal(Table.Analogy(answer.Question.A, answer.Question.B, answer.Question.C, 1, AnalogyMethod.Multiplication)[0].Word, answer.Answer));

        static string[] WordsOf(AnalogyAnswer answer) => [answer.Question.A, answer.Question.B, answer.Question.C, answer.Question.D];
    }

    private static void AssertSame(System.Text.Json.JsonElement expected, IReadOnlyList<SimilarWord> found)
    {
        var pairs = GensimQueries.Found(expected);
        Assert.Equal(pairs.Select(pair => pair.Word), found.Select(similar => similar.Word));
        Assert.All(pairs.Zip(found), pair => Assert.Equal(pair.First.Score, pair.Second.Similarity, 2e-6 * Math.Max(1, Math.Abs(pair.First.Score))));
    }
}
