using Microsoft.DotNet.Interactive.Formatting;

namespace Microsoft.DotNet.Interactive.Managed.Tests;

public sealed class RegistrationTests : FormatterTestBase
{
    [Fact]
    public void A_formatter_that_writes_lines_ends_them_alike_on_every_system()
    {
        Formatter.Register<Version>((version, writer) => writer.WriteLine(version.Major));
        Assert.Equal("1\n", Plain(new Version(1, 2)));
        Assert.Contains("1\\n", Plain(new Dictionary<int, Version> { [1] = new(1, 2) }), StringComparison.Ordinal);
    }

    [Fact]
    public void A_registered_formatter_writes_its_type()
    {
        Formatter.Register<Animal>(animal => $"<{animal.Name}>");
        Formatter.Register<Animal>((animal, writer) => writer.Write($"<b>{animal.Name}</b>"), "text/html");
        Assert.Equal("<a>", Plain(new Animal("a")));
        Assert.Equal("<b>a</b>", Html(new Animal("a")));
        Assert.Equal("<c>", Plain(new Cat("c")));
    }

    [Fact]
    public void The_most_derived_and_then_the_latest_registration_wins()
    {
        Formatter.Register<Cat>(_ => "first cat");
        Formatter.Register<Cat>(_ => "cat");
        Formatter.Register<Animal>(_ => "animal");
        Formatter.Register<object>((_, writer) => writer.Write("object"));
        Assert.Equal("cat", Plain(new Cat("c")));
        Assert.Equal("animal", Plain(new Animal("a")));
        Assert.Equal("object", Plain(1));
    }

    [Fact]
    public void A_formatter_that_returns_false_is_passed_over()
    {
        Formatter.Register<int>(number => $"number {number}");
        Formatter.Register<int>((number, context) =>
        {
            if (number % 2 == 1)
            {
                return false;
            }

            context.Writer.Write("even");
            return true;
        });
        Assert.Equal("even", Plain(2));
        Assert.Equal("number 3", Plain(3));
        Formatter.ResetToDefault();
        Assert.Equal("3", Plain(3));
    }

    [Fact]
    public void An_open_generic_type_stands_for_all_its_instances()
    {
        Formatter.Register(typeof(List<>), (list, writer) => writer.Write("list"));
        Assert.Equal("list", Plain(new List<int>()));
        Assert.Equal("list", Plain(new List<string>()));
    }

    [Fact]
    public void A_registered_formatter_is_used_within_other_values()
    {
        Formatter.Register<Animal>(animal => $"~{animal.Name}~");
        Assert.Equal(Lines("key  value", "---  -----", "  1  ~a~"), Plain(new Dictionary<int, Animal> { [1] = new("a") }));
        Assert.Contains(">~a~</td>", Html(new[] { new Animal("a") }), StringComparison.Ordinal);
        Assert.Equal("( 1, ~a~ )", Plain((1, new Animal("a"))));
    }

    [Fact]
    public void Preferred_MIME_types_are_those_set_and_plain_text()
    {
        Formatter.Register<Animal>(_ => "{}", "application/x-animal+json");
        Formatter.SetPreferredMimeTypesFor(typeof(Animal), "application/x-animal+json", "text/html");
        Assert.Equal(["application/x-animal+json", "text/html"], Formatter.GetPreferredMimeTypesFor(typeof(Cat)));
        Assert.Equal(["application/x-animal+json", "text/html", "text/plain"], MimeTypesOf(new Cat("c")));
        Formatter.DefaultMimeType = "text/plain";
        Assert.Equal(["text/plain"], MimeTypesOf(new { A = 1 }));
        Assert.Throws<ArgumentException>(() => Formatter.SetPreferredMimeTypesFor(typeof(Animal)));
    }

    [Fact]
    public void A_formatter_can_write_a_part_with_another()
    {
        Formatter.Register<Animal>((animal, context) =>
        {
            context.Writer.Write("animal ");
            animal.Name.FormatTo(context);
            return true;
        });
        Assert.Equal("animal a", Plain(new Animal("a")));
    }

    [Fact]
    public void Limits_cannot_be_negative()
    {
        Assert.Throws<ArgumentException>(() => Formatter.ListExpansionLimit = -1);
        Assert.Throws<ArgumentException>(() => Formatter.RecursionLimit = -1);
    }

    private record Animal(string Name);

    private sealed record Cat(string Name) : Animal(Name);
}
