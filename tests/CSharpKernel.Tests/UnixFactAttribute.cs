namespace CSharpKernel.Tests;

/// <summary>A test that needs a Unix shell.</summary>
internal sealed class UnixFactAttribute : FactAttribute
{
    public UnixFactAttribute()
    {
        if (OperatingSystem.IsWindows())
        {
            Skip = "It needs a Unix shell.";
        }
    }
}
