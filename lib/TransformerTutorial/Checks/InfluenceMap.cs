using TransformerTutorial.Attention;
using TransformerTutorial.Display;
using TransformerTutorial.Plots;
using static TorchSharp.torch;

namespace TransformerTutorial.Checks;

/// <summary>
/// How strongly each output of a sequence model depends on each input, by gradient: the size |∂yᵢ/∂xⱼ| of the block of the Jacobian matrix that belongs to output i and input j (the root of the sum of its squares).
/// It holds at the given input only: a gradient of zero is no proof of independence (<see cref="LeakDetector"/> changes the input instead), a gradient that is not zero proves dependence.
/// </summary>
/// <example>
/// <code>
/// InfluenceMap.Of(model, x, Masks.Causal(x.shape[1]))      // x: (B, S, d)
/// </code>
/// </example>
[TypeFormatterSource(typeof(RichOutputFormatterSource), PreferredMimeTypes = [MimeTypes.Plotly, MimeTypes.Svg, MimeTypes.Plain])]
public sealed class InfluenceMap : RichOutput
{
    private readonly double[][] _values;
    private readonly bool[][]? _forbidden;

    private InfluenceMap(double[][] values, bool[][]? forbidden, double ofOthers)
    {
        (_values, _forbidden, OfOtherSequences) = (values, forbidden, ofOthers);
        Forbidden = forbidden is null ? 0 : values.Zip(forbidden).SelectMany(row => row.First.Zip(row.Second)).Where(cell => cell.Second).Select(cell => cell.First).DefaultIfEmpty(0).Max();
    }

    /// <summary>The sizes, [output][input].</summary>
    public IReadOnlyList<IReadOnlyList<double>> Values => _values;

    /// <summary>The largest size where none may be; 0 where nothing is forbidden.</summary>
    public double Forbidden { get; }

    /// <summary>The largest influence of an input of another sequence of the batch; it should be 0.</summary>
    public double OfOtherSequences { get; }

    /// <summary>Measures a module.</summary>
    /// <param name="model">From vectors (B, S, d) to outputs (B, T, …).</param>
    /// <param name="input">Vectors (B, S, d), Float32 or Float64. Ids have no gradient: give what is made of them.</param>
    /// <param name="mayDepend">Which inputs each output may depend on, as in <see cref="LeakDetector"/>; null where nothing is forbidden.</param>
    /// <param name="sequence">Which sequence of the batch.</param>
    /// <exception cref="ArgumentException">Shapes or types don't fit, or the model has dropout in training.</exception>
    /// <exception cref="InvalidOperationException">The outputs carry no gradient.</exception>
    public static InfluenceMap Of(nn.Module<Tensor, Tensor> model, Tensor input, AllowedMask? mayDepend = null, int sequence = 0)
    {
        ArgumentNullException.ThrowIfNull(model);
        LeakDetector.RequireNoDropout(model);
        return Of(model.call, input, mayDepend, sequence);
    }

    /// <summary>Measures a function.</summary>
    /// <inheritdoc cref="Of(nn.Module{Tensor, Tensor}, Tensor, AllowedMask, int)"/>
    public static InfluenceMap Of(Func<Tensor, Tensor> model, Tensor input, AllowedMask? mayDepend = null, int sequence = 0)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(input);
        if (input.ndim != 3 || input.dtype is not (ScalarType.Float32 or ScalarType.Float64) || input.numel() == 0)
        {
            throw new ArgumentException($"Influence is measured on vectors (B, S, d), Float32 or Float64; this input is {input.dtype} of shape {MaskChecks.Text(input.shape)}. Token ids are names and have no gradient: give the vectors that are made of them.", nameof(input));
        }

        ArgumentOutOfRangeException.ThrowIfNegative(sequence);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(sequence, input.shape[0]);
        using var scope = NewDisposeScope();
        using var gradient = enable_grad();
        var x = input.detach().clone().requires_grad_();                                   // (B, S, d)
        var output = model(x);                                                             // (B, T, …)
        if (output.ndim < 2 || output.shape[0] != input.shape[0] || output.numel() == 0)
        {
            throw new ArgumentException($"A model of sequences answers {MaskChecks.Text(input.shape)} with ({input.shape[0]}, T, …); this one's answer has shape {MaskChecks.Text(output.shape)}.", nameof(model));
        }

        if (!output.requires_grad)
        {
            throw new InvalidOperationException("The model's outputs carry no gradient: it was computed under no_grad, detached, or does not depend on its input at all.");
        }

        var (batch, targets, sources) = ((int)output.shape[0], (int)output.shape[1], (int)input.shape[1]);
        var rule = mayDepend is null ? null : LeakDetector.RuleOf(mayDepend, batch, targets, sources);
        var numbers = output.select(0, sequence).reshape(targets, -1);                     // (T, numbers of an output)
        var values = new double[targets][];
        var others = 0.0;
        for (var i = 0; i < targets; i++)
        {
            var squares = new double[batch * sources];
            for (var c = 0L; c < numbers.shape[1]; c++)
            {
                using var step = NewDisposeScope();
                if (autograd.grad([numbers[i, c]], [x], retain_graph: true, allow_unused: true)[0] is { } slope)
                {
                    var row = slope.to(ScalarType.Float64).square().sum(-1L).contiguous().data<double>().ToArray();   // (B, S)
                    for (var j = 0; j < squares.Length; j++)
                    {
                        squares[j] += row[j];
                    }
                }
            }

            values[i] = [.. squares.AsSpan(sequence * sources, sources).ToArray().Select(Math.Sqrt)];
            squares.AsSpan(sequence * sources, sources).Clear();
            others = Math.Max(others, Math.Sqrt(squares.Max()));
        }

        return new(values, rule is null ? null : [.. values.Select((row, i) => row.Select((_, j) => !rule[sequence, i, j]).ToArray())], others);
    }

    /// <summary>Draws the map: outputs downwards, inputs from left to right, what must not depend on each other outlined.</summary>
    /// <param name="title">The finding; null for a plain statement of it.</param>
    /// <param name="labels">A label for each input, and for each output where there are as many; null for numbers from 0.</param>
    /// <param name="altText">What a person who cannot see the picture should know; null for a description of what is drawn.</param>
    public Figure Draw(string? title = null, IEnumerable<string>? labels = null, string? altText = null)
    {
        var finding = _forbidden is null ? "How strongly each output depends on each input" : Forbidden > 0 ? "Some outputs depend on inputs that they must not see" : "No output depends on an input that it must not see";
        return LeakMap.FigureOf(
            ToPanel(title ?? finding, labels),
            altText ?? $"Map of the influence of {_values[0].Length} inputs on {_values.Length} outputs, by gradient. {(_forbidden is null ? "" : $"Outlined is what must not be; {(Forbidden > 0 ? "not all of it is 0" : "all of it is 0")}.")}".TrimEnd());
    }

    /// <summary>The map as a panel of a <see cref="FigureGrid"/>.</summary>
    /// <param name="title">What is written above it.</param>
    /// <param name="labels">A label for each input, and for each output where there are as many; null for numbers from 0.</param>
    public Panel ToPanel(string title, IEnumerable<string>? labels = null) => LeakMap.PanelOf(title, _values, _forbidden, labels, "|∂y/∂x|", minimum: 0);

    /// <inheritdoc/>
    public override string? Write(string mimeType) => mimeType is MimeTypes.Plotly or MimeTypes.Svg or MimeTypes.Plain ? Draw().Write(mimeType) : null;
}
