using TorchSharp.Modules;
using TorchSharp.Utils;

namespace TorchSharp.Managed.Tests.Modules;

/// <summary>Small modules and tensors for the tests of modules.</summary>
internal static unsafe class ModuleSamples
{
    /// <summary>A Float32 tensor of given values.</summary>
    public static torch.Tensor Values(long[] shape, params float[] values)
    {
        var result = torch.Tensor.Allocate(torch.ScalarType.Float32, shape);
        values.CopyTo(new Span<float>(result.Pointer<float>(), values.Length));
        return result;
    }

    /// <summary>The elements of a Float32 tensor, in logical order.</summary>
    public static float[] Read(torch.Tensor tensor)
    {
        using var dense = tensor.contiguous();
        var result = new Span<float>(dense.Pointer<float>(), (int)dense.NumberOfElements).ToArray();
        GC.KeepAlive(dense);
        return result;
    }

    /// <summary>A tensor of truth values.</summary>
    public static torch.Tensor Flags(long[] shape, params bool[] values)
    {
        var result = torch.Tensor.Allocate(torch.ScalarType.Bool, shape);
        values.CopyTo(new Span<bool>(result.Pointer<byte>(), values.Length));
        return result;
    }

    /// <summary>Same shape, and elements that differ by a few rounding errors of numbers of the size of the largest.</summary>
    public static void Close(torch.Tensor expected, torch.Tensor actual)
    {
        Assert.Equal(expected.shape, actual.shape);
        var (left, right) = (Read(expected), Read(actual));
        var bound = 4E-6f * Math.Max(1, left.Length == 0 ? 0 : left.Max(Math.Abs));
        for (var i = 0; i < left.Length; i++)
        {
            Assert.True(Math.Abs(left[i] - right[i]) <= bound, $"element {i}: expected {left[i]}, but it is {right[i]}");
        }
    }

    /// <summary>Multiplies by a learnt number.</summary>
    public sealed class Scale : torch.nn.Module<torch.Tensor, torch.Tensor>
    {
        [ComponentName(Name = "factor")]
        private readonly Parameter _factor;

        public Scale(float value)
            : base(nameof(Scale))
        {
            _factor = new Parameter(Values([1], value));
            RegisterComponents();
        }

        public Parameter Factor => _factor;

        public override torch.Tensor forward(torch.Tensor input) => input.mul(_factor);
    }

    /// <summary>Fields of every kind that registration knows, and some that it leaves alone.</summary>
    public sealed class Everything : torch.nn.Module<torch.Tensor, torch.Tensor>
    {
        public readonly Parameter scale = new(Values([2], 1, 2));
        private readonly Scale _inner = new(3);
        private readonly torch.Tensor _buf = Values([1], 4);
        [ComponentName(Name = "renamed")]
        private readonly Scale _second = new(5);
        private readonly List<Scale> _ignored = [new(6)];

        public Everything()
            : base(nameof(Everything)) => RegisterComponents();

        public Parameter Property { get; set; } = new(Values([1], 7));

        public Scale Inner => _inner;

        public int Ignored => _ignored.Count;

        public override torch.Tensor forward(torch.Tensor input) => _second.call(_inner.call(input)).add(_buf);

        public void RegisterAgain() => RegisterComponents();
    }
}
