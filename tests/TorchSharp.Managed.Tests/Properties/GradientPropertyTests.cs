using static TorchSharp.Managed.Tests.Properties.RandomTensors;
using static TorchSharp.torch;

namespace TorchSharp.Managed.Tests.Properties;

/// <summary>Gradients and second derivatives of graphs put together at random, against differences; changes in place against the same computation out of place.</summary>
public class GradientPropertyTests
{
    private const int Side = 3;
    private const double Step = 1e-4;

    // Smooth functions of 3 x 3 matrices that keep their values within bounds.
    private static readonly Func<torch.Tensor, torch.Tensor>[] Unary =
    [
        x => x.tanh(), x => x.sigmoid(), x => x.sin(), x => x.cos(), x => x.neg(), x => x.t(), x => x.softmax(0), x => x.log_softmax(1), x => x.mul(0.5).exp().div(3),
        x => x.square().add(1).sqrt(), x => x.square().add(1).log(), x => x.sum([0], keepdim: true).mul(0.3).expand(Side, Side), x => x.mean().add(x), x => x.cumsum(1).div(2), x => x.flip(0),
        x => nn.functional.layer_norm(x.add(x.t().mul(0.3)).add(eye(Side, dtype: ScalarType.Float64)), [Side]), x => x.narrow(0, 0, 2).sum([0]).mul(0.5).expand_as(x), x => x.erf(), x => nn.functional.gelu(x),
        x => x.reshape(-1).roll(1).view(Side, Side), x => x.tril(), x => cat([x.narrow(1, 1, 2), x.narrow(1, 0, 1)], 1), x => stack([x[2], x[0], x[1]]), x => x.index_select(0, tensor(new long[] { 0, 2, 2 })),
        x => x.var([1], keepdim: true).add(x).mul(0.5), x => x.atan(), x => nn.functional.softplus(x), x => x.logsumexp(0, keepdim: true).add(x).mul(0.3), x => x.square().add(0.5).pow(-0.5), x => einsum("ij->ji", x),
    ];

    private static readonly Func<torch.Tensor, torch.Tensor, torch.Tensor>[] Binary =
    [
        (x, y) => x.add(y), (x, y) => x.sub(y), (x, y) => x.mul(y), (x, y) => x.div(y.square().add(1)), (x, y) => x.matmul(y).div(2), (x, y) => x.mul(y.sum([1], keepdim: true)).mul(0.3),
        (x, y) => nn.functional.linear(x, y).mul(0.5), (x, y) => einsum("ij,kj->ki", x, y).mul(0.5), (x, y) => where(eye(Side).gt(0), x, y), (x, y) => x.atan2(y.square().add(1)),
        (x, y) => nn.functional.scaled_dot_product_attention(x, y, x.add(y)), (x, y) => x.sub(y[0]), (x, y) => x.lerp(y, 0.3), (x, y) => nn.functional.scaled_dot_product_attention(y, x, y, is_casual: true),
    ];

    [Fact]
    public void Gradients_of_random_graphs_are_slopes() => ForAll(150, random =>
    {
        var leaves = Leaves(random);
        var function = Function(random);
        var gradients = autograd.grad([function(leaves)], leaves);
        for (var i = 0; i < leaves.Length; i++)
        {
            var direction = Dense(random, ScalarType.Float64, Side, Side);
            var slope = Slope(step => function(Moved(leaves, i, direction, step)).item<double>());
            AssertSlope(slope, gradients[i].mul(direction).sum().item<double>());
        }
    });

    [Fact]
    public void Second_derivatives_of_random_graphs_are_slopes_of_the_gradients() => ForAll(100, random =>
    {
        var leaves = Leaves(random);
        var function = Function(random);
        var weights = leaves.Select(_ => Dense(random, ScalarType.Float64, Side, Side)).ToArray();
        var first = autograd.grad([function(leaves)], leaves, create_graph: true);
        var weighed = Weighed(first, weights);
        for (var i = 0; i < leaves.Length; i++)
        {
            // A graph that is linear in everything has no second derivative at all.
            var second = weighed.requires_grad ? autograd.grad([weighed], [leaves[i]], retain_graph: true, allow_unused: true)[0] : null;
            var direction = Dense(random, ScalarType.Float64, Side, Side);
            var slope = Slope(step => SlopeAt(Moved(leaves, i, direction, step)));
            AssertSlope(slope, second?.mul(direction).sum().item<double>() ?? 0);
        }

        double SlopeAt(torch.Tensor[] at) => Weighed(autograd.grad([function(at)], at), weights).item<double>();
    });

    [Fact]
    public void A_gradient_is_the_same_whether_the_graph_is_kept_recorded_or_neither() => ForAll(80, random =>
    {
        var leaves = Leaves(random);
        var function = Function(random);
        var value = function(leaves);
        var kept = autograd.grad([value], leaves, retain_graph: true);
        var recorded = autograd.grad([value], leaves, create_graph: true);
        value.backward();
        for (var i = 0; i < leaves.Length; i++)
        {
            AssertSameBits(kept[i], leaves[i].grad!);
            AssertClose(kept[i], recorded[i], 1e-12 * (1 + kept[i].abs().max().item<double>()));
        }
    });

