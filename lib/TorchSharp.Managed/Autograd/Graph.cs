namespace TorchSharp.Autograd;

/// <summary>
/// How operations enter the graph. An operation computes its result outside the graph and then calls <see cref="Record(string, Tensor, Tensor?[], Tensor?[], BackwardFunction)"/>
/// with its backward function written next to it.
/// </summary>
/// <remarks>
/// Rules for backward functions: built from tensor operations where a second differentiation shall work; no tensor is captured, all are saved; a gradient
/// has the shape and the type of its input (<see cref="Tensor.SumTo"/> undoes broadcasting); <see cref="Node.Needs"/> saves work.
/// The function may return the gradient that it was given.
/// </remarks>
internal static class Graph
{
    /// <summary>Whether an operation on these tensors is to be recorded.</summary>
    public static bool IsRecording(params ReadOnlySpan<Tensor?> inputs)
    {
        if (!GradMode.Enabled)
        {
            return false;
        }

        foreach (var input in inputs)
        {
            if (input is not null && input.requires_grad)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Connects the result of an operation to its inputs, if one of them requires a gradient.</summary>
    /// <param name="name">The operation's public name.</param>
    /// <param name="result">What it computed: a new tensor, not one of the inputs.</param>
    /// <param name="inputs">What it read; null where an optional one was left out.</param>
    /// <param name="saved">What backward will read: inputs, the result, or helper tensors of its own.</param>
    /// <param name="backward">From the result's gradient to the inputs'.</param>
    /// <returns>The result.</returns>
    public static Tensor Record(string name, Tensor result, Tensor?[] inputs, Tensor?[] saved, BackwardFunction backward)
    {
        if (IsRecording(inputs) && result.IsFloating)
        {
            var node = new Node(name, inputs, 1, (self, gradients) => gradients[0] is { } gradient ? backward(self, gradient) : new Tensor?[self.Next.Length]);
            Connect(node, 0, result);
            node.Save(saved);
        }

        // The kernels that made the result may have worked on bare pointers until here.
        GC.KeepAlive(inputs);
        return result;
    }

    /// <summary>The same for an operation with several results, of which the floating-point ones get gradients.</summary>
    public static Tensor[] Record(string name, Tensor[] results, Tensor?[] inputs, Tensor?[] saved, MultipleBackwardFunction backward)
    {
        if (IsRecording(inputs))
        {
            var node = new Node(name, inputs, results.Length, backward);
            for (var i = 0; i < results.Length; i++)
            {
                if (results[i].IsFloating)
                {
                    Connect(node, i, results[i]);
                }
            }

            node.Save(saved);
        }

        GC.KeepAlive(inputs);
        return results;
    }

    /// <summary>Makes a view of a tensor: the same memory under another shape, connected to the graph, and remembered as a view so that a change in place reaches both.</summary>
    public static Tensor RecordView(string name, Tensor source, long[] shape, long[] strides, long offset, BackwardFunction backward)
    {
        var view = source.Alias(shape, strides, offset);
        if (!source.IsFloating)
        {
            return view;
        }

        // The source is brought up to date first: its history number is the one that the view inherits.
        var recording = IsRecording(source);
        var state = view.EnsureAutogradState();
        state.Base = source.ViewBase ?? source;
        state.HistoryNumber = state.Base.HistoryNumber;
        return recording ? Record(name, view, [source], [], backward) : view;
    }

    /// <summary>A view of any layout within the memory of a tensor's base. Its history is "this part of the base".</summary>
    public static Tensor AsStrided(Tensor source, long[] shape, long[] strides, long offset)
    {
        var view = source.Alias(shape, strides, offset);
        if (source.IsFloating)
        {
            // One behind the base, so that the first look at the view's history connects it.
            var state = view.EnsureAutogradState();
            state.Base = source.ViewBase ?? source;
            state.HistoryNumber = state.Base.HistoryNumber - 1;
        }

        return view;
    }

    private static void Connect(Node node, int index, Tensor result)
    {
        node.Outputs[index] = (result.Shape, result.dtype);
        result.SetHistory(new Edge(node, index));
    }
}
