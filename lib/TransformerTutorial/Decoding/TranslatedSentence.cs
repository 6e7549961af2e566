using System.Globalization;
using System.Net;
using System.Text;
using TransformerTutorial.Display;
using TransformerTutorial.Plots;
using static TorchSharp.torch;

namespace TransformerTutorial.Decoding;

/// <summary>A sentence with its translation. In a notebook it shows each step with the likeliest words; <see cref="DrawAttention"/> draws where it looked.</summary>
/// <example><c>translator.Translate("好久不见。").Text</c> is <c>Long time no see.</c>, if the translator has learned it.</example>
[TypeFormatterSource(typeof(RichOutputFormatterSource), PreferredMimeTypes = [MimeTypes.Html, MimeTypes.Plain])]
public sealed class TranslatedSentence : RichOutput
{
    // How much of the colour a sure word has behind it; more would take too much contrast from its letters.
    private const double MostColour = 0.6;

    private readonly TranslationTokenizer _target;

    internal TranslatedSentence(string source, IReadOnlyList<string> sourceTokens, IReadOnlyList<string> unknown, DecodedSequence written, TranslationTokenizer target)
    {
        (Source, SourceTokens, Unknown, Written, _target) = (source, sourceTokens, unknown, written, target);
        Text = target.Decode(written.Ids);
    }

    /// <summary>The sentence that was translated.</summary>
    public string Source { get; }

    /// <summary>The translation.</summary>
    public string Text { get; }

    /// <summary>The translation as ids, with how it came about.</summary>
    public DecodedSequence Written { get; }

    /// <summary>The translation as ids, without begin and end.</summary>
    public IReadOnlyList<int> Ids => Written.Ids;

    /// <summary>Each word as it was chosen, the end included.</summary>
    public IReadOnlyList<DecodedStep> Steps => Written.Steps;

    /// <summary>Where each step looked, (L, h, T, S), the end of either sentence included; null unless the translator's options ask for it.</summary>
    public Tensor? Attention => Written.Attention;

    /// <summary>Whether the model said that the translation ends here; false where it was cut off.</summary>
    public bool IsFinished => Written.IsFinished;

    /// <summary>What the source was cut into, its end excluded.</summary>
    public IReadOnlyList<string> SourceTokens { get; }

    /// <summary>What the translation is made of, its end included, spaces made visible.</summary>
    public IReadOnlyList<string> TargetTokens => [.. Steps.Select(step => _target.Show(step.Written.Id))];

    /// <summary>The parts of the source that the tokenizer doesn't know: the model could only guess at them.</summary>
    public IReadOnlyList<string> Unknown { get; }

    /// <summary>Draws where each step looked in the source: the words that were written downwards, those that were read from left to right.</summary>
    /// <param name="title">The finding; null for a plain description.</param>
    /// <param name="layer">Which layer of the decoder; null for the mean of all.</param>
    /// <param name="head">Which of its heads; null for the mean of all.</param>
    /// <param name="altText">What a person who cannot see the picture should know; null for a description of what is drawn.</param>
    /// <exception cref="InvalidOperationException">Attention was not captured.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such layer or head.</exception>
    public Figure DrawAttention(string? title = null, int? layer = null, int? head = null, string? altText = null)
    {
        if (Attention is null)
        {
            throw new InvalidOperationException("The translation doesn't say where it looked: give the translator options with CapturesAttention, and a model that has attention.");
        }

        RequireIndex(layer, Attention.shape[0], nameof(layer));
        RequireIndex(head, Attention.shape[1], nameof(head));
        using var scope = NewDisposeScope();
        var map = layer is { } l ? Attention[l] : Attention.mean([0]);                        // (h, T, S)
        map = head is { } h ? map[h] : map.mean([0]);                                         // (T, S)
        var rows = map.to(ScalarType.Float64).contiguous().data<double>().ToArray().Chunk((int)map.shape[1]);
        string[] columns = [.. SourceTokens.Select(TranslationTokenizer.Visible), "⟨end⟩"];
        var which = (layer, head) switch
        {
            (null, null) => "mean of all layers and heads",
            ({ } a, null) => $"layer {a}, mean of its heads",
            (null, { } b) => $"head {b}, mean of all layers",
            ({ } a, { } b) => $"layer {a}, head {b}",
        };
        return new Figure
        {
            Title = title ?? $"Where the translator looked for each word ({which})",
            AltText = altText ?? $"Map of attention ({which}) from the written tokens {string.Join(" ", TargetTokens)}, downwards, to the tokens that were read, {string.Join(" ", columns)}, from left to right.",
            Width = Math.Max(420, 160 + (columns.Length * 36)),
            Height = Math.Max(300, 130 + (Steps.Count * 28)),
            Traces = [Plot.HeatMap(rows, columns, TargetTokens) with { Minimum = 0, Maximum = 1, ColorTitle = "weight" }],
            XAxis = new Axis("read"),
            YAxis = new Axis("written"),
        };
    }

