using CSharpKernel.Running;

namespace CSharpKernel.CommandLine;

/// <summary>Executes the notebooks of a <c>run</c> command, several at a time if asked to, and puts their outputs where they belong.</summary>
internal static class RunCommand
{
    /// <summary>Runs the command.</summary>
    /// <param name="settings">What to execute and how.</param>
    /// <param name="display">Told of every step.</param>
    /// <param name="cancellation">Kills what runs.</param>
    /// <returns>One outcome a notebook, in the order of the notebooks.</returns>
    /// <exception cref="UsageException">The output folder is such that a copy would fall on its notebook; nothing was executed.</exception>
    public static async Task<IReadOnlyList<NotebookOutcome>> ExecuteAsync(RunSettings settings, IRunDisplay display, CancellationToken cancellation)
    {
        if (settings.Mode != OutputMode.Update && settings.Notebooks.FirstOrDefault(notebook => CopyOf(settings, notebook) == notebook) is { } source)
        {
            throw new UsageException($"The executed copy would overwrite the notebook '{RunSummary.Name(source)}' itself: choose another folder with --output, or use --update.");
        }

        var outcomes = new NotebookOutcome[settings.Notebooks.Count];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = settings.Jobs, CancellationToken = cancellation };
        var options = settings.Options with { Progress = display.CellStarts };
        await Parallel.ForEachAsync(settings.Notebooks.Index(), parallel, async (notebook, token) =>
        {
            display.NotebookStarts(notebook.Item);
            var result = await NotebookRunner.RunAsync(notebook.Item, options, token).ConfigureAwait(false);
            outcomes[notebook.Index] = Finish(settings, result);
            display.NotebookEnds(outcomes[notebook.Index]);
        }).ConfigureAwait(false);
        return outcomes;
    }

    private static NotebookOutcome Finish(RunSettings settings, NotebookResult result)
    {
        var differences = settings.Mode == OutputMode.Check && result.Succeeded ? NotebookComparison.Compare(result.Original!, result.Executed!) : [];
        string? problem = null;
        try
        {
            if (settings.Mode != OutputMode.Update)
            {
                WriteCopy(settings, result);
            }
            else if (result.Succeeded)
            {
                NotebookUpdate.Write(result);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidOperationException or Notebooks.NotebookFormatException)
        {
            problem = exception.Message;
        }

        return new NotebookOutcome(result, differences, problem);
    }

    private static void WriteCopy(RunSettings settings, NotebookResult result)
    {
        if (result.Executed is null)
        {
            return;
        }

        var copy = CopyOf(settings, result.Path);
        Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
        result.Executed.Write(copy);
    }

    /// <summary>The copies lie in the output folder as the notebooks lie in their deepest common folder, so no two fall on the same file.</summary>
    private static string CopyOf(RunSettings settings, string notebookPath)
    {
        var folder = Path.GetDirectoryName(settings.Notebooks[0])!;
        while (!settings.Notebooks.All(notebook => notebook.StartsWith(Path.TrimEndingDirectorySeparator(folder) + Path.DirectorySeparatorChar, StringComparison.Ordinal)))
        {
            if (Path.GetDirectoryName(folder) is not { } parent)
            {
                break;
            }

            folder = parent;
        }

        return Path.Combine(settings.OutputFolder, Path.GetRelativePath(folder, notebookPath));
    }
}
