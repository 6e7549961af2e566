using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace Microsoft.DotNet.Interactive;

/// <summary>Where running code finds out that its cell has been interrupted. The kernel puts calls of <see cref="Poll"/> into the code of cells; nobody else needs them.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class CellInterruption
{
    private static volatile bool _isPending;

    /// <summary>True while some cell's code is to be stopped: then every poll asks <see cref="Check"/>.</summary>
    internal static bool IsPending
    {
        get => _isPending;
        set => _isPending = value;
    }

    /// <summary>Throws where the calling code is to be stopped. Set by the kernel.</summary>
    internal static Action? Check { get; set; }

    /// <summary>Throws where the cell that the calling code belongs to has been interrupted.</summary>
    /// <exception cref="CellInterruptedException">It has.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Poll()
    {
        if (_isPending)
        {
            PollSlowly();
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void PollSlowly() => Check?.Invoke();
}

/// <summary>The cell has been interrupted. Code that catches this meets it again at its next step.</summary>
public sealed class CellInterruptedException : OperationCanceledException
{
    /// <summary>Says that the cell was interrupted.</summary>
    public CellInterruptedException()
        : base("The cell was interrupted.")
    {
    }

    /// <summary>Says that the cell was interrupted.</summary>
    public CellInterruptedException(string message)
        : base(message)
    {
    }

    /// <summary>Says that the cell was interrupted, and what came of it.</summary>
    public CellInterruptedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
