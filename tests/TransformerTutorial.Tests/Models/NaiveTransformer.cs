using TransformerTutorial.Layers;
using TransformerTutorial.Models;
using static TorchSharp.torch;

namespace TransformerTutorial.Tests.Models;

/// <summary>A Transformer as loops over doubles, one sentence and one vector at a time: what the library's is compared with. It reads the parameters by their names in <c>state_dict</c>.</summary>
internal sealed class NaiveTransformer(TransformerConfiguration configuration, IReadOnlyDictionary<string, Tensor> state)
{
    /// <summary>Logits for every word of the target, [T][V]; ids without padding.</summary>
    public double[][] Logits(long[] source, long[] target)
    {
        var memory = Encode(source);
        var y = Enter("target", target);
        for (var layer = 0; layer < configuration.DecoderLayers; layer++)
        {
            var name = $"decoder.layers.{layer}";
            y = Sublayer($"{name}.self_attention_residual", y, read => Attend($"{name}.self_attention", read, read, isFused: true, isCausal: true));
            y = Sublayer($"{name}.cross_attention_residual", y, read => Attend($"{name}.cross_attention", read, memory, isFused: false, isCausal: false));
            y = Sublayer($"{name}.feed_forward_residual", y, read => [.. read.Select(x => FeedForward($"{name}.feed_forward", x))]);
        }

        y = Last("decoder", y);
        var output = ModelNumbers.RowsOf(state[configuration.Sharing switch
        {
            EmbeddingSharing.None => "output.weight",
            EmbeddingSharing.TargetAndOutput => "target_embedding.weight",
            _ => "embedding.weight",
        }]);
        return [.. y.Select(x => output.Select(row => ModelNumbers.Dot(row, x)).ToArray())];
    }

    /// <summary>The encoder's output, [S][d].</summary>
    public double[][] Encode(long[] source)
    {
        var x = Enter("source", source);
        for (var layer = 0; layer < configuration.EncoderLayers; layer++)
        {
            var name = $"encoder.layers.{layer}";
            x = Sublayer($"{name}.attention_residual", x, read => Attend($"{name}.attention", read, read, isFused: true, isCausal: false));
            x = Sublayer($"{name}.feed_forward_residual", x, read => [.. read.Select(y => FeedForward($"{name}.feed_forward", y))]);
        }

        return Last("encoder", x);
    }

    private double[][] Enter(string side, long[] ids)
    {
        var d = (int)configuration.Width;
        var table = ModelNumbers.RowsOf(state[configuration.Sharing == EmbeddingSharing.All ? "embedding.weight" : $"{side}_embedding.weight"]);
        var learned = configuration.Positions == PositionKind.Learned ? ModelNumbers.RowsOf(state[$"{side}_positions.weight"]) : null;
        return [.. ids.Select((id, position) => Enumerable.Range(0, d).Select(c => (table[id][c] * Math.Sqrt(d)) + configuration.Positions switch
        {
            PositionKind.Sinusoidal => c % 2 == 0 ? Math.Sin(Angle(position, c / 2, d)) : Math.Cos(Angle(position, c / 2, d)),
            PositionKind.Learned => learned![position][c],
            _ => 0,
        }).ToArray())];
    }

    private double[][] Sublayer(string name, double[][] x, Func<double[][], double[][]> sublayer)
    {
        var isBefore = configuration.Placement == NormPlacement.Before;
        var change = sublayer(isBefore ? [.. x.Select(row => Norm($"{name}.norm", row))] : x);
        double[][] sum = [.. x.Zip(change, (a, b) => a.Zip(b, (p, q) => p + q).ToArray())];
        return isBefore ? sum : [.. sum.Select(row => Norm($"{name}.norm", row))];
    }

    private double[][] Last(string stack, double[][] x) => state.ContainsKey($"{stack}.norm.weight") ? [.. x.Select(row => Norm($"{stack}.norm", row))] : x;

