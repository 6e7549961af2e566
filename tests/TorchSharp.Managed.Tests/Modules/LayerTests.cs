using System.Runtime.InteropServices;
using TorchSharp.Managed.Tests.Operators;
using static TorchSharp.Managed.Tests.Modules.ModuleSamples;
using static TorchSharp.torch;

namespace TorchSharp.Managed.Tests.Modules;

/// <summary>Shapes, names and options of the layers, and results against the plainest second way to compute them.</summary>
[Collection(DefaultGenerator.Name)]
public class LayerTests
{
    public LayerTests() => manual_seed(5);

    [Fact]
    public void Names_in_the_state_dict_are_those_of_PyTorch()
    {
        Assert.Equal(["weight", "bias"], nn.Linear(2, 3).state_dict().Keys);
        Assert.Equal(["weight"], nn.Linear(2, 3, hasBias: false).state_dict().Keys);
        Assert.Equal(["weight"], nn.Embedding(3, 2).state_dict().Keys);
        Assert.Equal(["weight", "bias"], nn.LayerNorm(3).state_dict().Keys);
        Assert.Equal(["weight"], nn.LayerNorm(3, bias: false).state_dict().Keys);
        Assert.Equal(["weight", "bias", "running_mean", "running_var", "num_batches_tracked"], nn.BatchNorm1d(3).state_dict().Keys);
        Assert.Empty(nn.InstanceNorm2d(3).state_dict());
        Assert.Equal(["weight", "bias"], nn.GroupNorm(2, 4).state_dict().Keys);
        Assert.Equal(["weight", "bias"], nn.Conv2d(1, 2, 3).state_dict().Keys);
        Assert.Equal(
            ["weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0", "weight_ih_l0_reverse", "weight_hh_l0_reverse", "bias_ih_l0_reverse", "bias_hh_l0_reverse"],
            nn.LSTM(2, 3, bidirectional: true).state_dict().Keys);
        Assert.Equal(["weight_ih", "weight_hh", "bias_ih", "bias_hh"], nn.GRUCell(2, 3).state_dict().Keys);
        Assert.Equal(["layers.0.", "layers.1."], nn.TransformerEncoder(nn.TransformerEncoderLayer(4, 1, 4), 2).state_dict().Keys.Select(key => key[..9]).Distinct());
    }

    [Fact]
    public void Replacing_a_weight_disposes_the_old_one_and_shares_the_new_one()
    {
        using var embedding = nn.Embedding(5, 3);
        using var output = nn.Linear(3, 5, hasBias: false);
        var old = output.weight;
        output.weight = embedding.weight;
        Assert.True(old.IsInvalid);
        output.call(embedding.call(tensor(new long[] { 1, 2 }))).sum().backward();
        Assert.Same(output.weight, embedding.weight);
        Assert.Single(nn.Sequential(output).parameters());
        Assert.NotNull(embedding.weight.grad);
    }

    [Fact]
    public void A_layer_of_doubles_computes_in_doubles()
    {
        using var layer = nn.Linear(2, 3, dtype: ScalarType.Float64);
        Assert.Equal(ScalarType.Float64, layer.call(zeros(1, 2, ScalarType.Float64)).dtype);
        using var converted = nn.Sequential(nn.Linear(2, 3), nn.BatchNorm1d(3)).to(ScalarType.Float64);
        Assert.Equal(ScalarType.Float64, converted.call(ones(4, 2, ScalarType.Float64)).dtype);
        Assert.Equal(ScalarType.Int64, converted.state_dict()["1.num_batches_tracked"].dtype);
        Assert.Throws<NotSupportedException>(() => nn.Linear(2, 3, device: cuda_device()));
    }

    [Fact]
    public void A_bilinear_map_is_a_form_for_every_output()
    {
        using var layer = nn.Bilinear(2, 3, 4);
        var (x, y) = (randn(5, 2), randn(5, 3));
        var expected = Enumerable.Range(0, 4).Select(o => x.matmul(layer.weight.select(0, o)).mul(y).sum([1]).add(layer.bias!.select(0, o))).ToArray();
        Close(stack(expected, 1), layer.call(x, y));
    }

