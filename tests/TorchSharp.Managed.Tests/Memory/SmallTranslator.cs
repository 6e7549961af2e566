using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp.Managed.Tests.Memory;

/// <summary>An encoder-decoder Transformer with embeddings and a projection, its optimiser and a batch to train it on: the model whose memory and threads are watched.</summary>
internal sealed class SmallTranslator : nn.Module<torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor>
{
    private readonly Embedding _source;
    private readonly Embedding _target;
    private readonly Embedding _position;
    private readonly Transformer _transformer;
    private readonly Linear _output;
    private readonly Dropout _dropout;
    private readonly optim.Optimizer _optimizer;
    private readonly torch.Tensor _origin;
    private readonly torch.Tensor _goal;
    private readonly torch.Tensor _mask;
    private readonly long _vocabulary;

    public SmallTranslator(ulong seed = 1, long width = 16, long heads = 2, long layers = 1, long hidden = 32, long vocabulary = 50, long batch = 4, long length = 6, double dropoutRate = 0.1)
        : base(nameof(SmallTranslator))
    {
        var generator = new Generator(seed);
        _vocabulary = vocabulary;
        _source = nn.Embedding(vocabulary, width);
        _target = nn.Embedding(vocabulary, width);
        _position = nn.Embedding(64, width);
        _transformer = nn.Transformer(width, heads, layers, layers, hidden, dropoutRate);
        _output = nn.Linear(width, vocabulary);
        _dropout = nn.Dropout(dropoutRate);
        RegisterComponents();
        using (no_grad())
        {
            foreach (var (name, parameter) in named_parameters())
            {
                if (parameter.dim() > 1)
                {
                    parameter.normal_(0, 0.1, generator);
                }
                else if (name.EndsWith("bias", StringComparison.Ordinal))
                {
                    parameter.zero_();
                }
            }
        }

        _optimizer = optim.Adam(parameters(), lr: 1e-3);
        _origin = randint(0, vocabulary, [length, batch], dtype: ScalarType.Int64, generator: generator).DetachFromDisposeScope();
        _goal = randint(0, vocabulary, [length + 1, batch], dtype: ScalarType.Int64, generator: generator).DetachFromDisposeScope();
        using var minusInfinity = full(length, length, float.NegativeInfinity, ScalarType.Float32);
        _mask = minusInfinity.triu(1).DetachFromDisposeScope();
    }

    /// <summary>Forward, loss, backward, Adam; nothing is disposed by hand.</summary>
    public float Step()
    {
        zero_grad();
        var logits = call(_origin, _goal[..^1], _mask);
        var loss = nn.functional.cross_entropy(logits.view(-1, _vocabulary), _goal[1..].reshape(-1));
        loss.backward();
        nn.utils.clip_grad_norm_(parameters(), 1);
        _optimizer.step();
        return loss.item<float>();
    }

    public override torch.Tensor forward(torch.Tensor sourceTokens, torch.Tensor targetTokens, torch.Tensor mask) =>
        _output.call(_transformer.call(Embed(_source, sourceTokens), Embed(_target, targetTokens), null, mask));

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            zero_grad();
            _optimizer.Dispose();
            _origin.Dispose();
            _goal.Dispose();
            _mask.Dispose();
        }

        base.Dispose(disposing);
    }

    private torch.Tensor Embed(Embedding table, torch.Tensor tokens) => _dropout.call((table.call(tokens) * 4) + _position.call(arange(tokens.shape[0]).unsqueeze(1)));
}
