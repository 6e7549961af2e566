using System.Runtime.ExceptionServices;
using Microsoft.DotNet.Interactive;

namespace CSharpKernel.Scripting;

/// <summary>Exceptions that nobody catches on threads which cells have started: told on standard error, where .NET would end the process, and with it the session.</summary>
/// <remarks>For the whole process. What an interrupt does to such threads is not told: it has done what it was for.</remarks>
internal static class BackgroundExceptions
{
    private static readonly Lock Installing = new();
    private static Action<Exception>? _report;

    /// <summary>From here on, such exceptions go to <paramref name="report"/>.</summary>
    public static void ReportTo(Action<Exception> report)
    {
        lock (Installing)
        {
            if (_report is null)
            {
                ExceptionHandling.SetUnhandledExceptionHandler(Handle);
                TaskScheduler.UnobservedTaskException += (_, unobserved) => unobserved.SetObserved();
            }

            _report = report;
        }
    }

    private static bool Handle(Exception exception)
    {
        if (exception is not (CellInterruptedException or ThreadInterruptedException))
        {
            _report?.Invoke(exception);
        }

        return true;
    }
}
