using System.Runtime.InteropServices;
using FsCheck.Fluent;
using TorchSharp.Kernels;
using TransformerTutorial.Testing;
using static TorchSharp.torch;

namespace TorchSharp.Managed.Tests.Operators;

/// <summary>
/// Elementwise operations: that layout, place and threads change no bit; broadcasting against a naive loop; gradients at kinks, whose values are PyTorch's; errors.
/// Values and gradients elsewhere are compared with PyTorch's vectors.
/// </summary>
public class PointwiseTests
{
    private static readonly (string Name, Func<Tensor, Tensor> Function)[] Functions =
    [
        ("exp", x => x.exp()), ("log", x => x.abs().add(0.1).log()), ("tanh", x => x.tanh()), ("sin", x => x.sin()), ("gelu", x => x.gelu()),
        ("softplus", x => x.softplus()), ("pow", x => x.abs().pow(1.7)), ("clamp", x => x.clamp(-0.5, 0.7)), ("relu", x => x.relu()), ("div", x => x.div(0.3)),
        ("lerp", x => x.lerp(x.neg(), x.abs())), ("elu", x => x.elu()), ("where", x => where(x.gt(0), x, x.mul(2))), ("remainder", x => x.remainder(0.7)),
        ("add_scaled", x => x.add(x, 0.3)), ("addcmul", x => x.addcmul(x, x, 0.7)), ("round", x => x.round(1)), ("atan2", x => x.atan2(x.add(1))),
    ];

    public static TheoryData<string> FunctionNames => [.. Functions.Select(function => function.Name)];

    [Theory]
    [MemberData(nameof(FunctionNames))]
    public void An_element_has_the_same_bits_wherever_it_lies(string name)
    {
        var function = Functions.Single(one => one.Name == name).Function;
        foreach (var type in new[] { float32, float64 })
        {
            var all = Numbers([67, 45], type);
            var expected = Bits(function(all));
            Assert.Equal(expected, Bits(function(all.t()).t()));
            var alone = all.reshape(-1);
            Assert.Equal(expected[..40], Array.ConvertAll(Enumerable.Range(0, 40).ToArray(), i => Bits(function(alone[i]))[0]));
            var gaps = zeros([67, 90], type);
            gaps[.., TensorIndex.Slice(0, 90, 2)] = all;
            Assert.Equal(expected, Bits(function(gaps[.., TensorIndex.Slice(0, 90, 2)])));
        }
    }

    [Theory]
    [MemberData(nameof(FunctionNames))]
    public void Threads_change_no_bit(string name)
    {
        var function = Functions.Single(one => one.Name == name).Function;
        var x = Numbers([70_001], float32);
        var threads = Workers.Count;
        try
        {
            Workers.Count = 1;
            var expected = Bits(function(x));
            Workers.Count = 3;
            Assert.Equal(expected, Bits(function(x)));
        }
        finally
        {
            Workers.Count = threads;
        }
    }

    [Fact]
    public void Broadcasting_agrees_with_a_loop_over_indices()
    {
        var lengths = Gen.Choose(0, 3).ListOf(3);
        var cases = from shape in lengths from left in Gen.Choose(0, 7) from right in Gen.Choose(0, 7) from drop in Gen.Choose(0, 2) from turned in Gen.Elements(false, true) select (shape, left, right, drop, turned);
        PropertyCheck.ForAll(cases, one =>
        {
            var shape = one.shape.Select(length => (long)length + 1).ToArray();
            var x = Numbers([.. shape.Select((length, d) => (one.left >> d & 1) != 0 ? 1 : length)], float32);
            var y = Numbers([.. shape.Select((length, d) => (one.right >> d & 1) != 0 ? 1 : length).Skip(one.drop)], float32);
            x = one.turned ? x.transpose(0, 2).contiguous().transpose(0, 2) : x;
            var (sum, product, less) = (x + y, x * y, x < y);
            var common = sum.shape;
            Assert.Equal(Shapes.Broadcast("test", x.shape, y.shape), common);
            for (long i = 0; i < common[0]; i++)
            {
                for (long j = 0; j < common[1]; j++)
                {
                    for (long k = 0; k < common[2]; k++)
                    {
                        var (a, b) = (At(x, i, j, k), At(y, i, j, k));
                        Assert.Equal(a + b, sum[i, j, k].item<float>());
                        Assert.Equal(a * b, product[i, j, k].item<float>());
                        Assert.Equal(a < b, less[i, j, k].item<bool>());
                    }
                }
            }
        }, 40);
    }