    [Fact]
    public void Embedding_options()
    {
        using var padded = nn.Embedding(4, 3, padding_idx: -1);
        Assert.All(Read(padded.weight.select(0, 3)), value => Assert.Equal(0, value));
        padded.call(tensor(new long[] { 3, 1, 1 })).sum().backward();
        Assert.Equal([0, 0, 0, 2, 2, 2, 0, 0, 0, 0, 0, 0], Read(padded.weight.grad!));

        using var scaled = nn.Embedding(4, 1, scale_grad_by_freq: true);
        scaled.call(tensor(new long[] { 3, 1, 1 })).sum().backward();
        Assert.Equal([0, 1, 0, 1], Read(scaled.weight.grad!));

        using var limited = nn.Embedding_from_pretrained(Values([2, 2], 3, 4, 3, 4), freeze: true, max_norm: 1);
        Assert.False(limited.weight.requires_grad);
        Close(Values([1, 2], 0.6f, 0.8f), limited.call(tensor(new long[] { 1 })));
        Assert.Equal([3, 4], Read(limited.weight.select(0, 0)));
        Assert.Throws<NotSupportedException>(() => nn.Embedding(2, 2, sparse: true));
        Assert.Throws<ExternalException>(() => nn.Embedding(2, 2, padding_idx: 2));
    }

    [Theory]
    [InlineData(EmbeddingBagMode.Sum)]
    [InlineData(EmbeddingBagMode.Mean)]
    [InlineData(EmbeddingBagMode.Max)]
    public void A_bag_is_reduced_row_by_row(EmbeddingBagMode mode)
    {
        using var layer = nn.EmbeddingBag(6, 3, mode: mode, padding_index: 5);
        var result = layer.call(tensor(new long[] { 1, 2, 4, 5, 3 }), tensor(new long[] { 0, 2, 2 }));
        Tensor Reduced(params long[] rows)
        {
            var bag = layer.weight.index_select(0, tensor(rows));
            return mode == EmbeddingBagMode.Sum ? bag.sum([0]) : mode == EmbeddingBagMode.Mean ? bag.mean([0]) : bag.max(0).values;
        }

        Close(stack([Reduced(1, 2), zeros(3), Reduced(4, 3)]), result);
        Close(stack([Reduced(1, 2), Reduced(4, 0)]), layer.call(tensor(new long[,] { { 1, 2 }, { 4, 0 } })));
        Assert.Throws<ArgumentException>(() => layer.call(tensor(new long[] { 1 })));
    }

    [Fact]
    public void Batch_norm_keeps_statistics_in_training_and_uses_them_in_evaluation()
    {
        using var layer = nn.BatchNorm1d(2, momentum: 0.5);
        var x = Values([4, 2], 1, 10, 2, 20, 3, 30, 4, 40);
        layer.call(x);
        Close(Values([2], 1.25f, 12.5f), layer.running_mean!);
        Close(Values([2], 0.5f + (0.5f * 5 / 3), 0.5f + (0.5f * 500 / 3)), layer.running_var!);
        Assert.Equal(1, layer.num_batches_tracked!.item<long>());
        layer.eval();
        var expected = x.sub(layer.running_mean!).div(layer.running_var!.add(1E-5).sqrt());
        Close(expected, layer.call(x));
        Assert.Equal(1, layer.num_batches_tracked!.item<long>());
        layer.reset_running_stats();
        Assert.Equal([1, 1], Read(layer.running_var!));
        Assert.Throws<ArgumentException>(() => layer.call(ones(2)));
    }

    [Fact]
    public void Instance_norm_of_one_example_is_that_of_a_batch_of_one()
    {
        using var layer = nn.InstanceNorm1d(3);
        var x = randn(3, 7);
        Assert.Equal(Read(layer.call(x.unsqueeze(0))), Read(layer.call(x)));
    }

    [Theory]
    [InlineData(1, 0, 1, 1, PaddingModes.Zeros)]
    [InlineData(2, 1, 1, 1, PaddingModes.Zeros)]
    [InlineData(1, 2, 2, 2, PaddingModes.Zeros)]
    [InlineData(2, 1, 1, 2, PaddingModes.Reflect)]
    [InlineData(1, 1, 1, 1, PaddingModes.Replicate)]
    [InlineData(1, 1, 1, 1, PaddingModes.Circular)]
    public void A_convolution_is_a_sum_over_its_window(long stride, long padding, long dilation, long groups, PaddingModes mode)
    {
        using var layer = nn.Conv2d(2, 4, (3, 2), (stride, stride), (padding, padding), (dilation, dilation), mode, groups);
        var x = randn(2, 2, 6, 7).requires_grad_();
        var result = layer.call(x);
        var padded = nn.functional.pad(x, [padding, padding, padding, padding], mode);
        var (rows, columns) = (((padded.shape[2] - (2 * dilation) - 1) / stride) + 1, ((padded.shape[3] - dilation - 1) / stride) + 1);
        Assert.Equal([2, 4, rows, columns], result.shape);
        var (n, o, y, z) = (1, 3, rows - 1, columns - 1);
        var sum = layer.bias!.select(0, o);
        var perGroup = 2 / groups;
        for (var c = 0L; c < perGroup; c++)
        {
            var channel = (o / (4 / groups) * perGroup) + c;
            for (var i = 0; i < 3; i++)
            {
                for (var j = 0; j < 2; j++)
                {
                    sum = sum.add(padded.select(0, n).select(0, channel).select(0, (y * stride) + (i * dilation)).select(0, (z * stride) + (j * dilation)).mul(layer.weight.select(0, o).select(0, c).select(0, i).select(0, j)));
                }
            }
        }

        var element = result.select(0, n).select(0, o).select(0, y).select(0, z);
        Close(sum, element);
        var bySum = autograd.grad([sum], [x, layer.weight], retain_graph: true);
        var byLayer = autograd.grad([element], [x, layer.weight]);
        Close(bySum[0], byLayer[0]);
        Close(bySum[1], byLayer[1]);
    }

