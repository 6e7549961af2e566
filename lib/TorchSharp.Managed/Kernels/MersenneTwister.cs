using System.Buffers.Binary;
using System.Runtime.Intrinsics;

namespace TorchSharp.Kernels;

/// <summary>
/// PyTorch's CPU generator: the Mersenne twister mt19937 (Matsumoto and Nishimura, 1998, section 2), its seed, the second halves of pairs of normal
/// numbers that wait for the next call, and its state as the bytes that <c>torch.get_rng_state</c> gives.
/// <code>new MersenneTwister(0).Next() -> 2357136044</code>
/// It draws whole 32-bit numbers, one or many at a time; what becomes of them stands in <see cref="RandomStreams"/>. It takes no lock:
/// whoever draws from several threads holds <see cref="Gate"/>, as <see cref="RandomStreams"/> does for each buffer that it fills.
/// </summary>
internal sealed unsafe class MersenneTwister
{
    /// <summary>The seed of PyTorch's default generator before <c>manual_seed</c>.</summary>
    public const long DefaultSeed = 67280421310721;

    /// <summary>The length in bytes of <see cref="GetState"/>.</summary>
    public const int StateSize = 5056;

    private const int Length = 624;
    private const int Middle = 397;
    private const uint Matrix = 0x9908b0df;

    // Where the parts of a saved state begin. Between them lie two normal numbers that PyTorch no longer uses, and padding.
    private const int LeftAt = 8;
    private const int SeededAt = 12;
    private const int NextAt = 16;
    private const int WordsAt = 24;
    private const int DoubleNormalAt = WordsAt + (8 * Length) + 8;
    private const int HasDoubleNormalAt = DoubleNormalAt + 16;
    private const int SingleNormalAt = HasDoubleNormalAt + 8;
    private const int HasSingleNormalAt = SingleNormalAt + 4;

    private readonly uint[] _words = new uint[Length];

    // One more than the words that are left before the next twist, and the place of the next word: 625 together, or 1 and 0 after seeding.
    private int _left;
    private int _next;
    private ulong _seed;

    /// <summary>A generator with a seed.</summary>
    public MersenneTwister(long seed = DefaultSeed) => ManualSeed(seed);

    /// <summary>What a thread locks while it draws numbers that belong together.</summary>
    public Lock Gate { get; } = new();

    /// <summary>The seed that was last set, negative ones as PyTorch keeps them: -1 is 2^64 - 1.</summary>
    public ulong Seed => _seed;

    /// <summary>The second half of the last pair of double normal numbers, as long as nobody took it.</summary>
    public double? NextDoubleNormal { get; set; }

    /// <summary>The second half of the last pair of float normal numbers. PyTorch's CPU kernels leave it alone; it is part of the state.</summary>
    public float? NextSingleNormal { get; set; }

    /// <summary>Begins the stream of a seed. Only the seed's lower 32 bits count for the numbers, as in PyTorch; waiting normal numbers are dropped.</summary>
    public void ManualSeed(long seed)
    {
        _seed = unchecked((ulong)seed);
        var word = unchecked((uint)seed);
        _words[0] = word;
        for (var j = 1; j < Length; j++)
        {
            word = unchecked((1812433253 * (word ^ (word >> 30))) + (uint)j);
            _words[j] = word;
        }

        _left = 1;
        _next = 0;
        NextDoubleNormal = null;
        NextSingleNormal = null;
    }

    /// <summary>The next 32 bits.</summary>
    public uint Next()
    {
        if (--_left == 0)
        {
            Twist();
        }

        return Temper(_words[_next++]);
    }

    /// <summary>The next 64 bits: the first draw is the upper half.</summary>
    public ulong Next64()
    {
        var upper = Next();
        return ((ulong)upper << 32) | Next();
    }

    /// <summary>Writes the next numbers of the stream, the same as so many calls of <see cref="Next"/>.</summary>
    public void Fill(uint* output, long count)
    {
        while (count > 0)
        {
            if (_left == 1)
            {
                Twist();
                _left = Length + 1;
            }

            var part = (int)Math.Min(count, _left - 1);
            fixed (uint* words = _words)
            {
                Temper(words + _next, output, part);
            }

            _next += part;
            _left -= part;
            output += part;
            count -= part;
        }
    }

    /// <summary>The whole state in PyTorch's layout: seed, place in the block, 624 words in 8 bytes each, waiting normal numbers.</summary>
    public byte[] GetState()
    {
        var state = new byte[StateSize];
        BinaryPrimitives.WriteUInt64LittleEndian(state, _seed);
        BinaryPrimitives.WriteInt32LittleEndian(state.AsSpan(LeftAt), _left);
        BinaryPrimitives.WriteInt32LittleEndian(state.AsSpan(SeededAt), 1);
        BinaryPrimitives.WriteInt64LittleEndian(state.AsSpan(NextAt), _next);
        for (var j = 0; j < Length; j++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(state.AsSpan(WordsAt + (8 * j)), _words[j]);
        }

        if (NextDoubleNormal is { } wide)
        {
            BinaryPrimitives.WriteDoubleLittleEndian(state.AsSpan(DoubleNormalAt), wide);
            BinaryPrimitives.WriteInt32LittleEndian(state.AsSpan(HasDoubleNormalAt), 1);
        }

        if (NextSingleNormal is { } single)
        {
            BinaryPrimitives.WriteSingleLittleEndian(state.AsSpan(SingleNormalAt), single);
            state[HasSingleNormalAt] = 1;
        }

        return state;
    }

