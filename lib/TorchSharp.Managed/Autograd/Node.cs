namespace TorchSharp.Autograd;

/// <summary>Where a gradient goes: to one output of the operation that made a tensor, or to a leaf.</summary>
internal readonly record struct Edge(Node? Node, int Index);

/// <summary>From the gradient of an operation's result to the gradients of its inputs, in their order; null where there is none.</summary>
/// <param name="node">The recorded operation: saved tensors, which inputs need a gradient, their shapes.</param>
/// <param name="gradient">The gradient of the result, of the result's shape and type.</param>
internal delegate Tensor?[] BackwardFunction(Node node, Tensor gradient);

/// <summary>The same for an operation with several results; a result that nothing depends on has a null gradient.</summary>
internal delegate Tensor?[] MultipleBackwardFunction(Node node, Tensor?[] gradients);

/// <summary>One recorded operation in the graph that <c>backward</c> walks.</summary>
internal class Node
{
    private static long _lastSequence;

    private SavedTensor[] _saved = [];
    private readonly long[][] _inputShapes;
    private bool _released;

    /// <summary>Records an operation.</summary>
    /// <param name="name">The operation's public name.</param>
    /// <param name="inputs">The tensors that it read; null for one left out.</param>
    /// <param name="outputCount">How many results it has.</param>
    /// <param name="backward">The backward function. It may capture numbers and shapes, but no tensors: those are saved.</param>
    public Node(string name, Tensor?[] inputs, int outputCount, MultipleBackwardFunction backward)
    {
        Name = name;
        Next = new Edge[inputs.Length];
        _inputShapes = new long[inputs.Length][];
        for (var i = 0; i < inputs.Length; i++)
        {
            Next[i] = inputs[i] is { } input ? input.GradientEdge() : default;
            _inputShapes[i] = inputs[i]?.ShapeEvenIfDisposed ?? [];
        }

        Outputs = new (long[] Shape, torch.ScalarType Type)[outputCount];
        Backward = backward;
        Sequence = Interlocked.Increment(ref _lastSequence);
    }

    /// <summary>A node without inputs.</summary>
    protected Node(string name)
    {
        Name = name;
        Next = [];
        Outputs = new (long[], torch.ScalarType)[1];
        _inputShapes = [];
        Backward = static (_, _) => [];
        Sequence = long.MaxValue;
    }

    /// <summary>The operation's public name.</summary>
    public string Name { get; }

    /// <summary>Where the gradients of the inputs go.</summary>
    public Edge[] Next { get; }

    /// <summary>Shape and type of each result, for gradients of zeros.</summary>
    public (long[] Shape, torch.ScalarType Type)[] Outputs { get; }

    /// <summary>The backward function.</summary>
    public MultipleBackwardFunction Backward { get; }

    /// <summary>Later operations have larger numbers and run first in <c>backward</c>.</summary>
    public long Sequence { get; }

    /// <summary>Whether the backward function is the user's, whose temporary tensors are the user's to dispose.</summary>
    public bool RunsUserCode { get; init; }

    /// <summary>Where the operation was called, if the anomaly mode was on.</summary>
    public string? CallingPlace { get; } = AnomalyMode.CallingPlace();

    /// <summary>Called with the gradient of each result before it is used (retain_grad).</summary>
    public List<Action<Tensor?[]>>? GradientObservers { get; set; }

    /// <summary>Whether input i needs a gradient.</summary>
    public bool Needs(int i) => Next[i].Node is not null;

    /// <summary>The shape of input i.</summary>
    public long[] InputShape(int i) => _inputShapes[i];

    /// <summary>Saved tensor i, connected to the graph as it was, checked against changes in place.</summary>
    public Tensor Saved(int i) => SavedOrNull(i)!;

    /// <summary>Saved tensor i, or null where null was saved.</summary>
    public Tensor? SavedOrNull(int i) => _released
        ? throw Errors.Of("backward", "Trying to backward through the graph a second time (or directly access saved tensors after they have already been freed). "
            + $"The saved values of '{Name}' were freed by the first backward; give retain_graph: true there to keep them")
        : _saved[i].Unpack(this);

    /// <summary>Keeps tensors for the backward function. A result of this very operation may be among them once it is connected.</summary>
    public void Save(Tensor?[] tensors) => _saved = Array.ConvertAll(tensors, tensor => new SavedTensor(tensor));

    /// <summary>Lets go of the saved tensors.</summary>
    public void Release()
    {
        if (_saved.Length > 0 && !_released)
        {
            _released = true;
            foreach (var saved in _saved)
            {
                saved.Release();
            }
        }
    }
}

/// <summary>The end of the graph at a leaf: adds what arrives to the leaf's <c>grad</c>.</summary>
internal sealed class LeafNode : Node
{
    public LeafNode(Tensor leaf)
        : base("AccumulateGrad")
    {
        Leaf = leaf;
        Outputs[0] = (leaf.ShapeEvenIfDisposed, leaf.dtype);
    }

    /// <summary>The tensor whose gradient this is.</summary>
    public Tensor Leaf { get; }
}