    [Fact]
    public void Changes_in_place_through_views_are_the_same_computation_out_of_place() => ForAll(200, random =>
    {
        var shape = Shape(random, random.Next(1, 4), 4);
        var start = Dense(random, ScalarType.Float64, shape).requires_grad_(random.Next(3) > 0);
        var whole = start.mul(1);
        var flat = whole.mul(1).view(-1);
        var places = arange(whole.numel(), ScalarType.Int64).view(shape);
        var views = new List<(torch.Tensor View, torch.Tensor Places)> { (whole, places) };
        var others = new List<torch.Tensor>();
        for (var count = random.Next(1, 6); count > 0; count--)
        {
            // A new view of the base or of a view, made before or after changes.
            var parent = views[random.Next(views.Count)];
            if (random.Next(3) > 0)
            {
                var chain = RandomViews.Chain(random, parent.View, 3);
                views.Add((chain(parent.View), chain(parent.Places).contiguous()));
            }

            var (view, where) = views[random.Next(views.Count)];
            var other = Dense(random, ScalarType.Float64, view.shape).requires_grad_(random.Next(3) > 0);
            others.Add(other);
            var (inPlace, outOfPlace) = Change(random, other);
            inPlace(view);
            var index = where.reshape(-1);
            flat = flat.scatter(0, index, outOfPlace(flat.take(index).view(view.shape)).reshape(-1));
        }

        AssertSameBits(flat.view(shape), whole);
        foreach (var (view, where) in views)
        {
            AssertSameBits(flat.take(where.reshape(-1)).view(view.shape), view);
        }

        // The gradient through the base and through every view, old and new.
        var weights = views.Select(pair => Dense(random, ScalarType.Float64, pair.View.shape)).ToArray();
        var expected = Weighed([.. views.Select(pair => flat.take(pair.Places.reshape(-1)).view(pair.View.shape))], weights);
        var actual = Weighed([.. views.Select(pair => pair.View)], weights);
        torch.Tensor[] leaves = [.. others.Append(start).Where(leaf => leaf.requires_grad)];
        Assert.Equal(expected.requires_grad, actual.requires_grad);
        if (!expected.requires_grad)
        {
            return;
        }

        var gradients = autograd.grad([expected], leaves, allow_unused: true).Zip(autograd.grad([actual], leaves, allow_unused: true), leaves);
        foreach (var (wanted, found, leaf) in gradients)
        {
            AssertClose(wanted ?? zeros_like(leaf), found ?? zeros_like(leaf), 1e-11);
        }
    });

    private static (Action<torch.Tensor> InPlace, Func<torch.Tensor, torch.Tensor> OutOfPlace) Change(Random random, torch.Tensor other) => random.Next(9) switch
    {
        0 => (x => x.add_(other), x => x.add(other)),
        1 => (x => x.mul_(other), x => x.mul(other)),
        2 => (x => x.copy_(other), _ => other.mul(1)),
        3 => (x => x.zero_(), x => x.mul(0).add(0)),
        4 => (x => x.tanh_(), x => x.tanh()),
        5 => (x => x.fill_(2), x => full_like(x, 2)),
        6 => (x => x.sub_(other, alpha: 2), x => x.sub(other, alpha: 2)),
        7 => (x => x.masked_fill_(other.gt(0), 3), x => x.masked_fill(other.gt(0), 3)),
        _ => (x => x.exp_().sigmoid_(), x => x.exp().sigmoid()),
    };

    private static torch.Tensor[] Leaves(Random random) => [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => Dense(random, ScalarType.Float64, Side, Side).requires_grad_())];

    // The same random operations on every call; the sum of all that they made, so that no part is idle.
    private static Func<torch.Tensor[], torch.Tensor> Function(Random random)
    {
        var seed = random.Next();
        return leaves =>
        {
            var choices = new Random(seed);
            var values = new List<torch.Tensor>(leaves);
            for (var count = choices.Next(1, 9); count > 0; count--)
            {
                var (x, y) = (values[choices.Next(values.Count)], values[choices.Next(values.Count)]);
                values.Add(choices.Next(2) == 0 ? Unary[choices.Next(Unary.Length)](x) : Binary[choices.Next(Binary.Length)](x, y));
            }

            return values.Select(value => value.mul(choices.NextDouble()).sum()).Aggregate((sum, value) => sum.add(value));
        };
    }

    private static torch.Tensor[] Moved(torch.Tensor[] leaves, int i, torch.Tensor direction, double step) =>
        [.. leaves.Select((leaf, j) => (j == i ? leaf.detach().add(direction.mul(step)) : leaf.detach().clone()).requires_grad_())];

    private static torch.Tensor Weighed(IEnumerable<torch.Tensor> values, torch.Tensor[] weights) =>
        values.Zip(weights, (value, weight) => value.mul(weight).sum()).Aggregate((sum, value) => sum.add(value));

    // The symmetric difference of fourth order, so that a strong bend of the function does not count.
    private static double Slope(Func<double, double> function) =>
        ((8 * (function(Step) - function(-Step))) - (function(2 * Step) - function(-2 * Step))) / (12 * Step);

    private static void AssertSlope(double slope, double gradient) =>
        Assert.True(Math.Abs(slope - gradient) <= 1e-6 * (1 + Math.Abs(slope)), FormattableString.Invariant($"the gradient is {gradient:R}, the slope {slope:R}"));
}
