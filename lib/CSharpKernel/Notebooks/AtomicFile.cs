using System.Text;

namespace CSharpKernel.Notebooks;

/// <summary>Replaces a file's content so that whoever reads it, at any moment, sees the old content or the new one, whole.</summary>
public static class AtomicFile
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Writes <paramref name="text"/> as UTF-8 without a byte order mark to a temporary file beside <paramref name="path"/>, flushes it to disk and renames it.</summary>
    /// <remarks>A process that is killed in the middle leaves the old file whole, and at worst a hidden <c>.name.….tmp</c> beside it. A symbolic link stays one: its target is replaced.</remarks>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder cannot be written.</exception>
    public static void WriteAllText(string path, string text) => WriteAllBytes(path, Utf8.GetBytes(text));

    /// <summary>The same for bytes.</summary>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder cannot be written.</exception>
    public static void WriteAllBytes(string path, byte[] bytes)
    {
        var target = Path.GetFullPath(path);
        if (File.Exists(target) && File.ResolveLinkTarget(target, returnFinalTarget: true) is { } linked)
        {
            target = linked.FullName;
        }

        // The text is nobody's to read who may not read the file. The umask can take permissions away here, never add any.
        UnixFileMode? mode = !OperatingSystem.IsWindows() && File.Exists(target) ? File.GetUnixFileMode(target) : null;
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None };
        if (!OperatingSystem.IsWindows() && mode is not null)
        {
            options.UnixCreateMode = mode;
        }

        var temporary = Path.Combine(Path.GetDirectoryName(target)!, $".{Path.GetFileName(target)}.{Guid.NewGuid():N}.tmp");
        try
        {
            using (var stream = new FileStream(temporary, options))
            {
                stream.Write(bytes);
                stream.Flush(flushToDisk: true);
            }

            if (!OperatingSystem.IsWindows() && mode is { } whole)
            {
                File.SetUnixFileMode(temporary, whole);
            }

            File.Move(temporary, target, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }
}
