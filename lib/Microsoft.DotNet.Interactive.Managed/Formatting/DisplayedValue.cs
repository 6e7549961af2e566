using System.Globalization;

namespace Microsoft.DotNet.Interactive.Formatting;

/// <summary>A value that has been shown, and the handle by which it can be replaced.</summary>
public class DisplayedValue
{
    private static int _count;
    private string? _displayId;

    /// <summary>A value in the forms in which it is shown.</summary>
    public DisplayedValue(object? value, IReadOnlyList<FormattedValue> formattedValues)
    {
        ArgumentNullException.ThrowIfNull(formattedValues);
        Value = value;
        FormattedValues = formattedValues;
    }

    /// <summary>Names the place on the page. Numbered in the order of display, so that a notebook that runs twice has the same ids.</summary>
    public string DisplayId
    {
        get => _displayId ??= string.Create(CultureInfo.InvariantCulture, $"display-{Interlocked.Increment(ref _count)}");
        internal set => _displayId = value;
    }

    /// <summary>True once <see cref="Update"/> has been called.</summary>
    public bool IsUpdated { get; private set; }

    /// <summary>What is shown, in each of its forms.</summary>
    public IReadOnlyList<FormattedValue> FormattedValues { get; private set; }

    /// <summary>The value.</summary>
    public object? Value { get; private set; }

    /// <summary>Shows <paramref name="updatedValue"/> in the place of this value, in the same MIME types as far as it has them.</summary>
    public void Update(object? updatedValue)
    {
        IsUpdated = true;
        Value = updatedValue;
        FormattedValues = FormattedValue.CreateFromPreferred(updatedValue, FormattedValues.Select(form => form.MimeType).ToArray());
        Formatter.Show(this);
    }

    internal static DisplayedValue Show(object? value, IReadOnlyList<FormattedValue> formattedValues)
    {
        var displayed = new DisplayedValue(value, formattedValues);
        Formatter.Show(displayed);
        return displayed;
    }
}