    [Fact]
    public void Shapes_that_do_not_broadcast_are_named()
    {
        foreach (var operation in new Func<Tensor, Tensor, Tensor>[] { (x, y) => x + y, (x, y) => x / y, (x, y) => x < y, (x, y) => x.pow(y), (x, y) => x.maximum(y), (x, y) => where(x > 0, x, y), (x, y) => x.masked_fill(y > 0, 1) })
        {
            var error = Assert.Throws<ExternalException>(() => operation(ones(2, 3), ones(4)));
            Assert.Contains("[2, 3]", error.Message, StringComparison.Ordinal);
            Assert.Contains("[4]", error.Message, StringComparison.Ordinal);
        }

        Assert.Throws<ExternalException>(() => ones(3).add_(ones(2, 3)));
        Assert.Throws<ExternalException>(() => ones(3).masked_fill_(ones([2, 3], @bool), 1));
    }

    [Fact]
    public void Whole_numbers_divide_as_in_Python()
    {
        var (x, y) = (tensor(new[] { -7L, 7, -7, 7 }), tensor(new[] { 2L, -2, -2, 2 }));
        Assert.Equal([-4L, -4, 3, 3], x.floor_divide(y).data<long>().ToArray());
        Assert.Equal([-3L, -3, 3, 3], x.div(y, RoundingMode.trunc).data<long>().ToArray());
        Assert.Equal([-1L, 1, -1, 1], x.fmod(y).data<long>().ToArray());
        Assert.Equal([1L, -1, -1, 1], (x % y).data<long>().ToArray());
        Assert.Equal([long.MinValue], tensor(new[] { long.MinValue }).floor_divide(-1).data<long>().ToArray());
        Assert.Equal([0], tensor(new[] { int.MinValue }).remainder(-1).data<int>().ToArray());
        foreach (var operation in new Func<Tensor, Tensor, Tensor>[] { (a, b) => a.floor_divide(b), (a, b) => a % b, (a, b) => a.fmod(b) })
        {
            Assert.Contains("ZeroDivisionError", Assert.Throws<ExternalException>(() => operation(x, zeros([4], int64))).Message, StringComparison.Ordinal);
        }

        Assert.Equal([-4f, -4, -0f, 1e31f, float.PositiveInfinity], tensor(new[] { -7.5f, 7.5f, 0, 1e30f, 1 }).floor_divide(tensor(new[] { 2, -2, -3, 0.1f, 0 })).data<float>().ToArray());
    }

    [Fact]
    public void Powers_of_whole_numbers_wrap_and_negative_ones_vanish()
    {
        Assert.Equal([1024L, -6289078614652622815, -1, 1, 0], tensor(new[] { 2L, 3, -1, 1, 5 }).pow(tensor(new[] { 10L, 40, -3, -2, -1 })).data<long>().ToArray());
        Assert.Throws<ExternalException>(() => tensor(new[] { 2 }).pow(-1));
        Assert.Equal([0.5f], tensor(new[] { 2 }).pow(-1.0).data<float>().ToArray());
    }

    [Fact]
    public void Rounding_goes_to_the_even_number()
    {
        Assert.Equal([0f, 2, 2, -0f], tensor(new[] { 0.5f, 1.5f, 2.5f, -0.5f }).round().data<float>().ToArray());
        Assert.Equal([1234.57f, 0.12f, -0.05f], tensor(new[] { 1234.567f, 0.125f, -0.05f }).round(2).data<float>().ToArray());
        Assert.Equal([1200f, 1400], tensor(new[] { 1250f, 1350 }).round(-2).data<float>().ToArray());
        Assert.Equal([3, -3], tensor(new[] { 3, -3 }).floor().data<int>().ToArray());
    }

