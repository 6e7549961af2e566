using CSharpKernel.Notebooks;

namespace CSharpKernel.Running;

/// <summary>Writes an execution's outputs into the notebook's own file.</summary>
public static class NotebookUpdate
{
    /// <summary>Replaces the file by the executed notebook: whole or not at all, and only if its cells are still those that were executed.</summary>
    /// <returns>True where the file changed, false where it already held exactly this.</returns>
    /// <exception cref="InvalidOperationException">The execution failed, or the file was changed meanwhile; nothing has been written.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static bool Write(NotebookResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        if (!result.Succeeded || result.Original is null || result.Executed is null)
        {
            throw new InvalidOperationException($"{result.Path} failed; its outputs are not written.");
        }

        var now = File.ReadAllText(result.Path);
        if (Notebook.Parse(now, result.Path).ToText() != result.Original.ToText())
        {
            throw new InvalidOperationException($"{result.Path} was changed by somebody else while it was executed; nothing has been written.");
        }

        var text = result.Executed.ToText();
        if (text == now)
        {
            return false;
        }

        AtomicFile.WriteAllText(result.Path, text);
        return true;
    }
}
