using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace TorchSharp.Managed.Tests.Operators;

/// <summary>Operations written in terms of others, and questions about types and shapes, against plain C#.</summary>
public class CombinedTests
{
    [Fact]
    public void Differences_of_any_order_are_those_of_neighbours()
    {
        Assert.Equal([1, 1, 1], tensor(new long[] { 1, 3, 6, 10 }).diff(2, prepend: tensor(new long[] { 0 })).data<long>().ToArray());
        Assert.Equal([true, false, true], diff(tensor(new[] { true, false, false, true })).data<bool>().ToArray());
        Assert.Equal([3, 3, 3, 3], arange(6).reshape(2, 3).diff(dim: 0, append: arange(6, 9).reshape(1, 3)).data<long>().ToArray()[..4]);
        Assert.Equal([0], zeros(2).diff(5).shape);
        var x = tensor(new[] { 1.0, 4, 9 }, requires_grad: true);
        x.diff().mul(tensor(new[] { 1.0, 10 })).sum().backward();
        Assert.Equal([-1.0, -9, 10], x.grad!.data<double>().ToArray());
        Assert.Throws<ExternalException>(() => tensor(1f).diff());
    }

    [Fact]
    public void NaN_is_left_out_of_sums_and_means()
    {
        var x = tensor(new[,] { { 1.0, double.NaN, 5 }, { double.NaN, double.NaN, 3 } }, requires_grad: true);
        Assert.Equal(9.0, nansum(x).item<double>());
        Assert.Equal(3.0, nanmean(x).item<double>());
        Assert.Equal([3.0, 3.0], x.nanmean(1).data<double>().ToArray());
        Assert.Equal([1, 3], x.nanmean(0, keepdim: true).shape);
        x.nansum().backward();
        Assert.Equal([1.0, 0, 1, 0, 0, 1], x.grad!.data<double>().ToArray());
    }

    [Fact]
    public void Logarithms_of_sums_do_not_overflow_and_have_gradients()
    {
        var x = tensor(new[] { 1.0, 1000, double.NegativeInfinity, double.PositiveInfinity, 2 }, requires_grad: true);
        var y = tensor(new[] { 2.0, 999, double.NegativeInfinity, 1, 2 });
        var result = logaddexp(x, y);
        Assert.Equal([Math.Log(Math.E + (Math.E * Math.E)), 1000 + Math.Log(1 + Math.Exp(-1)), double.NegativeInfinity, double.PositiveInfinity, 2 + Math.Log(2)],
            result.data<double>().ToArray(), (a, b) => a == b || Math.Abs(a - b) < 1e-12);
        result.sum().backward();
        Assert.Equal([1 / (1 + Math.E), 1 / (1 + Math.Exp(-1)), 0.5, 1, 0.5], x.grad!.data<double>().ToArray(), (a, b) => Math.Abs(a - b) < 1e-12);
        var share = tensor(new[] { 0.1, 0.5, 0.9 });
        Assert.True(share.logit().sigmoid().allclose(share));
        Assert.Equal(Math.Log(3), torch.logit(ones(1, ScalarType.Float64), 0.25).item<double>(), 1e-12);
    }

    [Fact]
    public void Other_names_give_the_same()
    {
        var (a, b) = (rand(2, 3), rand(4, 3));
        Assert.True(inner(a, b).allclose(a.matmul(b.T)));
        Assert.Equal([2, 4], inner(a, b).shape);
        Assert.True(a.inner(tensor(2f)).equal(a * 2).all().item<bool>());
        Assert.Equal(dot(a[0], b[0]).item<float>(), vdot(a[0], b[0]).item<float>());
        Assert.Equal((a - b[0]).norm().item<float>(), dist(a, b[0]).item<float>());
        Assert.True(msort(a).equal(a.sort(0).Values).all().item<bool>());
        var (least, most) = aminmax(a, 1, keepdim: true);
        Assert.True(least.equal(a.amin([1], true)).all().item<bool>() && most.equal(a.amax([1], true)).all().item<bool>());
        Assert.Equal(a.max().item<float>(), a.aminmax().max.item<float>());
        Assert.Equal([4, 3], concatenate([a, a], axis: 0).shape);
        Assert.True(a.type_as(ones(1, ScalarType.Float64)).dtype == ScalarType.Float64 && a.is_cpu() && !a.is_cuda && tensor(3).is_nonzero());
        Assert.Throws<ExternalException>(() => a.is_nonzero());
    }

    [Fact]
    public void Types_and_shapes_are_told_without_tensors()
    {
        Assert.Equal(ScalarType.Float32, promote_types(ScalarType.Int64, ScalarType.Float32));
        Assert.Equal(ScalarType.Int32, result_type(zeros(2, dtype: ScalarType.Int32), tensor(1L)));
        Assert.True(can_cast(ScalarType.Int32, ScalarType.Float64));
        Assert.False(can_cast(ScalarType.Float32, ScalarType.Int64));
        Assert.True(is_floating_point(zeros(1)) && is_floating_point(ScalarType.Float64) && !is_floating_point(ScalarType.Bool));
        Assert.True(is_integral(tensor(1)) && is_integral(ScalarType.Bool) && !is_integral(ScalarType.Float32));
        Assert.Throws<NotSupportedException>(() => promote_types(ScalarType.Float16, ScalarType.Float32));
        Assert.Equal(new long[] { 5, 2, 3 }, broadcast_shapes([2, 1], [5, 1, 3]).ToArray());
        Assert.Throws<ExternalException>(() => broadcast_shapes([2], [3]));
        var like = ones(2, 3, ScalarType.Float64);
        foreach (var made in new[] { like.zeros(4, 5), like.ones(4, 5), like.empty(4, 5), like.full([4, 5], 7), like.eye(4, 5), zeros(4, 5).randint_like(2, 6, ScalarType.Float64) })
        {
            Assert.Equal(([4, 5], ScalarType.Float64), (made.shape, made.dtype), (x, y) => x.Item1.SequenceEqual(y.Item1) && x.Item2 == y.Item2);
        }

        Assert.InRange(zeros(100).randint_like(2, 6).min().item<float>(), 2, 5);
    }

    [Fact]
    public void A_tensor_comes_back_from_a_stream_as_it_was()
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        var x = arange(6f).reshape(2, 3).T;
        x.Save(writer);
        tensor(7L).Save(writer);
        stream.Position = 0;
        using var reader = new BinaryReader(stream);
        var leaf = zeros(3, 2, requires_grad: true);
        leaf.Load(reader);
        Assert.True(leaf.detach().equal(x).all().item<bool>());
        Assert.Equal(7L, TensorExtensionMethods.Load(reader).item<long>());
        stream.Position = 0;
        leaf.Load(reader, skip: true);
        Assert.Throws<InvalidDataException>(() => leaf.Load(reader));
    }
}
