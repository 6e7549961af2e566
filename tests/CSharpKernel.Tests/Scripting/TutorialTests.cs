using CSharpKernel.Scripting;
using TransformerTutorial.Testing;

namespace CSharpKernel.Tests.Scripting;

/// <summary>The first cell of every chapter, with the library as the build leaves it.</summary>
public sealed class TutorialTests
{
    [Fact]
    public async Task The_tutorial_script_loads_and_the_librarys_rich_outputs_show_all_their_forms()
    {
        using var cells = new Cells(options => options with { WorkingDirectory = Repository.PathOf("notebooks"), ShadowCopyFolder = Path.Combine(options.WorkingDirectory, "shadow") });
        await cells.Quiet("#load \"../lib/bin/tutorial.csx\"\nusing TransformerTutorial.Display;");
        await cells.Quiet("""
            [TypeFormatterSource(typeof(RichOutputFormatterSource), PreferredMimeTypes = new[] { MimeTypes.Plotly, MimeTypes.Svg, MimeTypes.Html })]
            class Card : RichOutput
            {
                public override string Write(string mimeType) => mimeType == MimeTypes.Svg ? null : mimeType;
            }
            """);
        var card = Assert.IsType<DisplayOutput>(Assert.Single(await cells.Run("new Card()")));
        Assert.Equal(["application/vnd.plotly.v1+json", "text/html", "text/plain"], card.Data.Select(form => form.Key));
        Assert.All(card.Data, form => Assert.Equal(form.Key, form.Value));
    }

    [Fact]
    public async Task The_tensor_engine_works_on_after_an_interrupt_in_the_middle_of_it()
    {
        using var cells = new InterruptibleCells(
            options => options with { WorkingDirectory = Repository.PathOf("notebooks"), ShadowCopyFolder = Path.Combine(options.WorkingDirectory, "shadow") });
        await cells.RunToEnd("#load \"../lib/bin/tutorial.csx\"\nusing TorchSharp;\nvar a = torch.arange(250_000, dtype: torch.float32).reshape(500, 500) / 250_000;\nvar expected = a.mm(a).sum().item<float>();");
        for (var i = 0; i < 3; i++)
        {
            var (result, outputs, _) = await cells.Interrupt("display(\"begun\");\nwhile (true) { using var scope = torch.NewDisposeScope(); var b = a.mm(a).exp().sum(); }");
            Assert.Equal(SessionEnd.Interrupted, result.End);
            Assert.Equal(2, outputs.Count);
            Assert.Equal("True", Cells.Plain(Assert.Single(await cells.RunToEnd("a.mm(a).sum().item<float>() == expected"))));
        }
    }

    [Fact]
    public async Task A_referenced_assembly_is_read_once_and_the_framework_once_for_all_sessions()
    {
        var references = HostAssemblies.References;
        using var cells = new Cells();
        Library.Compile(Path.Combine(cells.Folder, "Once.dll"), "public static class Once { }");
        var loadsBefore = AppDomain.CurrentDomain.GetAssemblies().Count(assembly => assembly.GetName().Name == "Once");
        for (var index = 0; index < 3; index++)
        {
            await cells.Quiet("#r \"Once.dll\"\nvar type = typeof(Once).Name;");
        }

        Assert.Equal(loadsBefore + 1, AppDomain.CurrentDomain.GetAssemblies().Count(assembly => assembly.GetName().Name == "Once"));
        Assert.Same(references, HostAssemblies.References);
    }
}
