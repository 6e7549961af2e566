using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CSharpKernel.Notebooks;
using CSharpKernel.Scripting;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using TransformerTutorial.Testing;

namespace Surface.Tests;

/// <summary>
/// The library's source and every chapter's cells, printed solutions included, compiled against the assemblies of <c>lib/bin</c>: our own, or on the nuget stack the real ones. Nothing is run.
/// </summary>
internal static partial class TutorialCode
{
    private const string LibraryName = "TransformerTutorial";

    // What the SDK's implicit usings are.
    private const string ImplicitUsings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Net.Http;
        global using System.Threading;
        global using System.Threading.Tasks;
        """;

    private static readonly CSharpParseOptions CellOptions = new(LanguageVersion.Latest, DocumentationMode.None, SourceCodeKind.Script);

    // As the kernel compiles cells; one for all chapters, so that an assembly is read once.
    private static readonly CSharpCompilationOptions SubmissionOptions = new SubmissionChain(new ScriptPaths(Repository.PathOf("notebooks")), shadowCopyFolder: null, isInterruptible: false).Options;

    private static readonly Lazy<UsedMembers> LazyMembers = new(Collect);

    /// <summary>What library and chapters use, with the places.</summary>
    public static UsedMembers Members => LazyMembers.Value;

    /// <summary>The assemblies of the packages, real or ours, that chapters and library meet.</summary>
    public static IReadOnlyList<IAssemblySymbol> PackageAssemblies
    {
        get
        {
            var references = References().Append(MetadataReference.CreateFromFile(typeof(Microsoft.DotNet.Interactive.Kernel).Assembly.Location)).ToList();
            var compilation = CSharpCompilation.Create("Packages", references: references, options: new(OutputKind.DynamicallyLinkedLibrary));
            return [.. references.Select(compilation.GetAssemblyOrModuleSymbol).OfType<IAssemblySymbol>().Where(assembly => MemberList.IsPackage(assembly.Name))];
        }
    }

    private static string LoadedScript => Repository.PathOf("lib", "bin", "tutorial.csx");

    private static UsedMembers Collect()
    {
        var parts = new List<Func<UsedMembers>> { OfLibrary };
        parts.AddRange(Directory.GetFiles(Repository.PathOf("notebooks"), "*.ipynb").Select(file => (Func<UsedMembers>)(() => OfChapter(file))));
        var all = new UsedMembers(MemberList.IsPackage);
        foreach (var part in parts.AsParallel().Select(part => part()))
        {
            all.Add(part);
        }

        return all;
    }

    // Without what is compiled on the nuget stack only and uses none of these packages.
    private static UsedMembers OfLibrary()
    {
        var folder = Repository.PathOf("lib", LibraryName);
        var options = new CSharpParseOptions(LanguageVersion.Latest, DocumentationMode.None, preprocessorSymbols: ["NET10_0_OR_GREATER", .. IsNuget() ? ["TUTORIAL_STACK_NUGET"] : Array.Empty<string>()]);
        var trees = Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
            .Where(file => !Path.GetRelativePath(folder, file).Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj" or "PlotlyNet"))
            .Select(file => CSharpSyntaxTree.ParseText(File.ReadAllText(file), options, file))
            .ToList();
        var compilation = CSharpCompilation.Create(
            LibraryName,
            [.. trees, CSharpSyntaxTree.ParseText(ImplicitUsings, options)],
            References(),
            new(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true, nullableContextOptions: NullableContextOptions.Annotations));
        var used = new UsedMembers(MemberList.IsPackage);
        foreach (var tree in trees)
        {
            used.Collect(compilation, tree, Path.GetRelativePath(Repository.Folder, tree.FilePath).Replace('\\', '/'));
        }

        return used;
    }

    private static UsedMembers OfChapter(string file)
    {
        var used = new UsedMembers(MemberList.IsPackage);
        var name = Path.GetFileNameWithoutExtension(file);
        var notebook = Notebook.Read(file);
        var solutions = Solutions(name);
        CSharpCompilation? previous = null;
        var number = 0;
        foreach (var cell in notebook.CodeCells)
        {
            if (solutions.TryGetValue(cell.Id, out var solution))
            {
                var markdown = notebook.Cells.First(other => other.Id == solution);
                Compile(CodeBlock().Match(markdown.Source).Groups[1].Value, solution);
            }

            foreach (var segment in CellSegment.Split(cell.Source).Where(segment => segment.Kind == CellSegmentKind.Code))
            {
                previous = Compile(new string('\n', segment.Line) + segment.Text, cell.Id);
            }
        }

        return used;

        CSharpCompilation Compile(string code, string cell)
        {
            number++;
            var tree = CSharpSyntaxTree.ParseText(code, CellOptions, ScriptPaths.OfCell(cell));
            var compilation = CSharpCompilation.CreateScriptCompilation(
                $"Submission{number}", tree, previous is null ? HostAssemblies.References : null, SubmissionOptions.WithScriptClassName($"Submission#{number}"), previous, typeof(object));
            used.Collect(compilation, tree, $"notebooks/{name}.ipynb, {cell}");
            return compilation;
        }
    }

    /// <summary>For an exercise's stub the Markdown cell with its solution, as the chapter's plan has them.</summary>
    private static Dictionary<string, string> Solutions(string chapter)
    {
        var plan = JsonNode.Parse(File.ReadAllText(Repository.PathOf("tests", "Chapters.Tests", "Plans", chapter + ".json")))!;
        return plan["exercises"]!.AsArray().ToDictionary(exercise => (string)exercise!["stub"]!, exercise => (string)exercise!["solution"]!);
    }

    /// <summary>The framework's assemblies and those that a chapter loads, without the library itself.</summary>
    private static IEnumerable<MetadataReference> References()
    {
        var framework = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        var loaded = File.ReadLines(LoadedScript).Select(line => ReferenceLine().Match(line)).Where(line => line.Success).Select(line => line.Groups[1].Value);
        return (AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") as string ?? "").Split(Path.PathSeparator)
            .Where(path => Path.GetDirectoryName(path) == framework)
            .Concat(loaded.Where(file => Path.GetFileNameWithoutExtension(file) != LibraryName).Select(file => Path.Combine(Path.GetDirectoryName(LoadedScript)!, file)))
            .Select(path => (MetadataReference)MetadataReference.CreateFromFile(path));
    }

    private static bool IsNuget() => File.ReadLines(LoadedScript).Contains("// stack: nuget");

    [GeneratedRegex("^#r \"(.+)\"")]
    private static partial Regex ReferenceLine();

    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex CodeBlock();
}
