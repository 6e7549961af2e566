using CSharpKernel.CommandLine;
using CSharpKernel.Running;

namespace CSharpKernel;

internal static class Program
{
    private static Task<int> Main(string[] arguments) =>
        arguments is [Worker.CommandName, var pipeName] ? Worker.RunAsync(pipeName) : KernelCommandLine.InvokeAsync(arguments);
}
