using System.Text.Json;
using System.Text.Json.Nodes;
using CSharpKernel.Notebooks;

namespace CSharpKernel.Running;

/// <summary>A place where an execution's output is not the one that stands in the notebook.</summary>
/// <param name="CellId">The cell.</param>
/// <param name="OutputNumber">Which of its outputs, from 1.</param>
/// <param name="What">The part that differs: <c>stream stdout</c>, <c>display_data text/plain</c>, …</param>
/// <param name="Line">The first line that differs, from 1.</param>
/// <param name="Expected">That line in the notebook, or null where it ended before.</param>
/// <param name="Actual">That line in the execution, or null where it ended before.</param>
public sealed record NotebookDifference(string CellId, int OutputNumber, string What, int Line, string? Expected, string? Actual);

/// <summary>Compares the outputs of an execution with those that stand in the notebook, by content.</summary>
/// <remarks>
/// Text and pictures are compared exactly; JSON (charts, claims) by its content, in which 1 and 1.0 are the same number. Of a cell tagged
/// <c>timing</c> only the kinds of outputs and their MIME types count. Execution counts and output metadata don't.
/// </remarks>
public static class NotebookComparison
{
    /// <summary>The tag of a cell that prints times.</summary>
    public const string TimingTag = "timing";

    /// <summary>The first difference of every output that differs, in order.</summary>
    /// <param name="expected">The notebook as it stands in its file.</param>
    /// <param name="actual">The same notebook, executed.</param>
    public static IReadOnlyList<NotebookDifference> Compare(Notebook expected, Notebook actual)
    {
        ArgumentNullException.ThrowIfNull(expected);
        ArgumentNullException.ThrowIfNull(actual);
        var differences = new List<NotebookDifference>();
        foreach (var (old, executed) in expected.CodeCells.Zip(actual.CodeCells))
        {
            var kindsOnly = executed.HasTag(TimingTag);
            var oldOutputs = old.Outputs;
            var newOutputs = executed.Outputs;
            for (var i = 0; i < Math.Max(oldOutputs.Count, newOutputs.Count); i++)
            {
                var difference = Compare(oldOutputs.ElementAtOrDefault(i), newOutputs.ElementAtOrDefault(i), kindsOnly);
                if (difference is not null)
                {
                    differences.Add(difference with { CellId = executed.Id, OutputNumber = i + 1 });
                }
            }
        }

        return differences;
    }

    private static NotebookDifference? Compare(NotebookOutput? expected, NotebookOutput? actual, bool kindsOnly)
    {
        if (expected is null || actual is null || Kind(expected) != Kind(actual))
        {
            return new("", 0, "kind of output", 1, expected is null ? null : Kind(expected), actual is null ? null : Kind(actual));
        }

        if (kindsOnly)
        {
            return null;
        }

        var kind = Kind(actual);
        return actual.OutputType switch
        {
            OutputType.Stream => CompareText(kind, expected.Text!, actual.Text!),
            OutputType.Error => CompareText(kind, ErrorText(expected), ErrorText(actual)),
            _ => actual.Data
                .Select(entry => CompareText(
                    $"{TypeName(actual)} {entry.Key}", ContentText(entry.Key, expected.Data[entry.Key]), ContentText(entry.Key, entry.Value)))
                .FirstOrDefault(difference => difference is not null),
        };
    }

    private static string Kind(NotebookOutput output) => output.OutputType switch
    {
        OutputType.Stream => $"stream {output.StreamName}",
        OutputType.Error => "error",
        _ => $"{TypeName(output)} {string.Join(", ", output.Data.Select(entry => entry.Key).Order(StringComparer.Ordinal))}",
    };

    private static string TypeName(NotebookOutput output) => output.OutputType == OutputType.ExecuteResult ? "execute_result" : "display_data";

    private static string ErrorText(NotebookOutput output) => string.Join('\n', [$"{output.ErrorName}: {output.ErrorMessage}", .. output.Traceback]);

    private static string ContentText(string mimeType, JsonNode? content) =>
        !NotebookOutput.IsJson(mimeType) && content?.GetValueKind() == JsonValueKind.String
            ? content.GetValue<string>()
            : JsonTextWriter.WriteIndented(WithPlainIntegers(content));

    /// <summary>A copy in which 1.0 is written as 1: which of the two a file holds depends on the program that last saved it.</summary>
    private static JsonNode? WithPlainIntegers(JsonNode? node)
    {
        const double LargestExactInteger = 1L << 53;
        switch (node)
        {
            case JsonObject values:
                return new JsonObject(values.Select(pair => KeyValuePair.Create(pair.Key, WithPlainIntegers(pair.Value))));
            case JsonArray values:
                return new JsonArray([.. values.Select(WithPlainIntegers)]);
            case JsonValue value when value.GetValueKind() == JsonValueKind.Number
                    && JsonElement.Parse(value.ToJsonString()).TryGetDouble(out var number)
                    && double.IsInteger(number) && Math.Abs(number) <= LargestExactInteger:
                return JsonValue.Create((long)number);
            default:
                return node?.DeepClone();
        }
    }

    private static NotebookDifference? CompareText(string what, string expected, string actual)
    {
        if (expected == actual)
        {
            return null;
        }

        var oldLines = expected.Split('\n');
        var newLines = actual.Split('\n');
        var line = oldLines.Zip(newLines).TakeWhile(pair => pair.First == pair.Second).Count();
        return new("", 0, what, line + 1, oldLines.ElementAtOrDefault(line), newLines.ElementAtOrDefault(line));
    }
}
