using CSharpKernel.Scripting;

namespace CSharpKernel.Tests.Scripting;

public sealed class DirectiveTests
{
    [Fact]
    public async Task A_cell_of_code_and_html_puts_both_out_in_order()
    {
        using var cells = new Cells();
        var outputs = await cells.Run("1\n#!html\n<b>it's</b>\n<i>two</i>\n#!csharp\n2");
        Assert.Equal(["1", "<b>it's</b>\n<i>two</i>", "2"], outputs.Select(Cells.Plain));
        Assert.Equal("<b>it's</b>\n<i>two</i>", Cells.Form(Assert.IsType<DisplayOutput>(outputs[1]).Data, "text/html"));
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    public async Task Lines_count_from_the_start_of_the_cell_behind_a_magic(string newLine)
    {
        using var cells = new Cells();
        var code = string.Join(newLine, "#!csharp", "var x = 1;", "#!html", "<p>", "</p>", "#!csharp", "var y = x;", "  missing");
        var outputs = await cells.Run(code);
        var error = Assert.IsType<ErrorOutput>(outputs[^1]);
        Assert.Equal((8, 3), (error.Line, error.Column));
    }

    [Fact]
    public async Task A_magic_in_a_string_or_a_comment_is_none()
    {
        using var cells = new Cells();
        var text = await cells.Text(""""
            var a = """
                #!html
                """;
            /*
            #!html
            */
            // #!html
            var b = @"
            #!nonsense
            ";
            a + b.Trim()
            """");
        Assert.Equal("#!html#!nonsense", text);
    }

    [Theory]
    [InlineData("var x = 1; #!html\n")]
    [InlineData("/* comment */ #!html\n")]
    public async Task A_magic_is_the_first_thing_on_its_line(string code)
    {
        using var cells = new Cells();
        Assert.Equal("CompilationError", (await cells.Error(code)).Name);
    }

    [Fact]
    public async Task A_magic_may_be_indented_and_a_cell_may_start_with_csharp()
    {
        using var cells = new Cells();
        Assert.Equal("3", await cells.Text("#!csharp\n\n3"));
        Assert.Equal("<p/>", await cells.Text("  #!html\n<p/>"));
    }

    [Theory]
    [InlineData("#!fsharp", "#!fsharp")]
    [InlineData("#!time", "#!time")]
    [InlineData("#!csharp --kernel x", "#!csharp --kernel x")]
    public async Task An_unknown_magic_fails_before_anything_runs(string magic, string named)
    {
        using var cells = new Cells();
        var error = await cells.Error($"Console.WriteLine(1);\n{magic}\n1");
        Assert.Equal("DirectiveError", error.Name);
        Assert.Equal($"'{named}' is not a magic that this kernel knows; it knows #!csharp, #!html and #!import FILE.", error.Message);
        Assert.Equal([$"cell c1, line 2: {error.Message}"], error.Traceback);
        Assert.Equal(2, error.Line);
    }

    [Fact]
    public async Task Load_runs_a_script_whose_own_paths_start_from_its_folder()
    {
        using var cells = new Cells();
        cells.Write("scripts/outer.csx", "#load \"inner/inner.csx\"\nusing System.IO;\nint outer = inner + 1;");
        cells.Write("scripts/inner/inner.csx", "#r \"Answers.dll\"\nint inner = Answers.Value;");
        Library.Compile(Path.Combine(cells.Folder, "scripts/inner/Answers.dll"), "public static class Answers { public const int Value = 41; }");
        await cells.Quiet("#load \"scripts/outer.csx\"");
        Assert.Equal("42", await cells.Text("outer"));
        Assert.Equal("41", await cells.Text("Answers.Value"));

        // Its usings stay its own.
        Assert.StartsWith("error CS0103", (await cells.Error("Path.GetTempPath()")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_file_to_load_is_named_with_its_line()
    {
        using var cells = new Cells();
        var error = await cells.Error("\n#load \"nowhere.csx\"");
        Assert.Equal("error CS1504: There is no file 'nowhere.csx' to load; paths start from the notebook's folder.", error.Message);
        Assert.Equal((2, 7), (error.Line, error.Column));
    }

    [Fact]
    public async Task A_missing_assembly_is_named_with_its_line()
    {
        using var cells = new Cells();
        var error = await cells.Error("#r \"../bin/Missing.dll\"\nvar x = 1;");
        Assert.Equal("error CS0006: There is no assembly '../bin/Missing.dll' to reference; paths start from the notebook's folder.", error.Message);
        Assert.Equal("cell c1, line 1, column 4: " + error.Message, error.Traceback[0]);
        Assert.Equal((1, 4), (error.Line, error.Column));
    }

    [Fact]
    public async Task A_missing_assembly_in_a_loaded_script_is_named_with_the_script_and_the_cells_line()
    {
        using var cells = new Cells();
        cells.Write("lib/tutorial.csx", "// first line\n#r \"Missing.dll\"");
        var error = await cells.Error("\n\n#load \"lib/tutorial.csx\"");
        Assert.Equal("error CS0006: There is no assembly 'Missing.dll' to reference; paths start from the folder of tutorial.csx.", error.Message);
        Assert.Equal("lib/tutorial.csx, line 2, column 4: " + error.Message, error.Traceback[0]);
        Assert.Equal(3, error.Line);
    }

    [Fact]
    public async Task A_NuGet_reference_says_what_to_do_instead()
    {
        using var cells = new Cells();
        var error = await cells.Error("#r \"nuget: Newtonsoft.Json, 13.0.1\"");
        Assert.Equal("error CS0006: 'nuget: Newtonsoft.Json, 13.0.1': this kernel doesn't restore NuGet packages; reference an assembly's file, as in #r \"../lib/bin/Library.dll\".", error.Message);
    }

    [Fact]
    public async Task A_file_that_is_no_assembly_is_an_error()
    {
        using var cells = new Cells();
        cells.Write("text.dll", "not an assembly");
        var error = await cells.Error("#r \"text.dll\"");
        Assert.StartsWith("error CS0009", error.Message, StringComparison.Ordinal);
        Assert.Equal(1, error.Line);
    }

    [Fact]
    public async Task A_framework_assembly_can_be_referenced_by_name()
    {
        using var cells = new Cells();
        Assert.Equal("MailAddress", await cells.Text("#r \"System.Net.Mail\"\ntypeof(System.Net.Mail.MailAddress).Name"));
    }

    [Fact]
    public async Task An_assemblys_dependencies_are_found_beside_it()
    {
        using var cells = new Cells();
        var basePath = Path.Combine(cells.Folder, "lib/Base.dll");
        Library.Compile(basePath, "public class Base { public int Seven => 7; }");
        Library.Compile(Path.Combine(cells.Folder, "lib/Derived.dll"), "public class Derived : Base { }", basePath);
        Assert.Equal("7", await cells.Text("#r \"lib/Derived.dll\"\nnew Derived().Seven"));
    }

    [Fact]
    public async Task A_referenced_assembly_is_loaded_once_from_a_shadow_copy()
    {
        using var cells = new Cells(options => options with { ShadowCopyFolder = Path.Combine(options.WorkingDirectory, "shadow") });
        var path = Path.Combine(cells.Folder, "lib/State.dll");
        Library.Compile(path, "public static class State { public static int Count; }");
        await cells.Quiet("#r \"lib/State.dll\"\nState.Count++;");
        await cells.Quiet("#r \"lib/../lib/State.dll\"\nState.Count++;");
        Assert.Equal("2", await cells.Text("State.Count"));
        var location = await cells.Text("typeof(State).Assembly.Location");
        Assert.StartsWith(Path.Combine(cells.Folder, "shadow"), location, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.ChangeExtension(location, ".pdb")));
        Library.Compile(path, "public static class Other { }");
    }

    [Fact]
    public async Task An_assembly_that_the_host_has_is_not_loaded_twice()
    {
        using var cells = new Cells();
        var library = typeof(Microsoft.DotNet.Interactive.Kernel).Assembly.Location;
        var copy = Path.Combine(cells.Folder, Path.GetFileName(library));
        File.Copy(library, copy);
        await cells.Quiet($"#r \"{Path.GetFileName(copy)}\"");
        Assert.Equal(library, await cells.Text("typeof(Microsoft.DotNet.Interactive.Kernel).Assembly.Location"));
    }

    [Fact]
    public async Task Import_runs_a_notebooks_code_cells()
    {
        using var cells = new Cells();
        cells.Write("other.ipynb", Notebook("""["int a = 20;\n", "a"]""", """["int b = a * 2;\n", "b"]"""));
        var outputs = await cells.Run("int before = 2;\n#!import other.ipynb\nbefore + b");
        Assert.Equal(["20", "40", "42"], outputs.Select(Cells.Plain));
    }

    [Fact]
    public async Task Import_runs_a_script_whose_usings_stay()
    {
        using var cells = new Cells();
        cells.Write("scripts/helper.csx", "#load \"values.csx\"\nusing System.IO;\nint twice = value * 2;");
        cells.Write("scripts/values.csx", "int value = 4;");
        await cells.Quiet("#!import \"scripts/helper.csx\"");
        Assert.Equal("8.x", await cells.Text("twice + Path.GetExtension(\"f.x\")"));
    }

    [Fact]
    public async Task What_fails_in_an_imported_file_fails_on_the_import_line()
    {
        using var cells = new Cells();
        cells.Write("other.ipynb", Notebook("\"int a = 20;\"", "\"\\n\\nthrow new Exception(\\\"inside\\\");\""));
        cells.Write("broken.csx", "\nint x = \"\";");
        var thrown = await cells.Error("\n\n#!import other.ipynb");
        Assert.Equal((3, 1), (thrown.Line, thrown.Column));
        Assert.Equal(["System.Exception: inside", "   at cell imported-2 of other.ipynb, line 3"], thrown.Traceback);
        var broken = await cells.Error("#!import broken.csx");
        Assert.Equal((1, 1), (broken.Line, broken.Column));
        Assert.StartsWith("broken.csx, line 2, column 9: error CS0029", broken.Traceback[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("missing.ipynb", "There is no file 'missing.ipynb' to import; paths start from the notebook's folder.")]
    [InlineData("text.txt", "'text.txt' is neither a notebook (.ipynb) nor a C# script (.cs, .csx).")]
    [InlineData("self.csx", "'self.csx' imports itself.")]
    public async Task An_import_that_cannot_be_done_says_why(string path, string message)
    {
        using var cells = new Cells();
        cells.Write("text.txt", "text");
        cells.Write("self.csx", "#!import self.csx");
        var error = await cells.Error($"#!import {path}");
        Assert.Equal(message, error.Message);
        Assert.Equal(1, error.Line);
    }

    [Fact]
    public async Task A_broken_notebook_is_not_imported()
    {
        using var cells = new Cells();
        cells.Write("broken.ipynb", "{ \"cells\": [");
        var error = await cells.Error("#!import broken.ipynb");
        Assert.Equal("DirectiveError", error.Name);
        Assert.StartsWith("broken.ipynb(1,", error.Message, StringComparison.Ordinal);
    }

    private static string Notebook(params string[] sources)
    {
        var cells = sources.Select((source, index) => $$"""{"cell_type": "code", "id": "imported-{{index + 1}}", "metadata": {}, "execution_count": null, "outputs": [], "source": {{source}}}""");
        return $$"""{"cells": [{{string.Join(',', cells)}}], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}""";
    }
}
