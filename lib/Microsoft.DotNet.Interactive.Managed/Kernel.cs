using Microsoft.AspNetCore.Html;
using Microsoft.DotNet.Interactive.Formatting;

namespace Microsoft.DotNet.Interactive;

/// <summary>What every cell can call without a prefix: <c>display(x)</c>, <c>HTML("...")</c>.</summary>
/// <remarks>The part of .NET Interactive's <c>Kernel</c> that a notebook's code uses; the kernel itself is another program.</remarks>
public static class Kernel
{
    /// <summary>Shows <paramref name="value"/> below the cell.</summary>
    /// <param name="value">Anything; <c>null</c> shows as <c>&lt;null&gt;</c>.</param>
    /// <param name="mimeTypes">The forms to show; none given: those preferred for the value's type. <c>text/plain</c> is always added.</param>
    /// <returns>A handle that can replace the shown value.</returns>
    /// <exception cref="ArgumentException">There is no formatter for one of <paramref name="mimeTypes"/>.</exception>
    public static DisplayedValue display(object? value, params string[] mimeTypes) => value.Display(mimeTypes);

    /// <summary>Marks a string as HTML, so that it is shown as such. <c>HTML("&lt;b&gt;bold&lt;/b&gt;")</c> as a cell's last line shows <b>bold</b>.</summary>
    public static IHtmlContent HTML(string content) => new HtmlString(content);

    /// <summary>Adds a style sheet to the page, as a displayed <c>style</c> element.</summary>
    public static void CSS(string content) => HTML($"<style>{content}</style>").Display();

    /// <summary>Runs a script in the page, as a displayed <c>script</c> element. Pages that don't trust the notebook leave it out.</summary>
    public static void Javascript(string scriptContent) => HTML($"""<script type="text/javascript">{scriptContent}</script>""").Display();
}
