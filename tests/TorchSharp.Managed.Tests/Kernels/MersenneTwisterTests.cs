using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using TorchSharp.Kernels;
using TransformerTutorial.Testing;

namespace TorchSharp.Managed.Tests.Kernels;

public sealed unsafe class MersenneTwisterTests
{
    [Fact]
    public void The_first_and_the_ten_thousandth_number_are_those_of_the_standard()
    {
        // The C++ standard, [rand.predef]: the 10,000th number of a default mt19937, whose seed is 5489.
        var generator = new MersenneTwister(5489);
        var last = 0u;
        for (var i = 0; i < 10_000; i++)
        {
            last = generator.Next();
        }

        Assert.Equal(4123659995u, last);
        Assert.Equal(2357136044u, new MersenneTwister(0).Next());
    }

    [Fact]
    public void A_pair_of_draws_has_the_first_one_above()
    {
        // torch.manual_seed(1), then 64 bits at a time.
        var generator = new MersenneTwister(1);
        Assert.Equal(0x6ac1f425ff4780ebul, generator.Next64());
        Assert.Equal(0xb8672f8ceebc1448ul, generator.Next64());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData((1L << 40) + 7)]
    public void Many_numbers_at_once_are_the_numbers_one_by_one(long seed) => TestSeed.ForEachCase(20, (_, random) =>
    {
        var together = new MersenneTwister(seed);
        var single = new NaiveTwister(seed);
        for (var part = 0; part < 20; part++)
        {
            var count = random.Next(4) switch { 0 => random.Next(3), 1 => random.Next(40), 2 => 624, _ => random.Next(2000) };
            var numbers = new uint[count];
            fixed (uint* output = numbers)
            {
                together.Fill(output, count);
            }

            Assert.Equal(Enumerable.Range(0, count).Select(_ => single.Next()), numbers);
            for (var i = random.Next(3); i > 0; i--)
            {
                Assert.Equal(single.Next(), together.Next());
            }
        }
    });

    [Fact]
    public void Only_the_lower_32_bits_of_a_seed_count_and_the_whole_seed_is_kept()
    {
        var wide = new MersenneTwister((1L << 40) + 7);
        Assert.Equal(new MersenneTwister(7).Next(), wide.Next());
        Assert.Equal((1ul << 40) + 7, wide.Seed);
        Assert.Equal(ulong.MaxValue, new MersenneTwister(-1).Seed);
        Assert.Equal(new MersenneTwister(uint.MaxValue).Next(), new MersenneTwister(-1).Next());
    }

    [Fact]
    public void Seeding_drops_waiting_normal_numbers()
    {
        var generator = new MersenneTwister(3) { NextDoubleNormal = 0.5, NextSingleNormal = 0.25f };
        generator.ManualSeed(3);
        Assert.Null(generator.NextDoubleNormal);
        Assert.Null(generator.NextSingleNormal);
    }

    [Fact]
    public void States_have_the_bytes_of_torch_get_rng_state()
    {
        using var file = JsonDocument.Parse(File.ReadAllText(Repository.PathOf("tests", "oracles", "pytorch", "random_streams.json")));
        var states = file.RootElement.GetProperty("states");
        var generator = new MersenneTwister(5);
        Assert.Equal(states.GetProperty("fresh_sha256").GetString(), Sha256(generator.GetState()));

        // torch.randn(3): two pairs of doubles, of which the last number waits. Its last place is the business of RandomStreams.
        var normals = new float[3];
        fixed (float* output = normals)
        {
            RandomStreams.Normal(generator, output, 3, 0, 1);
        }

        var rest = Convert.FromHexString(states.GetProperty("used_rest").GetString()!);
        generator.NextDoubleNormal = BitConverter.ToDouble(rest, 8);
        var state = generator.GetState();
        Assert.Equal(states.GetProperty("used_twister_sha256").GetString(), Sha256(state[..5016]));
        Assert.Equal(rest, state[5016..]);
    }

    [Fact]
    public void A_stream_goes_on_from_its_state_wherever_it_was_taken() => TestSeed.ForEachCase(60, (number, random) =>
    {
        var generator = new MersenneTwister(random.NextInt64());
        for (var i = number switch { 0 => 0, 1 => 1, 2 => 623, 3 => 624, 4 => 625, _ => random.Next(2000) }; i > 0; i--)
        {
            _ = generator.Next();
        }

        generator.NextDoubleNormal = random.Next(2) == 0 ? null : random.NextDouble();
        generator.NextSingleNormal = random.Next(2) == 0 ? null : random.NextSingle();
        var copy = new MersenneTwister();
        copy.SetState(generator.GetState());
        Assert.Equal(generator.GetState(), copy.GetState());
        Assert.Equal(generator.Seed, copy.Seed);
        Assert.Equal(generator.NextDoubleNormal, copy.NextDoubleNormal);
        Assert.Equal(generator.NextSingleNormal, copy.NextSingleNormal);
        for (var i = 0; i < 700; i++)
        {
            Assert.Equal(generator.Next(), copy.Next());
        }
    });

    [Theory]
    [InlineData(8, 0)]
    [InlineData(8, 2)]
    [InlineData(9, 9)]
    [InlineData(12, 0)]
    [InlineData(16, 1)]
    [InlineData(16, 200)]
    [InlineData(23, 128)]
    public void A_state_that_no_generator_has_is_refused_and_changes_nothing(int place, byte value)
    {
        var state = new MersenneTwister(1).GetState();
        state[place] = value;
        var generator = new MersenneTwister(2);
        Assert.Throws<ArgumentException>(() => generator.SetState(state));
        Assert.Equal(new MersenneTwister(2).GetState(), generator.GetState());
        Assert.Throws<ArgumentException>(() => generator.SetState(state.AsSpan(1).ToArray()));
    }

    private static string Sha256(byte[] bytes) => Convert.ToHexString(SHA256.HashData(bytes)).ToLower(CultureInfo.InvariantCulture);

    // The recurrence as Matsumoto and Nishimura (1998) write it down, over an unbounded list.
    private sealed class NaiveTwister
    {
        private readonly List<uint> _x;
        private int _next = 624;

        public NaiveTwister(long seed)
        {
            _x = [unchecked((uint)seed)];
            for (var i = 1u; i < 624; i++)
            {
                _x.Add(unchecked((1812433253 * (_x[^1] ^ (_x[^1] >> 30))) + i));
            }
        }

        public uint Next()
        {
            var k = _next++ - 624;
            var mixed = (_x[k] & 0x80000000) | (_x[k + 1] & 0x7fffffff);
            _x.Add(_x[k + 397] ^ (mixed >> 1) ^ (mixed % 2 == 0 ? 0 : 0x9908b0df));
            var y = _x[^1];
            y ^= y >> 11;
            y ^= (y << 7) & 0x9d2c5680;
            y ^= (y << 15) & 0xefc60000;
            return y ^ (y >> 18);
        }
    }
}
