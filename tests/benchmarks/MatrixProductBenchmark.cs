using System.Diagnostics;
using System.Runtime.InteropServices;
using TorchSharp.Kernels;

namespace TransformerTutorial.Benchmarks;

/// <summary>
/// The engine's matrix products against PyTorch's (Debian's python3-torch with libopenblas0-openmp), one thread and two. PyTorch runs in a child process that stays; it and we take turns, a fraction of a
/// second each. Results are compared before anything is timed. Each turn gives its best and its median burst; the table has the median over the turns of either and their ratio.
/// </summary>
internal static unsafe class MatrixProductBenchmark
{
    private static readonly (string Kind, int N, string Name)[] Cases =
    [
        .. from kind in new[] { (Key: "ab", Name: "A·B"), (Key: "abt", Name: "A·Bᵀ"), (Key: "atb", Name: "Aᵀ·B") } from n in new[] { 64, 128, 256, 512, 1024 } select (kind.Key, n, $"{kind.Name}, {n}"),
        ("bmm", 24, "batch of 1,024, 24 x 16 by 16 x 24"),
        .. from n in new[] { 2, 4, 8, 16, 32, 64, 128 } select ("linear", n, $"{n} x 256 by (1,024 x 256)ᵀ"),
        ("mv", 1024, "matrix by vector, 1,024"),
        ("vm", 1024, "vector by matrix, 1,024"),
    ];

    public static void Run(string[] words)
    {
        var options = new CommandOptions(words, ["--turns", "--seconds", "--only"]);
        var (turns, seconds) = (options.Number("--turns", 9), options.Number("--seconds", 0.15));
        var only = options.Text("--only")?.Split(',');
        Console.WriteLine($"{turns} turns of {seconds} s each, vectors of {MatrixProduct.WidthInUse} bits, load before: {Timing.Load}\n");
        Console.WriteLine("| float32 product | threads | PyTorch, GFLOP/s | ours | ours ÷ PyTorch | ours ÷ PyTorch, best bursts |\n|---|---|---|---|---|---|");
        using var one = new PythonPeer("torch-products.py", 1);
        using var two = new PythonPeer("torch-products.py", 2);
        foreach (var (kind, n, name) in Cases.Where(candidate => only is null || only.Contains(candidate.Kind) || only.Contains(candidate.Kind + candidate.N)))
        {
            using var work = new Work(kind, n);
            foreach (var peer in new[] { one, two })
            {
                Workers.Count = peer.Threads;
                work.Check(peer);
                List<Timing> theirs = [], ours = [];
                for (var turn = 0; turn < turns; turn++)
                {
                    theirs.Add(peer.Time($"{kind} {n} {seconds}"));

                    // OpenMP's threads spin for a while after their last product.
                    Thread.Sleep(20);
                    ours.Add(work.Time(seconds));
                }

                var (their, our) = (Timing.Over(theirs), Timing.Over(ours));
                Console.WriteLine($"| {name} | {peer.Threads} | {work.Operations / their.Median / 1e9:F0} | {work.Operations / our.Median / 1e9:F0} | {their.Median / our.Median:F2} | {their.Best / our.Best:F2} |");
            }
        }

        Console.WriteLine($"\nLoad after: {Timing.Load}");
    }

    /// <summary>Our side of one case.</summary>
    private sealed class Work : IDisposable
    {
        private readonly float* _a;
        private readonly float* _b;
        private readonly float* _c;
        private readonly int _n;
        private readonly string _kind;
        private readonly int _results;

        public Work(string kind, int n)
        {
            (_kind, _n) = (kind, n);
            (var sizeOfA, var sizeOfB, _results, Operations) = kind switch
            {
                "bmm" => (1024 * 24 * 16, 1024 * 24 * 16, 1024 * 24 * 24, 2.0 * 1024 * 24 * 24 * 16),
                "linear" => (n * 256, 1024 * 256, n * 1024, 2.0 * n * 256 * 1024),
                "mv" or "vm" => (n * n, n, n, 2.0 * n * n),
                _ => (n * n, n * n, n * n, 2.0 * n * n * n),
            };
            _a = Numbers(0, sizeOfA);
            _b = Numbers(1000, sizeOfB);
            _c = Numbers(0, _results);
        }

        public double Operations { get; }

        public void Dispose()
        {
            NativeMemory.AlignedFree(_a);
            NativeMemory.AlignedFree(_b);
            NativeMemory.AlignedFree(_c);
        }

        public void Check(PythonPeer peer)
        {
            Multiply();
            var theirs = Result(peer);
            var ours = new Span<float>(_c, _results);
            for (var i = 0; i < theirs.Length; i++)
            {
                // n products of at most 1/4: rounding stays far below this, a wrong element far above.
                if (Math.Abs(theirs[i] - ours[i]) > 1e-4 * Math.Sqrt(_n))
                {
                    throw new InvalidOperationException($"{_kind} {_n}: element {i} is {ours[i]}, PyTorch's {theirs[i]}; there is nothing to time.");
                }
            }
        }

        private float[] Result(PythonPeer peer)
        {
            var path = Path.GetTempFileName();
            try
            {
                peer.Ask($"check {_kind} {_n} {path}");
                return MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(path)).ToArray();
            }
            finally
            {
                File.Delete(path);
            }
        }

        public Timing Time(double seconds)
        {
            var repeats = 1;
            while (Burst(repeats) < 0.002)
            {
                repeats *= 2;
            }

            var bursts = new List<double>();
            for (var watch = Stopwatch.StartNew(); watch.Elapsed.TotalSeconds < seconds;)
            {
                bursts.Add(Burst(repeats) / repeats);
            }

            return Timing.Of(bursts);
        }

        private double Burst(int repeats)
        {
            var start = Stopwatch.GetTimestamp();
            for (var i = 0; i < repeats; i++)
            {
                Multiply();
            }

            return Stopwatch.GetElapsedTime(start).TotalSeconds;
        }

        private void Multiply()
        {
            switch (_kind)
            {
                case "ab":
                    MatrixProduct.Multiply(_n, _n, _n, _a, _n, 1, _b, _n, 1, _c, _n);
                    break;
                case "abt":
                    MatrixProduct.Multiply(_n, _n, _n, _a, _n, 1, _b, 1, _n, _c, _n);
                    break;
                case "atb":
                    MatrixProduct.Multiply(_n, _n, _n, _a, 1, _n, _b, _n, 1, _c, _n);
                    break;
                case "mv":
                    MatrixProduct.Multiply(_n, 1, _n, _a, _n, 1, _b, 1, 1, _c, 1);
                    break;
                case "vm":
                    MatrixProduct.Multiply(1, _n, _n, _b, _n, 1, _a, _n, 1, _c, _n);
                    break;
                case "linear":
                    MatrixProduct.Multiply(_n, 1024, 256, _a, 256, 1, _b, 1, 256, _c, 1024);
                    break;
                default:
                    MatrixProduct.MultiplyBatch(1024, 24, 24, 16, _a, 24 * 16, 16, 1, _b, 24 * 16, 24, 1, _c, 24 * 24, 24);
                    break;
            }
        }

        private static float* Numbers(long first, int count)
        {
            var numbers = (float*)NativeMemory.AlignedAlloc((nuint)count * sizeof(float), 64);
            for (var i = 0; i < count; i++)
            {
                numbers[i] = FixedNumbers.Number(first + i);
            }

            return numbers;
        }
    }
}
