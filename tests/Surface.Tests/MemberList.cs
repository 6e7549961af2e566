using System.Text;
using TransformerTutorial.Testing;

namespace Surface.Tests;

/// <summary>The committed list: <c>PackageMembers.txt</c>. One package a block, its types below it, a type's members below the type; lines that begin with # say what it was made from.</summary>
internal static class MemberList
{
    private const string ManagedSuffix = ".Managed";

    // The packages that have a stand-in of ours.
    private static readonly string[] Packages = ["Microsoft.DotNet.Interactive", "Microsoft.ML.Tokenizers", "TorchSharp"];

    private static string File => Repository.PathOf("tests", "Surface.Tests", "PackageMembers.txt");

    /// <summary>The package that an assembly belongs to, or stands in for.</summary>
    public static string PackageOf(string assembly) => IsManaged(assembly) ? assembly[..^ManagedSuffix.Length] : assembly == "Microsoft.DotNet.Interactive.Formatting" ? "Microsoft.DotNet.Interactive" : assembly;

    /// <summary>Whether an assembly is one of ours.</summary>
    public static bool IsManaged(string assembly) => assembly.EndsWith(ManagedSuffix, StringComparison.Ordinal);

    /// <summary>Whether an assembly is one of the packages, or one of ours in its place.</summary>
    public static bool IsPackage(string assembly) => Packages.Contains(PackageOf(assembly));

    /// <summary>What the list holds.</summary>
    public static IReadOnlySet<ListedMember> Read() => Parse(System.IO.File.ReadLines(File));

    /// <summary>Writes the list anew. Packages in <paramref name="kept"/> keep the lines that they have, and so does what precedes them all.</summary>
    public static void Write(IEnumerable<ListedMember> members, IReadOnlySet<string> kept)
    {
        var header = System.IO.File.ReadLines(File).TakeWhile(line => line.Length == 0 || line[0] == '#');
        var all = members.Where(member => !kept.Contains(member.Package)).Concat(Read().Where(member => kept.Contains(member.Package))).ToHashSet();
        System.IO.File.WriteAllText(File, string.Join('\n', header) + "\n" + Text(all));
    }

    /// <summary>The lines of some members, in the list's form and order.</summary>
    public static string Text(IEnumerable<ListedMember> members)
    {
        var text = new StringBuilder();
        foreach (var package in members.GroupBy(member => member.Package).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            text.Append(text.Length > 0 ? "\n" : "").Append(package.Key).Append('\n');
            foreach (var type in package.GroupBy(member => member.Type).OrderBy(group => NameOf(group.Key), StringComparer.Ordinal).ThenBy(group => group.Key, StringComparer.Ordinal))
            {
                text.Append("  ").Append(type.Key).Append('\n');
                foreach (var member in type.Where(member => member.Member.Length > 0).Select(member => member.Member).Order(StringComparer.Ordinal))
                {
                    text.Append("    ").Append(member).Append('\n');
                }
            }
        }

        return text.ToString();
    }

    /// <summary>Reads lines of the list's form.</summary>
    public static IReadOnlySet<ListedMember> Parse(IEnumerable<string> lines)
    {
        var members = new HashSet<ListedMember>();
        var (package, type) = ("", "");
        foreach (var line in lines.Where(line => line.Length > 0 && line[0] != '#'))
        {
            switch (line.Length - line.TrimStart(' ').Length)
            {
                case 0:
                    package = line;
                    break;
                case 2:
                    type = line.Trim();
                    members.Add(new(package, type, ""));
                    break;
                default:
                    members.Add(new(package, type, line.Trim()));
                    break;
            }
        }

        return members;
    }

    // "sealed class A.B : C" is filed under A.B.
    private static string NameOf(string type) => type.Split(" : ")[0].Split(' ').First(word => word.Contains('.', StringComparison.Ordinal));
}
