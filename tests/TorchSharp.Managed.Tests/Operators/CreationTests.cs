using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace TorchSharp.Managed.Tests.Operators;

/// <summary>The factories: types and shapes as TorchSharp chooses them, numbers as PyTorch 1.13 computes them.</summary>
public class CreationTests
{
    [Fact]
    public void Numbers_and_arrays_keep_their_type()
    {
        Assert.Equal((ScalarType.Int32, 0), (tensor(1).dtype, tensor(1).ndim));
        Assert.Equal(ScalarType.Float64, tensor(1.0).dtype);
        Assert.Equal(ScalarType.Float32, tensor(1f).dtype);
        Assert.Equal(ScalarType.Int64, tensor(1L).dtype);
        Assert.Equal(ScalarType.Bool, tensor(true).dtype);
        Assert.Equal(ScalarType.Byte, tensor((byte)1).dtype);
        Assert.Equal(ScalarType.Int32, tensor(new[] { 1 }).dtype);
        Assert.Equal(ScalarType.Float64, tensor(new[] { 1.0 }).dtype);
        Assert.Equal(ScalarType.Float32, tensor(new[,] { { 1f } }).dtype);
        Assert.Equal(ScalarType.Float32, tensor(new[] { 1.0 }, float32).dtype);
    }

    [Fact]
    public void Arrays_of_several_dimensions_keep_their_shape_and_order()
    {
        var cube = tensor(new[, ,] { { { 1, 2, 3 }, { 4, 5, 6 } } });
        Assert.Equal([1L, 2, 3], cube.shape);
        Assert.Equal([1, 2, 3, 4, 5, 6], cube.data<int>().ToArray());
        Assert.Equal([1L, 1, 1, 2], tensor(new double[1, 1, 1, 2]).shape);
        Assert.Equal([3L, 2], tensor(new List<int> { 1, 2, 3, 4, 5, 6 }, 3, 2).shape);
        Assert.Equal([2L, 3], tensor(new[] { 1f, 2, 3, 4, 5, 6 }, [2, 3]).shape);
        Assert.Equal([2L, 2], from_array(new long[2, 2]).shape);
        Assert.Throws<ExternalException>(() => tensor(new[] { 1f, 2 }, [3]));
        Assert.Throws<NotSupportedException>(() => from_array(new decimal[2]));
    }

    [Fact]
    public void A_tensor_does_not_see_later_changes_of_its_array()
    {
        var array = new[] { 1, 2 };
        var copy = tensor(array);
        array[0] = 9;
        Assert.Equal([1, 2], copy.data<int>().ToArray());
    }

    [Fact]
    public void The_value_of_full_decides_its_type()
    {
        Assert.Equal(ScalarType.Int64, full(2, 2, 7).dtype);
        Assert.Equal(ScalarType.Float32, full([2], 7f).dtype);
        Assert.Equal(ScalarType.Float32, full([2], 7.0).dtype);
        Assert.Equal(ScalarType.Bool, full([2], true).dtype);
        Assert.Equal([2.5, 2.5], full([2], 2.5, float64).data<double>().ToArray());
        Assert.Equal([1, 1], zeros([2], int32).full_like(1).data<int>().ToArray());
        Assert.Equal(ScalarType.Int32, zeros([2], int32).new_full([3], 1.5).dtype);
    }

    [Fact]
    public void The_default_type_is_float()
    {
        Assert.All([zeros(2), ones(2, 3), empty([4]), eye(2), linspace(0, 1, 3), rand(2)], tensor => Assert.Equal(ScalarType.Float32, tensor.dtype));
        Assert.Equal(ScalarType.Float32, get_default_dtype());
        Assert.Throws<ArgumentException>(() => set_default_dtype(int64));
    }

    [Fact]
    public void Shapes_of_zeros_and_ones()
    {
        Assert.Equal([2L, 3, 4, 5], zeros(2, 3, 4, 5).shape);
        Assert.Equal([2L, 0], ones(2L, 0L).shape);
        Assert.Empty(zeros([]).shape);
        Assert.All(ones(3, 3, 3).data<float>().ToArray(), value => Assert.Equal(1, value));
        Assert.True(zeros([2], requires_grad: true).requires_grad);
        Assert.Throws<ExternalException>(() => zeros(-1));
        Assert.Throws<NotSupportedException>(() => zeros(1, names: ["batch"]));
        Assert.Throws<NotSupportedException>(() => zeros(1, device: "cuda"));
        Assert.Throws<NotSupportedException>(() => zeros(1, ScalarType.Float16));
    }

