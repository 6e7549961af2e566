namespace CSharpKernel.Zmtp;

/// <summary>The names of ZMTP's socket types as they stand in the handshake, and which of them may talk to each other.</summary>
internal static class SocketType
{
    public const string Dealer = "DEALER";
    public const string Publisher = "PUB";
    public const string Reply = "REP";
    public const string Request = "REQ";
    public const string Router = "ROUTER";
    public const string Subscriber = "SUB";

    private const string ExtendedPublisher = "XPUB";
    private const string ExtendedSubscriber = "XSUB";

    /// <summary>Whether a socket of one of the types above may have a peer of type <paramref name="peer"/>.</summary>
    public static bool CanTalk(string own, string peer) => (own, peer) is
        (Router, Dealer or Request or Router)
        or (Dealer, Router or Reply or Dealer)
        or (Request, Router or Reply)
        or (Reply, Request or Dealer)
        or (Publisher, Subscriber or ExtendedSubscriber)
        or (Subscriber, Publisher or ExtendedPublisher);
}