    private double[] Norm(string name, double[] x)
    {
        var weight = ModelNumbers.NumbersOf(state[$"{name}.weight"]);
        if (configuration.Norm == NormKind.RootMeanSquare)
        {
            var size = Math.Sqrt(x.Select(a => a * a).Average() + 1e-6);
            return [.. x.Zip(weight, (a, w) => a / size * w)];
        }

        var bias = ModelNumbers.NumbersOf(state[$"{name}.bias"]);
        var mean = x.Average();
        var deviation = Math.Sqrt(x.Select(a => (a - mean) * (a - mean)).Average() + 1e-5);
        return [.. x.Select((a, i) => ((a - mean) / deviation * weight[i]) + bias[i])];
    }

    private double[] FeedForward(string name, double[] x)
    {
        var up = ModelNumbers.Map(state, $"{name}.up", x);
        var hidden = configuration.Activation switch
        {
            FeedForwardActivation.Relu => up.Select(a => Math.Max(0, a)).ToArray(),
            FeedForwardActivation.Gelu => [.. up.Select(a => a * Normal(a))],
            _ => [.. ModelNumbers.Map(state, $"{name}.gate", x).Zip(up, (g, u) => g * ModelNumbers.Sigmoid(g) * u)],
        };
        return ModelNumbers.Map(state, $"{name}.down", hidden);
    }

    private double[][] Attend(string name, double[][] asking, double[][] asked, bool isFused, bool isCausal)
    {
        var (d, h) = ((int)configuration.Width, (int)configuration.Heads);
        var (shared, width) = ((int)(configuration.KeyValueHeads ?? h), d / h);
        double[] Project(double[] x, string which, int from, int count) =>
            isFused ? ModelNumbers.Map(state, $"{name}.in_proj", x)[from..(from + count)] : ModelNumbers.Map(state, $"{name}.{which}", x);
        double[][] queries = [.. asking.Select(x => Project(x, "q_proj", 0, d))];
        double[][] keys = [.. asked.Select(x => Project(x, "k_proj", d, shared * width))];
        double[][] values = [.. asked.Select(x => Project(x, "v_proj", d + (shared * width), shared * width))];
        var isRotary = configuration.Positions == PositionKind.Rotary && isFused;
        return [.. queries.Select((query, t) =>
        {
            var joined = new double[d];
            for (var head = 0; head < h; head++)
            {
                var group = head / (h / shared);
                double[] Part(double[] x, int number, int position) => isRotary ? Turned(x[(number * width)..((number + 1) * width)], position) : x[(number * width)..((number + 1) * width)];
                var seen = isCausal ? t + 1 : keys.Length;
                var q = Part(query, head, t);
                var weights = ModelNumbers.Softmax([.. keys.Take(seen).Select((key, s) => ModelNumbers.Dot(q, Part(key, group, s)) * (configuration.IsScaled ? 1 / Math.Sqrt(width) : 1))]);
                for (var c = 0; c < width; c++)
                {
                    joined[(head * width) + c] = weights.Select((weight, s) => weight * values[s][(group * width) + c]).Sum();
                }
            }

            return ModelNumbers.Map(state, $"{name}.o_proj", joined);
        })];
    }

    private static double[] Turned(double[] x, int position)
    {
        var result = new double[x.Length];
        for (var i = 0; i < x.Length; i += 2)
        {
            var (sine, cosine) = Math.SinCos(Angle(position, i / 2, x.Length));
            (result[i], result[i + 1]) = ((x[i] * cosine) - (x[i + 1] * sine), (x[i] * sine) + (x[i + 1] * cosine));
        }

        return result;
    }

    private static double Angle(int position, int pair, int width) => position / Math.Pow(10000, 2.0 * pair / width);

    // The normal distribution's function by its series (M. Abramowitz and I. Stegun 1964, 26.2.11).
    private static double Normal(double x)
    {
        var (sum, term) = (x, x);
        for (var n = 1; n < 200; n++)
        {
            term *= x * x / ((2 * n) + 1);
            sum += term;
        }

        return 0.5 + (sum * Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI));
    }
}