    [Fact]
    public void Bits_shift_and_combine()
    {
        var x = tensor(new[] { 12, -7 });
        Assert.Equal([8, 8], (x & tensor(new[] { 10, 10 }) & 8).data<int>().ToArray());
        Assert.Equal([14, -5], (x | tensor(new[] { 10, 10 })).data<int>().ToArray());
        Assert.Equal([6, -13], (x ^ tensor(new[] { 10, 10 })).data<int>().ToArray());
        Assert.Equal([-13, 6], (~x).data<int>().ToArray());
        Assert.Equal([48, -28], x.bitwise_left_shift(tensor(2)).data<int>().ToArray());
        Assert.Equal([3, -2], x.bitwise_right_shift(tensor(2)).data<int>().ToArray());
        Assert.Equal([false, true], (~tensor(new[] { true, false })).data<bool>().ToArray());
        Assert.Throws<ExternalException>(() => ~ones(2));
        Assert.Throws<ExternalException>(() => ones(2) & ones(2));
    }

    [Fact]
    public void Bools_add_and_multiply_as_or_and_and()
    {
        var (x, y) = (tensor(new[] { true, true, false }), tensor(new[] { true, false, false }));
        Assert.Equal([true, true, false], (x + y).data<bool>().ToArray());
        Assert.Equal([true, false, false], (x * y).data<bool>().ToArray());
        Assert.Equal([2L, 2, 1], (x + 1).data<long>().ToArray());
        Assert.Throws<ExternalException>(() => x - y);
        Assert.Throws<ExternalException>(() => x - true);
        Assert.Throws<ExternalException>(() => -x);
        Assert.Throws<ExternalException>(() => x.clamp(false, true));
    }

    [Fact]
    public void The_slope_at_kinks_is_that_of_PyTorch()
    {
        float[] x = [0, -2, 3, 0, float.NaN];
        AssertGradient([0, -1, 1, 0, 0], x, t => t.abs());
        AssertGradient([0, 0, 1, 0, 1], x, t => t.relu());
        AssertGradient([0, 0, 0, 0, 0], x, t => t.pow(0));
        AssertGradient([1, 1, 1, 1, 1], x, t => t.pow(1));
        AssertGradient([0, 12, 27, 0, float.NaN], x, t => t.pow(3));
        AssertGradient([float.PositiveInfinity, float.NaN, 0.5f / MathF.Sqrt(3), float.PositiveInfinity, float.NaN], x, t => t.sqrt());
        AssertGradient([0, 1, 1, 1, 0, 0], [-1, 0, 0.5f, 1, 2, float.NaN], t => t.clamp(0, 1));
        AssertGradient([0, 0, 1, 0, 0, 1], [-1, 0, 0.5f, 1, 2, float.NaN], t => t.hardtanh(0, 1));
        AssertGradient([1, 1, 1, 0, 0], [-1, 0, 1, 2, float.NaN], t => t.clamp(max: (Scalar)1));
        AssertGradient([0.1f, 0.1f, 1, 1], [-4, 0, 3, float.PositiveInfinity], t => t.leaky_relu(0.1));
        AssertGradient([1, 0, 0, 0], [1, float.NaN, float.PositiveInfinity, float.NegativeInfinity], t => t.nan_to_num());
    }

    [Fact]
    public void Equal_elements_share_the_gradient_of_their_maximum()
    {
        var x = tensor(new[] { 1f, 2, 3, float.NaN, 0 }, requires_grad: true);
        var y = tensor(new[] { 1f, 3, 2, 0, float.NaN }, requires_grad: true);
        x.maximum(y).sum([0]).backward();
        Assert.Equal([0.5f, 0, 1, 1, 1], x.grad!.data<float>().ToArray());
        Assert.Equal([0.5f, 1, 0, 1, 1], y.grad!.data<float>().ToArray());
        (x.grad, y.grad) = (null, null);
        x.minimum(y).sum([0]).backward();
        Assert.Equal([0.5f, 1, 0, 1, 1], x.grad!.data<float>().ToArray());
    }

