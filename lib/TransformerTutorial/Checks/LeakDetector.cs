using TorchSharp.Modules;
using TransformerTutorial.Attention;
using static TorchSharp.torch;

namespace TransformerTutorial.Checks;

/// <summary>
/// Finds what a sequence model sees although it must not: changes one input at a time and reports every output that must keep its bits and doesn't.
/// It knows nothing of the model but its inputs and outputs, and it takes every change for a leak, however small.
/// </summary>
/// <remarks>
/// It tries a few values for each input. An output that changed does depend on the input; one that didn't may still do so for other values, so run it on inputs like those of the model's use.
/// <see cref="InfluenceMap"/> asks the gradient instead.
/// </remarks>
/// <example>
/// <code>
/// LeakDetector.Find(model, ids, Masks.Causal(ids.shape[1]))
/// </code>
/// </example>
public static class LeakDetector
{
    // How much larger than the input its replacements are.
    private static readonly double[] Sizes = [1, 100, 10_000];

    /// <summary>Tries a module.</summary>
    /// <param name="model">From ids or vectors to outputs (B, T, …). Its parameters keep their gradients, but a layer that counts what it sees (batch normalisation in training) sees these inputs too.</param>
    /// <param name="input">Token ids (B, S), Int64 or Int32, or vectors (B, S, d), Float32 or Float64. It is not changed.</param>
    /// <param name="mayDepend">Which inputs each output may depend on: (T, S), or (B, 1, T, S) where sequences differ, lengths of 1 broadcast. For a decoder <see cref="Masks.Causal(long)"/>. Another sequence of the batch never may.</param>
    /// <param name="options">What is tried; null for the defaults.</param>
    /// <exception cref="ArgumentException">Shapes or types don't fit, there is no sequence, no other id to try, or the model has dropout in training; the message says which.</exception>
    /// <exception cref="InvalidOperationException">The model gives different answers to the same input.</exception>
    public static LeakReport Find(nn.Module<Tensor, Tensor> model, Tensor input, AllowedMask mayDepend, LeakOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        RequireNoDropout(model);
        return Find(model.call, input, mayDepend, options);
    }

    /// <summary>Tries a function.</summary>
    /// <inheritdoc cref="Find(nn.Module{Tensor, Tensor}, Tensor, AllowedMask, LeakOptions)"/>
    public static LeakReport Find(Func<Tensor, Tensor> model, Tensor input, AllowedMask mayDepend, LeakOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(mayDepend);
        options ??= new();
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.Changes, nameof(options));
        RequireInput(input);

        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var before = OutputOf(model, input);
        RequireSame(before, OutputOf(model, input), "The model is not deterministic: it gave two answers to the same input. Dropout or another draw must be off before leaks can be told from chance.");
        var (batch, sources) = ((int)input.shape[0], (int)input.shape[1]);
        var (targets, width) = ((int)before.Shape[1], before.Values.Length / (batch * (int)before.Shape[1]));
        var allowed = RuleOf(mayDepend, batch, targets, sources);
        var replacements = new Replacements(input, options);
        var sizes = new LeakSizes(batch, targets, sources);
        for (var sequence = 0; sequence < batch; sequence++)
        {
            for (var position = 0; position < sources; position++)
            {
                foreach (var replacement in replacements.For(sequence, position))
                {
                    using var step = NewDisposeScope();
                    var changed = input.detach().clone();
                    changed[sequence, position] = replacement;
                    sizes.Add(sequence, position, before.Values, Fitting(OutputOf(model, changed), before.Shape).Values, width);
                }
            }
        }

