using static TorchSharp.Managed.Tests.Operators.ShapeTests;
using static TorchSharp.torch;

namespace TorchSharp.Managed.Tests.Operators;

/// <summary>Elements as C# numbers, accessors and bytes, and conversions between types.</summary>
public class ElementsTests
{
    [Fact]
    public void An_accessor_shows_a_view_in_logical_order()
    {
        foreach (var x in Layouts([2, 3]).ToArray())
        {
            var data = x.T.data<float>();
            Assert.Equal(6, data.Count);
            Assert.Equal([1, 4, 2, 5, 3, 6], data);
            Assert.Equal([1, 4, 2, 5, 3, 6], data.ToArray());
            Assert.Equal(5, data[3]);
            Assert.Equal(6, data[2, 1]);
            Assert.Equal(6, ((float[,])data.ToNDArray())[2, 1]);

            var some = new float[4];
            data.CopyTo(some, 1, 2);
            Assert.Equal([0, 2, 5, 3], some);
            data.CopyFrom([9, 8, 7], 1, 4);
            Assert.Equal([1, 2, 8, 4, 5, 7], x.data<float>());
            data[0, 1] = 40;
            Assert.Equal(40, x[1, 0].item<float>());
        }
    }

    [Fact]
    public void An_accessor_refuses_places_that_do_not_exist()
    {
        var data = Tensor([2, 3], 1, 2, 3, 4, 5, 6).data<float>();
        Assert.Throws<IndexOutOfRangeException>(() => data[6]);
        Assert.Throws<IndexOutOfRangeException>(() => data[-1]);
        Assert.Throws<IndexOutOfRangeException>(() => data[0, 3]);
        Assert.Throws<IndexOutOfRangeException>(() => data[0, 0, 0]);
        Assert.Throws<ArgumentOutOfRangeException>(() => data.CopyTo(new float[1], 0, 6));
        Assert.Empty(Tensor([0, 3]).data<float>());
        Assert.Empty(Tensor([0, 3]).data<float>().ToArray());
    }

    [Fact]
    public void Accessors_are_equal_when_their_elements_are()
    {
        Assert.True(Tensor([2], 1, 2).data<float>() == Tensor([1, 2], 1, 2).data<float>());
        Assert.True(Tensor([2], 1, 2).data<float>() != Tensor([2], 1, 3).data<float>());
    }

    [Fact]
    public void An_accessor_of_a_disposed_tensor_throws()
    {
        var x = Tensor([2], 1, 2);
        var data = x.data<float>();
        x.Dispose();
        Assert.Throws<InvalidOperationException>(() => data[0]);
        Assert.Throws<InvalidOperationException>(() => data.ToArray());
        Assert.Throws<InvalidOperationException>(() => x.item<float>());
    }

    [Fact]
    public void One_element_is_read_as_exactly_its_type_or_converted()
    {
        var x = Tensor([1, 1], -2.75f);
        Assert.Equal(-2.75f, x.item<float>());
        Assert.Equal("Double is not compatible with Float32", Assert.Throws<ArgumentException>(() => x.item<double>()).Message);
        Assert.Equal("Int64 is not compatible with Float32", Assert.Throws<ArgumentException>(() => x.data<long>()).Message);
        Assert.Equal("Number of elements in the tensor must be 1", Assert.Throws<ArgumentException>(() => Tensor([2], 1, 2).item<float>()).Message);
        Assert.Equal((-2.75, -2.75f, -2, -2L, true), (x.ToDouble(), x.ToSingle(), x.ToInt32(), x.ToInt64(), x.ToBoolean()));
        Assert.Equal(3f, Integers([], 3).ToSingle());
        Assert.Equal(1, Truths([], true).ToInt32());
    }

    [Fact]
    public void Bytes_are_those_of_the_part_that_a_view_shows()
    {
        var x = Tensor([2, 2], 1, 2, 3, 4);
        Assert.Equal(BitConverter.GetBytes(3f).Concat(BitConverter.GetBytes(4f)), x[1].bytes.ToArray());
        Assert.Throws<NotImplementedException>(() => x.T.bytes.ToArray());
        Assert.Throws<ArgumentException>(() => x.bytes = new byte[3]);
        x[0].bytes = x[1].bytes.ToArray();
        Assert.Equal([3, 4, 3, 4], Values(x));
    }

    [Fact]
    public void Conversions_cut_fractions_off_and_call_true_what_is_not_zero()
    {
        var x = Tensor([2, 2], -1.7f, 0, 2.9f, 0.5f).T;
        Assert.Equal([-1L, 2, 0, 0], x.@long().data<long>());
        Assert.Equal([-1, 2, 0, 0], x.@int().data<int>());
        Assert.Equal([true, true, false, true], x.@bool().data<bool>());
        Assert.Equal([-1.7f, 2.9f, 0, 0.5f], x.@double().data<double>().Select(d => (float)d));
        Assert.Equal([1f, 0], Truths([2], true, false).@float().data<float>());
        Assert.Equal(2, x.to(ScalarType.Byte)[0, 1].item<byte>());
        Assert.Equal(ScalarType.Int64, x.to(Integers([], 1)).dtype);
        Assert.Throws<NotSupportedException>(() => x.cuda());
        Assert.Throws<NotSupportedException>(() => x.to("cuda:1"));
        Assert.Equal([-1.7f, 2.9f, 0, 0.5f], Values(x.cpu().to("cpu").to(DeviceType.CPU)));
    }

    [Fact]
    public void Nested_lists_hold_the_elements()
    {
        var list = (System.Collections.ArrayList)Integers([2, 1], 4, 5).tolist();
        Assert.Equal(2, list.Count);
        Assert.Equal(5, ((Scalar)((System.Collections.ArrayList)list[1]!)[0]!).ToInt64());
    }

    [Fact]
    public void A_tensor_can_show_the_memory_of_another()
    {
        var x = Tensor([2], 1, 2);
        var y = Tensor([3, 1], 4, 5, 6);
        x.set_(y.T);
        y[2, 0] = Tensor([], 7);
        Assert.Equal([1, 3], x.shape);
        Assert.Equal([4, 5, 7], Values(x));
    }

    [Fact]
    public void Copies_between_all_layouts_arrive_in_order()
    {
        // Long enough for blocks of a transposing copy, several ranges of work, and ends that fill no block.
        foreach (var (shape, order) in new (long[], long[])[] { ([67, 45], [1, 0]), ([3, 70, 5, 33], [0, 2, 1, 3]), ([3, 70, 5, 33], [3, 1, 2, 0]), ([41, 3, 50], [2, 1, 0]), ([300, 200], [1, 0]), ([2, 300, 5], [2, 0, 1]) })
        {
            var count = (int)Shapes.Count(shape);
            var x = Tensor(shape, [.. Enumerable.Range(0, count).Select(n => (float)n)]);
            foreach (var typed in new[] { x, x.@byte(), x.@double() })
            {
                var view = typed.permute(order);
                var copy = view.contiguous();
                Assert.True(copy.is_contiguous());
                var expected = Places(view.shape).Select(place => (float)Flat([.. shape.Select((_, d) => place[Array.IndexOf(order, d)])], shape));
                Assert.Equal(typed.dtype == ScalarType.Byte ? expected.Select(value => (float)(byte)value) : expected, Values(copy.@float()));

                // And back again, into strides.
                var back = torch.Tensor.Zeros(typed.dtype, shape);
                back.permute(order).copy_(copy);
                Assert.Equal(Values(typed.@float()), Values(back.@float()));
            }
        }
    }
}
