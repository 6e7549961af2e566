namespace CSharpKernel.Notebooks;

/// <summary>A file is not a notebook that can be read. The message names the file, the place and what was expected there.</summary>
public sealed class NotebookFormatException : Exception
{
    /// <summary>An error without details.</summary>
    public NotebookFormatException()
    {
    }

    /// <summary>An error with a message that already names the file.</summary>
    public NotebookFormatException(string message)
        : base(message)
    {
    }

    /// <summary>An error with a message that already names the file, and what caused it.</summary>
    public NotebookFormatException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
