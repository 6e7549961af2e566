namespace CSharpKernel.Zmtp;

/// <summary>A peer that does not keep to the protocol, or wants more than the options allow. Its connection ends.</summary>
internal sealed class ZmtpException(string message) : Exception(message);
