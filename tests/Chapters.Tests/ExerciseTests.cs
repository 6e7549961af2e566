using System.Text.RegularExpressions;

namespace Chapters.Tests;

/// <summary>Every exercise's check tells stub, right and wrong answers apart.</summary>
public partial class ExerciseTests
{
    public static TheoryData<string, string> All
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var name in Chapter.Names)
            {
                foreach (var exercise in Chapter.Named(name).Plan.Exercises)
                {
                    data.Add(name, exercise.Stub);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Chapter.All), MemberType = typeof(Chapter))]
    public void Every_exercise_of_the_chapter_is_in_the_plan(string name)
    {
        var chapter = Chapter.Named(name);
        var checks = chapter.Notebook.CodeCells.Where(cell => cell.Source.Contains("Exercise.Named(", StringComparison.Ordinal)).Select(cell => cell.Id);

        Assert.Equal(checks, chapter.Plan.Exercises.Select(exercise => exercise.Check));
        Assert.True(chapter.Plan.Exercises.Count >= 2, "a chapter has at least two exercises");
        Assert.All(chapter.Plan.Exercises, exercise => Assert.True(exercise.Wrong.Count >= 2, $"{exercise.Stub}: at least two wrong answers"));
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task The_stub_is_not_solved_yet(string name, string stub) =>
        Assert.Contains("not solved yet", await AnswerAsync(name, stub, Chapter.Named(name).Cell(stub).Source), StringComparison.Ordinal);

    [Theory]
    [MemberData(nameof(All))]
    public async Task The_printed_solution_is_right(string name, string stub)
    {
        var solution = Chapter.Named(name).Cell(Plan(name, stub).Solution).Source;
        Assert.Matches(@"^<details>", solution);
        var code = CodeBlock().Match(solution);
        Assert.True(code.Success, $"{Plan(name, stub).Solution} holds no C# code.");

        Assert.StartsWith("✓", await AnswerAsync(name, stub, code.Groups[1].Value), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Other_right_answers_are_right(string name, string stub)
    {
        foreach (var answer in Plan(name, stub).Right)
        {
            Assert.StartsWith("✓", await AnswerAsync(name, stub, string.Join('\n', answer)), StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Wrong_answers_are_refused_and_the_mistake_is_named(string name, string stub)
    {
        foreach (var answer in Plan(name, stub).Wrong.Where(CanBeTried))
        {
            var verdict = await AnswerAsync(name, stub, string.Join('\n', answer.Code));

            Assert.StartsWith("✗", verdict, StringComparison.Ordinal);
            Assert.Contains(answer.Says, verdict, StringComparison.Ordinal);
#if !TUTORIAL_STACK_NUGET
            Assert.Equal(answer.EndsTorchSharp, verdict.Contains("ExternalException: matmul:", StringComparison.Ordinal));
#endif
        }
    }

    private static bool CanBeTried(WrongAnswer answer) =>
#if TUTORIAL_STACK_NUGET
        !answer.EndsTorchSharp;
#else
        true;
#endif

    private static ExercisePlan Plan(string name, string stub) => Chapter.Named(name).Plan.Exercises.Single(exercise => exercise.Stub == stub);

    private static async Task<string> AnswerAsync(string name, string stub, string code)
    {
        var replay = await Replay.OfAsync(name);
        var outputs = await replay.FromAsync(stub, code, Plan(name, stub).Check);
        Assert.Null(Replay.Error(outputs));
        return Replay.Shown(outputs);
    }

    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex CodeBlock();
}
