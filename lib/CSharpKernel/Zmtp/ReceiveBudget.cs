namespace CSharpKernel.Zmtp;

/// <summary>Bounds what the messages of all of a socket's peers take together while they arrive.</summary>
internal sealed class ReceiveBudget(long maximum)
{
    /// <summary>What each message may take without asking, so that a few large ones cannot keep all small ones out.</summary>
    public const long Free = 1024 * 1024;

    private long _taken;

    /// <summary>What is taken now.</summary>
    public long Taken => Interlocked.Read(ref _taken);

    /// <summary>Takes so many bytes, unless too little is left.</summary>
    public bool TryTake(long bytes)
    {
        if (Interlocked.Add(ref _taken, bytes) <= maximum)
        {
            return true;
        }

        GiveBack(bytes);
        return false;
    }

    /// <summary>Gives bytes back.</summary>
    public void GiveBack(long bytes) => Interlocked.Add(ref _taken, -bytes);
}
