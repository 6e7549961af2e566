namespace CSharpKernel.Zmtp;

/// <summary>The limits of a socket: whatever a peer does, no more than this is kept for it.</summary>
/// <remarks>A peer that goes past one loses its connection, and nothing else happens; a well-behaved client connects again.</remarks>
internal sealed record ZmtpOptions
{
    /// <summary>How long a peer may take from the connection to the end of the handshake.</summary>
    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long the end of a socket waits for what is still to be sent.</summary>
    public TimeSpan Linger { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The largest body of a frame that is accepted.</summary>
    public long MaximumFrameBytes { get; init; } = 100_000_000;

    /// <summary>The most frames of one message that are accepted.</summary>
    public int MaximumFramesPerMessage { get; init; } = 10_000;

    /// <summary>The largest message that is accepted: the sum of its frames' bodies, and a little for each frame.</summary>
    public long MaximumMessageBytes { get; init; } = 100_000_000;

    /// <summary>The most that all peers' messages together may take while they arrive. A message of up to a megabyte is always let in.</summary>
    public long MaximumIncompleteBytes { get; init; } = 512L * 1024 * 1024;

    /// <summary>The most messages that wait to be taken from a socket, in bytes; past it nothing is read from the peers, who then have to wait.</summary>
    public long MaximumWaitingBytes { get; init; } = 64L * 1024 * 1024;

    /// <summary>The most that waits to be sent to one peer. A single message may be larger if nothing else waits.</summary>
    public long MaximumQueuedBytes { get; init; } = 64L * 1024 * 1024;

    /// <summary>
    /// The most peers at a time; one that comes later takes the place of one that has never sent anything, or is turned away. The five sockets of a kernel stay below the 1,024 files that a process often may have:
    /// without files the runtime itself cannot go on.
    /// </summary>
    public int MaximumConnections { get; init; } = 100;

    /// <summary>The most peers in the middle of the handshake; there the oldest gives way to the newest, so that idle connections keep nobody out.</summary>
    public int MaximumHandshakes { get; init; } = 64;

    /// <summary>The most that one subscriber's topics may take: the sum of their bytes, and a little for each.</summary>
    public long MaximumSubscriptionBytes { get; init; } = 64 * 1024;

    /// <summary>How many messages a publisher keeps for its first subscriber.</summary>
    public int MaximumHeldMessages { get; init; } = 1000;

    /// <summary>How many bytes of messages a publisher keeps for its first subscriber.</summary>
    public long MaximumHeldBytes { get; init; } = 16L * 1024 * 1024;

    /// <summary>How long a publisher keeps a message for its first subscriber.</summary>
    public TimeSpan HeldMessageAge { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Told, in a sentence with its address, of each peer that was turned away for what it sent. From any thread.</summary>
    public Action<string>? PeerRefused { get; init; }

    /// <summary>Whether a socket may listen on an address that other machines can reach. ZMTP's NULL mechanism neither hides nor checks anything.</summary>
    public bool AllowOtherInterfaces { get; init; }
}
