using CSharpKernel.Language;
using CSharpKernel.Scripting;
using CSharpKernel.Tests.Scripting;

namespace CSharpKernel.Tests.Language;

/// <summary>A session in which cells have run, and short ways to ask it what an editor asks: code with a <c>|</c> where the cursor is.</summary>
public sealed class Editor : IDisposable
{
    private readonly Cells _cells;

    public Editor() => _cells = new Cells();

    internal Editor(string workingDirectory) => _cells = new Cells(options => options with { WorkingDirectory = workingDirectory });

    internal ScriptSession Session => _cells.Session;

    internal string Folder => _cells.Folder;

    internal string Write(string path, string text) => _cells.Write(path, text);

    internal async Task Run(params string[] cells)
    {
        foreach (var cell in cells)
        {
            Assert.DoesNotContain(await _cells.Run(cell), output => output is ErrorOutput);
        }
    }

    internal async Task<CompletionList> Complete(string codeWithCursor)
    {
        var (code, position) = Split(codeWithCursor);
        var list = await Session.Language.CompleteAsync(code, position, CancellationToken.None);
        Assert.InRange(position, list.Start, list.End);
        return list;
    }

    internal async Task<string[]> Texts(string codeWithCursor) => [.. (await Complete(codeWithCursor)).Items.Select(item => item.Text)];

    internal async Task<CompletionItem> Item(string codeWithCursor, string text) => (await Complete(codeWithCursor)).Items.Single(item => item.Text == text);

    internal async Task<Inspection?> Inspect(string codeWithCursor, bool isDetailed = false)
    {
        var (code, position) = Split(codeWithCursor);
        return await Session.Language.InspectAsync(code, position, isDetailed, CancellationToken.None);
    }

    internal static (string Code, int Position) Split(string codeWithCursor)
    {
        var position = codeWithCursor.IndexOf('|', StringComparison.Ordinal);
        Assert.True(position >= 0, "The code has no cursor.");
        return (codeWithCursor.Remove(position, 1), position);
    }

    public void Dispose() => _cells.Dispose();
}
