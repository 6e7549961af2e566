namespace TransformerTutorial.Data;

/// <summary>Writes a file whole or not at all: a program that is stopped in the middle leaves the old file as it was.</summary>
internal static class WholeFile
{
    /// <summary>Puts <paramref name="content"/> into the file <paramref name="path"/>, whose folder exists; an existing file is replaced.</summary>
    public static void Write(string path, byte[] content)
    {
        var temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            File.WriteAllBytes(temporary, content);
            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }
}
