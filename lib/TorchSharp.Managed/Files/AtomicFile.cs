namespace TorchSharp.Files;

/// <summary>Writes a file whole or not at all: a program that is stopped in the middle leaves the old file as it was.</summary>
internal static class AtomicFile
{
    /// <summary>Writes into a temporary file beside the target, flushes it to the disk and puts it in the target's place.</summary>
    public static void Write(string path, Action<Stream> content)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16))
            {
                content(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }
}
