using TorchSharp.Autograd;
using TorchSharp.Kernels;

namespace TorchSharp;

// Random tensors, drawn from PyTorch's streams; what each function draws from them is in RandomStreams.
public static partial class torch
{
    /// <summary>Uniform numbers in [0, 1). The same numbers as PyTorch's on a processor, for the same seed.</summary>
    /// <param name="size">The length of each dimension.</param>
    /// <param name="dtype">The element type; by default the default floating-point type.</param>
    /// <param name="device">The processor, or null.</param>
    /// <param name="requires_grad">Whether operations on the tensor are recorded.</param>
    /// <param name="generator">Where the random numbers come from; null for the default generator.</param>
    /// <param name="names">Must be null: dimensions have no names here.</param>
    /// <exception cref="System.Runtime.InteropServices.ExternalException">A length is negative, or the type is not floating point.</exception>
    public static Tensor rand(long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) => rand((ReadOnlySpan<long>)size, dtype, device, requires_grad, generator, names);

    /// <inheritdoc cref="rand(long[], ScalarType?, Device?, bool, Generator?, string[])"/>
    public static Tensor rand(ReadOnlySpan<long> size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) => Drawn("rand", size, dtype, device, requires_grad, names, result => result.uniform_(0, 1, generator));

    /// <inheritdoc cref="rand(long[], ScalarType?, Device?, bool, Generator?, string[])"/>
    public static Tensor rand(long size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) => rand((ReadOnlySpan<long>)[size], dtype, device, requires_grad, generator, names);

    /// <inheritdoc cref="rand(long[], ScalarType?, Device?, bool, Generator?, string[])"/>
    public static Tensor rand(long rows, long columns, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) => rand((ReadOnlySpan<long>)[rows, columns], dtype, device, requires_grad, generator, names);

    /// <inheritdoc cref="rand(long[], ScalarType?, Device?, bool, Generator?, string[])"/>
    public static Tensor rand(long dim0, long dim1, long dim2, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) => rand((ReadOnlySpan<long>)[dim0, dim1, dim2], dtype, device, requires_grad, generator, names);

    /// <inheritdoc cref="rand(long[], ScalarType?, Device?, bool, Generator?, string[])"/>
    public static Tensor rand(long dim0, long dim1, long dim2, long dim3, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) => rand((ReadOnlySpan<long>)[dim0, dim1, dim2, dim3], dtype, device, requires_grad, generator, names);

    /// <inheritdoc cref="rand(long[], ScalarType?, Device?, bool, Generator?, string[])"/>
    public static Tensor rand(int size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) => rand((ReadOnlySpan<long>)[size], dtype, device, requires_grad, generator, names);

    /// <inheritdoc cref="rand(long[], ScalarType?, Device?, bool, Generator?, string[])"/>
    public static Tensor rand(int rows, int columns, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) => rand((ReadOnlySpan<long>)[rows, columns], dtype, device, requires_grad, generator, names);

    /// <inheritdoc cref="rand(long[], ScalarType?, Device?, bool, Generator?, string[])"/>
    public static Tensor rand(int dim0, int dim1, int dim2, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) => rand((ReadOnlySpan<long>)[dim0, dim1, dim2], dtype, device, requires_grad, generator, names);

    /// <inheritdoc cref="rand(long[], ScalarType?, Device?, bool, Generator?, string[])"/>
    public static Tensor rand(int dim0, int dim1, int dim2, int dim3, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) => rand((ReadOnlySpan<long>)[dim0, dim1, dim2, dim3], dtype, device, requires_grad, generator, names);

