using TorchSharp.Autograd;
using TorchSharp.Kernels;

namespace TorchSharp;

// Joining tensors along a dimension, old or new.
public static partial class torch
{
    /// <summary>Joins tensors along a dimension. All other lengths must be equal; the result's type is the smallest that holds all.</summary>
    /// <remarks>An input of shape [0] is passed over, as in PyTorch.</remarks>
    public static Tensor cat(IList<Tensor> tensors, long dim = 0)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        return Join("cat", [.. tensors], dim);
    }

    /// <inheritdoc cref="cat(IList{Tensor}, long)"/>
    public static Tensor cat(Tensor[] tensors, long dim = 0)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        return Join("cat", tensors, dim);
    }

    /// <inheritdoc cref="cat(IList{Tensor}, long)"/>
    public static Tensor cat(ReadOnlySpan<Tensor> tensors, long dim = 0) => Join("cat", tensors.ToArray(), dim);

    /// <inheritdoc cref="cat(IList{Tensor}, long)"/>
    public static Tensor concat(IList<Tensor> tensors, long dim = 0) => cat(tensors, dim);

    /// <inheritdoc cref="cat(IList{Tensor}, long)"/>
    public static Tensor concat(Tensor[] tensors, long dim = 0) => cat(tensors, dim);

    /// <inheritdoc cref="cat(IList{Tensor}, long)"/>
    public static Tensor concat(ReadOnlySpan<Tensor> tensors, long dim = 0) => cat(tensors, dim);

    /// <inheritdoc cref="cat(IList{Tensor}, long)"/>
    public static Tensor concatenate(IList<Tensor> tensors, long axis = 0) => cat(tensors, axis);

    /// <inheritdoc cref="cat(IList{Tensor}, long)"/>
    public static Tensor concatenate(Tensor[] tensors, long axis = 0) => cat(tensors, axis);

    /// <inheritdoc cref="cat(IList{Tensor}, long)"/>
    public static Tensor concatenate(ReadOnlySpan<Tensor> tensors, long axis = 0) => cat(tensors, axis);

    /// <summary>Joins tensors of one shape along a new dimension.</summary>
    /// <param name="tensors">The tensors.</param>
    /// <param name="dim">Where the new dimension stands in the result; negative from the back.</param>
    public static Tensor stack(IEnumerable<Tensor> tensors, long dim = 0)
    {
        var all = tensors.ToArray();
        if (all.Length == 0)
        {
            throw Errors.Of("stack", "expects at least one tensor");
        }

        var odd = Array.Find(all, tensor => !tensor.Shape.AsSpan().SequenceEqual(all[0].Shape));
        if (odd is not null)
        {
            throw Errors.Of("stack", $"expects each tensor to be equal size, but got {Shapes.Text(all[0].Shape)} and {Shapes.Text(odd.Shape)}");
        }

        var d = Shapes.Dimension("stack", dim, all[0].Rank + 1);
        return Join("stack", Array.ConvertAll(all, tensor => tensor.unsqueeze(d)), d, disposesInputs: true);
    }

    /// <summary>Joins tensors side by side: along the second dimension, or the first where there is only one.</summary>
    public static Tensor hstack(IList<Tensor> tensors) => Stacked("hstack", tensors, atleast_1d, first => first.Rank == 1 ? 0 : 1);

    /// <inheritdoc cref="hstack(IList{Tensor})"/>
    public static Tensor hstack(params Tensor[] tensors) => hstack((IList<Tensor>)tensors);

    /// <inheritdoc cref="hstack(IList{Tensor})"/>
    public static Tensor hstack(IEnumerable<Tensor> tensors) => hstack((IList<Tensor>)tensors.ToArray());

    /// <inheritdoc cref="hstack(IList{Tensor})"/>
    public static Tensor hstack(ReadOnlySpan<Tensor> tensors) => hstack((IList<Tensor>)tensors.ToArray());

    /// <summary>Joins tensors one below the other: along the first dimension, tensors of one dimension being rows.</summary>
    public static Tensor vstack(IList<Tensor> tensors) => Stacked("vstack", tensors, atleast_2d, _ => 0);

    /// <inheritdoc cref="vstack(IList{Tensor})"/>
    public static Tensor vstack(Tensor[] tensors) => vstack((IList<Tensor>)tensors);

    /// <inheritdoc cref="vstack(IList{Tensor})"/>
    public static Tensor vstack(ReadOnlySpan<Tensor> tensors) => vstack((IList<Tensor>)tensors.ToArray());

    /// <inheritdoc cref="vstack(IList{Tensor})"/>
    public static Tensor row_stack(params Tensor[] tensors) => vstack(tensors);

    /// <inheritdoc cref="vstack(IList{Tensor})"/>
    public static Tensor row_stack(IList<Tensor> tensors) => vstack(tensors);

    /// <summary>Joins tensors along the third dimension.</summary>
    public static Tensor dstack(params Tensor[] tensors) => Stacked("dstack", tensors, atleast_3d, _ => 2);

    /// <inheritdoc cref="dstack(Tensor[])"/>
    public static Tensor dstack(IList<Tensor> tensors) => Stacked("dstack", tensors, atleast_3d, _ => 2);

    /// <summary>Joins tensors side by side, those of one dimension being columns.</summary>
    public static Tensor column_stack(params Tensor[] tensors) => Stacked("column_stack", tensors, tensor => tensor.Rank <= 1 ? tensor.reshape(-1, 1) : tensor.Handle(), _ => 1);

    /// <inheritdoc cref="column_stack(Tensor[])"/>
    public static Tensor column_stack(IList<Tensor> tensors) => column_stack(tensors.ToArray());

    /// <summary>The matrix with the given matrices along its diagonal and zeros elsewhere; vectors are rows.</summary>
    public static Tensor block_diag(params Tensor[] tensors)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        using var scope = NewDisposeScope();
        var blocks = Array.ConvertAll(tensors, tensor => tensor.Rank <= 2
            ? atleast_2d(tensor)
            : throw Errors.Of("block_diag", $"expects tensors of at most 2 dimensions, but got {Shapes.Text(tensor.Shape)}"));
        var width = blocks.Sum(block => block.Shape[1]);
        long left = 0;
        for (var i = 0; i < blocks.Length; i++)
        {
            var columns = blocks[i].Shape[1];
            blocks[i] = blocks[i].Padded([left, width - left - columns], PaddingModes.Constant, 0);
            left += columns;
        }

        return Join("block_diag", blocks, 0).MoveToOuterDisposeScope();
    }

    /// <summary>For n tensors of one dimension, n tensors of n dimensions: the coordinates of every point of the grid that they span.</summary>
    /// <param name="tensors">The places along each axis (or single numbers).</param>
    /// <param name="indexing"><c>"ij"</c>: the first tensor runs along the first dimension. <c>"xy"</c>: along the second, and the second along the first.</param>
    public static Tensor[] meshgrid(IEnumerable<Tensor> tensors, string indexing = "ij")
    {
        var axes = tensors.ToArray();
        if (axes.Length == 0 || indexing is not ("ij" or "xy"))
        {
            throw Errors.Of("meshgrid", $"expects at least one tensor and the indexing \"ij\" or \"xy\", but got {axes.Length} and \"{indexing}\"");
        }

        var odd = Array.Find(axes, axis => axis.Rank > 1 || axis.dtype != axes[0].dtype);
        if (odd is not null)
        {
            throw Errors.Of("meshgrid", $"expects tensors of one type and at most one dimension, but got {odd.dtype} {Shapes.Text(odd.Shape)}");
        }

        var shape = Array.ConvertAll(axes, axis => axis.NumberOfElements);
        var swaps = indexing == "xy" && axes.Length >= 2;
        var grids = new Tensor[axes.Length];
        for (var i = 0; i < grids.Length; i++)
        {
            var single = Enumerable.Repeat(1L, axes.Length).ToArray();
            single[i] = shape[i];
            using var line = axes[i].reshape(single);
            using var grid = line.expand(shape);
            grids[i] = swaps ? grid.transpose(0, 1) : grid.alias();
        }

        return grids;
    }

    /// <summary>All combinations that take one element of each tensor: one row for each, the last tensor running fastest.</summary>
    public static Tensor cartesian_prod(params Tensor[] tensors)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        if (tensors.Length == 1 && tensors[0].Rank == 1)
        {
            return tensors[0].Handle();
        }

        using var scope = NewDisposeScope();
        var columns = Array.ConvertAll(meshgrid(tensors), grid => grid.reshape(-1));
        return stack(columns, 1).MoveToOuterDisposeScope();
    }

    /// <inheritdoc cref="cartesian_prod(Tensor[])"/>
    public static Tensor cartesian_prod(IList<Tensor> tensors) => cartesian_prod(tensors.ToArray());

    /// <inheritdoc cref="cartesian_prod(Tensor[])"/>
    public static Tensor cartesian_prod(ReadOnlySpan<Tensor> tensors) => cartesian_prod(tensors.ToArray());

    private static Tensor Stacked(string name, IList<Tensor> tensors, Func<Tensor, Tensor> shaped, Func<Tensor, int> dimension)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        if (tensors.Count == 0)
        {
            throw Errors.Of(name, "expects at least one tensor");
        }

        Tensor[] inputs = [.. tensors.Select(shaped)];
        return Join(name, inputs, dimension(inputs[0]), disposesInputs: true);
    }

    private static Tensor Join(string name, Tensor[] tensors, long dim, bool disposesInputs = false)
    {
        if (tensors.Length == 0)
        {
            throw Errors.Of(name, "expects at least one tensor");
        }

        // PyTorch lets tensors of shape [0] through among any others.
        static bool IsNothing(Tensor tensor) => tensor.Rank == 1 && tensor.Shape[0] == 0;
        var model = Array.Find(tensors, tensor => !IsNothing(tensor)) ?? tensors[0];
        if (model.Rank == 0)
        {
            throw Errors.Of(name, "zero-dimensional tensors cannot be concatenated");
        }

        var d = Shapes.Dimension(name, dim, model.Rank);
        var shape = (long[])model.Shape.Clone();
        shape[d] = 0;
        var type = tensors[0].dtype;
        var lengths = new long[tensors.Length];
        for (var i = 0; i < tensors.Length; i++)
        {
            type = ScalarTypes.Promote(type, tensors[i].dtype);
            if (IsNothing(tensors[i]) && model.Rank != 1)
            {
                continue;
            }

            var fits = tensors[i].Rank == model.Rank;
            for (var k = 0; k < model.Rank && fits; k++)
            {
                fits = k == d || tensors[i].Shape[k] == model.Shape[k];
            }

            if (!fits)
            {
                throw Errors.Of(name, $"sizes of tensors must match except in dimension {d}: expected {Shapes.Text(model.Shape)} but got {Shapes.Text(tensors[i].Shape)} for tensor number {i} in the list");
            }

            lengths[i] = tensors[i].Shape[d];
            shape[d] += lengths[i];
        }

        var result = Tensor.Allocate(type, shape);
        long at = 0;
        for (var i = 0; i < tensors.Length; i++)
        {
            if (lengths[i] > 0)
            {
                using var part = result.narrow(d, at, lengths[i]);
                Copying.Copy(tensors[i], part);
                at += lengths[i];
            }
        }

        var types = Array.ConvertAll(tensors, tensor => tensor.dtype);
        Graph.Record(name, result, tensors, [], (node, gradient) =>
        {
            var parts = new Tensor?[types.Length];
            long from = 0;
            for (var i = 0; i < parts.Length; i++)
            {
                if (node.Needs(i))
                {
                    parts[i] = gradient.narrow(d, from, lengths[i]).reshape(node.InputShape(i)).to(types[i]);
                }

                from += lengths[i];
            }

            return parts;
        });
        if (disposesInputs)
        {
            foreach (var tensor in tensors)
            {
                tensor.Dispose();
            }
        }

        return result;
    }
}
