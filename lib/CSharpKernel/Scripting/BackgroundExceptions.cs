using System.Runtime.ExceptionServices;
using Microsoft.DotNet.Interactive;

namespace CSharpKernel.Scripting;

/// <summary>Exceptions that nobody catches on threads, or looks at in tasks, which cells have started: told on standard error. Of the former .NET would end the process, and with it the session.</summary>
/// <remarks>For the whole process. What an interrupt does to such work is not told: it has done what it was for.</remarks>
internal static class BackgroundExceptions
{
    private static readonly Lock Installing = new();
    private static Action<Exception, string>? _report;

    /// <summary>From here on, such exceptions go to <paramref name="report"/>, with what they come from.</summary>
    public static void ReportTo(Action<Exception, string> report)
    {
        lock (Installing)
        {
            if (_report is null)
            {
                ExceptionHandling.SetUnhandledExceptionHandler(exception =>
                {
                    Report(exception, "Unhandled exception on a thread that a cell started");
                    return true;
                });
                TaskScheduler.UnobservedTaskException += (_, unobserved) =>
                {
                    unobserved.SetObserved();

                    // Off the finalizers' thread: a message may be made by any code.
                    ThreadPool.UnsafeQueueUserWorkItem(ReportTask, unobserved.Exception, preferLocal: false);
                };
            }

            _report = report;
        }
    }

    private static void ReportTask(AggregateException exception)
    {
        foreach (var one in exception.Flatten().InnerExceptions)
        {
            Report(one, "Exception of a task that nobody awaited");
        }
    }

    private static void Report(Exception exception, string origin)
    {
        try
        {
            if (!IsInterrupt(exception))
            {
                _report?.Invoke(exception, origin);
            }
        }
        catch (Exception)
        {
            // Nothing may leave: it would end the process.
        }
    }

    private static bool IsInterrupt(Exception exception) => exception switch
    {
        CellInterruptedException or ThreadInterruptedException => true,
        AggregateException aggregate => aggregate.InnerExceptions.Count > 0 && aggregate.InnerExceptions.All(IsInterrupt),
        _ => exception.InnerException is { } inner && IsInterrupt(inner),
    };
}
