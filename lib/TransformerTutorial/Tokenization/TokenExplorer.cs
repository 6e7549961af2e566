using System.Globalization;
using System.Net;
using System.Text;
using Microsoft.ML.Tokenizers;
using TransformerTutorial.Display;

namespace TransformerTutorial.Tokenization;

/// <summary>Shows how one or more tokenizers cut a text: a coloured chip for every token, with its id below.</summary>
/// <remarks>
/// It reads any <see cref="Tokenizer"/> through its public API: ids, and offsets into the text as given. Where several tokens share one character
/// (the bytes of an emoji, say), each chip shows its own bytes. Spaces are shown as <c>␣</c>, line ends as <c>↵</c>; where the tokenizer dropped
/// the space between two tokens, there is a gap.
/// </remarks>
/// <example><c>TokenExplorer.Show("the lowest", ("BPE", tokenizer))</c> in plain text: <c>BPE, 3 tokens: the·17  low·52 est·61</c>.</example>
[TypeFormatterSource(typeof(RichOutputFormatterSource), PreferredMimeTypes = [MimeTypes.Html, MimeTypes.Plain])]
public sealed class TokenExplorer : RichOutput
{
    /// <summary>Backgrounds for neighbouring chips; the text on them is nearly black, a contrast of at least 9 to 1.</summary>
    private static readonly string[] Backgrounds = ["#cfe8fb", "#fbe3b5", "#c9ecdc", "#f6d3e4", "#e6e0f5"];

    private readonly Row[] _rows;

    private TokenExplorer(Row[] rows) => _rows = rows;

    /// <summary>Cuts a text with each of the tokenizers.</summary>
    /// <param name="text">The text.</param>
    /// <param name="tokenizers">What each is called, and the tokenizer.</param>
    public static TokenExplorer Show(string text, params (string Name, Tokenizer Tokenizer)[] tokenizers)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(tokenizers);
        return new TokenExplorer([.. tokenizers.Select(row => new Row(row.Name, Cut(row.Tokenizer, text)))]);
    }

    /// <inheritdoc/>
    public override string? Write(string mimeType) => mimeType switch
    {
        MimeTypes.Plain => string.Join('\n', _rows.Select(row =>
            $"{row.Heading}:{string.Concat(row.Chips.Select(chip => string.Create(CultureInfo.InvariantCulture, $"{(chip.BehindGap ? "  " : " ")}{chip.Piece}·{chip.Id}")))}")),
        MimeTypes.Html => Html(),
        _ => null,
    };

    private static Chip[] Cut(Tokenizer tokenizer, string text)
    {
        var tokens = tokenizer.EncodeToTokens(text, out _);
        var ranges = tokens.Select(token => token.Offset.GetOffsetAndLength(text.Length)).ToArray();
        var chips = new Chip[tokens.Count];
        for (var i = 0; i < chips.Length; i++)
        {
            var (start, length) = ranges[i];
            var (before, after) = (i == 0 ? 0 : ranges[i - 1].Offset + ranges[i - 1].Length, i + 1 == chips.Length ? text.Length : ranges[i + 1].Offset);
            var shares = start < before || after < start + length;
            var piece = length == 0 ? tokens[i].Value : shares ? Bytes(tokens[i].Value) : Visible(text.Substring(start, length));
            chips[i] = new Chip(piece, tokens[i].Id, BehindGap: i > 0 && start > before);
        }

        return chips;
    }

    /// <summary>The bytes that a byte-level token stands for, in hexadecimal; a token of another kind as it is.</summary>
    private static string Bytes(string token) =>
        token.All(character => ByteAlphabet.TryGetByte(character, out _))
            ? string.Join(' ', token.Select(character => ByteAlphabet.TryGetByte(character, out var value) ? value.ToString("X2", CultureInfo.InvariantCulture) : ""))
            : token;

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

    private string Html()
    {
        var html = new StringBuilder("<div style=\"background:#ffffff;color:#1f2328;padding:8px 12px;max-width:720px;border-radius:3px\">");
        foreach (var row in _rows)
        {
            html.Append("<div style=\"margin:4px 0 2px\">").Append(WebUtility.HtmlEncode(row.Heading)).Append("</div><div>");
            for (var i = 0; i < row.Chips.Length; i++)
            {
                var chip = row.Chips[i];
                html.Append(CultureInfo.InvariantCulture, $"<span style=\"display:inline-block;background:{Backgrounds[i % Backgrounds.Length]};color:#1f2328;padding:1px 4px;")
                    .Append(CultureInfo.InvariantCulture, $"margin:1px 1px 1px {(chip.BehindGap ? 10 : 1)}px;border-radius:3px;text-align:center\">")
                    .Append(WebUtility.HtmlEncode(chip.Piece))
                    .Append(CultureInfo.InvariantCulture, $"<br><span style=\"font-size:70%\">{chip.Id}</span></span>");
            }

            html.Append("</div>");
        }

        return html.Append("</div>").ToString();
    }

    /// <summary>One tokenizer's tokens.</summary>
    private sealed record Row(string Name, Chip[] Chips)
    {
        public string Heading => string.Create(CultureInfo.InvariantCulture, $"{Name}, {Chips.Length} {(Chips.Length == 1 ? "token" : "tokens")}");
    }

    /// <summary>One token: what is shown of it, its id, and whether text was dropped before it.</summary>
    private sealed record Chip(string Piece, int Id, bool BehindGap);
}
