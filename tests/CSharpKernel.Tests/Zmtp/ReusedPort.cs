using System.Net.Sockets;

namespace CSharpKernel.Tests.Zmtp;

/// <summary>For tests that close a port and listen on it again: in between, anybody may have taken it.</summary>
internal static class ReusedPort
{
    /// <summary>Goes through a scenario, and through all of it again where a port was taken; five times at most.</summary>
    public static async Task TryAsync(Func<Task> scenario)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await scenario();
                return;
            }
            catch (IOException exception) when (attempt < 5 && exception.InnerException is SocketException)
            {
                // With other ports, then.
            }
        }
    }
}
