namespace TorchSharp.Autograd;

/// <summary>A tensor as an operation saw it, kept for its backward function; notices when it was changed in place since.</summary>
internal sealed class SavedTensor
{
    private readonly long[] _shape = [];
    private readonly int _version;
    private readonly Edge _edge;
    private Tensor? _value;

    public SavedTensor(Tensor? tensor)
    {
        if (tensor is null)
        {
            return;
        }

        // A handle of its own: the tensor may be disposed long before backward runs.
        using (DisposeScopeManager.Suspend())
        {
            _value = tensor.Alias();
        }

        _shape = tensor.Shape;
        _version = tensor.Storage.Version;
        if (tensor.requires_grad)
        {
            _edge = tensor.GradientEdge();
        }
    }

    /// <summary>The tensor with its place in the graph.</summary>
    /// <exception cref="System.Runtime.InteropServices.ExternalException">It was changed in place.</exception>
    public Tensor? Unpack(Node reader)
    {
        if (_value is null)
        {
            return null;
        }

        if (_value.Storage.Version != _version)
        {
            throw Errors.Of("backward", "one of the variables needed for gradient computation has been modified by an inplace operation: "
                + $"{_value.dtype} {Shapes.Text(_shape)}, saved by '{reader.Name}', is at version {_value.Storage.Version}; expected version {_version} instead");
        }

        // Only a second differentiation needs the value's own history.
        var result = _value.Alias();
        if (GradMode.Enabled && _edge.Node is not null)
        {
            result.SetHistory(_edge);
        }

        return result;
    }

    /// <summary>Lets go of the memory.</summary>
    public void Release()
    {
        _value?.Dispose();
        _value = null;
    }
}
