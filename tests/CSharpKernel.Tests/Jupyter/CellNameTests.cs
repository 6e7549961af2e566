using System.Text.Json.Nodes;
using CSharpKernel.Jupyter;

namespace CSharpKernel.Tests.Jupyter;

public sealed class CellNameTests
{
    [Theory]
    [InlineData("ch06-why-scale", "ch06-why-scale")]
    [InlineData("intro_2", "intro_2")]
    [InlineData("deadbeef-notes", "deadbeef-notes")]
    [InlineData("b7c0a1f2", "3")]
    [InlineData("a0436f6c-1916-498b-8eb9-e81ab9368e84", "3")]
    [InlineData("A0436F6C1916498B8EB9E81AB9368E84", "3")]
    [InlineData("", "3")]
    [InlineData("vscode-notebook-cell:/home/me/x.ipynb#W0sZmlsZQ==", "3")]
    [InlineData("two words", "3")]
    [InlineData("line\n", "3")]
    [InlineData("x123456789012345678901234567890123456789012345678901234567890123", "x123456789012345678901234567890123456789012345678901234567890123")]
    [InlineData("x1234567890123456789012345678901234567890123456789012345678901234", "3")]
    public void An_id_that_a_person_gave_names_the_cell(string id, string name)
    {
        Assert.Equal(name, CellNames.NameOf(new JsonObject { ["cellId"] = id }, 3));
        Assert.Equal(name, CellNames.NameOf(new JsonObject { ["cell_id"] = id }, 3));
    }

    [Fact]
    public void Anything_else_is_the_count()
    {
        Assert.Equal("12", CellNames.NameOf([], 12));
        Assert.Equal("12", CellNames.NameOf(new JsonObject { ["cellId"] = 5 }, 12));
    }
}
