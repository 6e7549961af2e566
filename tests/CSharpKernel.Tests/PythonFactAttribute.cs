using System.ComponentModel;
using System.Diagnostics;

namespace CSharpKernel.Tests;

/// <summary>A test that needs Python modules, as Debian packages them, or programs (by their full paths); without them it is skipped, and says which are missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PythonFactAttribute : FactAttribute
{
    /// <summary>Debian's own Python, which sees Debian's packages; another one found first on the PATH need not.</summary>
    public const string Interpreter = "/usr/bin/python3";

    public PythonFactAttribute(params string[] needs)
    {
        var missing = needs.Where(need => !(need.StartsWith('/') ? File.Exists(need) : CanImport(need))).ToList();
        if (missing.Count > 0)
        {
            Skip = $"Missing: {string.Join(", ", missing)}. On Debian, tests/clients/setup installs it.";
        }
    }

    private static bool CanImport(string module)
    {
        try
        {
            using var python = Process.Start(new ProcessStartInfo(Interpreter, ["-c", $"import importlib.util, sys; sys.exit(importlib.util.find_spec('{module}') is None)"]))!;
            python.WaitForExit();
            return python.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }
}
