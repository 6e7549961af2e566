using CSharpKernel.Zmtp;
using FsCheck.Fluent;
using TransformerTutorial.Testing;

namespace CSharpKernel.Tests.Zmtp;

/// <summary>A subscriber's topics, against a list of strings.</summary>
public class SubscriptionSetTests
{
    [Fact]
    public void It_matches_what_a_list_of_prefixes_matches()
    {
        var words = Gen.ListOf(Gen.Elements('a', 'b')).Select(letters => string.Concat(letters.Take(3)));
        var steps = Gen.ListOf(Gen.Elements(true, false).Zip(words));
        PropertyCheck.ForAll(steps.Zip(words), input =>
        {
            var set = new SubscriptionSet(long.MaxValue);
            var naive = new List<string>();
            foreach (var (isAdded, topic) in input.Item1)
            {
                if (isAdded)
                {
                    set.Add(TestBytes.Of(topic));
                    naive.Add(topic);
                }
                else
                {
                    set.Remove(TestBytes.Of(topic));
                    naive.Remove(topic);
                }

                Assert.Equal(naive.Exists(prefix => input.Item2.StartsWith(prefix, StringComparison.Ordinal)), set.Matches(TestBytes.Of(input.Item2)));
            }
        }, cases: 1000);
    }

    [Fact]
    public void It_is_bounded()
    {
        var set = new SubscriptionSet(64 * 1024);
        var added = 0;
        var error = Assert.Throws<ZmtpException>(() =>
        {
            for (; added < 10_000; added++)
            {
                set.Add(BitConverter.GetBytes(added));
            }
        });
        Assert.InRange(added, 500, 1024);
        Assert.Contains("65536 bytes", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Adding_and_removing_leaves_room()
    {
        var set = new SubscriptionSet(100);
        for (var i = 0; i < 1000; i++)
        {
            set.Add(BitConverter.GetBytes(i));
            set.Remove(BitConverter.GetBytes(i));
        }

        Assert.False(set.Matches(BitConverter.GetBytes(1)));
    }
}
