using CSharpKernel.Scripting;

namespace CSharpKernel.Tests.Scripting;

/// <summary>A session with a folder of its own, and short ways to ask what its cells put out.</summary>
public sealed class Cells : IDisposable
{
    private readonly ScriptSession _session;
    private int _count;

    public Cells(Func<ScriptSessionOptions, ScriptSessionOptions>? configure = null)
    {
        Folder = Directory.CreateTempSubdirectory("cells-").FullName;
        var options = new ScriptSessionOptions { WorkingDirectory = Folder };
        _session = new ScriptSession(configure?.Invoke(options) ?? options);
    }

    private Cells(ScriptSession session, string folder)
    {
        _session = session;
        Folder = folder;
    }

    public string Folder { get; }

    public ScriptSession Session => _session;

    public Cells Fork() => new(_session.Fork(), Folder);

    public string Write(string path, string text)
    {
        var full = Path.Combine(Folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text);
        return full;
    }

    /// <summary>Runs a cell called c1, c2, ... and returns its outputs, adjacent pieces of one stream joined.</summary>
    public async Task<List<CellOutput>> Run(string code, CancellationToken cancellationToken = default)
    {
        var outputs = new List<CellOutput>();
        await _session.ExecuteAsync(code, $"c{++_count}", outputs.Add, cancellationToken);
        return Join(outputs);
    }

    /// <summary>The outputs with adjacent pieces of one stream joined.</summary>
    public static List<CellOutput> Join(IEnumerable<CellOutput> outputs)
    {
        var joined = new List<CellOutput>();
        foreach (var output in outputs)
        {
            if (output is StreamOutput piece && joined.LastOrDefault() is StreamOutput last && last.Name == piece.Name)
            {
                joined[^1] = new StreamOutput(piece.Name, last.Text + piece.Text);
            }
            else
            {
                joined.Add(output);
            }
        }

        return joined;
    }

    /// <summary>The plain text of the cell's only output, which is a displayed value.</summary>
    public async Task<string> Text(string code) => Plain(Assert.Single(await Run(code)));

    /// <summary>Runs a cell that must put out nothing.</summary>
    public async Task Quiet(string code) => Assert.Empty(await Run(code));

    /// <summary>Runs a cell that must fail; nothing but the error comes out of it.</summary>
    public async Task<ErrorOutput> Error(string code) => Assert.IsType<ErrorOutput>(Assert.Single(await Run(code)));

    public static string Plain(CellOutput output) => output switch
    {
        DisplayOutput display => Form(display.Data, "text/plain"),
        UpdateOutput update => Form(update.Data, "text/plain"),
        StreamOutput stream => stream.Text,
        ErrorOutput error => $"{error.Name}: {error.Message}\n{string.Join('\n', error.Traceback)}",
        _ => output.ToString(),
    };

    public static string Form(IEnumerable<KeyValuePair<string, string>> data, string mimeType) => data.Single(form => form.Key == mimeType).Value;

    public void Dispose()
    {
        _session.Dispose();
        if (Directory.Exists(Folder))
        {
            Directory.Delete(Folder, recursive: true);
        }
    }
}
