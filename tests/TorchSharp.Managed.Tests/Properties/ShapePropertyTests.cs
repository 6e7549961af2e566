using static TorchSharp.Managed.Tests.Properties.RandomTensors;
using static TorchSharp.torch;

namespace TorchSharp.Managed.Tests.Properties;

/// <summary>What holds between views, copies, joins and orders for every shape and layout.</summary>
public class ShapePropertyTests
{
    private static readonly Func<torch.Tensor, torch.Tensor, torch.Tensor>[] BinaryOperations =
    [
        (x, y) => x.add(y), (x, y) => x.sub(y), (x, y) => x.mul(y), (x, y) => x.div(y), (x, y) => x.maximum(y), (x, y) => x.minimum(y), (x, y) => x.atan2(y),
        (x, y) => x.abs().pow(y), (x, y) => x.lt(y), (x, y) => x.eq(y), (x, y) => where(x.gt(0), x, y), (x, y) => x.remainder(y), (x, y) => x.masked_fill(y.gt(0), 7),
    ];

    [Fact]
    public void Views_alias_their_base() => ForAll(300, random =>
    {
        var shape = Shape(random, random.Next(1, 5));
        var whole = Dense(random, ScalarType.Float64, shape);
        var chain = RandomViews.Chain(random, whole, 5);
        var view = chain(whole);

        // The same views of the numbers 0, 1, 2, ... say which element of the base each element of the view is.
        var places = chain(arange(whole.numel(), ScalarType.Int64).view(shape)).contiguous().data<long>().ToArray();
        Assert.Equal(places.Length, places.Distinct().Count());

        whole.copy_(Dense(random, ScalarType.Float64, shape));
        var elements = Doubles(whole);
        Assert.Equal(places.Select(place => elements[place]), Doubles(view));

        var written = Dense(random, ScalarType.Float64, view.shape);
        view.copy_(written);
        foreach (var (place, value) in places.Zip(Doubles(written)))
        {
            elements[place] = value;
        }

        Assert.Equal(elements, Doubles(whole));
        view.mul_(2);
        Array.ForEach(places, place => elements[place] *= 2);
        Assert.Equal(elements, Doubles(whole));
    });

    [Fact]
    public void Broadcasting_is_an_explicit_expand() => ForAll(150, random =>
    {
        var shape = Shape(random, random.Next(1, 5), 6);
        var operation = BinaryOperations[random.Next(BinaryOperations.Length)];
        var dtype = random.Next(2) == 0 ? ScalarType.Float32 : ScalarType.Float64;
        torch.Tensor[] operands = [Part(), Part()];
        var expanded = broadcast_tensors(operands).Select(operand => operand.contiguous()).ToArray();
        AssertSameBits(operation(expanded[0], expanded[1]), operation(operands[0], operands[1]));

        torch.Tensor Part() => Strided(random, dtype, [.. shape[random.Next(shape.Length + 1)..].Select(length => random.Next(3) == 0 ? 1 : length)]);
    });

    [Fact]
    public void Gradients_of_broadcast_operands_are_sums_over_what_was_stretched() => ForAll(60, random =>
    {
        var shape = Shape(random, random.Next(1, 4));
        long[] smallShape = [.. shape[random.Next(shape.Length)..].Select(length => random.Next(2) == 0 ? 1 : length)];
        var operation = BinaryOperations[random.Next(4)];
        var (x, weights) = (Strided(random, ScalarType.Float64, shape), Dense(random, ScalarType.Float64, shape));
        var small = Strided(random, ScalarType.Float64, smallShape).abs().add(1).detach().requires_grad_();
        var large = small.detach().expand(shape).clone().requires_grad_();
        operation(x, small).mul(weights).sum().backward();
        operation(x, large).mul(weights).sum().backward();
        AssertClose(large.grad!.SumTo(smallShape), small.grad!, 1e-11 * x.numel());
    });

