using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using FsCheck.Fluent;
using TorchSharp;
using TransformerTutorial.Display;
using TransformerTutorial.Plots;
using TransformerTutorial.Testing;

namespace TransformerTutorial.Tests.Display;

/// <summary>What a reader sees of a tensor, in a terminal and in a notebook.</summary>
public partial class TensorDisplayTests
{
    private static string Text(params string[] lines) => string.Join('\n', lines);

    [Fact]
    public void A_matrix_has_its_name_shape_and_type_and_aligned_columns()
    {
        var view = torch.tensor(new float[,] { { 1.25f, -2 }, { 10, 0.5f } }).Show("W");

        Assert.Equal(Text("W: shape (2, 2), Float32", " 1.2500  -2.0000", "10.0000   0.5000"), view.ToString());
    }

    [Fact]
    public void Rows_and_columns_have_labels()
    {
        var view = torch.tensor(new long[,] { { 1, 20 }, { 300, 4 } }).Show(rows: ["cat", "monkey"], columns: ["a", "the"]);

        Assert.Equal(Text("shape (2, 2), Int64", "          a  the", "cat       1   20", "monkey  300    4"), view.ToString());
    }

    [Fact]
    public void Chinese_labels_take_two_columns_each()
    {
        var view = torch.tensor(new long[,] { { 1, 2 }, { 3, 4 } }).Show(rows: ["好久", "cat"], columns: ["猫", "b"]);

        Assert.Equal(Text("shape (2, 2), Int64", "      猫  b", "好久   1  2", "cat    3  4"), view.ToString());
    }

    [Fact]
    public void A_vector_is_one_row_and_its_elements_are_columns()
    {
        var view = torch.tensor(new[] { 1f, 2f, 3f }).Show("v", columns: ["x", "y", "z"]);

        Assert.Equal(Text("v: shape (3), Float32", " x   y   z", "1.  2.  3."), view.ToString());
    }

    [Fact]
    public void A_number_has_the_empty_shape() =>
        Assert.Equal(Text("loss: shape (), Float32", "0.2500"), torch.tensor(0.25f).Show("loss").ToString());

    [Fact]
    public void Truth_values_are_written_as_words() =>
        Assert.Equal(Text("shape (2), Bool", "True  False"), torch.tensor(new[] { true, false }).Show().ToString());

    [Fact]
    public void Whole_numbers_keep_every_digit() =>
        Assert.Contains("9007199254740993", torch.tensor(new[] { 9007199254740993L }).Show().ToString(), StringComparison.Ordinal);

