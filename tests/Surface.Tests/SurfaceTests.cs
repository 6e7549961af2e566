using Microsoft.CodeAnalysis;

namespace Surface.Tests;

/// <summary>
/// Library and chapters use exactly the members of the packages that <c>PackageMembers.txt</c> lists, and the assemblies at hand have each of them in the listed form. The list is made from the real
/// packages, so code that passes here on our assemblies means the same members there.
/// </summary>
public class SurfaceTests
{
    private const string WriteVariable = "TUTORIAL_WRITE_MEMBERS";

    [Fact]
    public void Every_member_that_library_and_chapters_use_is_on_the_list()
    {
        var used = TutorialCode.Members.Places;
        if (Environment.GetEnvironmentVariable(WriteVariable) == "1")
        {
            WriteList(used.Keys);
        }

        var listed = MemberList.Read();
        var missing = used.Where(use => !listed.Contains(use.Key)).ToList();

        Assert.True(
            missing.Count == 0,
            $"{missing.Count} used but not listed. See \"Members of the packages\" in README.md.\n"
                + string.Join('\n', missing.Select(use => $"{use.Key}\n    used in {string.Join("; ", use.Value.Take(3))}{(use.Value.Count > 3 ? $" and {use.Value.Count - 3} more" : "")}")));
    }

    [Fact]
    public void Nothing_on_the_list_is_unused()
    {
        var used = TutorialCode.Members.Places;
        var unused = MemberList.Read().Where(member => !used.ContainsKey(member)).ToList();

        Assert.True(unused.Count == 0, $"{unused.Count} listed but unused: remove their lines.\n{string.Join('\n', unused)}");
    }

    [Fact]
    public void The_assemblies_have_every_listed_member_in_the_listed_form()
    {
        var ours = TutorialCode.PackageAssemblies.SelectMany(MembersOf).ToHashSet();
        var absent = MemberList.Read().Where(member => !ours.Contains(member)).ToList();

        Assert.True(absent.Count == 0, $"{absent.Count} listed that the assemblies lack, or have otherwise:\n{string.Join('\n', absent.Select(member => $"{member}\n    there is {Nearest(member, ours)}"))}");
    }

    [Fact]
    public void The_list_stands_in_its_own_form_and_order()
    {
        var lines = File.ReadAllText(TransformerTutorial.Testing.Repository.PathOf("tests", "Surface.Tests", "PackageMembers.txt"));

        Assert.EndsWith("\n\n" + MemberList.Text(MemberList.Read()), lines, StringComparison.Ordinal);
    }

    private static IEnumerable<ListedMember> MembersOf(IAssemblySymbol assembly)
    {
        var package = MemberList.PackageOf(assembly.Name);
        foreach (var type in TypesOf(assembly.GlobalNamespace))
        {
            var line = MemberText.OfType(type);
            yield return new(package, line, "");
            foreach (var member in type.GetMembers().Where(member => member is not INamedTypeSymbol && SymbolEqualityComparer.Default.Equals(MemberText.Declared(member), member)))
            {
                yield return new(package, line, MemberText.OfMember(member));
            }
        }
    }

    private static IEnumerable<INamedTypeSymbol> TypesOf(INamespaceOrTypeSymbol container)
    {
        foreach (var type in container.GetTypeMembers())
        {
            yield return type;
            foreach (var nested in TypesOf(type))
            {
                yield return nested;
            }
        }

        foreach (var inner in (container as INamespaceSymbol)?.GetNamespaceMembers() ?? [])
        {
            foreach (var type in TypesOf(inner))
            {
                yield return type;
            }
        }
    }

    // For the report: the same name under the same type's name, whatever its form.
    private static string Nearest(ListedMember wanted, IEnumerable<ListedMember> ours)
    {
        var found = ours.Where(other => other.Package == wanted.Package && NameOf(other.Type) == NameOf(wanted.Type) && NameOf(other.Member) == NameOf(wanted.Member)).ToList();
        return found.Count == 0 ? "nothing of that name" : string.Join("\n             ", found);
    }

    private static string NameOf(string line) => line.Split(" : ")[0].Split('(')[0].Split('<')[0].Split(" {")[0].Split(' ')[^1];

    private static void WriteList(IEnumerable<ListedMember> used)
    {
        var kept = TutorialCode.PackageAssemblies.Where(assembly => MemberList.IsManaged(assembly.Name)).Select(assembly => MemberList.PackageOf(assembly.Name)).ToHashSet();
        Assert.False(kept.Contains("TorchSharp"), $"The list is made from the real packages, and lib/bin holds our own: give {WriteVariable} together with -p:TutorialStack=nuget.");
        MemberList.Write(used, kept);
    }
}
