using CSharpKernel.Running;

namespace CSharpKernel.Tests.Running;

public sealed class TutorialLibraryTests
{
    [Fact]
    public void A_library_that_was_not_built_is_named_with_the_command_that_builds_it()
    {
        using var folder = new TemporaryFolder();
        Assert.EndsWith(
            "tutorial.csx is missing: run `dotnet build lib/TransformerTutorial -c Release` in the repository's root.",
            TutorialLibrary.FindProblem(folder.File("lib/bin/tutorial.csx"), null),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_library_for_another_stack_is_named_with_the_command_that_builds_the_right_one()
    {
        using var folder = new TemporaryFolder();
        var script = Build(folder);
        Assert.Null(TutorialLibrary.FindProblem(script, "managed"));
        Assert.Null(TutorialLibrary.FindProblem(script, null));
        Assert.Equal(
            "The library is built for the stack 'managed' and TutorialStack asks for 'nuget': run `dotnet build lib/TransformerTutorial -c Release -p:TutorialStack=nuget` in the repository's root.",
            TutorialLibrary.FindProblem(script, "nuget"));
    }

    [Fact]
    public void A_stale_library_is_built_again_for_the_stack_that_it_was_built_for()
    {
        using var folder = new TemporaryFolder();
        var script = Build(folder, "nuget");
        Assert.Null(TutorialLibrary.FindProblem(script, "NuGet"));

        Touch(folder.File("lib/Library/Deep/Source.cs"), seconds: 60);
        Assert.EndsWith(": run `dotnet build lib/TransformerTutorial -c Release -p:TutorialStack=nuget` in the repository's root.", TutorialLibrary.FindProblem(script, null), StringComparison.Ordinal);
        Assert.Contains(
            "is built for the stack 'nuget' and TutorialStack asks for 'managed': run `dotnet build lib/TransformerTutorial -c Release` in",
            TutorialLibrary.FindProblem(script, "managed"),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_library_older_than_its_sources_is_named_with_the_source()
    {
        using var folder = new TemporaryFolder();
        var script = Build(folder);
        var source = folder.File("lib/Library/Deep/Source.cs");
        Assert.Null(TutorialLibrary.FindProblem(script, null));

        // Sources of a project that is not in lib/bin, and what a build writes, don't matter.
        Touch(folder.File("lib/Kernel/Source.cs"), seconds: 60);
        Touch(folder.File("lib/Library/obj/Generated.cs"), seconds: 60);
        Assert.Null(TutorialLibrary.FindProblem(script, null));

        Touch(source, seconds: 60);
        Assert.Equal(
            $"The library is older than its source {Path.Combine("Library", "Deep", "Source.cs")}: run `dotnet build lib/TransformerTutorial -c Release` in the repository's root.",
            TutorialLibrary.FindProblem(script, null));
    }

    [Fact]
    public async Task A_chapter_that_loads_a_library_which_is_not_there_is_not_started()
    {
        using var folder = new TemporaryFolder();
        var path = TestNotebook.Write(folder, "notebooks/a.ipynb", ("first", "#load \"../lib/bin/tutorial.csx\"\nusing System;"));
        var result = await NotebookRunner.RunAsync(path);
        Assert.Equal(("first", "LibraryNotReady"), (result.Failure!.CellId, result.Failure.Name));
        Assert.Empty(result.Cells);
    }

    private static string Build(TemporaryFolder folder, string stack = "managed")
    {
        Touch(folder.File("lib/Library/Deep/Source.cs"), seconds: -60);
        Touch(folder.File("lib/bin/Library.dll"), seconds: 0);
        var script = folder.File("lib/bin/tutorial.csx");
        File.WriteAllText(script, $"// Written by the build.\n// stack: {stack}\n#r \"Library.dll\"\n");
        return script;
    }

    private static void Touch(string file, int seconds)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, "");
        File.SetLastWriteTimeUtc(file, DateTime.UtcNow.AddSeconds(seconds));
    }
}
