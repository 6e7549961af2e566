using System.Globalization;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using System.Security.Cryptography;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

// Computes a little of everything and prints a hash of every result's bits: `name hash`, one a line. Run it at other vector widths (DOTNET_EnableAVX512=0,
// DOTNET_EnableAVX2=0, DOTNET_EnableHWIntrinsic=0) and with other numbers of threads: the lines must be the same. The first line says which vectors the
// processor's hardware offers now, because a misspelt switch is ignored silently.
//
//     Reproducibility [short] [threads N]
var isShort = args.Contains("short");
if (Array.IndexOf(args, "threads") is var at and >= 0)
{
    set_num_threads(int.Parse(args[at + 1], CultureInfo.InvariantCulture));
}

Console.WriteLine($"vectors {(Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : Vector128.IsHardwareAccelerated ? 128 : 0)} fma {Fma.IsSupported}");
Products();
Pointwise();
Rows();
Layers();
Training();

void Products()
{
    manual_seed(1);
    foreach (var (m, k, n) in isShort ? new[] { (5, 7, 9), (16, 33, 17) } : [(1, 300, 1), (5, 7, 9), (13, 64, 33), (64, 64, 64), (100, 300, 77), (257, 513, 129)])
    {
        using var a = randn(m, k);
        using var b = randn(k, n);
        using var transposed = b.t().contiguous();
        Print($"matmul {m} {k} {n}", a.matmul(b));
        Print($"linear {m} {k} {n}", F.linear(a, transposed, randn(n)));
        Print($"transposed {m} {k} {n}", a.t().contiguous().t().matmul(b));
        Print($"mv {m} {k}", a.mv(b.select(1, 0)));
        Print($"double {m} {k} {n}", a.to(ScalarType.Float64).matmul(b.to(ScalarType.Float64)));
    }

    Print("bmm", randn(6, 24, 16).bmm(randn(6, 16, 24)));
    Print("einsum", einsum("bij,bkj->bik", randn(3, 5, 8), randn(3, 7, 8)));
}

void Pointwise()
{
    manual_seed(2);
    foreach (var type in new[] { ScalarType.Float32, ScalarType.Float64 })
    {
        using var x = (randn(isShort ? 37 : 3001) * 3).to(type);
        using var positive = x.abs() + 0.01;
        Print($"exp {type}", x.exp());
        Print($"log {type}", positive.log());
        Print($"log1p {type}", positive.log1p());
        Print($"expm1 {type}", x.expm1());
        Print($"tanh {type}", x.tanh());
        Print($"sigmoid {type}", x.sigmoid());
        Print($"erf {type}", x.erf());
        Print($"gelu {type}", F.gelu(x));
        Print($"silu {type}", F.silu(x));
        Print($"sin {type}", x.sin());
        Print($"cos {type}", x.cos());
        Print($"pow {type}", positive.pow(x));
        Print($"rsqrt {type}", positive.rsqrt());
    }

    Print("randn", randn(1000));
    Print("dropout", F.dropout(ones(1000), 0.3));
}

void Rows()
{
    manual_seed(3);
    using var x = randn(isShort ? 3 : 19, isShort ? 50 : 5003);
    Print("sum", x.sum());
    Print("sum of rows", x.sum(0));
    Print("mean", x.mean([1]));
    Print("std", x.std(1));
    Print("norm", x.norm());
    Print("softmax", x.softmax(1));
    Print("log_softmax", x.log_softmax(0));
    Print("logsumexp", x.logsumexp(1));
    Print("cumsum", x.cumsum(1));
    Print("layer_norm", F.layer_norm(x, [x.shape[1]]));
    Print("svd", linalg.svdvals(randn(6, 4)));
}

void Layers()
{
    manual_seed(4);
    Differentiate("cross_entropy", randn(isShort ? 3 : 20, 300), x => F.cross_entropy(x, arange(x.shape[0])));
    Differentiate("attention", randn(2, 3, 17, 8), x => F.scaled_dot_product_attention(x, x, x, is_casual: true));
    var norm = nn.LayerNorm(24);
    Differentiate("LayerNorm", randn(10, 24), norm.call);
    var attention = nn.MultiheadAttention(24, 4);
    Differentiate("MultiheadAttention", randn(9, 2, 24), x => attention.call(x, x, x, null, true, null).Item1);
    var recurrent = nn.LSTM(12, 16);
    Differentiate("LSTM", randn(5, 2, 12), x => recurrent.call(x).Item1);
    var convolution = nn.Conv2d(3, 4, 3, padding: 1);
    Differentiate("Conv2d", randn(2, 3, 9, 9), convolution.call);
    var embedding = nn.Embedding(50, 16);
    embedding.call(randint(0, 50, [200])).square().sum().backward();
    Print("Embedding", embedding.weight!.grad!);
}

void Training()
{
    manual_seed(5);
    var (vocabulary, width) = (30, 32);
    var embedding = nn.Embedding(vocabulary, width);
    var transformer = nn.Transformer(width, 4, 2, 2, 64, dropout: 0.1);
    var output = nn.Linear(width, vocabulary);
    var parameters = embedding.parameters().Concat(transformer.parameters()).Concat(output.parameters()).ToList();
    var optimizer = optim.Adam(parameters, lr: 1e-3);
    var mask = triu(full([11, 11], float.NegativeInfinity), 1);
    using var losses = zeros(isShort ? 3 : 200);
    for (var step = 0; step < losses.shape[0]; step++)
    {
        using var scope = NewDisposeScope();
        var source = randint(0, vocabulary, [10, 8]);
        var target = cat([zeros(1, 8, int64), source.flip(0), ones(1, 8, int64)]);
        var hidden = transformer.call(embedding.call(source), embedding.call(target[..^1]), null, mask, null, null, null, null);
        var loss = F.cross_entropy(output.call(hidden).view(-1, vocabulary), target[1..].reshape(-1));
        optimizer.zero_grad();
        loss.backward();
        nn.utils.clip_grad_norm_(parameters, 1.0);
        optimizer.step();
        losses[step] = loss.detach();
    }

    Print("losses", losses);
    foreach (var (name, parameter) in transformer.named_parameters())
    {
        Print(name, parameter);
    }
}

void Differentiate(string name, Tensor x, Func<Tensor, Tensor> function)
{
    x.requires_grad_();
    using var y = function(x);
    y.backward([ones_like(y) * 0.3]);
    Print(name, y);
    Print($"{name}'", x.grad!);
}

void Print(string name, Tensor tensor)
{
    using var dense = tensor.detach().contiguous();
    Console.WriteLine($"{name} {Convert.ToHexString(SHA256.HashData(dense.bytes))[..16]}");
}
