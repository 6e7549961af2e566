namespace CSharpKernel.Zmtp;

/// <summary>What a connection receives: a message or a command.</summary>
internal abstract record ZmtpItem;

/// <summary>A message.</summary>
/// <param name="Frames">Its frames, at least one.</param>
/// <param name="Size">What it takes in memory: the frames' bodies, and a little for each frame.</param>
internal sealed record ZmtpMessage(IReadOnlyList<byte[]> Frames, long Size) : ZmtpItem;
