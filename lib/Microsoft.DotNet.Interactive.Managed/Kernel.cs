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

    /// <summary>Asks the person at the keyboard for a line.</summary>
    /// <param name="prompt">What to show before it.</param>
    /// <param name="typeHint"><c>text</c>; <c>password</c> for a line that is not to be seen.</param>
    /// <returns>The line, without its end.</returns>
    /// <exception cref="InvalidOperationException">There is nobody at a keyboard, as in a run without a user interface.</exception>
    public static Task<string> GetInputAsync(string prompt = "", string typeHint = "text") =>
        AskAsync(prompt, isPassword: string.Equals(typeHint, "password", StringComparison.OrdinalIgnoreCase));

    /// <summary>Asks the person at the keyboard for a line that is not to be seen.</summary>
    /// <param name="prompt">What to show before it.</param>
    /// <returns>The line, without its end, as a <see cref="PasswordString"/>, which doesn't show it either.</returns>
    /// <exception cref="InvalidOperationException">As in <see cref="GetInputAsync"/>.</exception>
    public static async Task<PasswordString> GetPasswordAsync(string prompt = "") => new(await AskAsync(prompt, isPassword: true).ConfigureAwait(false));

    /// <summary>Removes what the running cell has put out so far.</summary>
    /// <param name="wait">True to remove it only when the next output arrives, so that nothing flickers.</param>
    public static void ClearOutput(bool wait = false) => Page?.Clear(wait);

    /// <summary>Where questions and wishes go to; null where no kernel runs. Set by the kernel.</summary>
    internal static IKernelPage? Page { get; set; }

    private static Task<string> AskAsync(string prompt, bool isPassword) =>
        Page?.AskAsync(prompt ?? string.Empty, isPassword) ?? throw new InvalidOperationException("No kernel is running: there is nobody to ask.");
}

/// <summary>What the kernel does for the running cell.</summary>
internal interface IKernelPage
{
    /// <summary>Asks the person at the keyboard for a line.</summary>
    Task<string> AskAsync(string prompt, bool isPassword);

    /// <summary>Removes what the cell has put out so far, at once or when the next output arrives.</summary>
    void Clear(bool wait);
}
