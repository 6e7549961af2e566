using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using CSharpKernel.Installation;
using CSharpKernel.Tests.Running;

namespace CSharpKernel.Tests.Installation;

/// <summary>Where kernels go and are looked for.</summary>
public sealed class JupyterFoldersTests
{
    [Theory]
    [InlineData("LINUX", "HOME=/h", "/h/.local/share/jupyter", "/h/.local/share")]
    [InlineData("LINUX", "HOME=/h XDG_DATA_HOME=/x", "/x/jupyter", "/x")]
    [InlineData("LINUX", "HOME=/h XDG_DATA_HOME=/x JUPYTER_DATA_DIR=/j", "/j", "/x")]
    [InlineData("LINUX", "HOME=/h XDG_DATA_HOME= JUPYTER_DATA_DIR=", "/h/.local/share/jupyter", "/h/.local/share")]
    [InlineData("LINUX", "", "/account/.local/share/jupyter", "/account/.local/share")]
    [InlineData("OSX", "HOME=/h XDG_DATA_HOME=/x", "/h/Library/Jupyter", "/h/Library/Application Support")]
    [InlineData("OSX", "HOME=/h JUPYTER_DATA_DIR=/j", "/j", "/h/Library/Application Support")]
    [InlineData("WINDOWS", "USERPROFILE=/u APPDATA=/r LOCALAPPDATA=/l", "/r/jupyter", "/l")]
    [InlineData("WINDOWS", "USERPROFILE=/u", "/u/.jupyter/data", "/u/AppData/Local")]
    [InlineData("WINDOWS", "USERPROFILE=/u JUPYTER_CONFIG_DIR=/c", "/c/data", "/u/AppData/Local")]
    public void A_users_folders_follow_the_platform_and_the_environment(string platform, string variables, string jupyter, string data)
    {
        var folders = new JupyterFolders(OSPlatform.Create(platform), Environment(variables), "/account");
        Assert.Equal((jupyter, data), (folders.User.Replace('\\', '/'), folders.UserData.Replace('\\', '/')));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("/")]
    public void A_user_without_a_home_is_told_so_but_can_choose_a_prefix(string? home)
    {
        var folders = new JupyterFolders(OSPlatform.Linux, Environment(""), home);
        Assert.Equal("The home folder is not known: set HOME, or use --prefix.", Assert.Throws<InstallationException>(() => folders.User).Message);
        Assert.Contains("/usr/share/jupyter".Replace('/', Path.DirectorySeparatorChar), string.Join('\n', folders.SearchPath()), StringComparison.Ordinal);
        Assert.EndsWith(Path.Combine("p", "share", "jupyter"), InstallationPlace.InPrefix("p").JupyterFolder, StringComparison.Ordinal);
    }

    [Fact]
    public void Folders_for_all_users_are_the_platforms()
    {
        Assert.Equal("/usr/local/share/jupyter", new JupyterFolders(OSPlatform.Linux, Environment(""), "/h").System.Replace('\\', '/'));
        Assert.Equal("/usr/local/share/jupyter", new JupyterFolders(OSPlatform.OSX, Environment(""), "/h").System.Replace('\\', '/'));
        Assert.Equal("/pd/jupyter", new JupyterFolders(OSPlatform.Windows, Environment("PROGRAMDATA=/pd"), "/h").System.Replace('\\', '/'));
        Assert.Contains("PROGRAMDATA", Assert.Throws<InstallationException>(() => new JupyterFolders(OSPlatform.Windows, Environment(""), "/h").System).Message, StringComparison.Ordinal);
    }

    /// <summary>Jupyter itself is asked where it looks, in several environments.</summary>
    [PythonFact("jupyter_client")]
    public async Task Search_path_is_Jupyters_own()
    {
        using var folder = new TemporaryFolder();
        foreach (var variables in new[]
        {
            $"HOME={folder.Path}",
            $"HOME={folder.Path} XDG_DATA_HOME={folder.File("x")}",
            $"HOME={folder.Path} JUPYTER_DATA_DIR={folder.File("d")} JUPYTER_PATH={folder.File("a")}:{folder.File("b")}/",
            $"HOME={folder.Path} IPYTHONDIR={folder.File("i")}",
        })
        {
            var command = new ProcessStartInfo(PythonFactAttribute.Interpreter, ["-c", "import json, jupyter_client.kernelspec as k; print(json.dumps(k.KernelSpecManager().kernel_dirs))"])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            foreach (var name in new[] { "JUPYTER_PATH", "JUPYTER_DATA_DIR", "XDG_DATA_HOME", "IPYTHONDIR", "JUPYTER_PREFER_ENV_PATH", "VIRTUAL_ENV", "CONDA_PREFIX", "PYTHONUSERBASE" })
            {
                command.Environment.Remove(name);
            }

            foreach (var variable in variables.Split(' '))
            {
                command.Environment[variable.Split('=')[0]] = variable.Split('=')[1];
            }

            var (exitCode, output, error) = await TestProcess.RunAsync(command);
            Assert.True(exitCode == 0, error);
            var theirs = JsonNode.Parse(output)!.AsArray().Select(entry => entry!.GetValue<string>()).Distinct();
            var ours = new JupyterFolders(OSPlatform.Linux, Environment(variables), null).SearchPath().Select(entry => $"{entry}/kernels");
            Assert.Equal(theirs, ours);
        }
    }

    private static Func<string, string?> Environment(string variables)
    {
        var values = variables.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(variable => variable.Split('=')).ToDictionary(pair => pair[0], pair => pair[1]);
        return values.GetValueOrDefault;
    }
}
