using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using CSharpKernel.Installation;

namespace CSharpKernel.CommandLine;

/// <summary>The commands <c>install</c>, <c>uninstall</c> and <c>list</c>: what they take, and what they say when they are done.</summary>
internal static class InstallCommand
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Adds the commands to the program's.</summary>
    public static void AddTo(RootCommand root)
    {
        root.Add(InstallSubcommand());
        root.Add(UninstallSubcommand());
        root.Add(ListSubcommand());
    }

    private static Command InstallSubcommand()
    {
        var place = new PlaceOptions();
        var name = new Option<string?>("--name")
        {
            Description = $"The kernel's name. Without it: {KernelInstaller.UsualName}, which the chapters ask for, or {KernelInstaller.PrivateName} where another program's kernel has that name.",
            HelpName = "NAME",
        };
        var displayName = new Option<string?>("--display-name") { Description = "What people see where they choose a kernel.", HelpName = "TEXT" };
        var force = new Option<bool>("--force") { Description = "Overwrite a kernel that another program wrote." };
        var noReadyToRun = new Option<bool>("--no-ready-to-run") { Description = "Copy the program as it is, without compiling it ahead of time: installs at once, starts more slowly." };
        var command = new Command("install", "Install the kernel for VS Code and Jupyter. The program is copied: the repository can be rebuilt, moved or deleted afterwards.")
        {
            place.User, place.Prefix, place.System, name, displayName, force, noReadyToRun,
        };
        command.SetAction((parsed, cancellation) => InstallAsync(
            place.Chosen(parsed),
            new InstallationRequest(parsed.GetValue(name), parsed.GetValue(displayName), parsed.GetValue(force)),
            isCompiled: !parsed.GetValue(noReadyToRun),
            cancellation));
        return command;
    }

    private static Command UninstallSubcommand()
    {
        var place = new PlaceOptions();
        var name = new Option<string?>("--name") { Description = "The kernel's name; without it the one that `install` gave.", HelpName = "NAME" };
        var force = new Option<bool>("--force") { Description = "Remove the kernel of that --name also if another program wrote it." };
        var command = new Command("uninstall", "Remove the kernel that `install` wrote. A kernel that is running goes on.") { place.User, place.Prefix, place.System, name, force };
        command.SetAction(parsed =>
        {
            var removed = Installing(() => KernelInstaller.Uninstall(place.Chosen(parsed), parsed.GetValue(name), parsed.GetValue(force)));
            Console.WriteLine($"Removed {removed}.");
            return 0;
        });
        return command;
    }

    private static Command ListSubcommand()
    {
        var prefix = new Option<string?>("--prefix") { Description = "Look into this prefix too.", HelpName = "DIR" };
        var json = new Option<bool>("--json") { Description = "Write JSON." };
        var command = new Command("list", "Show the kernels that Jupyter and VS Code find.") { prefix, json };
        command.SetAction(parsed =>
        {
            var further = parsed.GetValue(prefix) is { } folder ? new[] { JupyterFolders.Prefix(folder) } : [];
            var kernels = Installing(() => new KernelInstaller(JupyterFolders.Current).FindAll(further).ToList());
            if (parsed.GetValue(json))
            {
                Console.WriteLine(new JsonArray([.. kernels.Select(ToJson)]).ToJsonString(Indented));
            }
            else
            {
                WriteTable(kernels);
            }

            return 0;
        });
        return command;
    }

    private static async Task<int> InstallAsync(InstallationPlace place, InstallationRequest request, bool isCompiled, CancellationToken cancellation)
    {
        Installation.Installation installed;
        try
        {
            installed = await new KernelInstaller(JupyterFolders.Current).InstallAsync(place, request, PublishAsync).ConfigureAwait(false);
        }
        catch (InstallationException exception)
        {
            throw new UsageException(exception.Message);
        }

        Console.WriteLine($"The kernel's program is in {installed.ProgramFolder}, {installed.Manner}.");
        Console.WriteLine($"Installed '{installed.DisplayName}' as {installed.Name} in {installed.Folder}.");
        if (installed.Taken is not null)
        {
            Console.WriteLine($"The name {KernelInstaller.UsualName} belongs to {installed.Taken}, which another program wrote: choose '{installed.DisplayName}' for a chapter.");
        }

        if (!JupyterFolders.Current.SearchPath().Contains(place.JupyterFolder))
        {
            Console.WriteLine($"Jupyter looks there if it is installed in that prefix, or if the environment variable JUPYTER_PATH names {place.JupyterFolder}.");
        }

        return 0;

        async Task<string> PublishAsync(string folder)
        {
            if (!isCompiled)
            {
                KernelPublisher.Copy(folder);
                return "copied as it is, as --no-ready-to-run says";
            }

            Console.WriteLine("Compiling the kernel ahead of time, which takes about half a minute …");
            return await KernelPublisher.CompileAsync(folder, cancellation).ConfigureAwait(false);
        }
    }

    private static T Installing<T>(Func<T> action)
    {
        try
        {
            return action();
        }
        catch (InstallationException exception)
        {
            throw new UsageException(exception.Message);
        }
    }

    private static string Maker(KernelSpecificationFolder kernel) => kernel.IsForeign ? "another program's" : "ours";

    private static string State(KernelSpecificationFolder kernel) =>
        kernel.Specification is null ? "kernel.json cannot be read" : kernel.Specification.MissingFile is { } missing ? $"{missing} is missing" : "";

    private static void WriteTable(List<KernelSpecificationFolder> kernels)
    {
        if (kernels.Count == 0)
        {
            Console.WriteLine("There is no kernel.");
            return;
        }

        string[][] rows = [["name", "display name", "written by", "folder", ""], .. kernels.Select(kernel => new[] { kernel.Name, kernel.Specification?.DisplayName ?? "", Maker(kernel), kernel.Path, State(kernel) })];
        var widths = Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length)).ToArray();
        foreach (var row in rows)
        {
            Console.WriteLine(string.Join("  ", row.Select((text, column) => text.PadRight(widths[column]))).TrimEnd());
        }
    }

    private static JsonObject ToJson(KernelSpecificationFolder kernel) => new()
    {
        ["name"] = kernel.Name,
        ["display_name"] = kernel.Specification?.DisplayName,
        ["language"] = kernel.Specification?.Language,
        ["folder"] = kernel.Path,
        ["ours"] = !kernel.IsForeign,
        ["argv"] = new JsonArray([.. (kernel.Specification?.Arguments ?? []).Select(argument => JsonValue.Create(argument))]),
        ["missing"] = kernel.Specification?.MissingFile,
    };

    /// <summary>The options that say for whom.</summary>
    private sealed class PlaceOptions
    {
        public Option<bool> User { get; } = new("--user") { Description = "For you alone; so it is where nothing else is said." };

        public Option<string?> Prefix { get; } = new("--prefix") { Description = "In DIR/share/jupyter, for instance of a Python environment.", HelpName = "DIR" };

        public Option<bool> System { get; } = new("--system") { Description = "For all users of this machine." };

        public InstallationPlace Chosen(ParseResult parsed)
        {
            var prefix = parsed.GetValue(Prefix);
            if (new[] { parsed.GetValue(User), parsed.GetValue(System), prefix is not null }.Count(isChosen => isChosen) > 1)
            {
                throw new UsageException("--user, --prefix and --system exclude each other.");
            }

            if (prefix is not null)
            {
                return string.IsNullOrWhiteSpace(prefix) ? throw new UsageException("--prefix must name a folder.") : InstallationPlace.InPrefix(prefix);
            }

            return Installing(() => parsed.GetValue(System) ? InstallationPlace.ForSystem(JupyterFolders.Current) : InstallationPlace.ForUser(JupyterFolders.Current));
        }
    }
}
