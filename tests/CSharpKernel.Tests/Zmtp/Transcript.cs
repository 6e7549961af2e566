namespace CSharpKernel.Tests.Zmtp;

/// <summary>Bytes as the specifications of ZMTP 3.0 (rfc.zeromq.org 23) and 3.1 (37) have them, in hexadecimal digits, written down by hand.</summary>
internal static class Transcript
{
    /// <summary>Signature, version 3.0, "NULL" in 20 bytes, not a server, 31 bytes of filler.</summary>
    public const string Greeting30 = "ff0000000000000000 7f 0300" + MechanismNull + Rest;

    /// <summary>The same of version 3.1.</summary>
    public const string Greeting31 = "ff0000000000000000 7f 0301" + MechanismNull + Rest;

    /// <summary>"NULL" and 16 zeros.</summary>
    public const string MechanismNull = "4e554c4c 00000000000000000000000000000000";

    /// <summary>"PLAIN" and 15 zeros.</summary>
    public const string MechanismPlain = "504c41494e 000000000000000000000000000000";

    /// <summary>Not a server, 31 bytes of filler.</summary>
    public const string Rest = "00 00000000000000000000000000000000000000000000000000000000000000";

    /// <summary>A command of 43 bytes: "READY", Socket-Type "DEALER", Identity "me".</summary>
    public const string ReadyDealer = "04 2b 05 5245414459" + SocketTypeProperty + "00000006 4445414c4552" + IdentityProperty + "00000002 6d65";

    /// <summary>A command of 38 bytes: "READY", Socket-Type "REQ", Identity empty.</summary>
    public const string ReadyRequest = "04 26 05 5245414459" + SocketTypeProperty + "00000003 524551" + IdentityProperty + "00000000";

    /// <summary>A command of 25 bytes: "READY", Socket-Type "SUB".</summary>
    public const string ReadySubscriber = "04 19 05 5245414459" + SocketTypeProperty + "00000003 535542";

    /// <summary>A command of 41 bytes: "READY", Socket-Type "ROUTER", Identity empty.</summary>
    public const string ReadyRouter = "04 29 05 5245414459" + SocketTypeProperty + "00000006 524f55544552" + IdentityProperty + "00000000";

    /// <summary>A command of 25 bytes: "READY", Socket-Type "PUB".</summary>
    public const string ReadyPublisher = "04 19 05 5245414459" + SocketTypeProperty + "00000003 505542";

    /// <summary>A command of 25 bytes: "READY", Socket-Type "REP".</summary>
    public const string ReadyReply = "04 19 05 5245414459" + SocketTypeProperty + "00000003 524550";

    /// <summary>"Socket-Type" after its length.</summary>
    public const string SocketTypeProperty = "0b 536f636b65742d54797065";

    /// <summary>"Identity" after its length.</summary>
    public const string IdentityProperty = "08 4964656e74697479";
}
