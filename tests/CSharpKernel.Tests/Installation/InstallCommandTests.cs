using System.Diagnostics;
using System.Text.Json.Nodes;
using CSharpKernel.Tests.Jupyter;
using CSharpKernel.Tests.Running;

namespace CSharpKernel.Tests.Installation;

/// <summary>The commands as a person types them, in a home of their own.</summary>
public sealed class InstallCommandTests
{
    [Fact]
    public async Task Installed_program_runs_from_its_own_folder_is_listed_and_goes_away()
    {
        using var folder = new TemporaryFolder();
        var (exitCode, output, error) = await RunAsync(folder, "install", "--no-ready-to-run");
        Assert.Equal((0, ""), (exitCode, error));
        Assert.Contains(", copied as it is, as --no-ready-to-run says.\n", output, StringComparison.Ordinal);

        var kernel = await OursAsync(folder);
        Assert.Equal((".net-csharp", ".NET (C#)"), (kernel["name"]!.GetValue<string>(), kernel["display_name"]!.GetValue<string>()));
        Assert.Null(kernel["missing"]);
        var arguments = kernel["argv"]!.AsArray().Select(argument => argument!.GetValue<string>()).ToArray();

        // The installed program, from anywhere, and without a dotnet on the PATH.
        var command = Command(folder, "list");
        command.FileName = arguments[0];
        command.ArgumentList[0] = arguments[1];
        command.Environment["PATH"] = "";
        var list = await TestProcess.RunAsync(command);
        Assert.Equal((0, ""), (list.ExitCode, list.Error));
        Assert.Matches(@"(?m)^\.net-csharp +\.NET \(C#\) +ours +\S+$", list.Output);

        File.Delete(arguments[1]);
        Assert.Equal(arguments[1], (await OursAsync(folder))["missing"]!.GetValue<string>());

        var removal = await RunAsync(folder, "uninstall");
        Assert.Equal((0, ""), (removal.ExitCode, removal.Error));
        removal = await RunAsync(folder, "uninstall");
        Assert.Equal(101, removal.ExitCode);
        Assert.StartsWith("There is no kernel .net-csharp or transformer-tutorial-csharp in ", removal.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(folder.File("h/.local/share/csharp-kernel/versions")));
    }

    [Fact]
    public async Task Kernel_that_runs_keeps_its_program_whatever_is_installed_meanwhile()
    {
        using var folder = new TemporaryFolder();
        Assert.Equal(0, (await RunAsync(folder, "install", "--no-ready-to-run")).ExitCode);
        var program = Program(await OursAsync(folder));
        var (kernel, client) = await KernelProcess.StartAsync(folder, command => command.ArgumentList[0] = program);
        await using (kernel)
        {
            await using (client)
            {
                Assert.Equal(0, (await RunAsync(folder, "install", "--no-ready-to-run")).ExitCode);
                Assert.NotEqual(program, Program(await OursAsync(folder)));
                Assert.Equal(0, (await RunAsync(folder, "uninstall")).ExitCode);
                Assert.True(File.Exists(program));
            }
        }

        Assert.Equal(0, (await RunAsync(folder, "install", "--no-ready-to-run")).ExitCode);
        Assert.False(Directory.Exists(Path.GetDirectoryName(program)));

        static string Program(JsonObject listed) => listed["argv"]![1]!.GetValue<string>();
    }

    [Fact]
    public async Task Without_sources_the_program_is_copied_and_the_reason_told()
    {
        using var folder = new TemporaryFolder();
        var (exitCode, output, error) = await RunAsync(folder, "install", "--prefix", "p");
        Assert.Equal((0, ""), (exitCode, error));
        Assert.Contains(", copied as it is, for its sources are not here.\n", output, StringComparison.Ordinal);
        Assert.Contains($"the environment variable JUPYTER_PATH names {folder.File("p/share/jupyter")}.\n", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("install --name a/b", "'a/b' cannot be a kernel's name: Jupyter takes ASCII letters, digits, '-', '.' and '_'.\n`install --help` says how the command is used.\n")]
    [InlineData("install --user --system", "--user, --prefix and --system exclude each other.\n`install --help` says how the command is used.\n")]
    [InlineData("uninstall --prefix p --user", "--user, --prefix and --system exclude each other.\n`uninstall --help` says how the command is used.\n")]
    [InlineData("uninstall --prefix p --name q", "There is no kernel q in P; `list` shows those that there are.\n`uninstall --help` says how the command is used.\n")]
    public async Task Wrong_requests_are_refused_in_a_line(string arguments, string expected)
    {
        using var folder = new TemporaryFolder();
        var (exitCode, _, error) = await RunAsync(folder, arguments.Split(' '));
        Assert.Equal((101, expected), (exitCode, error.Replace(folder.File("p/share/jupyter/kernels"), "P", StringComparison.Ordinal)));
    }

    [PythonFact("jupyter_client")]
    public async Task Jupyter_sees_the_kernel()
    {
        using var folder = new TemporaryFolder();
        Assert.Equal(0, (await RunAsync(folder, "install", "--no-ready-to-run", "--display-name", "C♯ \"quoted\"")).ExitCode);
        var command = Command(folder);
        command.FileName = PythonFactAttribute.Interpreter;
        command.ArgumentList.Clear();
        foreach (var argument in new[] { "-m", "jupyter_client.kernelspecapp", "list", "--json" })
        {
            command.ArgumentList.Add(argument);
        }

        var (_, output, error) = await TestProcess.RunAsync(command);
        var kernel = JsonNode.Parse(output)?["kernelspecs"]?[".net-csharp"];
        Assert.True(kernel is not null, error);
        Assert.Equal(("C♯ \"quoted\"", "C#", "message"), (kernel["spec"]!["display_name"]!.GetValue<string>(), kernel["spec"]!["language"]!.GetValue<string>(), kernel["spec"]!["interrupt_mode"]!.GetValue<string>()));
        Assert.True(JsonNode.DeepEquals((await OursAsync(folder))["argv"], kernel["spec"]!["argv"]));
    }

    private static async Task<JsonObject> OursAsync(TemporaryFolder folder)
    {
        var (_, output, error) = await RunAsync(folder, "list", "--json");
        Assert.Equal("", error);
        return JsonNode.Parse(output)!.AsArray().Select(kernel => kernel!.AsObject()).Single(kernel => kernel["ours"]!.GetValue<bool>() && kernel["folder"]!.GetValue<string>().StartsWith(folder.Path, StringComparison.Ordinal));
    }

    private static Task<(int ExitCode, string Output, string Error)> RunAsync(TemporaryFolder folder, params string[] arguments) => TestProcess.RunAsync(Command(folder, arguments));

    private static ProcessStartInfo Command(TemporaryFolder folder, params string[] arguments)
    {
        var command = TestProcess.Command(folder.Path, arguments);
        foreach (var variable in new[] { "JUPYTER_PATH", "JUPYTER_DATA_DIR", "XDG_DATA_HOME", "JUPYTER_CONFIG_DIR", "IPYTHONDIR", "VIRTUAL_ENV", "CONDA_PREFIX", "PYTHONUSERBASE" })
        {
            command.Environment.Remove(variable);
        }

        // One home for all platforms' ways to find it.
        var home = Directory.CreateDirectory(folder.File("h")).FullName;
        command.Environment["HOME"] = home;
        command.Environment["USERPROFILE"] = home;
        command.Environment["APPDATA"] = Path.Combine(home, ".local", "share");
        command.Environment["LOCALAPPDATA"] = Path.Combine(home, ".local", "share");
        return command;
    }
}
