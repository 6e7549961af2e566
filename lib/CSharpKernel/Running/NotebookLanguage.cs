using System.Text.Json;
using System.Text.Json.Nodes;
using CSharpKernel.Notebooks;

namespace CSharpKernel.Running;

/// <summary>Finds what a notebook's metadata asks for in a language other than C#; a cell's own <c>#!language</c> line is the session's business.</summary>
internal static class NotebookLanguage
{
    /// <summary>The failure for the first thing in another language, or null.</summary>
    public static NotebookFailure? FindForeign(Notebook notebook)
    {
        var kernel = notebook.Metadata["kernelspec"];
        if (Text(kernel, "language") is { } language && !IsCSharp(language))
        {
            return NotebookFailure.BeforeFirstCell(
                "UnknownLanguage", $"The notebook is written in {language} (kernelspec '{Text(kernel, "name")}'); this program executes C#.");
        }

        foreach (var cell in notebook.CodeCells)
        {
            // Where VS Code's notebook extensions keep a cell's language.
            var cellLanguage = Text(cell.Metadata["polyglot_notebook"], "kernelName")
                ?? Text(cell.Metadata["dotnet_interactive"], "language")
                ?? Text(cell.Metadata["vscode"], "languageId");
            if (cellLanguage is not null && !IsCSharp(cellLanguage))
            {
                return new NotebookFailure(cell.Id, 0, 0, "UnknownLanguage", $"The cell's metadata says that it is written in {cellLanguage}; this program executes C#.", []);
            }
        }

        return null;
    }

    private static bool IsCSharp(string language) => language.ToUpperInvariant() is "C#" or "CSHARP" or "POLYGLOT-NOTEBOOK" or "DOTNET-INTERACTIVE.CSHARP";

    private static string? Text(JsonNode? owner, string key) =>
        owner is JsonObject values && values[key]?.GetValueKind() == JsonValueKind.String ? values[key]!.GetValue<string>() : null;
}
