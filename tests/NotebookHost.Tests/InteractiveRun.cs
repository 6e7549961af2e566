using System.Globalization;
using CSharpKernel.Notebooks;
using CSharpKernel.Running;
using CSharpKernel.Scripting;
using Microsoft.DotNet.Interactive;
using Microsoft.DotNet.Interactive.Commands;
using Microsoft.DotNet.Interactive.CSharp;
using Microsoft.DotNet.Interactive.Events;
using InteractiveKernel = Microsoft.DotNet.Interactive.CSharp.CSharpKernel;

namespace NotebookHost.Tests;

/// <summary>Executes a notebook on .NET Interactive's C# kernel, cell by cell, and puts what it reports into a copy of the notebook.</summary>
/// <remarks>It changes the current directory and the culture, as the runner's process for a notebook has them, so executions do not run side by side.</remarks>
internal static class InteractiveRun
{
    private const string RaisesExceptionTag = "raises-exception";

    /// <summary>Runs every code cell, until one fails that is not tagged for it.</summary>
    /// <returns>The executed copy, and the failure with its cell, or null.</returns>
    public static async Task<(Notebook Executed, string? Failure)> RunAsync(string path)
    {
        Directory.SetCurrentDirectory(Path.GetDirectoryName(path)!);
        CultureInfo.CurrentCulture = CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;
        using var kernel = new CompositeKernel { new InteractiveKernel().UseKernelHelpers() };
        var notebook = Notebook.Read(path);
        var collector = new OutputCollector();
        foreach (var (index, cell) in notebook.CodeCells.ToList().Index())
        {
            collector.BeginCell(index + 1);
            var result = await kernel.SendAsync(new SubmitCode(cell.Source));
            foreach (var output in result.Events.Select(Reported).OfType<CellOutput>())
            {
                collector.Add(output);
            }

            if (result.Events.OfType<CommandFailed>().FirstOrDefault() is { } failed && !cell.HasTag(RaisesExceptionTag))
            {
                return (notebook, $"{cell.Id}: {failed.Message}");
            }
        }

        // At the end: a later cell may have updated what an earlier one displayed.
        foreach (var (index, cell) in notebook.CodeCells.ToList().Index())
        {
            cell.SetOutputs(collector.OutputsOf(index));
        }

        return (notebook, null);
    }

    private static CellOutput? Reported(KernelEvent kernelEvent) => kernelEvent switch
    {
        StandardOutputValueProduced written => new StreamOutput("stdout", Text(written)),
        StandardErrorValueProduced written => new StreamOutput("stderr", Text(written)),
        ReturnValueProduced value => new DisplayOutput(Data(value), value.ValueId, IsResult: true),
        DisplayedValueProduced value => new DisplayOutput(Data(value), value.ValueId, IsResult: false),
        DisplayedValueUpdated value => new UpdateOutput(Data(value), value.ValueId),
        CommandFailed failed => new ErrorOutput(failed.Exception?.GetType().FullName ?? "Error", failed.Exception?.Message ?? failed.Message, [], 0, 0),
        _ => null,
    };

    private static string Text(DisplayEvent written) => string.Concat(written.FormattedValues.Select(form => form.Value)).ReplaceLineEndings("\n");

    private static List<KeyValuePair<string, string>> Data(DisplayEvent value) => [.. value.FormattedValues.Select(form => KeyValuePair.Create(form.MimeType, form.Value))];
}
