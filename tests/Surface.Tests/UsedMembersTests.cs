using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Surface.Tests;

/// <summary>What counts as a use of a member, on a package of a few lines.</summary>
public class UsedMembersTests
{
    private const string Package = """
        using System;
        using System.Collections;
        using System.Collections.Generic;
        namespace Shop;
        public enum Size { Small = 1, Large = 2 }
        public readonly struct Weight
        {
            public static implicit operator Weight(int grams) => default;
            public static explicit operator int(Weight weight) => 0;
            public static Weight operator +(Weight left, Weight right) => left;
        }
        public abstract class Box
        {
            protected Box() { }
            protected Box(string name) { }
            public const int Sides = 6;
            public int this[int row, int column = 0] { get => 0; set { } }
            public Weight Weight { get; set; }
            public abstract string Open(Size size, bool gently = true);
            public virtual void Close() { }
            public void Deconstruct(out int width, out int height) => (width, height) = (0, 0);
            public Shelf Shelf => new();
            public int Unused() => 0;
        }
        public class Crate : Box
        {
            public override string Open(Size size, bool gently = true) => "";
        }
        public class Shelf
        {
            public Walker GetEnumerator() => new();
            public sealed class Walker { public bool MoveNext() => false; public Crate Current => new(); }
        }
        public static class BoxExtensions
        {
            public static T Tagged<T>(this T box, string? tag = null) where T : Box => box;
        }
        """;

    [Theory]
    [InlineData("new Crate().Open(Size.Large);", "Crate: Crate()", "Box: string Open(Size size, bool gently = true)", "Size: const Large = 2")]
    [InlineData("Weight w = 3;", "Weight: static implicit operator Weight(int grams)")]
    [InlineData("var grams = (int)new Crate().Weight;", "Crate: Crate()", "Box: Weight Weight { get; set; }", "Weight: static explicit operator int(Weight weight)")]
    [InlineData("Weight w = default; w += w;", "Weight: static Weight operator +(Weight left, Weight right)")]
    [InlineData("var x = new Crate()[1];", "Crate: Crate()", "Box: int this[int row, int column = 0] { get; set; }")]
    [InlineData("var (w, h) = new Crate();", "Crate: Crate()", "Box: void Deconstruct(out int width, out int height)")]
    [InlineData("foreach (var crate in new Shelf()) { }", "Shelf: Shelf()", "Shelf: Shelf.Walker GetEnumerator()", "Shelf.Walker: bool MoveNext()", "Shelf.Walker: Crate Current { get; }")]
    [InlineData("new Crate().Tagged(tag: \"a\");", "Crate: Crate()", "BoxExtensions: static T Tagged<T>(this T box, string tag = null) where T : Box")]
    [InlineData("System.Func<Crate, Size> f = box => { box.Close(); return (Size)Box.Sides; };", "Box: void Close()", "Box: const int Sides = 6")]
    [InlineData("System.Action a = new Crate().Close;", "Crate: Crate()", "Box: void Close()")]
    [InlineData("class Mine : Crate { public override void Close() { } }", "Crate: Crate()", "Box: void Close()")]
    [InlineData("class Mine : Box { public Mine() : base(\"a\") { } public override string Open(Size size, bool gently) => \"\"; }", "Box: protected Box(string name)", "Box: string Open(Size size, bool gently = true)")]
    [InlineData("class Mine(string name) : Box { string N => name; public override string Open(Size size, bool gently) => \"\"; }", "Box: protected Box()", "Box: string Open(Size size, bool gently = true)")]
    public void A_use_is_found(string code, params string[] expected)
    {
        var found = Collect(code).Keys.Where(member => member.Member.Length > 0).Select(member => $"{member.Type.Split(" : ")[0].Split("Shop.")[1]}: {member.Member}");

        Assert.Equal(expected.Order(StringComparer.Ordinal), found.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_type_that_is_only_named_is_found_with_its_base() =>
        Assert.Equal(["class Shop.Crate : Box", "enum Shop.Size", "struct Shop.Weight"], Collect("System.Collections.Generic.List<Crate> crates = new(); var size = typeof(Size); object o = 1; var yes = o is not Weight;").Keys.Select(member => member.Type).Order(StringComparer.Ordinal));

    [Fact]
    public void The_place_is_kept() => Assert.Equal(["the cell"], Assert.Single(Collect("var size = typeof(Size);")).Value);

    [Fact]
    public void Code_that_does_not_compile_is_refused_with_its_line()
    {
        var error = Assert.Throws<InvalidOperationException>(() => Collect("var a = 1;\nnew Crate().Lift();"));

        Assert.StartsWith("the cell(3): CS1061", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_list_is_read_as_it_was_written()
    {
        ListedMember[] members = [new("B", "class B.C", ""), new("A", "sealed class A.D : A.E", ""), new("A", "sealed class A.D : A.E", "static int Two(int x = 2)"), new("A", "sealed class A.D : A.E", "int One { get; }")];
        const string Text = "A\n  sealed class A.D : A.E\n    int One { get; }\n    static int Two(int x = 2)\n\nB\n  class B.C\n";

        Assert.Equal(Text, MemberList.Text(members));
        Assert.Equal(members.ToHashSet(), MemberList.Parse(["# made by hand", "", .. Text.Split('\n')]));
    }

    private static IReadOnlyDictionary<ListedMember, SortedSet<string>> Collect(string code)
    {
        var framework = MetadataReference.CreateFromFile(typeof(object).Assembly.Location);
        var package = CSharpCompilation.Create("Shop", [CSharpSyntaxTree.ParseText(Package)], [framework], new(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
        Assert.Empty(package.GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error));
        var tree = CSharpSyntaxTree.ParseText("using Shop;\n" + code, new(kind: SourceCodeKind.Script));
        var compilation = CSharpCompilation.CreateScriptCompilation("Cell", tree, [framework, package.ToMetadataReference()]);
        var used = new UsedMembers(name => name == "Shop");
        used.Collect(compilation, tree, "the cell");
        return used.Places;
    }
}