    [Fact]
    public void Padding_for_the_same_length_and_single_examples()
    {
        var x = randn(2, 3, 9);
        using var same = nn.Conv1d(3, 4, 4, Padding.Same, dilation: 2);
        Assert.Equal([2, 4, 9], same.call(x).shape);
        Close(nn.functional.conv1d(nn.functional.pad(x, (3, 3)), same.weight, same.bias, dilation: 2), same.call(x));
        using var valid = nn.Conv1d(3, 4, 4, Padding.Valid);
        Assert.Equal([2, 4, 6], valid.call(x).shape);
        Assert.Equal(Read(valid.call(x).select(0, 1)), Read(valid.call(x.select(0, 1))));
        using var image = nn.Conv2d(3, 2, 3, Padding.Same);
        Assert.Equal([3, 2, 5, 6], image.call(randn(3, 3, 5, 6)).shape);
        Assert.Throws<ArgumentException>(() => nn.Conv1d(3, 4, 2, Padding.Same, stride: 2));
        Assert.Throws<ArgumentException>(() => nn.Conv1d(3, 4, 2, groups: 2));
        Assert.Contains("[2, 2, 9]", Assert.Throws<ExternalException>(() => valid.call(randn(2, 2, 9))).Message, StringComparison.Ordinal);
        Assert.Contains("no room", Assert.Throws<ExternalException>(() => valid.call(randn(2, 3, 3))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Folding_adds_up_what_unfolding_shows()
    {
        var x = randn(2, 3, 5, 6);
        var columns = nn.functional.unfold(x, (2, 3), padding: (1, 0), stride: (1, 2));
        Assert.Equal([2, 3 * 6, 6 * 2], columns.shape);
        var counts = nn.functional.fold(ones_like(columns), (5, 6), (2, 3), padding: (1, 0), stride: (1, 2));
        Close(x.mul(counts), nn.functional.fold(columns, (5, 6), (2, 3), padding: (1, 0), stride: (1, 2)));
        var weights = randn(columns.shape);
        Close(columns.mul(weights).sum(), x.mul(nn.functional.fold(weights, (5, 6), (2, 3), padding: (1, 0), stride: (1, 2))).sum());
        Assert.Throws<ExternalException>(() => nn.functional.fold(columns, (5, 6), (2, 2)));
    }

    [Fact]
    public void Pools_take_the_greatest_or_the_mean_of_each_window()
    {
        var x = Values([1, 1, 3, 4], 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12).requires_grad_();
        Assert.Equal([6, 8], Read(nn.functional.max_pool2d(x, 2)));
        Assert.Equal([6, 8, 10, 12], Read(nn.functional.max_pool2d(x, 2, ceil_mode: true)));
        Assert.Equal([3.5f, 5.5f], Read(nn.functional.avg_pool2d(x, 2)));
        Assert.Equal([1, 2.5f, 4, 7, 8.5f, 10], Read(nn.functional.avg_pool2d(x, (2, 2), padding: (1, 1), count_include_pad: false)));
        Assert.Equal([0.25f, 1.25f, 1, 3.5f, 8.5f, 5], Read(nn.functional.avg_pool2d(x, (2, 2), padding: (1, 1))));
        Assert.Equal([14, 22], Read(nn.functional.avg_pool2d(x, 2, divisor_override: 1)));
        Assert.Equal([6.5f], Read(nn.AdaptiveAvgPool2d(1).call(x)));
        Assert.Equal([3.5f, 5.5f, 7.5f, 9.5f], Read(nn.AdaptiveAvgPool2d(2).call(x)));
        nn.MaxPool2d(2).call(x).sum().backward();
        Assert.Equal([0, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0], Read(x.grad!));
        var line = Values([1, 5], 3, 3, 1, float.NaN, 2);
        Assert.Equal([3, 3, float.NaN, float.NaN], Read(nn.MaxPool1d(2, stride: 1).call(line)));
        Assert.Equal([3, float.NaN], Read(nn.MaxPool1d(2, stride: 2).call(line)));
        Assert.Equal([3, 2, 0], Read(nn.AvgPool1d(2).call(Values([1, 5], 3, 3, 1, 3, 2))).Append(0));
        Assert.Throws<ExternalException>(() => nn.functional.max_pool2d(x, 5));
        Assert.Throws<ExternalException>(() => nn.functional.max_pool2d(x, 2, padding: 2));
    }

    [Fact]
    public void The_first_of_equal_elements_gets_the_gradient_and_second_derivatives_exist()
    {
        var x = Values([1, 4], 2, 2, 1, 3).requires_grad_();
        var gradient = autograd.grad([nn.functional.max_pool1d(x, 2).square().sum()], [x], create_graph: true)[0];
        Assert.Equal([4, 0, 0, 6], Read(gradient));
        gradient.sum().backward();
        Assert.Equal([2, 0, 0, 2], Read(x.grad!));
    }

    [Fact]
    public void Shaping_layers()
    {
        Assert.Equal([2, 12], nn.Flatten().call(zeros(2, 3, 4)).shape);
        Assert.Equal([2, 3, 4], nn.Unflatten(1, [3, -1]).call(zeros(2, 12)).shape);
        var x = randn(3);
        using (var same = nn.Identity().call(x))
        {
            Assert.Equal(Read(x), Read(same));
        }

        Assert.False(x.IsInvalid);
        Assert.Equal([0, 0, 1, 1, 0, 0], Array.ConvertAll(nn.functional.one_hot(tensor(new long[] { 2, 0 })).data<long>().ToArray(), number => (int)number));
        Assert.Equal([2, 5], nn.functional.one_hot(tensor(new long[] { 2, 0 }), 5).shape);
        Assert.Throws<ExternalException>(() => nn.functional.one_hot(tensor(new long[] { 2, -1 })));
        Close(Values([1, 2], 0.6f, 0.8f), nn.functional.normalize(Values([1, 2], 3, 4)));
        Close(Values([1], 0.6f), nn.CosineSimilarity().call(Values([1, 2], 3, 4), Values([1, 2], 2, 0)));
        Assert.Equal([2, 7], nn.functional.pad(zeros(2, 3), (1, 3)).shape);
        Assert.Equal([4, 5], nn.functional.pad(zeros(2, 3), 1).shape);
    }

    [Fact]
    public void Dropout_zeroes_and_scales_in_training_only()
    {
        using var layer = nn.Dropout(0.25);
        var x = ones(1000).requires_grad_();
        var result = layer.call(x);
        var values = Read(result);
        Assert.InRange(values.Count(value => value == 0), 200, 300);
        Assert.All(values, value => Assert.True(value is 0 or (> 1.333f and < 1.3334f)));
        result.sum().backward();
        Assert.Equal(values, Read(x.grad!));
        layer.eval();
        Assert.Equal(Read(x), Read(layer.call(x)));
        var changed = ones(10);
        nn.Dropout(1, inplace: true).call(changed);
        Assert.All(Read(changed), value => Assert.Equal(0, value));
        Assert.Throws<ExternalException>(() => nn.functional.dropout(x, 1.5));
    }

    [Fact]
    public void Activations_in_place_change_their_input()
    {
        var x = Values([3], -1, 0, 2);
        Assert.Equal([-0.01f, 0, 2], Read(nn.LeakyReLU().call(x)));
        Assert.Equal([-1, 0, 2], Read(x));
        nn.ReLU(inplace: true).call(x);
        Assert.Equal([0, 0, 2], Read(x));
        using var learnt = nn.PReLU(1);
        Assert.Equal([-0.25f, 4], Read(learnt.call(Values([2], -1, 4))));
        Close(Values([2], 0.5f, 0.5f), nn.Softmax(0).call(Values([2], 3, 3)));
        Close(nn.Sigmoid().call(Values([2], -3, 1)).log(), nn.functional.logsigmoid(Values([2], -3, 1)));
    }

    [Fact]
    public void Interpolation_repeats_or_blends()
    {
        var x = Values([1, 1, 2], 0, 4);
        Assert.Equal([0, 0, 4, 4], Read(nn.functional.interpolate(x, [4])));
        Assert.Equal([0, 1, 3, 4], Read(nn.functional.interpolate(x, scale_factor: [2], mode: InterpolationMode.Linear)));
        Close(Values([1, 1, 4], 0, 4 / 3f, 8 / 3f, 4), nn.functional.interpolate(x, [4], mode: InterpolationMode.Linear, align_corners: true));
        Assert.Equal([1, 1, 4, 6], nn.functional.interpolate(randn(1, 1, 2, 3), scale_factor: [2], mode: InterpolationMode.Bilinear).shape);
        Assert.Throws<ExternalException>(() => nn.functional.interpolate(x, [4], mode: InterpolationMode.Bilinear));
    }

    private static Device cuda_device() => new(DeviceType.CUDA, 0);
}