        RequireSame(before, OutputOf(model, input), "The model remembers: after other inputs it answers the first one differently. Give it a fresh state (an empty cache) in every call.");
        return new LeakReport(sizes, allowed, options.Changes);
    }

    /// <summary>Refuses dropout in training: outputs would change by chance.</summary>
    internal static void RequireNoDropout(nn.Module model)
    {
        foreach (var (name, module) in model.named_modules().Prepend(("", model)))
        {
            if (module.training && module is Dropout or MultiHeadAttention { training: true, Options.Dropout: > 0 })
            {
                throw new ArgumentException($"{(name.Length > 0 ? name : module.GetName())} drops numbers by chance in training, so outputs change by themselves. Call eval() on the model first.", nameof(model));
            }
        }
    }

    /// <summary>Which inputs each output may depend on, [sequence, output, input].</summary>
    internal static bool[,,] RuleOf(AllowedMask mayDepend, int batch, int targets, int sources)
    {
        var shape = mayDepend.Shape;
        var fits = shape.Count is 2 or 4 && (shape[^1] == sources || shape[^1] == 1) && (shape[^2] == targets || shape[^2] == 1)
            && (shape.Count == 2 || (shape[1] == 1 && (shape[0] == batch || shape[0] == 1)));
        if (!fits)
        {
            throw new ArgumentException(
                $"The model makes {targets} outputs of {sources} inputs in {batch} {(batch == 1 ? "sequence" : "sequences")}, so what may depend on what is ({targets}, {sources}) or ({batch}, 1, {targets}, {sources}); this is an {mayDepend}.", nameof(mayDepend));
        }

        using var scope = NewDisposeScope();
        var flat = mayDepend.Values.expand(batch, 1, targets, sources).contiguous().data<bool>().ToArray();
        var rule = new bool[batch, targets, sources];
        for (var i = 0; i < flat.Length; i++)
        {
            rule[i / (targets * sources), i / sources % targets, i % sources] = flat[i];
        }

        return rule;
    }

    private static void RequireInput(Tensor input)
    {
        var areIds = input.ndim == 2 && input.dtype is ScalarType.Int64 or ScalarType.Int32;
        var areVectors = input.ndim == 3 && input.dtype is ScalarType.Float32 or ScalarType.Float64;
        if (!areIds && !areVectors)
        {
            throw new ArgumentException($"A sequence model is given token ids (B, S), Int64 or Int32, or vectors (B, S, d), Float32 or Float64; this input is {input.dtype} of shape {MaskChecks.Text(input.shape)}.", nameof(input));
        }

        if (input.numel() == 0)
        {
            throw new ArgumentException($"The input has shape {MaskChecks.Text(input.shape)}: there is nothing in it to change.", nameof(input));
        }
    }

    // Every number as a double, which keeps all bits of a float, so that outputs are compared exactly.
    private static (double[] Values, long[] Shape) OutputOf(Func<Tensor, Tensor> model, Tensor input)
    {
        using var scope = NewDisposeScope();
        var output = model(input.detach().clone()) ?? throw new InvalidOperationException("The model returned null.");
        return output.ndim >= 2 && output.shape[0] == input.shape[0] && output.numel() > 0
            ? (output.detach().to(ScalarType.Float64).contiguous().data<double>().ToArray(), output.shape)
            : throw new ArgumentException($"A model of sequences answers {MaskChecks.Text(input.shape)} with ({input.shape[0]}, T, …), a row for each sequence; this one's answer has shape {MaskChecks.Text(output.shape)}.", nameof(model));
    }

    private static (double[] Values, long[] Shape) Fitting((double[] Values, long[] Shape) output, long[] expected) => output.Shape.SequenceEqual(expected)
        ? output
        : throw new InvalidOperationException($"The model's answer has shape {MaskChecks.Text(expected)}, but {MaskChecks.Text(output.Shape)} when one input is changed; outputs that come and go cannot be compared.");

    private static void RequireSame((double[] Values, long[] Shape) one, (double[] Values, long[] Shape) other, string message)
    {
        if (!one.Shape.SequenceEqual(other.Shape) || !one.Values.Zip(other.Values).All(pair => LeakSizes.AreSame(pair.First, pair.Second)))
        {
            throw new InvalidOperationException(message);
        }
    }

    /// <summary>The other values that each input gets.</summary>
    private sealed class Replacements
    {
        private readonly System.Random _random;
        private readonly Tensor _input;
        private readonly LeakOptions _options;
        private readonly long[] _ids = [];
        private readonly double _size = 1;

        public Replacements(Tensor input, LeakOptions options)
        {
            (_input, _options, _random) = (input, options, new System.Random(options.Seed));
            if (input.ndim == 3)
            {
                var largest = input.detach().abs().max().to(ScalarType.Float64).item<double>();
                _size = largest > 0 && double.IsFinite(largest) ? largest : 1;
                return;
            }

            var occurring = input.to(ScalarType.Int64).contiguous().data<long>().ToArray();
            _ids = options.VocabularySize is { } size ? [.. Enumerable.Range(0, size).Select(id => (long)id)] : [.. occurring.Distinct().Order()];
            if (_ids.Length < 2 || occurring.Any(id => id < _ids[0] || id > _ids[^1]))
            {
                throw new ArgumentException(options.VocabularySize is { } given
                    ? $"The ids go from {occurring.Min()} to {occurring.Max()}, but there are {given} tokens, from 0 to {given - 1}; at least two are needed."
                    : $"All ids are {occurring[0]}, so there is no other one to put in their place; say how many there are: new LeakOptions {{ VocabularySize = V }}.", nameof(input));
            }
        }

        public IEnumerable<Tensor> For(int sequence, int position)
        {
            if (_input.ndim == 2)
            {
                var present = _input[sequence, position].to(ScalarType.Int64).item<long>();
                long[] others = [.. _ids.Where(id => id != present)];
                _random.Shuffle(others);
                return others.Take(_options.Changes).Select(id => tensor(id).to(_input.dtype));
            }

            return Enumerable.Range(0, _options.Changes).Select(change =>
            {
                var scale = _size * Sizes[change % Sizes.Length];
                var values = new double[_input.shape[2]];
                for (var i = 0; i < values.Length; i++)
                {
                    values[i] = scale * ((2 * _random.NextDouble()) - 1);
                }

                return tensor(values).to(_input.dtype);
            });
        }
    }
}
