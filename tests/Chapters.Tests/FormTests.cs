using System.Text;
using System.Text.RegularExpressions;
using CSharpKernel.Notebooks;

namespace Chapters.Tests;

/// <summary>Every chapter has the form that readers, editors and translations rely on.</summary>
public partial class FormTests
{
    [Theory]
    [MemberData(nameof(Chapter.All), MemberType = typeof(Chapter))]
    public void The_file_is_in_canonical_form(string name)
    {
        var chapter = Chapter.Named(name);

        Assert.Equal(File.ReadAllText(chapter.Path), chapter.Notebook.ToText());
        Assert.NotEqual(0xEF, File.ReadAllBytes(chapter.Path)[0]);
    }

    [Theory]
    [MemberData(nameof(Chapter.All), MemberType = typeof(Chapter))]
    public void Cell_ids_are_readable_and_begin_with_the_chapter_s_number(string name) =>
        Assert.All(Chapter.Named(name).Notebook.Cells, cell => Assert.Matches($"^ch{name[..2]}-[a-z0-9]+(-[a-z0-9]+)*$", cell.Id));

    [Theory]
    [MemberData(nameof(Chapter.All), MemberType = typeof(Chapter))]
    public void The_kernel_is_named_as_every_C_sharp_kernel_is(string name)
    {
        var metadata = Chapter.Named(name).Notebook.Metadata;

        Assert.Equal(".net-csharp", metadata["kernelspec"]!["name"]!.GetValue<string>());
        Assert.Equal("C#", metadata["language_info"]!["name"]!.GetValue<string>());
    }

    [Theory]
    [MemberData(nameof(Chapter.All), MemberType = typeof(Chapter))]
    public void The_first_code_cell_loads_the_library(string name) =>
        Assert.StartsWith("#load \"../lib/bin/tutorial.csx\"\n\nusing ", Chapter.Named(name).Notebook.CodeCells.First().Source, StringComparison.Ordinal);

    [Theory]
    [MemberData(nameof(Chapter.All), MemberType = typeof(Chapter))]
    public void Cells_use_only_what_both_kernels_have(string name)
    {
        foreach (var cell in Chapter.Named(name).Notebook.CodeCells)
        {
            Assert.DoesNotContain("nuget:", cell.Source, StringComparison.Ordinal);
            Assert.DoesNotMatch(@"(?m)^\s*namespace\s", cell.Source);
            Assert.DoesNotMatch(@"(?m)^using var\s", cell.Source);
            Assert.All(Magics().Matches(cell.Source), magic => Assert.Contains(magic.Groups[1].Value, (string[])["csharp", "html", "import"]));
        }
    }

    [Theory]
    [MemberData(nameof(Chapter.All), MemberType = typeof(Chapter))]
    public void Every_code_cell_was_executed_and_none_failed(string name)
    {
        foreach (var cell in Chapter.Named(name).Notebook.CodeCells)
        {
            Assert.True(cell.ExecutionCount is not null, $"{cell.Id} was never executed");
            Assert.True(cell.HasTag("raises-exception") || cell.Outputs.All(output => output.OutputType != OutputType.Error), $"{cell.Id} has an error among its outputs");
        }
    }

    [Theory]
    [MemberData(nameof(Chapter.All), MemberType = typeof(Chapter))]
    public void No_cell_is_longer_than_a_screen_or_wider_than_an_editor(string name)
    {
        foreach (var cell in Chapter.Named(name).Notebook.CodeCells)
        {
            var lines = cell.Source.Split('\n');
            Assert.True(lines.Length <= 50, $"{cell.Id} has {lines.Length} lines");
            Assert.All(lines, line => Assert.True(line.Length <= 112, $"{cell.Id}: {line}"));
        }
    }

    [Theory]
    [MemberData(nameof(Chapter.All), MemberType = typeof(Chapter))]
    public void Every_value_that_is_shown_has_plain_text(string name) =>
        Assert.All(
            Chapter.Named(name).Notebook.CodeCells.SelectMany(cell => cell.Outputs.Where(output => output.Data.Count > 0)),
            output => Assert.True(output.Data.ContainsKey("text/plain")));

    [Theory]
    [MemberData(nameof(Chapter.All), MemberType = typeof(Chapter))]
    public void The_outputs_stay_under_a_megabyte_and_name_no_machine(string name)
    {
        var withOutputs = File.ReadAllText(Chapter.Named(name).Path);
        var without = Chapter.Named(name).Notebook.Clone();
        foreach (var cell in without.CodeCells)
        {
            cell.SetOutputs([]);
        }

        Assert.InRange(Encoding.UTF8.GetByteCount(withOutputs) - Encoding.UTF8.GetByteCount(without.ToText()), 0, 1_000_000);
        Assert.DoesNotMatch(@"(/home/|/root/|/tmp/|/Users/|[A-Z]:\\\\Users)", withOutputs);
    }

    [GeneratedRegex(@"(?m)^#!(\w+)")]
    private static partial Regex Magics();
}
