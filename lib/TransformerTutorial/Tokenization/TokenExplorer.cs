using System.Globalization;
using System.Net;
using System.Text;
using Microsoft.ML.Tokenizers;
using TransformerTutorial.Display;

namespace TransformerTutorial.Tokenization;

/// <summary>Shows how one or more tokenizers cut a text: a coloured chip for every token, with its id below.</summary>
/// <remarks>
/// It reads any <see cref="Tokenizer"/> through its public API: ids, and offsets into the text as given. Where several tokens share one character
/// (the bytes of an emoji, say), the first chip shows the character and the others an ellipsis. Spaces are shown as <c>␣</c>, line ends as <c>↵</c>.
/// </remarks>
/// <example><c>TokenExplorer.Show("the lowest", ("BPE", tokenizer))</c> in plain text: <c>BPE, 4 tokens: the·17 ␣·3 low·52 est·61</c>.</example>
[TypeFormatterSource(typeof(RichOutputFormatterSource), PreferredMimeTypes = [MimeTypes.Html, MimeTypes.Plain])]
public sealed class TokenExplorer : RichOutput
{
    /// <summary>Backgrounds for neighbouring chips; the text on them is nearly black, a contrast of at least 9 to 1.</summary>
    private static readonly string[] Backgrounds = ["#cfe8fb", "#fbe3b5", "#c9ecdc", "#f6d3e4", "#e6e0f5"];

    private readonly (string Name, string[] Pieces, int[] Ids)[] _rows;

    private TokenExplorer((string Name, string[] Pieces, int[] Ids)[] rows) => _rows = rows;

    /// <summary>Cuts a text with each of the tokenizers.</summary>
    /// <param name="text">The text.</param>
    /// <param name="tokenizers">What each is called, and the tokenizer.</param>
    public static TokenExplorer Show(string text, params (string Name, Tokenizer Tokenizer)[] tokenizers)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(tokenizers);
        return new TokenExplorer([.. tokenizers.Select(row => Cut(row.Name, row.Tokenizer, text))]);
    }

    /// <inheritdoc/>
    public override string? Write(string mimeType) => mimeType switch
    {
        MimeTypes.Plain => string.Join('\n', _rows.Select(row =>
            $"{Heading(row)}: {string.Join(' ', row.Pieces.Zip(row.Ids, (piece, id) => string.Create(CultureInfo.InvariantCulture, $"{piece}·{id}")))}")),
        MimeTypes.Html => Html(),
        _ => null,
    };

    private static (string Name, string[] Pieces, int[] Ids) Cut(string name, Tokenizer tokenizer, string text)
    {
        var tokens = tokenizer.EncodeToTokens(text, out _);
        var pieces = new string[tokens.Count];
        var shownTo = 0;
        for (var i = 0; i < pieces.Length; i++)
        {
            var (start, length) = tokens[i].Offset.GetOffsetAndLength(text.Length);
            pieces[i] = length == 0 ? tokens[i].Value : start >= shownTo ? Visible(text.Substring(start, length)) : "…";
            shownTo = Math.Max(shownTo, start + length);
        }

        return (name, pieces, [.. tokens.Select(token => token.Id)]);
    }

    private static string Visible(string piece)
    {
        var visible = new StringBuilder();
        foreach (var rune in piece.EnumerateRunes())                // a lone surrogate comes out as U+FFFD
        {
            visible.Append(rune.Value switch
            {
                ' ' => "␣",
                '\n' => "↵",
                '\t' => "⇥",
                < ' ' or 0x7F => $"\\x{rune.Value:X2}",
                _ => rune.ToString(),
            });
        }

        return visible.ToString();
    }

    private static string Heading((string Name, string[] Pieces, int[] Ids) row) =>
        string.Create(CultureInfo.InvariantCulture, $"{row.Name}, {row.Ids.Length} {(row.Ids.Length == 1 ? "token" : "tokens")}");

    private string Html()
    {
        var html = new StringBuilder("<div style=\"background:#ffffff;color:#1f2328;padding:8px 12px;max-width:720px;border-radius:3px\">");
        foreach (var row in _rows)
        {
            html.Append("<div style=\"margin:4px 0 2px\">").Append(WebUtility.HtmlEncode(Heading(row))).Append("</div><div>");
            for (var i = 0; i < row.Ids.Length; i++)
            {
                html.Append(CultureInfo.InvariantCulture, $"<span style=\"display:inline-block;background:{Backgrounds[i % Backgrounds.Length]};color:#1f2328;padding:1px 4px;margin:1px;border-radius:3px;text-align:center\">")
                    .Append(WebUtility.HtmlEncode(row.Pieces[i]))
                    .Append(CultureInfo.InvariantCulture, $"<br><span style=\"font-size:70%\">{row.Ids[i]}</span></span>");
            }

            html.Append("</div>");
        }

        return html.Append("</div>").ToString();
    }
}
