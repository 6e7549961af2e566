using System.Runtime.InteropServices;

namespace CSharpKernel.Installation;

/// <summary>The folders in which Jupyter and VS Code look for kernels, as their documentation gives them for each platform. Reads the environment; touches no file.</summary>
/// <remarks>
/// A Python installation's own folder (<c>sys.prefix</c>) is known only where the environment names it (<c>VIRTUAL_ENV</c>, <c>CONDA_PREFIX</c>): no Python is asked.
/// </remarks>
internal sealed class JupyterFolders
{
    private readonly OSPlatform _platform;
    private readonly Func<string, string?> _environment;
    private readonly string? _home;

    /// <summary>The folders on a platform, in an environment.</summary>
    /// <param name="platform">Linux (which stands for every other Unix too), macOS or Windows.</param>
    /// <param name="environment">The value of an environment variable; null or empty where it is not set.</param>
    /// <param name="accountHome">The home folder that the account is registered with, for where the environment names none.</param>
    public JupyterFolders(OSPlatform platform, Func<string, string?> environment, string? accountHome)
    {
        _platform = platform;
        _environment = environment;
        _home = Variable(platform == OSPlatform.Windows ? "USERPROFILE" : "HOME") ?? accountHome;
    }

    /// <summary>The folders for this process.</summary>
    public static JupyterFolders Current { get; } = new(
        OperatingSystem.IsWindows() ? OSPlatform.Windows : OperatingSystem.IsMacOS() ? OSPlatform.OSX : OSPlatform.Linux,
        Environment.GetEnvironmentVariable,
        Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify));

    /// <summary>Where a user's kernels go: <c>-> ~/.local/share/jupyter</c> on Linux.</summary>
    /// <exception cref="InstallationException">The user has no home folder.</exception>
    public string User
    {
        get
        {
            if (Variable("JUPYTER_DATA_DIR") is { } chosen)
            {
                return chosen;
            }

            if (_platform == OSPlatform.OSX)
            {
                return Path.Combine(Home, "Library", "Jupyter");
            }

            if (_platform == OSPlatform.Windows)
            {
                return Variable("APPDATA") is { } roaming
                    ? Path.Combine(roaming, "jupyter")
                    : Path.Combine(Variable("JUPYTER_CONFIG_DIR") ?? Path.Combine(Home, ".jupyter"), "data");
            }

            return Path.Combine(Variable("XDG_DATA_HOME") ?? Path.Combine(Home, ".local", "share"), "jupyter");
        }
    }

    /// <summary>Where the kernels of all users go.</summary>
    /// <exception cref="InstallationException">Windows does not say where that is.</exception>
    public string System => Path.Combine(SystemData, "jupyter");

    /// <summary>Where programs keep data of their own for this user that need not follow the user to another machine.</summary>
    /// <exception cref="InstallationException">The user has no home folder.</exception>
    public string UserData
    {
        get
        {
            if (_platform == OSPlatform.OSX)
            {
                return Path.Combine(Home, "Library", "Application Support");
            }

            return _platform == OSPlatform.Windows
                ? Variable("LOCALAPPDATA") ?? Path.Combine(Home, "AppData", "Local")
                : Variable("XDG_DATA_HOME") ?? Path.Combine(Home, ".local", "share");
        }
    }

    /// <summary>Where programs keep data of their own for all users.</summary>
    /// <exception cref="InstallationException">Windows does not say where that is.</exception>
    public string SystemData
    {
        get
        {
            if (_platform != OSPlatform.Windows)
            {
                return "/usr/local/share";
            }

            return Variable("PROGRAMDATA") ?? throw new InstallationException("The environment variable PROGRAMDATA is not set, so the folder for all users is not known: use --user or --prefix.");
        }
    }

    private string Home => _home is null or "" or "/"
        ? throw new InstallationException($"The home folder is not known: set {(_platform == OSPlatform.Windows ? "USERPROFILE" : "HOME")}, or use --prefix.")
        : _home;

    /// <summary>Where the kernels of an installation prefix go, such as a Python environment's: <c>/opt/env -> /opt/env/share/jupyter</c>.</summary>
    public static string Prefix(string prefix) => Path.Combine(Path.GetFullPath(prefix), "share", "jupyter");

    /// <summary>Every folder in which Jupyter looks, the first found first. Kernels are in the subfolder <c>kernels</c> of each.</summary>
    public IReadOnlyList<string> SearchPath()
    {
        var folders = new List<string>();
        folders.AddRange((Variable("JUPYTER_PATH") ?? "").Split(_platform == OSPlatform.Windows ? ';' : ':', StringSplitOptions.RemoveEmptyEntries));
        if (_home is not (null or "" or "/") || Variable("JUPYTER_DATA_DIR") is not null)
        {
            folders.Add(User);
        }

        var pythonUser = Variable("PYTHONUSERBASE") ?? (_platform == OSPlatform.Windows ? Under(Variable("APPDATA"), "Python") : Under(_home, ".local"));
        AddIfKnown(Under(pythonUser, "share", "jupyter"));
        AddIfKnown(Under(Variable("VIRTUAL_ENV"), "share", "jupyter"));
        AddIfKnown(Under(Variable("CONDA_PREFIX"), "share", "jupyter"));
        if (_platform == OSPlatform.Windows)
        {
            AddIfKnown(Under(Variable("PROGRAMDATA"), "jupyter"));
        }
        else
        {
            folders.Add("/usr/local/share/jupyter");
            folders.Add("/usr/share/jupyter");
        }

        AddIfKnown(Variable("IPYTHONDIR") ?? Under(_home, ".ipython"));
        return folders.Select(folder => Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder))).Distinct(StringComparer.Ordinal).ToList();

        void AddIfKnown(string? folder)
        {
            if (folder is not null)
            {
                folders.Add(folder);
            }
        }
    }

    private static string? Under(string? folder, params string[] names) => folder is null or "" ? null : Path.Combine([folder, .. names]);

    private string? Variable(string name) => _environment(name) is { Length: > 0 } value ? value : null;
}