    [Theory]
    [InlineData("(0)", 0L)]
    [InlineData("(2, 0)", 2L, 0L)]
    [InlineData("(0, 3, 4)", 0L, 3L, 4L)]
    public void A_tensor_without_elements_says_so(string shape, params long[] lengths)
    {
        var view = torch.zeros(lengths).Show("t");

        Assert.Equal(Text($"t: shape {shape}, Float32", "no elements"), view.ToString());
        Assert.Contains("no elements", view.Write(MimeTypes.Html), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_no_number_is_seen_and_does_not_change_the_digits_of_the_others()
    {
        var view = torch.tensor(new[] { float.NaN, float.PositiveInfinity, float.NegativeInfinity, 1.5f }).Show();

        Assert.Equal(Text("shape (4), Float32", "nan  inf  -inf  1.5000"), view.ToString());
        Assert.Contains("background:#24292f;color:#ffffff\">nan<", view.Write(MimeTypes.Html), StringComparison.Ordinal);
    }

    [Fact]
    public void A_tensor_of_nothing_but_NaN_is_shown() =>
        Assert.Contains(">nan<", torch.full(2, 2, float.NaN).Show().Write(MimeTypes.Html), StringComparison.Ordinal);

    [Fact]
    public void Long_rows_and_columns_show_both_ends()
    {
        var view = torch.arange(100).reshape(10, 10).Show(limit: 4);

        Assert.Equal(
            Text("shape (10, 10), Int64", " 0   1  …   8   9", "10  11  …  18  19", " …   …  …   …   …", "80  81  …  88  89", "90  91  …  98  99"),
            view.ToString());
    }

    [Fact]
    public void An_odd_limit_shows_one_more_at_the_beginning() =>
        Assert.Equal(Text("shape (9), Int64", "0  1  …  8"), torch.arange(9).Show(limit: 3).ToString());

    [Fact]
    public void Labels_follow_the_rows_and_columns_that_are_shown()
    {
        var labels = Enumerable.Range(0, 10).Select(i => $"w{i}").ToArray();

        var view = torch.arange(100).reshape(10, 10).Show(rows: labels, columns: labels, limit: 2);

        Assert.Equal(Text("shape (10, 10), Int64", "    w0  …  w9", "w0   0  …   9", "…    …  …   …", "w9  90  …  99"), view.ToString());
    }

    [Fact]
    public void More_dimensions_are_shown_slice_by_slice_up_to_a_limit()
    {
        var view = torch.arange(24).reshape(2, 3, 2, 2).Show("x", slices: 2);

        Assert.Equal(
            Text("x: shape (2, 3, 2, 2), Int64", "x[0, 0]", "0  1", "2  3", "", "x[0, 1]", "4  5", "6  7", "", "… and 4 more slices of (2, 2)"),
            view.ToString());
    }

    [Fact]
    public void One_more_slice_is_singular() =>
        Assert.EndsWith("… and 1 more slice of (1, 1)", torch.zeros(3, 1, 1).Show(slices: 2).ToString(), StringComparison.Ordinal);

    [Fact]
    public void That_gradients_are_kept_is_said() =>
        Assert.StartsWith("w: shape (1), Float32, requires grad\n", torch.ones(1, requires_grad: true).Show("w").ToString(), StringComparison.Ordinal);

    [Fact]
    public void Decimals_can_be_chosen() =>
        Assert.Equal(Text("shape (2), Float32", "0.67  3000.00"), torch.tensor(new[] { 0.6666f, 3000f }).Show(decimals: 2).ToString());

    // What PyTorch 1.13 prints for each of these tensors.
    [Theory]
    [InlineData(new[] { 1.0, 2.0, 30.0 }, new[] { "1.", "2.", "30." })]
    [InlineData(new[] { 0.0, -0.5 }, new[] { "0.0000", "-0.5000" })]
    [InlineData(new[] { 1.0, 1000.0 }, new[] { "1.", "1000." })]
    [InlineData(new[] { 1.0, 1001.0 }, new[] { "1.0000e+00", "1.0010e+03" })]
    [InlineData(new[] { 0.5, 600.0 }, new[] { "5.0000e-01", "6.0000e+02" })]
    [InlineData(new[] { 0.5, 400.0 }, new[] { "0.5000", "400.0000" })]
    [InlineData(new[] { 0.00005 }, new[] { "5.0000e-05" })]
    [InlineData(new[] { 0.00012 }, new[] { "0.0001" })]
    [InlineData(new[] { 2e8 }, new[] { "2.0000e+08" })]
    [InlineData(new[] { 0.0 }, new[] { "0." })]
    public void Digits_are_chosen_as_PyTorch_does(double[] numbers, string[] expected) =>
        Assert.Equal(expected, torch.tensor(numbers).Show().ToString().Split('\n')[1].Split(' ', StringSplitOptions.RemoveEmptyEntries));

    [Fact]
    public void A_disposed_tensor_is_named()
    {
        var tensor = torch.zeros(2);
        tensor.Dispose();

        var failure = Assert.Throws<ObjectDisposedException>(() => tensor.Show("scores"));

        Assert.Contains("The tensor 'scores' was disposed", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, "There are 2 row labels for the 3 rows of a tensor of shape (3, 2).")]
    [InlineData(4, "There are 4 row labels for the 3 rows of a tensor of shape (3, 2).")]
    public void As_many_labels_are_needed_as_there_are_rows(int count, string message)
    {
        var failure = Assert.Throws<ArgumentException>(() => torch.zeros(3, 2).Show(rows: Enumerable.Repeat("w", count)));

        Assert.Equal(message, failure.Message);
    }

    [Fact]
    public void A_vector_has_no_rows_to_label()
    {
        var failure = Assert.Throws<ArgumentException>(() => torch.zeros(3).Show(rows: ["a"]));

        Assert.Contains("its elements are columns", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_happens_to_the_tensor_afterwards_does_not_change_the_view()
    {
        var tensor = torch.ones(2);
        var view = tensor.Show();
        tensor.zero_();
        tensor.Dispose();

        Assert.Equal(Text("shape (2), Float32", "1.  1."), view.ToString());
    }

    [Fact]
    public void Showing_leaves_no_tensors_and_no_graph_behind()
    {
        using var scope = torch.NewDisposeScope();
        var tensor = torch.ones(40, 50, requires_grad: true);
        var before = scope.DisposablesCount;

        _ = tensor.Show();

        Assert.Equal(before, scope.DisposablesCount);
        tensor.sum().backward();
        Assert.Equal(1f, tensor.grad![0, 0].item<float>());
    }

    [Fact]
    public void A_transposed_or_strided_tensor_is_shown_as_it_is_indexed()
    {
        var tensor = torch.arange(6).reshape(2, 3).t();

        Assert.Equal(Text("shape (3, 2), Int64", "0  3", "1  4", "2  5"), tensor.Show().ToString());
    }

    [Fact]
    public void Control_characters_in_labels_do_not_break_the_table() =>
        Assert.Equal(Text("shape (2), Int64", "↵  \\x00", "0     1"), torch.arange(2).Show(columns: ["\n", "\0"]).ToString());

    [Fact]
    public void Every_number_of_the_text_is_the_tensor_s() => PropertyCheck.ForAll(
        from rows in Gen.Choose(1, 8)
        from columns in Gen.Choose(1, 8)
        from thousandths in Gen.Choose(-9_999, 9_999).ArrayOf(rows * columns)
        select (Rows: rows, Columns: columns, Numbers: thousandths.Select(number => number / 1000.0).ToArray()),
        table =>
        {
            var lines = torch.tensor(table.Numbers).reshape(table.Rows, table.Columns).Show(decimals: 3).ToString().Split('\n')[1..];

            Assert.Equal(table.Rows, lines.Length);
            Assert.Equal(table.Numbers, lines.SelectMany(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Select(text => double.Parse(text, CultureInfo.InvariantCulture)));
            Assert.Single(lines.Select(line => line.Length).Distinct());
        });

    [Fact]
    public void Where_signs_differ_zero_is_white_and_equal_sizes_have_equal_strength()
    {
        var backgrounds = Backgrounds(torch.tensor(new[] { -2f, 0f, 1f }).Show());

        Assert.Equal([ColorScale.Diverging.At(0), ColorScale.Diverging.At(0.5), ColorScale.Diverging.At(0.75)], backgrounds);
    }

    [Fact]
    public void Where_signs_agree_colours_run_from_little_to_much() =>
        Assert.Equal([ColorScale.Sequential.At(0), ColorScale.Sequential.At(0.5), ColorScale.Sequential.At(1)], Backgrounds(torch.tensor(new[] { 1f, 2f, 3f }).Show()));

    [Fact]
    public void Colours_can_be_left_out() =>
        Assert.All(Backgrounds(torch.tensor(new[] { 1f, 2f, 3f }).Show(heatMap: false)), colour => Assert.Equal((Color)"#fdfdfb", colour));

    [Fact]
    public void A_matrix_that_is_cut_is_drawn_whole()
    {
        var html = torch.arange(300).reshape(10, 30).Show().Write(MimeTypes.Html)!;

        Assert.Equal(300, Square().Count(html));
        Assert.Contains("all 10 × 30 numbers<", html, StringComparison.Ordinal);
        Assert.Equal(0, Square().Count(torch.arange(100).reshape(10, 10).Show().Write(MimeTypes.Html)!));
    }

    [Fact]
    public void A_very_large_matrix_is_sampled_and_says_so()
    {
        var html = torch.zeros(1000, 2000).Show().Write(MimeTypes.Html)!;

        Assert.Equal(48 * 96, Square().Count(html));                     // every 21st of 1,000 rows and of 2,000 columns
        Assert.Contains("sampled: one row in 21, one column in 21", html, StringComparison.Ordinal);
        Assert.InRange(html.Length, 1, 100_000);
    }

    [Fact]
    public void A_matrix_that_is_sampled_in_one_direction_says_in_which() =>
        Assert.Contains("sampled: every row, one column in 3<", torch.zeros(20, 200).Show().Write(MimeTypes.Html), StringComparison.Ordinal);

    [Fact]
    public void A_single_number_and_equal_numbers_have_no_scale_of_colours()
    {
        Assert.DoesNotContain("<span", torch.tensor(0.25f).Show().Write(MimeTypes.Html), StringComparison.Ordinal);
        Assert.DoesNotContain("<span", torch.ones(3).Show().Write(MimeTypes.Html), StringComparison.Ordinal);
        Assert.Contains("<span", torch.arange(3).Show().Write(MimeTypes.Html), StringComparison.Ordinal);
    }

    [Fact]
    public void The_legend_names_numbers_that_only_the_drawing_shows()
    {
        var tensor = torch.zeros(40, 40);
        tensor[20, 20] = 0.37f;

        Assert.Equal("0.0000  0.3700", Legend(tensor.Show()));
        Assert.Equal("0. … 0.", Regex.Replace(tensor.Show().ToString().Split('\n')[1], @"^(0\.).*(0\.)$", "$1 … $2"));
    }

    [Fact]
    public void The_legend_is_written_as_the_numbers_are_where_all_of_them_are_shown()
    {
        Assert.Equal("-2.0000  2.0000", Legend(torch.tensor(new[] { -2, 0.5f }).Show()));
        Assert.Equal("-2  2", Legend(torch.tensor(new[] { -2L, 1 }).Show()));
        Assert.Equal("-2.0  2.0", Legend(torch.tensor(new[] { -2, 0.5f }).Show(decimals: 1)));
    }

    [Fact]
    public void The_largest_numbers_there_are_have_colours_and_a_legend()
    {
        var view = torch.tensor(new[] { double.MinValue, 0, double.MaxValue }).Show();

        Assert.Equal(["#004c82", "#f3f2f0", "#7b2f00"], Backgrounds(view).Select(colour => colour.ToString()));
        Assert.Equal("-1.7977e+308  1.7977e+308", Legend(view));
        Assert.Equal(
            Steps().Matches(torch.tensor(new[] { -1.0, 0, 1 }).Show().Write(MimeTypes.Html)!).Select(step => step.Value),
            Steps().Matches(view.Write(MimeTypes.Html)!).Select(step => step.Value));
    }

    [Fact]
    public void Equal_numbers_too_large_to_have_neighbours_have_a_colour() =>
        Assert.Single(Backgrounds(torch.tensor(new[] { 1e17, 1e17 }).Show()).Distinct());

    [Fact]
    public void Markup_in_names_and_labels_is_text()
    {
        var html = torch.zeros(1, 1).Show("<b>&", rows: ["<i>"], columns: ["<u>"]).Write(MimeTypes.Html)!;

        Assert.Contains("&lt;b&gt;&amp;</b>: shape", html, StringComparison.Ordinal);
        Assert.Contains("&lt;i&gt;", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<u>", html, StringComparison.Ordinal);
        Assert.NotNull(XDocument.Parse(html));                            // and the whole is well-formed
    }

    /// <summary>The text of the legend: the numbers at its ends.</summary>
    private static string Legend(TensorView view) => XDocument.Parse(view.Write(MimeTypes.Html)!).Root!.Elements("div").Last().Value;

    private static Color[] Backgrounds(TensorView view) =>
        [.. XDocument.Parse(view.Write(MimeTypes.Html)!).Descendants("td").Select(cell => Color.Parse(Background().Match((string)cell.Attribute("style")!).Groups[1].Value))];

    [GeneratedRegex("background:(#[0-9a-f]{6})")]
    private static partial Regex Background();

    [GeneratedRegex("<span style=[^>]*>")]
    private static partial Regex Steps();

    [GeneratedRegex(@"M\d+ \d+h1v1h-1z")]
    private static partial Regex Square();
}
