namespace CSharpKernel.Installation;

/// <summary>The kernel cannot be installed, or removed, as it was asked. The message is for the person who asked: one line that names what is in the way.</summary>
internal sealed class InstallationException : Exception
{
    public InstallationException(string message)
        : base(message)
    {
    }

    public InstallationException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
