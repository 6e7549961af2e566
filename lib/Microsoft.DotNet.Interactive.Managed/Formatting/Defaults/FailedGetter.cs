namespace Microsoft.DotNet.Interactive.Formatting.Defaults;

/// <summary>Stands in the place of a property whose getter threw.</summary>
internal sealed class FailedGetter(Exception exception)
{
    public override string ToString() => $"({TypeName.Of(exception.GetType())}: {exception.Message})";
}
