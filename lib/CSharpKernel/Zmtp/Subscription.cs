namespace CSharpKernel.Zmtp;

/// <summary>One peer's wish for the messages whose first frame begins with a topic.</summary>
internal sealed class Subscription
{
    /// <summary>The prefix; empty for all messages.</summary>
    public ReadOnlyMemory<byte> Topic => throw new NotImplementedException();

    /// <summary>Sends a message to this subscriber alone, whatever its first frame is.</summary>
    /// <returns>False where it has gone.</returns>
    public bool Send(IReadOnlyList<ReadOnlyMemory<byte>> frames) => throw new NotImplementedException();
}