    [Fact]
    public void Arange_counts_whole_numbers_as_such()
    {
        Assert.Equal([0L, 1, 2, 3, 4], arange(5).data<long>().ToArray());
        Assert.Equal([5L, 3, 1], arange(5, 0, -2).data<long>().ToArray());
        Assert.Equal(ScalarType.Float32, arange(5f).dtype);
        Assert.Equal(ScalarType.Float32, arange(0, 1, 0.25).dtype);
        Assert.Equal([0f, 0.25f, 0.5f, 0.75f], arange(0, 1, 0.25).data<float>().ToArray());
        Assert.Equal([0L, 1, 2, 3, 4], arange(0.5, 5.5, int64).data<long>().ToArray());
        Assert.Empty(arange(3, 3).data<long>().ToArray());
        Assert.Equal([long.MaxValue - 1], arange(long.MaxValue - 1, long.MaxValue).data<long>().ToArray());
        Assert.Throws<ExternalException>(() => arange(0, 5, -1));
        Assert.Throws<ExternalException>(() => arange(0, 5, step: 0));
        Assert.Throws<ExternalException>(() => arange(double.NaN));
    }

    [Fact]
    public void Regular_numbers_have_the_bits_of_PyTorch()
    {
        Assert.Equal((33, 1562788790u), Bits(arange(-1, 3.2, 0.13)));
        Assert.Equal((279, 1368888460u), Bits(arange(100, -3, -0.37)));
        Assert.Equal((33, 534857864u), Bits(arange(0, 2, 0.061, float64)));
        Assert.Equal((7, 3565029376u), Bits(linspace(-1, 1, 7)));
        Assert.Equal((20, 3465320676u), Bits(linspace(0.1, 2.7, 20)));
        Assert.Equal((23, 214905059u), Bits(linspace(-3, 11, 23, float64)));
        Assert.Equal((5, 3270320464u), Bits(logspace(-1, 1, 5)));
        Assert.Equal([0L, 3, 6, 10], linspace(0, 10, 4, int64).data<long>().ToArray());
        Assert.Equal([3f], linspace(3, 5, 1).data<float>().ToArray());
        Assert.Empty(linspace(3, 5, 0).data<float>().ToArray());
        Assert.Throws<ExternalException>(() => linspace(0, 1, -1));
    }

    [Fact]
    public void An_identity_matrix_need_not_be_square()
    {
        Assert.Equal([1f, 0, 0, 0, 1, 0], eye(2, 3).data<float>().ToArray());
        Assert.Equal([1f, 0, 0, 1, 0, 0], eye(3, 2).data<float>().ToArray());
        Assert.Equal([1L, 0, 0, 1], eye(2, dtype: int64).data<long>().ToArray());
    }

    [Fact]
    public void Numbers_and_arrays_convert_themselves_and_back()
    {
        Tensor number = 3.5f, array = new[] { 1L, 2 }, scalar = (Scalar)2.5;
        Assert.Equal((ScalarType.Float32, ScalarType.Int64, ScalarType.Float32), (number.dtype, array.dtype, scalar.dtype));
        Assert.Equal(3.5f, (float)number);
        Assert.Equal(3, (int)number);
        Assert.True((bool)number);
        Assert.Equal(2.5, (double)scalar);
        Assert.Throws<ArgumentException>(() => (long)array);
    }

    // A hash over the bits, as the script that asked PyTorch computed it: sum = 31 sum + bits.
    private static (int Count, uint Hash) Bits(Tensor tensor)
    {
        var bits = tensor.dtype == float32
            ? Array.ConvertAll(tensor.data<float>().ToArray(), value => (long)BitConverter.SingleToInt32Bits(value))
            : Array.ConvertAll(tensor.data<double>().ToArray(), BitConverter.DoubleToInt64Bits);
        return (bits.Length, bits.Aggregate(0u, (sum, value) => unchecked((sum * 31) + (uint)value)));
    }
}
