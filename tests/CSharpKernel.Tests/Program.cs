using CSharpKernel.Notebooks;

namespace CSharpKernel.Tests;

/// <summary>What a test needs in a process of its own, in order to kill it: <c>write FILE OLD NEW</c> writes two files' texts to a third, in turn, for ever.</summary>
internal static class Program
{
    private static void Main(string[] arguments)
    {
        if (arguments is not ["write", var file, var oldFile, var newFile])
        {
            throw new ArgumentException("This program is started by a test: write FILE OLD NEW.");
        }

        var texts = new[] { File.ReadAllText(newFile), File.ReadAllText(oldFile) };
        for (var i = 0; ; i++)
        {
            AtomicFile.WriteAllText(file, texts[i % 2]);
            Console.WriteLine("written");
        }
    }
}
