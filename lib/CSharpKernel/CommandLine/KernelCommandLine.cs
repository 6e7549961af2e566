using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using System.Globalization;
using CSharpKernel.Running;
using Spectre.Console;

namespace CSharpKernel.CommandLine;

/// <summary>The program's command line. What its exit code says is in <see cref="ExitCodes"/>.</summary>
internal static class KernelCommandLine
{
    /// <summary>Wide enough that nothing is ever broken: whoever reads a log can do that better.</summary>
    private const int LogWidth = 100_000;

    /// <summary>Timers know no longer time than about 24 days.</summary>
    private static readonly TimeSpan LongestTime = TimeSpan.FromDays(20);

    /// <summary>Does what the arguments ask for.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="error">Where complaints go.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> InvokeAsync(string[] arguments, TextWriter error)
    {
        var root = new RootCommand("Runs cells of C#: for Jupyter and VS Code as their kernel, or whole notebooks without a user interface, for tests and to write the outputs that stand in them.")
        {
            RunSubcommand(), KernelSubcommand(),
        };
        InstallCommand.AddTo(root);
        var parsed = root.Parse(arguments);
        if (parsed.Errors.Count > 0 && parsed.Action is ParseErrorAction)
        {
            return await ReportUsageAsync(error, parsed.CommandResult, string.Join(Environment.NewLine, parsed.Errors.Select(problem => problem.Message))).ConfigureAwait(false);
        }

        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = TimeSpan.FromSeconds(10) }).ConfigureAwait(false);
        }
        catch (UsageException exception)
        {
            return await ReportUsageAsync(error, parsed.CommandResult, exception.Message).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            await error.WriteLineAsync("Interrupted.").ConfigureAwait(false);
            return ExitCodes.Interrupted;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            await error.WriteLineAsync(exception.Message).ConfigureAwait(false);
            return ExitCodes.InternalError;
        }
        catch (Exception exception)
        {
            await error.WriteLineAsync($"The program failed: {exception}").ConfigureAwait(false);
            return ExitCodes.InternalError;
        }
    }

    private static async Task<int> ReportUsageAsync(TextWriter error, CommandResult command, string message)
    {
        var help = command.Command is RootCommand ? "--help" : command.Command.Name + " --help";
        await error.WriteLineAsync(message).ConfigureAwait(false);
        await error.WriteLineAsync($"`{help}` says how the command is used.").ConfigureAwait(false);
        return ExitCodes.Usage;
    }

    private static Command RunSubcommand()
    {
        var notebooks = new Argument<string[]>("notebooks")
        {
            Description = "Notebooks, folders (with everything below them, by name) or patterns such as notebooks/0*.ipynb.",
            Arity = ArgumentArity.OneOrMore,
        };
        var check = new Option<bool>("--check") { Description = "Compare the outputs with those in the file; a difference is a failure." };
        var update = new Option<bool>("--update") { Description = "Write the outputs into the file, if the whole notebook succeeds." };
        var jobs = new Option<int>("--jobs") { Description = "How many notebooks to execute at a time.", DefaultValueFactory = _ => 1, HelpName = "N" };
        var timeout = Seconds("--timeout", "How long a notebook may take, in seconds.", new NotebookRunOptions().Timeout);
        var cellTimeout = Seconds("--cell-timeout", "How long a cell may take, in seconds.", new NotebookRunOptions().CellTimeout);
        var output = new Option<string>("--output") { Description = "Where the executed copies go.", DefaultValueFactory = _ => "output", HelpName = "DIR" };
        var report = new Option<string?>("--report") { Description = "Also write a test report: JUnit's for .xml, Visual Studio's for .trx.", HelpName = "FILE" };
        var corpus = new Option<string[]>("--corpus")
        {
            Description = "Let chapters read a text of your own in the place of one of theirs; repeatable.",
            HelpName = "NAME=FILE",
            DefaultValueFactory = _ => [],
        };

        jobs.Validators.Add(RequirePositive);
        var command = new Command(
            "run",
            "Execute notebooks. Each runs in a process of its own and stops at its first failing cell; the others go on. "
            + "Exit code: the number of notebooks that failed (at most 100); 101 for a wrong command line, 102 for a failure of this program, 130 when interrupted.")
        {
            notebooks, check, update, jobs, timeout, cellTimeout, output, report, corpus,
        };
        command.SetAction((parsed, cancellation) =>
        {
            if (parsed.GetValue(check) && parsed.GetValue(update))
            {
                throw new UsageException("--check and --update exclude each other.");
            }

            var reportFile = parsed.GetValue(report);
            if (reportFile is not null && !TestReport.IsKnown(reportFile))
            {
                throw new UsageException($"The report '{reportFile}' must be an .xml file (JUnit) or a .trx file (Visual Studio).");
            }

            var variables = CorpusVariables(parsed.GetValue(corpus)!);
            var outputFolder = Path.GetFullPath(parsed.GetValue(output)!);
            return RunAsync(
                new RunSettings
                {
                    Notebooks = NotebookSelection.Find(parsed.GetValue(notebooks)!, outputFolder),
                    Mode = parsed.GetValue(check) ? OutputMode.Check : parsed.GetValue(update) ? OutputMode.Update : OutputMode.Copy,
                    Jobs = parsed.GetValue(jobs),
                    OutputFolder = outputFolder,
                    ReportFile = reportFile,
                    Options = new NotebookRunOptions
                    {
                        Timeout = TimeSpan.FromSeconds(parsed.GetValue(timeout)),
                        CellTimeout = TimeSpan.FromSeconds(parsed.GetValue(cellTimeout)),
                        EnvironmentVariables = variables,
                    },
                },
                cancellation);
        });
        return command;
    }

    private static Command KernelSubcommand()
    {
        var connectionFile = new Option<string>(KernelCommand.ConnectionFileOption, KernelCommand.ConnectionFileShortOption)
        {
            Description = "The file in which a client says where the kernel should listen.",
            Required = true,
            HelpName = "FILE",
        };
        var plainErrors = new Option<bool>(KernelCommand.PlainErrorsOption) { Description = "Show errors without colours. The environment variable NO_COLOR does the same." };
        var noHistoryFile = new Option<bool>(KernelCommand.NoHistoryFileOption)
        {
            Description = $"Keep no history for later sessions. The environment variable {Jupyter.HistoryFile.Variable} names another file, or none if it is off.",
        };
        var allowOtherInterfaces = new Option<bool>(KernelCommand.AllowOtherInterfacesOption)
        {
            Description = "Listen where the connection file says even if other machines can reach it. What is sent is signed, but can be read by all on the way.",
        };
        var command = new Command(
            KernelCommand.CommandName,
            "Serve Jupyter's messaging protocol: what Jupyter and VS Code start. Exit code: 0 when a client or a signal ended it, 101 for a wrong command line or connection file, 102 for a failure.")
        {
            connectionFile, plainErrors, noHistoryFile, allowOtherInterfaces,
        };
        command.SetAction((parsed, _) => KernelCommand.RunAsync(
            new KernelSettings(parsed.GetValue(connectionFile)!)
            {
                PlainErrors = parsed.GetValue(plainErrors),
                NoHistoryFile = parsed.GetValue(noHistoryFile),
                AllowOtherInterfaces = parsed.GetValue(allowOtherInterfaces),
            },
            Console.Error));
        return command;
    }

    private static Option<double> Seconds(string name, string description, TimeSpan standard)
    {
        var option = new Option<double>(name) { Description = description, DefaultValueFactory = _ => standard.TotalSeconds, HelpName = "S" };
        option.Validators.Add(RequirePositive);
        return option;
    }

    private static void RequirePositive(OptionResult result)
    {
        // What is no number at all is complained about when it is converted.
        if (result.Tokens is [var token]
            && double.TryParse(token.Value, CultureInfo.InvariantCulture, out var value)
            && !(value > 0 && value <= LongestTime.TotalSeconds))
        {
            result.AddError($"{result.Option.Name} must be a number above 0, not {token.Value}.");
        }
    }

    /// <summary><c>english=my.txt -> TUTORIAL_CORPUS_ENGLISH=/…/my.txt</c>, which is what the library's corpora look for.</summary>
    private static Dictionary<string, string> CorpusVariables(string[] settings)
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var setting in settings)
        {
            var parts = setting.Split('=', 2);
            if (parts.Length < 2 || parts[0].Length == 0 || !parts[0].All(c => char.IsAsciiLetterOrDigit(c) || c == '_'))
            {
                throw new UsageException($"--corpus {setting}: it should read NAME=FILE, for example english=my-text.txt.");
            }

            if (!File.Exists(parts[1]))
            {
                throw new UsageException($"--corpus {setting}: there is no file '{parts[1]}'.");
            }

            variables["TUTORIAL_CORPUS_" + parts[0].ToUpperInvariant()] = Path.GetFullPath(parts[1]);
        }

        return variables;
    }

    private static async Task<int> RunAsync(RunSettings settings, CancellationToken cancellation)
    {
        IAnsiConsole console;
        IReadOnlyList<NotebookOutcome> outcomes;
        if (Console.IsOutputRedirected)
        {
            console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Interactive = InteractionSupport.No });
            console.Profile.Width = LogWidth;
            outcomes = await RunCommand.ExecuteAsync(settings, new PlainRunDisplay(console), cancellation).ConfigureAwait(false);
        }
        else
        {
            console = AnsiConsole.Console;
            var display = new LiveRunDisplay(settings.Notebooks.Count);
            var work = RunCommand.ExecuteAsync(settings, display, cancellation);
            await display.ShowWhileAsync(console, work).ConfigureAwait(false);
            outcomes = await work.ConfigureAwait(false);
        }

        RunSummary.Write(console, outcomes, settings);
        if (settings.ReportFile is not null)
        {
            TestReport.Write(settings.ReportFile, outcomes);
        }

        return ExitCodes.ForFailures(outcomes.Count(outcome => !outcome.Succeeded));
    }
}
