using System.Text;
using CSharpKernel.CommandLine;
using CSharpKernel.Running;

namespace CSharpKernel;

internal static class Program
{
    private static Task<int> Main(string[] arguments)
    {
        if (arguments is [Worker.CommandName, var pipeName])
        {
            return Worker.RunAsync(pipeName);
        }

        if (KernelCommand.TryParse(arguments) is { } kernel)
        {
            return KernelCommand.RunAsync(kernel, Console.Error);
        }

        Console.OutputEncoding = Encoding.UTF8;
        return KernelCommandLine.InvokeAsync(arguments, Console.Error);
    }
}
