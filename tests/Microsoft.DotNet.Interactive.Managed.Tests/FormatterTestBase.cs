using Microsoft.DotNet.Interactive.Formatting;

// The formatters and their settings belong to the process.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace Microsoft.DotNet.Interactive.Managed.Tests;

/// <summary>A test that may change how things are shown: it leaves the formatters as they were.</summary>
public abstract class FormatterTestBase : IDisposable
{
    protected FormatterTestBase() => Formatter.ResetToDefault();

    public void Dispose()
    {
        Formatter.ResetToDefault();
        Formatter.Page = null;
        GC.SuppressFinalize(this);
    }

    protected static string Plain(object? value) => value.ToDisplayString();

    protected static string Html(object? value) => value.ToDisplayString("text/html");

    protected static string[] MimeTypesOf(object? value) => [.. FormattedValue.CreateManyFromObject(value).Select(form => form.MimeType)];

    protected static string Lines(params string[] lines) => string.Join('\n', lines);
}
