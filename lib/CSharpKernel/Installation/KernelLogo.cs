namespace CSharpKernel.Installation;

/// <summary>The pictures that front ends show beside the kernel's name, under the names that Jupyter looks for. They are resources of this assembly.</summary>
internal static class KernelLogo
{
    /// <summary>The files' names.</summary>
    public static IReadOnlyList<string> Names { get; } = ["logo-32x32.png", "logo-64x64.png", "logo-svg.svg"];

    /// <summary>The content of one of <see cref="Names"/>.</summary>
    public static byte[] Read(string name)
    {
        using var resource = typeof(KernelLogo).Assembly.GetManifestResourceStream(name)!;
        using var content = new MemoryStream();
        resource.CopyTo(content);
        return content.ToArray();
    }
}
