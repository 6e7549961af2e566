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

    private string Html()
    {
        var html = new StringBuilder("<div style=\"background:#f7f7f4;color:#1f2328;padding:8px 12px;max-width:760px;border-radius:3px;line-height:1.45\">");
        html.Append("<div>").Append(Encode(Source)).Append(" → <b>").Append(Encode(Text)).Append("</b>").Append(Encode(Remark())).Append("</div>");
        var most = Steps.Max(step => step.Candidates.Count);
        if (most > 0)
        {
            html.Append("<table style=\"border-collapse:collapse;margin-top:6px;color:#1f2328;background:#f7f7f4\"><tr>");
            foreach (var heading in Enumerable.Range(-1, most + 2).Select(Heading))
            {
                html.Append("<th style=\"text-align:left;padding:1px 10px 1px 0;font-weight:600\">").Append(heading).Append("</th>");
            }

            html.Append("</tr>");
            foreach (var (step, number) in Steps.Select((step, number) => (step, number)))
            {
                html.Append(CultureInfo.InvariantCulture, $"<tr><td style=\"padding:1px 10px 1px 0\">{number + 1}</td><td style=\"text-align:left;padding:1px 10px 1px 0\"><b>{Encode(_target.Show(step.Written.Id))}</b></td>");
                foreach (var candidate in step.Candidates)
                {
                    // White to a light blue, so that dark text is readable on all of it.
                    var shade = 1 - (0.45 * candidate.Probability);
                    html.Append(CultureInfo.InvariantCulture, $"<td style=\"text-align:left;padding:1px 8px;color:#1f2328;background:rgb({(int)(255 * shade)},{(int)(255 * (0.6 + (0.4 * shade)))},255)\">")
                        .Append(Encode(_target.Show(candidate.Id))).Append(' ').Append(Percent(candidate)).Append("</td>");
                }

                html.Append("</tr>");
            }

            html.Append("</table>");
        }

        return html.Append("</div>").ToString();
    }

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