    [Fact]
    public void The_gradients_of_powers_at_zero()
    {
        var x = tensor(new[] { 0f, 0, 2, -2 }, requires_grad: true);
        var y = tensor(new[] { 0f, 2, 0, 2 }, requires_grad: true);
        var power = x.pow(y);
        Assert.Equal([1f, 0, 1, 4], power.data<float>().ToArray());
        power.sum([0]).backward();
        Assert.Equal([0f, 0, 0, -4], x.grad!.data<float>().ToArray());
        Assert.Equal([0, 0, 0.6931472f, float.NaN], y.grad!.data<float>().ToArray());
    }

    [Fact]
    public void Bounds_get_the_gradient_of_what_lies_beyond_them()
    {
        var x = tensor(new[] { -1f, 0, 0.5f, 1, 2, float.NaN }, requires_grad: true);
        var lower = tensor(new[] { 0f, 0, 0, 2, 0, 0 }, requires_grad: true);
        var upper = ones([6], requires_grad: true);
        var y = x.clamp(lower, upper);
        Assert.Equal([0, 0, 0.5f, 1, 1, float.NaN], y.data<float>().ToArray());
        y.sum([0]).backward();
        Assert.Equal([0f, 1, 1, 0, 0, 0], x.grad!.data<float>().ToArray());
        Assert.Equal([1f, 0, 0, 0, 0, 0], lower.grad!.data<float>().ToArray());
        Assert.Equal([0f, 0, 0, 1, 1, 0], upper.grad!.data<float>().ToArray());
    }

    [Fact]
    public void A_masked_element_passes_no_gradient_not_even_a_bad_one()
    {
        var x = tensor(new[] { 1f, 0 }, requires_grad: true);
        var mask = tensor(new[] { false, true });
        x.log().masked_fill(mask, 0).sum([0]).backward();
        Assert.Equal([1f, float.NaN], x.grad!.data<float>().ToArray());
        x.grad = null;
        x.masked_fill(mask, 5).log().sum([0]).backward();
        Assert.Equal([1f, 0], x.grad!.data<float>().ToArray());
        Assert.Throws<ExternalException>(() => x.masked_fill(ones(2), 0));
        Assert.Throws<ExternalException>(() => ones([2], int64).masked_fill(mask, 0.5));
    }

    [Fact]
    public void An_operation_in_place_may_read_the_memory_that_it_writes()
    {
        var x = arange(9f).reshape(3, 3);
        x.add_(x.t());
        Assert.Equal([0f, 4, 8, 4, 8, 12, 8, 12, 16], x.data<float>().ToArray());
        x.mul_(x);
        Assert.Equal([0f, 16, 64, 16, 64, 144, 64, 144, 256], x.data<float>().ToArray());
        var y = arange(5f);
        y[1..].add_(y[..^1]);
        Assert.Equal([0f, 1, 3, 5, 7], y.data<float>().ToArray());
        var z = arange(6f).reshape(2, 3);
        z.t().sub_(tensor(new[] { 1f, 2 }));
        Assert.Equal([-1f, 0, 1, 1, 2, 3], z.data<float>().ToArray());
    }

