using static TorchSharp.torch;

namespace TorchSharp.Managed.Tests.Errors;

/// <summary>What is no misuse: operations on tensors without elements give tensors of the right shape, sums of zero, means that are not numbers.</summary>
public class EmptyTensorTests
{
    private static readonly (string Name, Func<Tensor> Operation, long[] Shape)[] Cases =
    [
        ("zeros", () => zeros(0), [0]),
        ("rand", () => rand(0, 3), [0, 3]),
        ("arange", () => arange(0, 0, 1), [0]),
        ("add", () => zeros(0, 3) + zeros(3), [0, 3]),
        ("mul by one row", () => zeros(0, 3) * zeros(1, 3), [0, 3]),
        ("exp", () => zeros(2, 0).exp(), [2, 0]),
        ("sum along a dimension", () => zeros(2, 0).sum(1), [2]),
        ("sum along another dimension", () => zeros(2, 0).sum(0L), [0]),
        ("mean", () => zeros(0).mean(), []),
        ("max along another dimension", () => zeros(0, 3).max(1).values, [0]),
        ("softmax", () => zeros(0, 3).softmax(1), [0, 3]),
        ("softmax along nothing", () => zeros(3, 0).softmax(1), [3, 0]),
        ("sort", () => zeros(0).sort().Values, [0]),
        ("cumsum", () => zeros(0, 2).cumsum(0), [0, 2]),
        ("matmul of no rows", () => zeros(0, 3).matmul(zeros(3, 2)), [0, 2]),
        ("matmul of no columns", () => zeros(2, 3).matmul(zeros(3, 0)), [2, 0]),
        ("bmm of no matrices", () => zeros(0, 2, 3).bmm(zeros(0, 3, 2)), [0, 2, 2]),
        ("einsum", () => einsum("ij,jk->ik", zeros(0, 3), zeros(3, 2)), [0, 2]),
        ("cat", () => cat([zeros(0, 3), zeros(2, 3)]), [2, 3]),
        ("cat with a tensor of no dimensions to speak of", () => cat([zeros(0), zeros(2, 3)]), [2, 3]),
        ("stack", () => stack([zeros(0), zeros(0)]), [2, 0]),
        ("the only part of a split", () => zeros(0, 4).split(long.MaxValue, 1).Single(), [0, 4]),
        ("reshape", () => zeros(0, 3).reshape(3, 0), [3, 0]),
        ("view with a length to infer", () => zeros(0, 3).view(-1, 3), [0, 3]),
        ("transpose", () => zeros(0, 3).t(), [3, 0]),
        ("expand", () => zeros(1, 0).expand(4, 0), [4, 0]),
        ("index by nothing", () => zeros(3, 2)[zeros(0, int64)], [0, 2]),
        ("a slice of nothing", () => zeros(3, 2)[TensorIndex.Slice(1, 1)], [0, 2]),
        ("a mask of falses", () => zeros(3, 2)[zeros(3, @bool)], [0, 2]),
        ("gather nothing", () => zeros(3, 2).gather(0, zeros(0, 2, int64)), [0, 2]),
        ("nonzero", () => zeros(3, 2).nonzero(), [0, 2]),
        ("linear", () => nn.Linear(3, 2).call(zeros(0, 3)), [0, 2]),
        ("Embedding", () => nn.Embedding(3, 2).call(zeros(0, int64)), [0, 2]),
        ("LayerNorm", () => nn.LayerNorm(3).call(zeros(0, 3)), [0, 3]),
        ("Conv2d", () => nn.Conv2d(3, 2, 3).call(zeros(0, 3, 8, 8)), [0, 2, 6, 6]),
        ("GRU", () => nn.GRU(3, 2).call(zeros(4, 0, 3)).Item1, [4, 0, 2]),
        ("attention", () => nn.functional.scaled_dot_product_attention(zeros(0, 4, 8), zeros(0, 4, 8), zeros(0, 4, 8)), [0, 4, 8]),
        ("dropout", () => nn.functional.dropout(zeros(0)), [0]),
        ("one_hot", () => nn.functional.one_hot(zeros(0, int64), 3), [0, 3]),
        ("the sum of the losses of nothing", () => nn.functional.cross_entropy(zeros(0, 3), zeros(0, int64), reduction: nn.Reduction.Sum), []),
    ];

    public static TheoryData<string> Names => [.. Cases.Select(one => one.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Nothing_has_a_result(string name)
    {
        var (_, operation, shape) = Cases.Single(one => one.Name == name);
        Assert.Equal(shape, operation().shape);
    }

    [Fact]
    public void Sums_of_nothing_are_zero_and_its_mean_is_no_number()
    {
        Assert.Equal(0, zeros(0).sum().item<float>());
        Assert.Equal(1, zeros(0).prod().item<float>());
        Assert.True(float.IsNaN(zeros(0).mean().item<float>()));
        Assert.True(zeros(0, @bool).all().item<bool>());
        Assert.False(zeros(0, @bool).any().item<bool>());
        Assert.All(zeros(2, 0).matmul(zeros(0, 3)).data<float>(), value => Assert.Equal(0, value));
    }

    [Fact]
    public void Gradients_of_nothing_are_empty()
    {
        var x = zeros([0, 3], requires_grad: true);
        var weight = ones([3, 2], requires_grad: true);
        x.exp().matmul(weight).softmax(1).sum().backward();
        Assert.Equal([0, 3], x.grad!.shape);
        Assert.All(weight.grad!.data<float>(), value => Assert.Equal(0, value));
    }
}
