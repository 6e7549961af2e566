using System.Diagnostics;
using CSharpKernel.Tests.Running;
using TransformerTutorial.Testing;

namespace CSharpKernel.Tests.Notebooks;

public sealed class KilledWriterTests
{
    [Fact]
    public async Task A_process_killed_while_it_writes_leaves_the_old_notebook_or_the_new_one_whole()
    {
        using var folder = new TemporaryFolder();
        var texts = new List<string>();
        foreach (var name in new[] { "old", "new" })
        {
            var notebook = TestNotebook.Parse((name, string.Concat(Enumerable.Repeat(name + " line\n", 150_000))));
            notebook.Write(folder.File(name + ".ipynb"));
            texts.Add(notebook.ToText());
        }

        var target = folder.File("target.ipynb");
        File.WriteAllText(target, texts[0]);
        var random = TestSeed.Random();
        var seen = new HashSet<int>();
        for (var kill = 0; kill < 15; kill++)
        {
            string[] arguments = [typeof(KilledWriterTests).Assembly.Location, "write", target, folder.File("old.ipynb"), folder.File("new.ipynb")];
            using var writer = Process.Start(new ProcessStartInfo(TestProcess.DotnetHost, arguments) { RedirectStandardOutput = true })!;
            for (var written = random.Next(1, 5); written > 0; written--)
            {
                Assert.Equal("written", await writer.StandardOutput.ReadLineAsync());
            }

            await Task.Delay(random.Next(0, 15));
            writer.Kill();
            await writer.WaitForExitAsync();

            var found = texts.IndexOf(File.ReadAllText(target));
            Assert.True(found >= 0, $"After kill {kill + 1} the file is neither the old notebook nor the new one (TUTORIAL_SEED={TestSeed.Value}).");
            seen.Add(found);
        }

        Assert.Equal(2, seen.Count);
    }
}
