namespace Microsoft.DotNet.Interactive;

/// <summary>A line that was typed without being seen. It isn't shown when it is displayed; <see cref="GetClearTextPassword"/> gives it.</summary>
public class PasswordString
{
    private readonly string _clearText;

    /// <summary>A password.</summary>
    public PasswordString(string clearText)
    {
        ArgumentNullException.ThrowIfNull(clearText);
        _clearText = clearText;
    }

    /// <summary>What was typed.</summary>
    public string GetClearTextPassword() => _clearText;

    /// <summary>A dot for each character.</summary>
    public override string ToString() => new('\u2022', _clearText.Length);
}