    /// <summary>Uniform numbers in [0, 1), with the shape of another tensor.</summary>
    public static Tensor rand_like(Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => rand((ReadOnlySpan<long>)input.Shape, dtype ?? input.dtype, device, requires_grad);

    /// <summary>Normal numbers of mean 0 and standard deviation 1. The same numbers as PyTorch's on a processor, for the same seed.</summary>
    /// <param name="size">The length of each dimension.</param>
    /// <param name="dtype">The element type; by default the default floating-point type.</param>
    /// <param name="device">The processor, or null.</param>
    /// <param name="requires_grad">Whether operations on the tensor are recorded.</param>
    /// <param name="generator">Where the random numbers come from; null for the default generator.</param>
    /// <param name="names">Must be null: dimensions have no names here.</param>
    /// <exception cref="System.Runtime.InteropServices.ExternalException">A length is negative, or the type is not floating point.</exception>
    public static Tensor randn(long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) => randn((ReadOnlySpan<long>)size, dtype, device, requires_grad, generator, names);

    /// <inheritdoc cref="randn(long[], ScalarType?, Device?, bool, Generator?, string[])"/>
    public static Tensor randn(ReadOnlySpan<long> size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) => Drawn("randn", size, dtype, device, requires_grad, names, result => result.normal_(0, 1, generator));

    /// <inheritdoc cref="randn(long[], ScalarType?, Device?, bool, Generator?, string[])"/>
    public static Tensor randn(long size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) => randn((ReadOnlySpan<long>)[size], dtype, device, requires_grad, generator, names);

    /// <inheritdoc cref="randn(long[], ScalarType?, Device?, bool, Generator?, string[])"/>
    public static Tensor randn(long rows, long columns, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) => randn((ReadOnlySpan<long>)[rows, columns], dtype, device, requires_grad, generator, names);

    /// <inheritdoc cref="randn(long[], ScalarType?, Device?, bool, Generator?, string[])"/>
    public static Tensor randn(long dim0, long dim1, long dim2, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) => randn((ReadOnlySpan<long>)[dim0, dim1, dim2], dtype, device, requires_grad, generator, names);

    /// <inheritdoc cref="randn(long[], ScalarType?, Device?, bool, Generator?, string[])"/>
    public static Tensor randn(long dim0, long dim1, long dim2, long dim3, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) => randn((ReadOnlySpan<long>)[dim0, dim1, dim2, dim3], dtype, device, requires_grad, generator, names);

    /// <inheritdoc cref="randn(long[], ScalarType?, Device?, bool, Generator?, string[])"/>
    public static Tensor randn(int size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) => randn((ReadOnlySpan<long>)[size], dtype, device, requires_grad, generator, names);

    /// <inheritdoc cref="randn(long[], ScalarType?, Device?, bool, Generator?, string[])"/>
    public static Tensor randn(int rows, int columns, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) => randn((ReadOnlySpan<long>)[rows, columns], dtype, device, requires_grad, generator, names);

    /// <inheritdoc cref="randn(long[], ScalarType?, Device?, bool, Generator?, string[])"/>
    public static Tensor randn(int dim0, int dim1, int dim2, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) => randn((ReadOnlySpan<long>)[dim0, dim1, dim2], dtype, device, requires_grad, generator, names);

    /// <inheritdoc cref="randn(long[], ScalarType?, Device?, bool, Generator?, string[])"/>
    public static Tensor randn(int dim0, int dim1, int dim2, int dim3, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) => randn((ReadOnlySpan<long>)[dim0, dim1, dim2, dim3], dtype, device, requires_grad, generator, names);

    /// <summary>Normal numbers of mean 0 and standard deviation 1, with the shape of another tensor.</summary>
    public static Tensor randn_like(Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => randn((ReadOnlySpan<long>)input.Shape, dtype ?? input.dtype, device, requires_grad);

    /// <summary>Whole numbers from 0 up to, but not including, <paramref name="high"/>, all equally likely.</summary>
    /// <param name="high">Just above the largest number.</param>
    /// <param name="size">The length of each dimension.</param>
    /// <param name="dtype">The element type; Int64 by default.</param>
    /// <param name="device">The processor, or null.</param>
    /// <param name="requires_grad">Whether operations on the tensor are recorded.</param>
    /// <param name="generator">Where the random numbers come from; null for the default generator.</param>
    /// <param name="names">Must be null: dimensions have no names here.</param>
    /// <exception cref="ArgumentException">There is no number to choose, or the type does not hold them.</exception>
    public static Tensor randint(long high, Size size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) => randint(0, high, size, dtype, device, requires_grad, generator, names);

    /// <inheritdoc cref="randint(long, Size, ScalarType?, Device?, bool, Generator?, string[])"/>
    public static Tensor randint(long high, long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) => randint(0, high, new Size(size), dtype, device, requires_grad, generator, names);

    /// <inheritdoc cref="randint(long, Size, ScalarType?, Device?, bool, Generator?, string[])"/>
    public static Tensor randint(int high, int[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) => randint(0, high, new Size(size), dtype, device, requires_grad, generator, names);

    /// <summary>Whole numbers from <paramref name="low"/> up to, but not including, <paramref name="high"/>, all equally likely.</summary>
    /// <param name="low">The smallest number.</param>
    /// <param name="high">Just above the largest number.</param>
    /// <param name="size">The length of each dimension.</param>
    /// <param name="dtype">The element type; Int64 by default.</param>
    /// <param name="device">The processor, or null.</param>
    /// <param name="requires_grad">Whether operations on the tensor are recorded.</param>
    /// <param name="generator">Where the random numbers come from; null for the default generator.</param>
    /// <param name="names">Must be null: dimensions have no names here.</param>
    /// <exception cref="ArgumentException">There is no number to choose, or the type does not hold them.</exception>
    public static Tensor randint(long low, long high, Size size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        Drawn("randint", size.Shape, dtype ?? ScalarType.Int64, device, requires_grad, names, result => result.DrawIntegers(low, high, generator));

    /// <inheritdoc cref="randint(long, long, Size, ScalarType?, Device?, bool, Generator?, string[])"/>
    public static Tensor randint(long low, long high, long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) => randint(low, high, new Size(size), dtype, device, requires_grad, generator, names);

    /// <inheritdoc cref="randint(long, long, Size, ScalarType?, Device?, bool, Generator?, string[])"/>
    public static Tensor randint(int low, int high, int[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) => randint(low, high, new Size(size), dtype, device, requires_grad, generator, names);

    /// <summary>The numbers 0 to n - 1 in random order.</summary>
    /// <param name="n">How many.</param>
    /// <param name="dtype">The element type; Int64 by default.</param>
    /// <param name="device">The processor, or null.</param>
    /// <param name="requires_grad">Whether operations on the tensor are recorded.</param>
    /// <param name="generator">Where the random numbers come from; null for the default generator.</param>
    /// <exception cref="System.Runtime.InteropServices.ExternalException">n is negative.</exception>
    public static Tensor randperm(long n, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null) =>
        Drawn("randperm", [n], dtype ?? ScalarType.Int64, device, requires_grad, null, result => result.DrawPermutation(generator));

    /// <summary>The numbers 0 to n - 1 in random order, written into a tensor of n elements.</summary>
    /// <exception cref="System.Runtime.InteropServices.ExternalException">The tensor has another shape.</exception>
    public static Tensor randperm(long n, Tensor @out, Generator? generator = null)
    {
        ArgumentNullException.ThrowIfNull(@out);
        if (@out.Rank != 1 || @out.Shape[0] != n)
        {
            throw Errors.Of("randperm", $"expected an output of shape [{n}], got {Shapes.Text(@out.Shape)}");
        }

        using var order = randperm(n, @out.dtype, generator: generator);
        return @out.copy_(order);
    }

    /// <summary>Normal numbers with a mean and a standard deviation for each element.</summary>
    public static Tensor normal(Tensor mean, Tensor std, Generator? generator = null)
    {
        ArgumentNullException.ThrowIfNull(std);
        using (no_grad())
        {
            using var negative = std.lt(0).any();
            if (negative.item<bool>())
            {
                throw new ArgumentException($"normal: expected standard deviations >= 0, but some of {Shapes.Text(std.Shape)} are less.", nameof(std));
            }
        }

        using var standard = randn((ReadOnlySpan<long>)mean.Shape, generator: generator);
        using var scaled = standard.mul(std);
        return scaled.add(mean);
    }

    /// <summary>Normal numbers of one mean and one standard deviation.</summary>
    /// <param name="mean">The mean.</param>
    /// <param name="std">The standard deviation.</param>
    /// <param name="size">The length of each dimension.</param>
    /// <param name="dtype">The element type; by default the default floating-point type.</param>
    /// <param name="device">The processor, or null.</param>
    /// <param name="requires_grad">Whether operations on the tensor are recorded.</param>
    /// <param name="generator">Where the random numbers come from; null for the default generator.</param>
    /// <param name="names">Must be null: dimensions have no names here.</param>
    public static Tensor normal(double mean, double std, ReadOnlySpan<long> size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        std < 0
            ? throw new ArgumentException(FormattableString.Invariant($"normal: expected a standard deviation >= 0, got {std}."), nameof(std))
            : Drawn("normal", size, dtype, device, requires_grad, names, result => result.normal_(0, 1, generator).mul_(std).add_(mean));

    /// <inheritdoc cref="Tensor.bernoulli"/>
    public static Tensor bernoulli(Tensor input, Generator? generator = null) => input.bernoulli(generator);

    /// <inheritdoc cref="Tensor.multinomial"/>
    public static Tensor multinomial(Tensor input, long num_samples, bool replacement = false, Generator? generator = null) => input.multinomial(num_samples, replacement, generator);

    /// <summary>Begins the default generator's stream of a seed.</summary>
    /// <returns>The default generator.</returns>
    public static Generator manual_seed(long seed) => random.manual_seed(seed);

    /// <summary>Begins the default generator's stream of a seed that nobody can foresee.</summary>
    /// <returns>The seed.</returns>
    public static long seed() => random.seed();

    /// <summary>The seed that the default generator's stream began with.</summary>
    public static long initial_seed() => random.initial_seed();

    /// <summary>The default generator's state, as bytes.</summary>
    public static Tensor get_rng_state() => random.get_rng_state();

    /// <summary>Lets the default generator go on where a state was taken.</summary>
    public static void set_rng_state(Tensor new_state) => random.set_rng_state(new_state);

    private static Tensor Drawn(string name, ReadOnlySpan<long> size, ScalarType? dtype, Device? device, bool requires_grad, string[]? names, Action<Tensor> draw)
    {
        var result = Created(name, size, dtype ?? TypePromotion.Default, device, names);
        draw(result);
        result.requires_grad = requires_grad;
        return result;
    }

    /// <summary>The default generator.</summary>
    public static class random
    {
        /// <summary>Begins the stream of a seed.</summary>
        /// <returns>The default generator.</returns>
        public static Generator manual_seed(long seed) => Generator.Default.manual_seed(seed);

        /// <summary>Begins the stream of a seed that nobody can foresee.</summary>
        /// <returns>The seed.</returns>
        public static long seed() => Generator.Default.seed();

        /// <summary>The seed that the stream began with.</summary>
        public static long initial_seed() => Generator.Default.initial_seed();

        /// <summary>The state, as bytes.</summary>
        public static Tensor get_rng_state() => Generator.Default.get_state();

        /// <summary>Goes on where a state was taken.</summary>
        public static void set_rng_state(Tensor new_state) => Generator.Default.set_state(new_state);
    }

    /// <summary>A stream of random numbers: mt19937, as PyTorch's generator for processors, with the same numbers for the same seed.</summary>
    public class Generator : IDisposable
    {
        private static readonly MersenneTwister Shared = new();

        /// <summary>A stream of its own.</summary>
        /// <param name="seed">Where it begins.</param>
        /// <param name="device">The processor, or null.</param>
        public Generator(ulong seed = 0, Device? device = null)
            : this(new MersenneTwister(unchecked((long)seed))) => Device.Require(device, "Generator");

        private Generator(MersenneTwister stream) => Stream = stream;

        /// <summary>The generator that operations use where none is given. Each get is a new handle to the same stream.</summary>
        public static Generator Default => new(Shared);

        /// <summary>The processor.</summary>
        public Device device => CPU;

        /// <summary>The numbers.</summary>
        internal MersenneTwister Stream { get; }

        /// <summary>The stream of a generator, the default one for null.</summary>
        internal static MersenneTwister StreamOf(Generator? generator) => generator?.Stream ?? Shared;

        /// <summary>Begins the stream of a seed.</summary>
        /// <returns>This generator.</returns>
        public Generator manual_seed(long seed)
        {
            lock (Stream.Gate)
            {
                Stream.ManualSeed(seed);
            }

            return this;
        }

        /// <summary>Begins the stream of a seed that nobody can foresee.</summary>
        /// <returns>The seed.</returns>
        public long seed()
        {
            var seed = BitConverter.ToInt64(System.Security.Cryptography.RandomNumberGenerator.GetBytes(sizeof(long)));
            manual_seed(seed);
            return seed;
        }

        /// <summary>The seed that the stream began with.</summary>
        public long initial_seed() => unchecked((long)Stream.Seed);

        /// <summary>The state, as bytes in PyTorch's layout.</summary>
        public Tensor get_state()
        {
            lock (Stream.Gate)
            {
                return tensor(Stream.GetState());
            }
        }

        /// <summary>Goes on where a state was taken.</summary>
        /// <exception cref="ArgumentException">These are not the bytes of a state.</exception>
        public void set_state(Tensor value)
        {
            if (value.dtype != ScalarType.Byte)
            {
                throw new ArgumentException($"expected a state of bytes, got {value.dtype} {Shapes.Text(value.Shape)}", nameof(value));
            }

            using var dense = value.contiguous();
            var bytes = new byte[dense.NumberOfElements];
            unsafe
            {
                new ReadOnlySpan<byte>(dense.Pointer<byte>(), bytes.Length).CopyTo(bytes);
            }

            GC.KeepAlive(dense);
            lock (Stream.Gate)
            {
                Stream.SetState(bytes);
            }
        }

        /// <summary>Nothing to do: a generator holds no memory of its own.</summary>
        public void Dispose()
        {
            Dispose(true);
            GC.SuppressFinalize(this);
        }

        /// <summary>Nothing to do.</summary>
        protected virtual void Dispose(bool disposing)
        {
        }
    }

    public unsafe partial class Tensor
    {
        /// <summary>Uniform numbers in [0, 1), with this tensor's shape and, unless told otherwise, type.</summary>
        public Tensor rand_like(ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => torch.rand_like(this, dtype, device, requires_grad);

        /// <summary>Normal numbers, with this tensor's shape and, unless told otherwise, type.</summary>
        public Tensor randn_like(ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => torch.randn_like(this, dtype, device, requires_grad);

        /// <summary>Replaces the elements by uniform numbers. In place.</summary>
        /// <param name="from">The smallest number.</param>
        /// <param name="to">Just above the largest number.</param>
        /// <param name="generator">Where the random numbers come from; null for the default generator.</param>
        /// <exception cref="ArgumentException">The bounds are no interval.</exception>
        public Tensor uniform_(double from = 0, double to = 1, Generator? generator = null)
        {
            RequireFloating("uniform_");
            var stream = Generator.StreamOf(generator);
            return Draw("uniform_", (target, _) =>
            {
                if (target.dtype == ScalarType.Float32)
                {
                    RandomStreams.Uniform(stream, target.Pointer<float>(), target.NumberOfElements, from, to);
                }
                else
                {
                    RandomStreams.Uniform(stream, target.Pointer<double>(), target.NumberOfElements, from, to);
                }
            });
        }

        /// <summary>Replaces the elements by normal numbers. In place.</summary>
        /// <param name="mean">Their mean.</param>
        /// <param name="std">Their standard deviation.</param>
        /// <param name="generator">Where the random numbers come from; null for the default generator.</param>
        /// <exception cref="ArgumentException">The standard deviation is negative.</exception>
        public Tensor normal_(double mean = 0, double std = 1, Generator? generator = null)
        {
            RequireFloating("normal_");
            var stream = Generator.StreamOf(generator);
            return Draw("normal_", (target, isContiguous) =>
            {
                if (target.dtype == ScalarType.Float32)
                {
                    RandomStreams.Normal(stream, target.Pointer<float>(), target.NumberOfElements, mean, std, isContiguous);
                }
                else
                {
                    RandomStreams.Normal(stream, target.Pointer<double>(), target.NumberOfElements, mean, std, isContiguous);
                }
            });
        }

        /// <summary>Replaces the elements by exponentially distributed numbers. In place.</summary>
        /// <param name="lambda">Their rate: 1 over their mean.</param>
        /// <param name="generator">Where the random numbers come from; null for the default generator.</param>
        /// <exception cref="ArgumentException">The rate is not positive.</exception>
        public Tensor exponential_(double lambda = 1, Generator? generator = null)
        {
            RequireFloating("exponential_");
            var stream = Generator.StreamOf(generator);
            return Draw("exponential_", (target, _) =>
            {
                if (target.dtype == ScalarType.Float32)
                {
                    RandomStreams.Exponential(stream, target.Pointer<float>(), target.NumberOfElements, lambda);
                }
                else
                {
                    RandomStreams.Exponential(stream, target.Pointer<double>(), target.NumberOfElements, lambda);
                }
            });
        }

        /// <summary>Ones with the probability that the element gives, otherwise zeros.</summary>
        /// <param name="generator">Where the random numbers come from; null for the default generator.</param>
        /// <exception cref="ArgumentException">An element is not a probability.</exception>
        public Tensor bernoulli(Generator? generator = null)
        {
            RequireFloating("bernoulli");
            var result = Allocate(dtype, Shape);
            result.bernoulli_(this, generator);
            return Graph.Record("bernoulli", result, [this], [], static (_, gradient) => [gradient.zeros_like()]);
        }

        /// <summary>Replaces the elements by ones and zeros. In place.</summary>
        /// <param name="p">The probability of a one.</param>
        /// <param name="generator">Where the random numbers come from; null for the default generator.</param>
        /// <exception cref="ArgumentException"><paramref name="p"/> is not a probability.</exception>
        public Tensor bernoulli_(double p = 0.5, Generator? generator = null)
        {
            var stream = Generator.StreamOf(generator);
            return Draw("bernoulli_", (target, _) =>
            {
                var count = target.NumberOfElements;
                switch (target.dtype)
                {
                    case ScalarType.Float32:
                        RandomStreams.Bernoulli(stream, target.Pointer<float>(), count, p);
                        break;
                    case ScalarType.Float64:
                        RandomStreams.Bernoulli(stream, target.Pointer<double>(), count, p);
                        break;
                    case ScalarType.Int64:
                        RandomStreams.Bernoulli(stream, target.Pointer<long>(), count, p);
                        break;
                    case ScalarType.Int32:
                        RandomStreams.Bernoulli(stream, target.Pointer<int>(), count, p);
                        break;
                    default:
                        RandomStreams.Bernoulli(stream, target.Pointer<byte>(), count, p);
                        break;
                }
            });
        }

        /// <summary>Replaces the elements by ones and zeros, each with a probability of its own. In place.</summary>
        /// <param name="p">The probability of a one for each element, broadcast; floating point.</param>
        /// <param name="generator">Where the random numbers come from; null for the default generator.</param>
        /// <exception cref="ArgumentException">An element of <paramref name="p"/> is not a probability.</exception>
        public Tensor bernoulli_(Tensor p, Generator? generator = null)
        {
            ArgumentNullException.ThrowIfNull(p);
            p.RequireFloating("bernoulli_");
            var stream = Generator.StreamOf(generator);
            using var outside = GradMode.Set(false);
            using var stretched = p.expand(Shape);
            using var probabilities = stretched.contiguous();
            if (!is_contiguous())
            {
                using var drawn = Allocate(dtype, Shape);
                drawn.bernoulli_(probabilities, generator);
                return copy_(drawn);
            }

            return Draw("bernoulli_", (target, _) =>
            {
                switch (target.dtype)
                {
                    case ScalarType.Float32:
                        BernoulliInto<float>(stream, target, probabilities);
                        break;
                    case ScalarType.Float64:
                        BernoulliInto<double>(stream, target, probabilities);
                        break;
                    case ScalarType.Int64:
                        BernoulliInto<long>(stream, target, probabilities);
                        break;
                    case ScalarType.Int32:
                        BernoulliInto<int>(stream, target, probabilities);
                        break;
                    default:
                        BernoulliInto<byte>(stream, target, probabilities);
                        break;
                }

                GC.KeepAlive(probabilities);
            });
        }

        /// <summary>Samples of categories: indices of a row, chosen with the probabilities that the row's elements are in proportion to.</summary>
        /// <param name="num_samples">How many samples from each row.</param>
        /// <param name="replacement">Whether a category may be chosen again.</param>
        /// <param name="generator">Where the random numbers come from; null for the default generator.</param>
        /// <returns>Int64 [num_samples], or [rows, num_samples] of a matrix.</returns>
        /// <exception cref="System.Runtime.InteropServices.ExternalException">The tensor is no vector or matrix of floating-point numbers.</exception>
        /// <exception cref="ArgumentException">A weight is negative or not finite, a row has none above zero, or there are too few categories.</exception>
        public Tensor multinomial(long num_samples, bool replacement = false, Generator? generator = null)
        {
            RequireFloating("multinomial");
            if (Rank is not (1 or 2))
            {
                throw Errors.Of("multinomial", $"the weights must be a vector or a matrix; their shape is {Shapes.Text(Shape)}");
            }

            using var outside = GradMode.Set(false);
            using var weights = contiguous();
            var rows = Rank == 2 ? Shape[0] : 1;
            var result = Created("multinomial", Rank == 2 ? [rows, num_samples] : [num_samples], ScalarType.Int64, null, null);
            var stream = Generator.StreamOf(generator);
            if (dtype == ScalarType.Float32)
            {
                RandomStreams.Multinomial(stream, weights.Pointer<float>(), rows, Shape[^1], result.Pointer<long>(), num_samples, replacement);
            }
            else
            {
                RandomStreams.Multinomial(stream, weights.Pointer<double>(), rows, Shape[^1], result.Pointer<long>(), num_samples, replacement);
            }

            GC.KeepAlive(weights);
            return result;
        }

        /// <summary>Replaces the elements by whole numbers from low up to, but not including, high.</summary>
        internal void DrawIntegers(long low, long high, Generator? generator)
        {
            var stream = Generator.StreamOf(generator);
            var count = NumberOfElements;
            switch (dtype)
            {
                case ScalarType.Float32:
                    RandomStreams.RandomInteger(stream, Pointer<float>(), count, low, high);
                    break;
                case ScalarType.Float64:
                    RandomStreams.RandomInteger(stream, Pointer<double>(), count, low, high);
                    break;
                case ScalarType.Int64:
                    RandomStreams.RandomInteger(stream, Pointer<long>(), count, low, high);
                    break;
                case ScalarType.Int32:
                    RandomStreams.RandomInteger(stream, Pointer<int>(), count, low, high);
                    break;
                case ScalarType.Bool:
                    RandomStreams.RandomInteger(stream, (bool*)Pointer<byte>(), count, low, high);
                    break;
                default:
                    RandomStreams.RandomInteger(stream, Pointer<byte>(), count, low, high);
                    break;
            }

            GC.KeepAlive(this);
        }

        /// <summary>Replaces the elements by 0, 1, 2, ... in random order.</summary>
        internal void DrawPermutation(Generator? generator)
        {
            var stream = Generator.StreamOf(generator);
            var count = NumberOfElements;
            switch (dtype)
            {
                case ScalarType.Float32:
                    RandomStreams.RandPerm(stream, Pointer<float>(), count);
                    break;
                case ScalarType.Float64:
                    RandomStreams.RandPerm(stream, Pointer<double>(), count);
                    break;
                case ScalarType.Int64:
                    RandomStreams.RandPerm(stream, Pointer<long>(), count);
                    break;
                case ScalarType.Int32:
                    RandomStreams.RandPerm(stream, Pointer<int>(), count);
                    break;
                default:
                    RandomStreams.RandPerm(stream, Pointer<byte>(), count);
                    break;
            }

            GC.KeepAlive(this);
        }

        /// <summary>What dropout multiplies this tensor with. Numbers are drawn in the order in which this tensor's elements lie in memory, as in PyTorch.</summary>
        private Tensor DropoutMask(double p, Generator? generator)
        {
            var order = MemoryOrder();
            var packed = DropoutMask(dtype, Array.ConvertAll(order, d => Shape[d]), p, generator);
            if (is_contiguous())
            {
                return packed;
            }

            using var source = packed;
            return source.Permuted(Inverse(order));
        }

        /// <summary>What dropout multiplies a contiguous tensor with.</summary>
        internal static Tensor DropoutMask(ScalarType type, long[] shape, double p, Generator? generator = null)
        {
            var stream = Generator.StreamOf(generator);
            var mask = Allocate(type, shape);
            if (type == ScalarType.Float32)
            {
                RandomStreams.DropoutMask(stream, mask.Pointer<float>(), mask.NumberOfElements, p);
            }
            else
            {
                RandomStreams.DropoutMask(stream, mask.Pointer<double>(), mask.NumberOfElements, p);
            }

            return mask;
        }

        // Writes random numbers into this tensor in the order of its memory: the largest stride outermost.
        private Tensor Draw(string name, Action<Tensor, bool> draw)
        {
            if (Graph.IsRecording(this))
            {
                return ApplyInPlace(name, self =>
                {
                    using var outside = GradMode.Set(false);
                    var result = Allocate(self.dtype, self.Shape);
                    return result.Draw(name, draw);
                });
            }

            CheckInPlace(name);
            if (is_contiguous())
            {
                draw(this, true);
            }
            else
            {
                using var target = Permuted(MemoryOrder());
                using var packed = Allocate(dtype, (long[])target.Shape.Clone());
                draw(packed, false);
                Copying.Copy(packed, target);
            }

            Storage.Changed();
            return this;
        }

        // The same elements with dimensions in another order, outside the graph.
        private Tensor Permuted(int[] order) => Alias(Array.ConvertAll(order, d => Shape[d]), Array.ConvertAll(order, d => Strides[d]), Offset);

        private static int[] Inverse(int[] order)
        {
            var inverse = new int[order.Length];
            for (var i = 0; i < order.Length; i++)
            {
                inverse[order[i]] = i;
            }

            return inverse;
        }

        // The dimensions from the largest stride to the smallest, sorted as PyTorch sorts them: stretched dimensions compare with nothing, and
        // of two equal strides the longer dimension comes first.
        private int[] MemoryOrder()
        {
            var order = new int[Rank];
            for (var i = 0; i < order.Length; i++)
            {
                order[i] = order.Length - 1 - i;
            }

            for (var i = 1; i < order.Length; i++)
            {
                var at = i;
                for (var before = i - 1; before >= 0; before--)
                {
                    var (x, y) = (order[before], order[at]);
                    var comparison = Strides[x] == 0 || Strides[y] == 0 ? 0 : Strides[x] != Strides[y] ? Strides[x].CompareTo(Strides[y]) : Shape[x] > Shape[y] ? 1 : 0;
                    if (comparison < 0)
                    {
                        break;
                    }

                    if (comparison > 0)
                    {
                        (order[before], order[at]) = (order[at], order[before]);
                        at = before;
                    }
                }
            }

            Array.Reverse(order);
            return order;
        }

        private static void BernoulliInto<T>(MersenneTwister stream, Tensor target, Tensor probabilities)
            where T : unmanaged, System.Numerics.INumberBase<T>
        {
            if (probabilities.dtype == ScalarType.Float32)
            {
                RandomStreams.Bernoulli(stream, target.Pointer<T>(), target.NumberOfElements, probabilities.Pointer<float>());
            }
            else
            {
                RandomStreams.Bernoulli(stream, target.Pointer<T>(), target.NumberOfElements, probabilities.Pointer<double>());
            }
        }
    }
}