    [Fact]
    public void The_layout_of_the_input_changes_no_bit()
    {
        Func<torch.Tensor, torch.Tensor>[] operations =
        [
            x => x.exp(), x => x.sum(), x => x.sum([0]), x => x.mean([-1]), x => x.softmax(-1), x => x.softmax(0), x => x.log_softmax(-1), x => x.norm(), x => x.std(), x => x.var([0]),
            x => x.cumsum(0), x => x.logsumexp(-1), x => x.amax([0]), x => x.argmax(), x => x.sort(0).Values, x => x.tanh().mul(x), x => x.prod(), x => x.flip(0), x => x.reshape(-1), x => x.erf(),
            x => nn.functional.layer_norm(x, [x.shape[^1]]), x => x.sigmoid().log(), x => nn.functional.gelu(x), x => x.tril(), x => x.matmul(x.mT), x => x.repeat_interleave(2, 0),
        ];
        ForAll(200, random =>
        {
            var dense = Dense(random, random.Next(2) == 0 ? ScalarType.Float32 : ScalarType.Float64, Shape(random, random.Next(2, 4), random.Next(3) == 0 ? 70 : 6));
            var operation = operations[random.Next(operations.Length)];
            AssertSameBits(operation(dense), operation(Restrided(random, dense)));
        });
    }

    [Fact]
    public void Joins_and_their_parts_are_inverse() => ForAll(100, random =>
    {
        var x = Strided(random, ScalarType.Float32, Shape(random, random.Next(1, 5), 6));
        var d = random.Next((int)x.dim());
        var cut = random.NextInt64(0, x.shape[d] + 1);
        AssertSameBits(x, cat(x.split([cut, x.shape[d] - cut], d), d));
        AssertSameBits(x, cat(x.split(random.NextInt64(1, 4), d), d));
        AssertSameBits(x, cat(x.chunk(random.NextInt64(1, 4), d), d));
        AssertSameBits(x, stack(x.unbind(d), d));
        AssertSameBits(x, x.flip(d).flip(d));
        var shift = random.NextInt64(-5, 6);
        AssertSameBits(x, x.roll(shift, d).roll(-shift, d));
        AssertSameBits(x.index_select(d, arange(x.shape[d], ScalarType.Int64)), x);
    });

    [Fact]
    public void Gather_and_scatter_are_inverse() => ForAll(100, random =>
    {
        var x = Strided(random, ScalarType.Float32, Shape(random, random.Next(1, 4), 6));
        var d = random.Next((int)x.dim());

        // Along the dimension every row of the indices is a permutation of its own.
        var indices = Strided(random, ScalarType.Float32, x.shape).argsort(d);
        var gathered = x.gather(d, Restrided(random, indices));
        AssertSameBits(x, zeros_like(x).scatter(d, indices, gathered));
        AssertSameBits(x, zeros_like(x).scatter_add(d, indices, gathered));
        AssertSameBits(gathered, x.take_along_dim(indices, d));
        AssertSameBits(x, gathered.gather(d, indices.argsort(d)));
    });

    [Fact]
    public void Sort_argsort_topk_and_extremes_agree() => ForAll(150, random =>
    {
        // Few distinct values, so that there are ties.
        var shape = Shape(random, random.Next(1, 4), random.Next(2) == 0 ? 6 : 40);
        var x = Restrided(random, Indices(random, random.Next(2, 50), shape).to(random.Next(2) == 0 ? ScalarType.Float32 : ScalarType.Int64));
        var d = random.Next(shape.Length);
        var isDescending = random.Next(2) == 0;
        var (values, order) = x.sort(d, isDescending, stable: true);
        AssertSameBits(order, x.argsort(d, isDescending));
        AssertSameBits(values, x.gather(d, order));
        AssertSameBits(values, values.sort(d, isDescending).Values);
        var k = random.Next(1, (int)shape[d] + 1);
        var (best, places) = x.topk(k, d, isDescending);
        AssertSameBits(values.narrow(d, 0, k), best);
        AssertSameBits(order.narrow(d, 0, k), places);
        AssertSameBits(values.select(d, 0), isDescending ? x.amax([d]) : x.amin([d]));
        AssertSameBits(order.select(d, 0), isDescending ? x.argmax(d) : x.argmin(d));
        AssertSameBits(x.sort(d).Values.select(d, k - 1), x.kthvalue(k, d).values);
    });
}
