using System.Text.Json.Nodes;
using CSharpKernel.Notebooks;

namespace CSharpKernel.Jupyter;

/// <summary>A value's forms as a message holds them, one for each MIME type: JSON types as JSON, the others as strings.</summary>
internal static class MimeBundle
{
    /// <summary>The bundle. What calls itself JSON and is none is left out.</summary>
    /// <param name="data">Each form, by MIME type.</param>
    /// <param name="complain">Told of each form that was left out, and why.</param>
    public static JsonObject Of(IEnumerable<KeyValuePair<string, string>> data, Action<string> complain)
    {
        var bundle = new JsonObject();
        foreach (var (mimeType, text) in data)
        {
            try
            {
                bundle[mimeType] = NotebookOutput.Form(mimeType, text);
            }
            catch (FormatException exception)
            {
                complain(exception.Message);
            }
        }

        return bundle;
    }
}