    /// <summary>Goes on where a state was taken.</summary>
    /// <exception cref="ArgumentException">These are not the bytes of a generator's state; the generator is unchanged.</exception>
    public void SetState(ReadOnlySpan<byte> state)
    {
        if (state.Length != StateSize)
        {
            throw new ArgumentException($"set_state: expected a state of {StateSize} bytes, got {state.Length}.", nameof(state));
        }

        var left = BinaryPrimitives.ReadInt32LittleEndian(state[LeftAt..]);
        var next = BinaryPrimitives.ReadInt64LittleEndian(state[NextAt..]);
        var isFresh = left == 1 && next == 0;
        if (BinaryPrimitives.ReadInt32LittleEndian(state[SeededAt..]) != 1 || left is < 1 or > Length || !(isFresh || left + next == Length + 1))
        {
            throw new ArgumentException($"set_state: the bytes are not a seeded generator's state ({left} numbers left, at place {next} of {Length}).", nameof(state));
        }

        _seed = BinaryPrimitives.ReadUInt64LittleEndian(state);
        _left = left;
        _next = (int)next;
        for (var j = 0; j < Length; j++)
        {
            _words[j] = unchecked((uint)BinaryPrimitives.ReadUInt64LittleEndian(state[(WordsAt + (8 * j))..]));
        }

        NextDoubleNormal = BinaryPrimitives.ReadInt32LittleEndian(state[HasDoubleNormalAt..]) != 0 ? BinaryPrimitives.ReadDoubleLittleEndian(state[DoubleNormalAt..]) : null;
        NextSingleNormal = state[HasSingleNormalAt] != 0 ? BinaryPrimitives.ReadSingleLittleEndian(state[SingleNormalAt..]) : null;
    }

    // The recurrence x[k + 624] = x[k + 397] ^ (upper bit of x[k], lower bits of x[k + 1]) A. A vector of 16 words may be computed at once: the
    // nearest word that it needs from its own block lies 227 before.
    private void Twist()
    {
        fixed (uint* words = _words)
        {
            var j = 0;
            for (; j + 16 <= Length - Middle; j += 16)
            {
                (Vector512.Load(words + j + Middle) ^ Twisted(Vector512.Load(words + j), Vector512.Load(words + j + 1))).Store(words + j);
            }

            for (; j < Length - Middle; j++)
            {
                words[j] = words[j + Middle] ^ Twisted(words[j], words[j + 1]);
            }

            for (; j + 16 < Length; j += 16)
            {
                (Vector512.Load(words + j + Middle - Length) ^ Twisted(Vector512.Load(words + j), Vector512.Load(words + j + 1))).Store(words + j);
            }

            for (; j < Length - 1; j++)
            {
                words[j] = words[j + Middle - Length] ^ Twisted(words[j], words[j + 1]);
            }

            words[j] = words[j + Middle - Length] ^ Twisted(words[j], words[0]);
        }

        _left = Length;
        _next = 0;
    }

    private static uint Twisted(uint upper, uint lower) => (((upper & 0x80000000) | (lower & 0x7fffffff)) >> 1) ^ ((lower & 1) == 0 ? 0 : Matrix);

    private static Vector512<uint> Twisted(Vector512<uint> upper, Vector512<uint> lower)
    {
        var mixed = Vector512.ConditionalSelect(Vector512.Create(0x80000000), upper, lower);
        return (mixed >>> 1) ^ ((Vector512<uint>.Zero - (lower & Vector512<uint>.One)) & Vector512.Create(Matrix));
    }

    private static uint Temper(uint y)
    {
        y ^= y >> 11;
        y ^= (y << 7) & 0x9d2c5680;
        y ^= (y << 15) & 0xefc60000;
        return y ^ (y >> 18);
    }

    private static void Temper(uint* words, uint* output, int count)
    {
        var i = 0;
        for (; i + 16 <= count; i += 16)
        {
            var y = Vector512.Load(words + i);
            y ^= y >>> 11;
            y ^= (y << 7) & Vector512.Create(0x9d2c5680);
            y ^= (y << 15) & Vector512.Create(0xefc60000);
            (y ^ (y >>> 18)).Store(output + i);
        }

        for (; i < count; i++)
        {
            output[i] = Temper(words[i]);
        }
    }
}
