using System.Net;
using System.Text;

namespace TransformerTutorial.Checks;

/// <summary>The small boxes in which chapters show checks, claims and exercises. They bring their own background, so they read alike in light and dark editors.</summary>
internal static class Card
{
    public const string Good = "#00694b";
    public const string Corrected = "#9a4a00";
    public const string Bad = "#a3262e";
    public const string Neutral = "#47525d";

    /// <summary>A box with a coloured edge: a heading in that colour, a sentence, then ready HTML.</summary>
    public static string Write(string colour, string? heading, string? sentence, string body)
    {
        var html = new StringBuilder();
        html.Append("<div style=\"border-left:4px solid ").Append(colour)
            .Append(";background:#f7f7f4;color:#1f2328;padding:6px 12px;margin:4px 0;max-width:720px;border-radius:3px;line-height:1.45\">");
        if (heading is not null)
        {
            html.Append("<div style=\"color:").Append(colour).Append(";font-weight:600\">").Append(Text(heading)).Append("</div>");
        }

        if (sentence is not null)
        {
            html.Append("<div>").Append(Text(sentence)).Append("</div>");
        }

        return html.Append(body).Append("</div>").ToString();
    }

    /// <summary>One line for each fact: a tick, what it is, the measured value in bold, what was asked of it.</summary>
    public static string Facts(IEnumerable<Evidence> facts) => string.Concat(facts.Select(fact =>
        $"<div><span style=\"color:{(fact.Holds ? Good : Bad)}\">{(fact.Holds ? "✓" : "✗")}</span> {Text(fact.What)}: <b>{Text(fact.Measured)}</b> "
        + $"<span style=\"color:#57606a\">({Text(fact.Requirement)})</span></div>"));

    /// <summary>Escapes text for HTML.</summary>
    public static string Text(string text) => WebUtility.HtmlEncode(text);
}