    [Fact]
    public void An_operation_in_place_is_recorded_and_makes_saved_values_stale()
    {
        var x = tensor(new[] { 1f, 2 }, requires_grad: true);
        var y = x.mul(2);
        y.mul_(3).add_(1).sum([0]).backward();
        Assert.Equal([6f, 6], x.grad!.data<float>().ToArray());
        var z = x.exp();
        z.add_(1);
        Assert.Contains("exp", Assert.Throws<ExternalException>(() => z.sum([0]).backward()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Closeness_knows_infinities_and_NaN()
    {
        var x = tensor(new[] { 1, float.PositiveInfinity, float.NaN, 0 });
        Assert.Equal([true, true, false, true], x.isclose(tensor(new[] { 1.000001f, float.PositiveInfinity, float.NaN, 1e-9f })).data<bool>().ToArray());
        Assert.Equal([false, false, true, false], x.isclose(tensor(new[] { 1.1f, float.NegativeInfinity, float.NaN, 1e-3f }), nanEqual: true).data<bool>().ToArray());
        Assert.True(ones(3).allclose(ones(3)));
        Assert.False(ones(3).allclose(tensor(new[] { 1, 1, 1.1f })));
    }

    [Fact]
    public void Operators_compare_elements_and_Equals_compares_objects()
    {
        var x = tensor(new[] { 1, 2 });
        var same = tensor(new[] { 1, 2 });
        Assert.Equal([true, true], (x == same).data<bool>().ToArray());
        Assert.Equal([true, false], (x == 1).data<bool>().ToArray());
        Assert.Equal([false, true], (1 < x).data<bool>().ToArray());
        Assert.Equal([true, false], (1 >= x).data<bool>().ToArray());
        Assert.False(x.Equals(same));
        Assert.True(x.Equals(x));
        Assert.Equal(x.GetHashCode(), x.GetHashCode());
        Assert.Equal([4, 3], (5 - x).data<int>().ToArray());
        Assert.Equal([2f, 1], (2 / x).data<float>().ToArray());
        Assert.Equal([1, 0], (x % 2).data<int>().ToArray());
        Assert.Equal([-1, -2], (-x).data<int>().ToArray());
    }

    [Fact]
    public void Negative_zero_and_NaN_go_through_minus_and_extremes()
    {
        Assert.Equal(BitConverter.SingleToInt32Bits(-0f), BitConverter.SingleToInt32Bits((-tensor(0f)).item<float>()));
        Assert.True(float.IsNaN(tensor(float.NaN).maximum(tensor(1f)).item<float>()));
        Assert.True(float.IsNaN(tensor(1f).minimum(tensor(float.NaN)).item<float>()));
        Assert.True(float.IsNaN(tensor(float.NaN).relu().item<float>()));
        Assert.Equal(0, tensor(float.NaN).sign().item<float>());
        Assert.Equal([true, false], tensor(new[] { -0f, 0f }).signbit().data<bool>().ToArray());
    }

    [Fact]
    public void An_empty_tensor_goes_through_everything()
    {
        Assert.Equal([0L, 3], (zeros(0, 3) + ones(3)).shape);
        Assert.Equal([0L], zeros(0).exp().shape);
        Assert.Equal([0L], zeros([0], int64).floor_divide(zeros([0], int64)).shape);
        Assert.Equal([0L, 2], where(zeros([0, 1], @bool), ones(2), zeros(2)).shape);
    }

    internal static Tensor Numbers(long[] shape, ScalarType type)
    {
        using var generator = new Generator(3);
        return randn(shape, type, generator: generator);
    }

    private static long[] Bits(Tensor tensor) => tensor.dtype == float32
        ? Array.ConvertAll(tensor.data<float>().ToArray(), value => (long)BitConverter.SingleToInt32Bits(value))
        : Array.ConvertAll(tensor.data<double>().ToArray(), BitConverter.DoubleToInt64Bits);

    private static float At(Tensor x, params ReadOnlySpan<long> place)
    {
        var index = new long[x.ndim];
        for (var d = 0; d < index.Length; d++)
        {
            index[d] = x.shape[d] == 1 ? 0 : place[place.Length - index.Length + d];
        }

        return x[index].item<float>();
    }

    private static void AssertGradient(float[] expected, float[] values, Func<Tensor, Tensor> function)
    {
        var x = tensor(values, requires_grad: true);
        function(x).sum([0]).backward();
        Assert.Equal(expected, x.grad!.data<float>().ToArray());
    }
}
