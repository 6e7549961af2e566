using System.Diagnostics;
using System.Runtime.Intrinsics;
using TransformerTutorial.Testing;

namespace TorchSharp.Managed.Tests.Reproducibility;

/// <summary>The same bits at every vector width, with any number of threads, in every run: a program that hashes its results, run again and again.</summary>
public class ReproducibilityTests
{
    private static readonly Lazy<string[]> Long = new(() => Run([]).Hashes);
    private static readonly Lazy<string[]> Short = new(() => Run(["short"]).Hashes);

    [Fact]
    public void Two_runs_give_the_same_bits() => Assert.Equal(Long.Value, Run([]).Hashes);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void The_number_of_threads_changes_no_bit(int threads) => Assert.Equal(Long.Value, Run(["threads", $"{threads}"]).Hashes);

    [Theory]
    [InlineData("DOTNET_EnableAVX512", 256)]
    [InlineData("DOTNET_EnableAVX2", 128)]
    public void The_vector_width_changes_no_bit(string variable, int width)
    {
        // Where the hardware has no such vectors in the first place, the switch has nothing to switch off.
        string[] arguments = variable == "DOTNET_EnableAVX2" ? ["short"] : [];
        var (vectors, hashes) = Run(arguments, (variable, "0"));
        Assert.True(int.Parse(vectors.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture) <= width, $"{variable}=0 left {vectors}");
        Assert.Equal(arguments.Length > 0 ? Short.Value : Long.Value, hashes);
    }

    [Fact]
    public void No_vector_hardware_at_all_changes_no_bit()
    {
        var (vectors, hashes) = Run(["short"], ("DOTNET_EnableHWIntrinsic", "0"));
        Assert.Contains("fma False", vectors, StringComparison.Ordinal);
        Assert.Equal(Short.Value, hashes);
    }

    [Fact]
    public void The_program_hashes_results_of_every_kind()
    {
        Assert.True(Long.Value.Length > 100, $"only {Long.Value.Length} hashes");

        // All different: a hash of nothing, or of zeros everywhere, would show.
        Assert.True(Long.Value.Select(line => line.Split(' ')[^1]).Distinct().Count() > Long.Value.Length * 9 / 10);
        Assert.True(Vector128.IsHardwareAccelerated || Long.Value.Length > 0);
    }

    private static (string Vectors, string[] Hashes) Run(string[] arguments, params (string Name, string Value)[] environment)
    {
        // tests/TorchSharp.Managed.Tests/bin/CONFIGURATION/FRAMEWORK: the program lies in the same place of its own project.
        var parts = AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar).Split(Path.DirectorySeparatorChar);
        var program = Repository.PathOf("tests", "TorchSharp.Managed.Reproducibility", "bin", parts[^2], parts[^1], "TorchSharp.Managed.Reproducibility.dll");
        var start = new ProcessStartInfo("dotnet", [program, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var lines = process.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{string.Join(' ', arguments)} ended with {process.ExitCode}: {errors.Result}");
        return (lines[0], lines[1..]);
    }
}
