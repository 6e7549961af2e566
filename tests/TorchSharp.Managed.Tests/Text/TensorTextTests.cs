using System.Globalization;
using static TorchSharp.Managed.Tests.Operators.ShapeTests;
using static TorchSharp.torch;

namespace TorchSharp.Managed.Tests.Text;

/// <summary>Tensors as text, compared with what TorchSharp 0.106 prints.</summary>
public class TensorTextTests
{
    private static readonly Tensor Matrix = Tensor([2, 2], 1.23456f, -2, 1e6f, 1e-6f);

    [Fact]
    public void The_plain_text_is_shape_type_and_device()
    {
        Assert.Equal("[2x2], type = Float32, device = cpu", Matrix.ToString());
        Assert.Equal("[], type = Int64, device = cpu", Integers([], 3).ToString());
        Assert.Equal("[0x3], type = Bool, device = cpu", Truths([0, 3]).ToString(false));
        Assert.Equal("[2x2], type = Float32, device = cpu", Matrix.metastr());
        var disposed = Tensor([1], 1);
        disposed.Dispose();
        Assert.Equal("", disposed.ToString());
    }

    [Theory]
    [InlineData("number", "1.5")]
    [InlineData("matrix", "[[1.2346, -2]\n [1e+06, 1e-06]]")]
    [InlineData("truths", "[True, False]")]
    [InlineData("vector", "[0, 1, 2, ... 27, 28, 29]")]
    [InlineData("cube", "[[[0, 1]\n  [2, 3]]\n\n [[4, 5]\n  [6, 7]]]")]
    [InlineData("tall", "[[0, 1]\n [2, 3]\n [4, 5]\n ...\n [8, 9]\n [10, 11]\n [12, 13]]")]
    [InlineData("one row", "[[1, 2]]")]
    [InlineData("empty", "[]")]
    [InlineData("no columns", "[[]\n []]")]
    public void Numpy_style_is_nested_brackets(string what, string expected) => Assert.Equal(expected, Example(what).npstr(newLine: "\n"));

    [Theory]
    [InlineData("number", "[], type = Float32, device = cpu, value = 1.5")]
    [InlineData("matrix", "[2x2], type = Float32, device = cpu\n 1.2346    -2\n  1e+06 1e-06\n")]
    [InlineData("truths", "[2], type = Bool, device = cpu\n True False\n")]
    [InlineData("cube", "[2x2x2], type = Int64, device = cpu\n[0,..,..] =\n 0 1\n 2 3\n\n[1,..,..] =\n 4 5\n 6 7\n")]
    [InlineData("four", "[1x2x1x2], type = Int64, device = cpu\n[0,0,..,..] =\n 0 1\n\n[0,1,..,..] =\n 2 3\n")]
    [InlineData("empty", "[0], type = Float32, device = cpu\n\n")]
    [InlineData("no columns", "[2x0], type = Float32, device = cpu\n\n\n")]
    public void Julia_style_aligns_columns_on_the_right(string what, string expected)
    {
        Assert.Equal(expected, Example(what).jlstr(newLine: "\n"));
        Assert.Equal(expected, Example(what).str(newLine: "\n"));
        Assert.Equal(expected, Example(what).ToString(true, newLine: "\n"));
    }

    [Fact]
    public void Julia_style_leaves_columns_out_that_do_not_fit_the_width()
    {
        Assert.Equal("[30], type = Int64, device = cpu\n 0 1 2 3 4 5 6 7 ...\n", Example("vector").jlstr(width: 20, newLine: "\n"));

        // The shortest row decides for all.
        Assert.Equal("[2x4], type = Int64, device = cpu\n   1   2 ...\n 100 200 ...\n", Integers([2, 4], 1, 2, 3, 4, 100, 200, 300, 400).jlstr(width: 12, newLine: "\n"));
    }

    [Fact]
    public void Julia_style_has_nothing_to_say_about_a_matrix_without_rows() =>
        Assert.Throws<InvalidOperationException>(() => Tensor([0, 3]).jlstr());

    [Theory]
    [InlineData("number", "[], type = Float32, device = cpu, value = 1.5")]
    [InlineData("small", "[2x2], type = Float32, device = cpu, value = \nfloat [,] {\n {1.5f, -2f},\n {3f, 4f}\n}")]
    [InlineData("vector", "[30], type = Int64, device = cpu, value = long [] {0L, 1L, 2L, ... 27L, 28L, 29L}")]
    [InlineData("truths", "[2], type = Bool, device = cpu, value = bool [] {True, False}")]
    [InlineData("cube", "[2x2x2], type = Int64, device = cpu, value = \nlong [,,] {\n {{0L, 1L},\n  {2L, 3L}},\n {{4L, 5L},\n  {6L, 7L}}\n}")]
    [InlineData("tall", "[7x2], type = Int64, device = cpu, value = \nlong [,] {\n {0L, 1L},\n {2L, 3L},\n {4L, 5L},\n ...\n {8L, 9L},\n {10L, 11L},\n {12L, 13L}\n}")]
    public void CSharp_style_is_an_array(string what, string expected) => Assert.Equal(expected, Example(what).cstr(newLine: "\n"));

    [Fact]
    public void Formats_and_cultures_can_be_chosen_and_the_machines_has_no_say()
    {
        var comma = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        comma.NumberFormat.NumberDecimalSeparator = ",";
        Assert.Equal("[[1.23, -2.00]\n [1000000.00, 0.00]]", Matrix.ToString(TorchSharp.TensorStringStyle.Numpy, "F2", newLine: "\n"));
        Assert.Equal("1,5", Tensor([], 1.5f).ToString(TorchSharp.TensorStringStyle.Numpy, cultureInfo: comma));
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = comma;
            Assert.Equal("1.5", Tensor([], 1.5f).npstr());
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void The_default_style_can_be_set_but_not_to_itself()
    {
        Assert.Throws<ArgumentException>(() => torch.TensorStringStyle = TorchSharp.TensorStringStyle.Default);
        Assert.Equal(torch.julia, torch.TensorStringStyle);
    }

    private static Tensor Example(string what) => what switch
    {
        "number" => Tensor([], 1.5f),
        "matrix" => Matrix,
        "small" => Tensor([2, 2], 1.5f, -2, 3, 4),
        "truths" => Truths([2], true, false),
        "vector" => Integers([30], [.. Enumerable.Range(0, 30).Select(n => (long)n)]),
        "cube" => Integers([2, 2, 2], 0, 1, 2, 3, 4, 5, 6, 7),
        "four" => Integers([1, 2, 1, 2], 0, 1, 2, 3),
        "tall" => Integers([7, 2], [.. Enumerable.Range(0, 14).Select(n => (long)n)]),
        "one row" => Tensor([1, 2], 1, 2),
        "empty" => Tensor([0]),
        _ => Tensor([2, 0]),
    };
}