    /// <inheritdoc/>
    public override string? Write(string mimeType) => mimeType switch
    {
        MimeTypes.Plain => PlainText(),
        MimeTypes.Html => Html(),
        _ => null,
    };

    private string Remark() =>
        (IsFinished ? "" : " (cut off: the end was not reached)") + (Unknown.Count == 0 ? "" : $" (unknown to the tokenizer: {string.Join(" ", Unknown)})");

    private string PlainText()
    {
        var text = new StringBuilder($"{Source} → {Text}{Remark()}");
        foreach (var (step, number) in Steps.Select((step, number) => (step, number)))
        {
            text.Append(CultureInfo.InvariantCulture, $"\n{number + 1,3}  {_target.Show(step.Written.Id)}  {Percent(step.Written)}");
            text.Append(step.Candidates.Count == 0 ? "" : "  of  " + string.Join("  ", step.Candidates.Select(candidate => $"{_target.Show(candidate.Id)} {Percent(candidate)}")));
        }

        return text.ToString();
    }

    // Every cell brings its own background and ink: editors give rows of tables theirs, and a dark one would leave dark text on it.
    private string Html()
    {
        var html = new StringBuilder($"<div style=\"background:{Theme.Background};color:{Theme.Text};padding:8px 12px;margin:4px 0;width:fit-content;max-width:100%;overflow-x:auto;border-radius:3px;line-height:1.45\">");
        html.Append("<div>").Append(Encode(Source)).Append(" → <b>").Append(Encode(Text)).Append("</b>").Append(Encode(Remark())).Append("</div>");
        var most = Steps.Max(step => step.Candidates.Count);
        if (most > 0)
        {
            html.Append("<table style=\"border-collapse:collapse;border:none;margin:6px 0 0;width:auto;font-size:90%\"><tr>");
            foreach (var heading in Enumerable.Range(-1, most + 2).Select(Heading))
            {
                html.Append(Cell("th", $"<b>{heading}</b>", Theme.Background));
            }

            html.Append("</tr>");
            foreach (var (step, number) in Steps.Select((step, number) => (step, number)))
            {
                html.Append("<tr>").Append(Cell("td", (number + 1).ToString(CultureInfo.InvariantCulture), Theme.Background)).Append(Cell("td", $"<b>{Encode(_target.Show(step.Written.Id))}</b>", Theme.Background));
                foreach (var candidate in step.Candidates)
                {
                    html.Append(Cell("td", $"{Encode(_target.Show(candidate.Id))} {Percent(candidate)}", Theme.Background.MixedWith(Theme.English, MostColour * candidate.Probability)));
                }

                // A step that tells fewer words than the others has empty cells, and no gap that the editor would fill.
                html.Insert(html.Length, Cell("td", "", Theme.Background), most - step.Candidates.Count).Append("</tr>");
            }

            html.Append("</table>");
        }

        return html.Append("</div>").ToString();
    }

    private static string Cell(string tag, string content, Color behind) =>
        $"<{tag} style=\"text-align:left;padding:1px 8px;border:none;white-space:pre;font-weight:normal;background:{behind};color:{Theme.Text}\">{content}</{tag}>";

    // Of the table's columns: the step, what was written, then the likeliest words from rank 1 on.
    private static string Heading(int rank) => rank switch { -1 => "step", 0 => "written", 1 => "likeliest", _ => rank.ToString(CultureInfo.InvariantCulture) };

    private static string Percent(Candidate candidate) => string.Create(CultureInfo.InvariantCulture, $"{100 * candidate.Probability:0.0}%");

    private static string Encode(string text) => WebUtility.HtmlEncode(text);

    private static void RequireIndex(int? index, long count, string name)
    {
        if (index is < 0 || index >= count)
        {
            throw new ArgumentOutOfRangeException(name, index, $"There are {count}, from 0 on.");
        }
    }
}
