using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace TorchSharp.Managed.Tests.Operators;

/// <summary>Which type a result has. The tables are PyTorch's <c>torch.result_type</c>.</summary>
public class PromotionTests
{
    private static readonly ScalarType[] Types = [uint8, int32, int64, float32, float64, @bool];

    // Rows: a tensor with a dimension; columns: another one, in the order of Types.
    private static readonly ScalarType[][] WithTensors =
    [
        [uint8, int32, int64, float32, float64, uint8],
        [int32, int32, int64, float32, float64, int32],
        [int64, int64, int64, float32, float64, int64],
        [float32, float32, float32, float32, float64, float32],
        [float64, float64, float64, float64, float64, float64],
        [uint8, int32, int64, float32, float64, @bool],
    ];

    // Columns: a tensor without dimensions, which counts only where its category is higher.
    private static readonly ScalarType[][] WithSingleNumbers =
    [
        [uint8, uint8, uint8, float32, float64, uint8],
        [int32, int32, int32, float32, float64, int32],
        [int64, int64, int64, float32, float64, int64],
        [float32, float32, float32, float32, float32, float32],
        [float64, float64, float64, float64, float64, float64],
        [uint8, int32, int64, float32, float64, @bool],
    ];

    [Fact]
    public void Two_tensors_meet_in_the_smallest_type_that_holds_both() => ForAllPairs((i, j) =>
    {
        using var x = ones([2], Types[i]);
        using var y = ones([2], Types[j]);
        Assert.Equal(WithTensors[i][j], x.add(y).dtype);
        Assert.Equal(WithTensors[i][j], x.mul(y).dtype);
        Assert.Equal(WithTensors[i][j], x.maximum(y).dtype);
        Assert.Equal(ScalarType.Bool, x.eq(y).dtype);
        Assert.Equal(TypePromotion.Floating(WithTensors[i][j]), x.div(y).dtype);
    });

    [Fact]
    public void A_tensor_without_dimensions_counts_only_in_a_higher_category() => ForAllPairs((i, j) =>
    {
        using var x = ones([2], Types[i]);
        using var y = ones([], Types[j]);
        Assert.Equal(WithSingleNumbers[i][j], x.add(y).dtype);
        Assert.Equal(WithSingleNumbers[i][j], y.mul(x).dtype);
        Assert.Equal(WithTensors[i][j], ones([], Types[i]).mul(y).dtype);
    });

    [Fact]
    public void Three_tensors_follow_the_same_rules()
    {
        Assert.Equal(float64, TypePromotion.Of(ones([2], int64), ones([2], float64), ones([], float32)));
        Assert.Equal(float32, TypePromotion.Of(ones([2], int64), ones([2], float32), ones([], float64)));
        Assert.Equal(float64, TypePromotion.Of(ones([2], int64), ones([], float32), ones([], float64)));
        Assert.Equal(int32, TypePromotion.Of(ones([2], int32), ones([2], uint8), ones([], int64)));
    }

    [Fact]
    public void Numbers_count_least()
    {
        Assert.Equal(float32, (ones([2], float32) + 1.5).dtype);
        Assert.Equal(float32, (ones([2], int64) + 1.5f).dtype);
        Assert.Equal(int32, (ones([2], int32) + 1L).dtype);
        Assert.Equal(int64, (ones([2], @bool) + 1).dtype);
        Assert.Equal(float32, (ones([2], int64) / 2).dtype);
        Assert.Equal(float32, (1 / ones([2], int32)).dtype);
        Assert.Equal(uint8, ones([], uint8).add(300).dtype);
        Assert.Equal(ScalarType.Bool, (ones([2], int64) > 0.5).dtype);
        Assert.Equal([true, false], (tensor(new[] { 1L, 0 }) > 0.5).data<bool>().ToArray());
    }

    [Fact]
    public void Functions_of_whole_numbers_give_floats()
    {
        Assert.Equal([1f, MathF.E], tensor(new[] { 0L, 1 }).exp().data<float>().ToArray());
        Assert.Equal(float32, ones([2], @bool).sigmoid().dtype);
        Assert.Equal(int64, ones([2], int64).relu().dtype);
    }

    [Fact]
    public void A_gradient_has_the_type_of_its_tensor()
    {
        var single = ones([2], float32, requires_grad: true);
        var wide = ones([2], float64, requires_grad: true);
        (single * wide).sum([0]).backward();
        Assert.Equal((float32, float64), (single.grad!.dtype, wide.grad!.dtype));
    }

    [Fact]
    public void A_result_in_place_keeps_the_type_or_is_refused()
    {
        Assert.Equal(float32, ones([2], float32).add_(ones([2], float64)).dtype);
        Assert.Throws<ExternalException>(() => ones([2], int64).add_(1.5));
        Assert.Throws<ExternalException>(() => ones([2], int64).div_(2));
        Assert.Throws<ExternalException>(() => ones([2], @bool).add_(ones([2], int64)));
        Assert.Equal([2, 2], ones([2], int32).add_(ones([2], int64)).data<int>().ToArray());
    }

    private static void ForAllPairs(Action<int, int> check)
    {
        for (var i = 0; i < Types.Length; i++)
        {
            for (var j = 0; j < Types.Length; j++)
            {
                check(i, j);
            }
        }
    }
}
