using System.Diagnostics;
using System.Text.RegularExpressions;
using TransformerTutorial.Testing;

namespace CSharpKernel.Tests.Running;

/// <summary>What a person reads who asks for the packages where they cannot be had.</summary>
public sealed class MissingPackagesTests
{
    [Theory]
    [InlineData("build", "lib/CSharpKernel", "TutorialStack", "nuget", "Microsoft.ML.Tokenizers, Plotly.NET, Plotly.NET.Interactive, TorchSharp-cpu")]
    [InlineData("restore", "tests/NotebookHost.Tests", "NotebookHost", "interactive", "Microsoft.DotNet.Interactive.CSharp, Microsoft.NET.Test.Sdk, xunit, xunit.runner.visualstudio")]
    public async Task One_message_names_the_property_and_the_packages(string command, string project, string property, string value, string packages)
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File("source"));
        var start = new ProcessStartInfo(TestProcess.DotnetHost, [command, Repository.PathOf(project.Split('/')), "-nodeReuse:false", "-consoleLoggerParameters:NoSummary", "-terminalLogger:off"])
        {
            WorkingDirectory = folder.Path,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        foreach (var chosen in new[] { "TutorialStack", "NotebookHost", "TorchSharpPackage" })
        {
            start.Environment.Remove(chosen);
        }

        // As the environment gives them. A source that has nothing, and a cache of its own: this machine may have the packages.
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        start.Environment[property] = value;
        start.Environment["RestoreSources"] = folder.File("source");
        start.Environment["RestorePackagesPath"] = folder.File("cache");
        // What is restored for the real builds stays as it is: each project has a folder of its own for this one.
        start.Environment["BaseIntermediateOutputPath"] = "obj/missing-packages/";
        var (exitCode, output, _) = await TestProcess.RunAsync(start);

        Assert.NotEqual(0, exitCode);
        var message = Assert.Single(output.Split('\n').Where(line => line.Contains("error", StringComparison.Ordinal)).Distinct());
        var asked = Regex.Match(message, $": {property}={value} asks for (.*), which could not be restored\\.").Groups[1].Value;
        Assert.Equal(packages.Split(", ").Order(StringComparer.Ordinal), asked.Split(", ").Order(StringComparer.Ordinal));
        Assert.Contains($"leave {property}={value} out", message, StringComparison.Ordinal);
    }
}
