using System.Text.Encodings.Web;

namespace Microsoft.AspNetCore.Html;

/// <summary>A piece of HTML that writes itself.</summary>
public interface IHtmlContent
{
    /// <summary>Writes the HTML to <paramref name="writer"/>, encoding with <paramref name="encoder"/> whatever isn't HTML already.</summary>
    void WriteTo(TextWriter writer, HtmlEncoder encoder);
}
