namespace Surface.Tests;

/// <summary>A type or member of a package.</summary>
/// <param name="Package">The package's assembly: <c>TorchSharp</c>.</param>
/// <param name="Type">The type's line (<see cref="MemberText.OfType"/>).</param>
/// <param name="Member">The member's line (<see cref="MemberText.OfMember"/>), or nothing for the type itself.</param>
internal sealed record ListedMember(string Package, string Type, string Member)
{
    /// <summary>For reports: <c>TorchSharp: class TorchSharp.torch: static torch.Tensor eye(long rows, ...)</c>.</summary>
    public override string ToString() => Member.Length > 0 ? $"{Package}: {Type}: {Member}" : $"{Package}: {Type}";
}
