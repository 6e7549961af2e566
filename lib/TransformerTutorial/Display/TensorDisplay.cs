using TorchSharp;

namespace TransformerTutorial.Display;

/// <summary>Shows tensors in notebooks: <c>tensor.Show()</c> as the last line of a cell.</summary>
public static class TensorDisplay
{
    /// <summary>Takes a picture of a tensor: shape, type, numbers, and for every number a colour. What happens to the tensor afterwards doesn't change the picture.</summary>
    /// <param name="tensor">A tensor of any shape. A vector is shown as one row; of three or more dimensions the last two are shown, slice by slice.</param>
    /// <param name="name">What to call it.</param>
    /// <param name="rows">A label for each row, or null for none. A vector has no row labels.</param>
    /// <param name="columns">A label for each column, or for each element of a vector; null for none.</param>
    /// <param name="decimals">Digits after the point; null chooses as PyTorch does (<see cref="TensorNumbers"/>).</param>
    /// <param name="limit">How many rows and columns are shown at most; of longer ones, the first and the last. A matrix that is cut is also drawn whole.</param>
    /// <param name="slices">How many slices are shown at most of a tensor of three or more dimensions.</param>
    /// <param name="heatMap">Whether numbers have colours: from little to much, or, where signs differ, from negative over zero to positive.</param>
    /// <example><c>torch.eye(2).Show("I")</c> in plain text: <c>I: shape (2, 2), Float32</c>, then <c>1.  0.</c> and <c>0.  1.</c> on lines of their own.</example>
    /// <exception cref="ObjectDisposedException">The tensor was disposed.</exception>
    /// <exception cref="ArgumentException">There are more or fewer labels than rows or columns.</exception>
    /// <exception cref="NotSupportedException">The numbers are complex.</exception>
    public static TensorView Show(
        this torch.Tensor tensor,
        string? name = null,
        IEnumerable<string>? rows = null,
        IEnumerable<string>? columns = null,
        int? decimals = null,
        int limit = 12,
        int slices = 4,
        bool heatMap = true)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(slices, 1);
        if (decimals is { } digits)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(digits, nameof(decimals));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(digits, 15, nameof(decimals));
        }

        if (tensor.IsInvalid)
        {
            throw new ObjectDisposedException(name ?? "tensor", $"The tensor{(name is null ? "" : $" '{name}'")} was disposed; there is nothing left to show.");
        }

        var sample = TensorSample.Of(tensor, limit, slices);
        return new TensorView(name, sample, Labels(rows, sample, axis: 2, "row"), Labels(columns, sample, axis: 1, "column"), decimals, heatMap);
    }

    private static string[]? Labels(IEnumerable<string>? labels, TensorSample sample, int axis, string what)
    {
        if (labels is null)
        {
            return null;
        }

        string[] copy = [.. labels];
        if (sample.Shape.Length < axis)
        {
            throw new ArgumentException($"A tensor of shape {TensorView.Text(sample.Shape)} has no {what}s to label{(sample.Shape.Length == 1 ? "; a vector is one row, and its elements are columns" : "")}.");
        }

        return copy.Length == sample.Shape[^axis]
            ? copy
            : throw new ArgumentException($"There are {copy.Length} {what} labels for the {sample.Shape[^axis]} {what}s of a tensor of shape {TensorView.Text(sample.Shape)}.");
    }
}
