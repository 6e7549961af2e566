using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CSharpKernel.Jupyter;
using TransformerTutorial.Testing;

namespace CSharpKernel.Tests.Jupyter;

public sealed class MessageFormatTests
{
    private const string Key = "a0436f6c-1916-498b-8eb9-e81ab9368e84";
    private const string Header = """{"msg_id":"1","msg_type":"x_request","session":"s","username":"","date":"","version":"5.3"}""";

    [Fact]
    public void A_signature_is_the_one_that_the_definition_gives()
    {
        // RFC 4231, test case 2: the key "Jefe" and the data "what do ya want for nothing?", here in four pieces.
        var signature = new MessageSignature("Jefe").Sign("what do "u8.ToArray(), "ya want"u8.ToArray(), " for noth"u8.ToArray(), "ing?"u8.ToArray());
        Assert.Equal("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843", Encoding.ASCII.GetString(signature));
    }

    [Fact]
    public void A_message_is_read_as_it_was_sent()
    {
        var metadata = """{ "cellId" : "\ud83d x" }""";
        var frames = Frames(Key, Header, """{"msg_id":"parent"}""", metadata, """{"code":"1+1","n":12345678901234567890}""", "buffer");
        frames.InsertRange(0, [[], [7, 0, 255]]);
        Assert.Null(new MessageFormat(new MessageSignature(Key)).Read(frames, out var message));
        Assert.Equal([[], [7, 0, 255]], message!.Envelope);
        Assert.Equal(Header, Encoding.UTF8.GetString(message.RawHeader));
        Assert.Equal(("1", "x_request", "s"), (message.MessageId, message.MessageType, message.Session));
        Assert.Equal("parent", JupyterJson.Text(message.ParentHeader, "msg_id"));
        Assert.Equal("\ud83d x", JupyterJson.Text(message.Metadata, "cellId"));
        Assert.Equal("1+1", JupyterJson.Text(message.Content, "code"));
        Assert.Null(JupyterJson.Number(message.Content, "n"));
        Assert.Null(JupyterJson.Number(message.Content, "code"));
        Assert.True(JupyterJson.Flag(message.Content, "missing", true));
    }

    [Theory]
    [InlineData("", "not signed")]
    [InlineData("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843", "signature is wrong")]
    [InlineData("00", "signature is wrong")]
    public void A_message_with_another_signature_is_dropped(string signature, string problem)
    {
        var frames = Frames(Key, Header, "{}", "{}", "{}");
        frames[1] = Encoding.ASCII.GetBytes(signature);
        Assert.Contains(problem, Problem(Key, frames), StringComparison.Ordinal);
    }

    [Fact]
    public void A_change_of_any_byte_is_noticed()
    {
        for (var frame = 1; frame <= 5; frame++)
        {
            var length = Frames(Key, Header, "{}", "{}", "{}")[frame].Length;
            for (var i = 0; i < length; i++)
            {
                var frames = Frames(Key, Header, "{}", "{}", "{}");
                frames[frame][i] ^= 1;
                Assert.Contains("signature is wrong", Problem(Key, frames), StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void A_message_that_comes_again_is_dropped()
    {
        var format = new MessageFormat(new MessageSignature(Key));
        Assert.Null(format.Read(Frames(Key, Header, "{}", "{}", "{}"), out _));
        Assert.Contains("sent before", format.Read(Frames(Key, Header, "{}", "{}", "{}"), out _), StringComparison.Ordinal);
        Assert.Null(format.Read(Frames(Key, Header, "{}", "{}", """{"other":1}"""), out _));
    }

    [Fact]
    public void Only_so_many_signatures_are_remembered()
    {
        var signature = new MessageSignature(Key);
        string? Check(int number)
        {
            var content = BitConverter.GetBytes(number);
            return signature.FindProblem(signature.Sign(default, default, default, content), default, default, default, content);
        }

        for (var i = 0; i <= MessageSignature.MaximumRemembered; i++)
        {
            Assert.Null(Check(i));
        }

        Assert.NotNull(Check(MessageSignature.MaximumRemembered));
        Assert.NotNull(Check(1));
        Assert.Null(Check(0));
    }

    [Fact]
    public void Without_a_key_nothing_is_signed_or_checked()
    {
        var format = new MessageFormat(new MessageSignature(""));
        var frames = Frames("", Header, "{}", "{}", "{}");
        frames[1] = "anything"u8.ToArray();
        Assert.Null(format.Read(frames, out _));
        Assert.Null(format.Read(frames, out _));
        Assert.Empty(format.Write([], "x", MessageFormat.NoParent, [])[1].ToArray());
    }

    [Theory]
    [InlineData("[]", "{}")]
    [InlineData("{}", "[]")]
    [InlineData("{}", "null")]
    [InlineData("{}", "")]
    [InlineData("{}", "{")]
    [InlineData("{}", "{}{}")]
    [InlineData("{}", "{\"a\":NaN}")]
    public void A_part_that_is_no_object_is_noticed(string metadata, string content) =>
        Assert.Contains("not a JSON object", Problem(Key, Frames(Key, Header, "{}", metadata, content)), StringComparison.Ordinal);

    [Fact]
    public void Endless_nesting_and_broken_utf8_are_noticed()
    {
        var nested = $$"""{"a":{{new string('[', 100_000)}}{{new string(']', 100_000)}}}""";
        Assert.Contains("not a JSON object", Problem(Key, Frames(Key, Header, "{}", "{}", nested)), StringComparison.Ordinal);
        var frames = Frames("", Header, "{}", "{}", "{\"a\":\"x\"}");
        frames[5][6] = 0xff;
        Assert.Contains("not a JSON object", Problem("", frames), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"msg_id":"1"}""")]
    [InlineData("""{"msg_type":"x"}""")]
    [InlineData("""{"msg_id":1,"msg_type":"x"}""")]
    [InlineData("""{"msg_id":"1","msg_type":null}""")]
    public void A_header_without_id_or_type_is_noticed(string header) => Assert.Contains("msg_id", Problem(Key, Frames(Key, header, "{}", "{}", "{}")), StringComparison.Ordinal);

    [Fact]
    public void Missing_frames_are_noticed()
    {
        var frames = Frames(Key, Header, "{}", "{}", "{}");
        for (var count = 0; count < frames.Count; count++)
        {
            var problem = Problem(Key, frames[..count]);
            Assert.Contains(count == 0 ? "<IDS|MSG>" : "missing", problem, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Whatever_bytes_come_they_are_read_or_refused() => TestSeed.ForEachCase(3000, (_, random) =>
    {
        var frames = Frames("", Header, """{"msg_id":"parent"}""", """{"cellId":"x"}""", """{"code":"\ud83d","n":[1,-2.5e3,null,true]}""", "buffer");
        for (var change = random.Next(1, 5); change > 0; change--)
        {
            var frame = random.Next(frames.Count);
            switch (random.Next(4))
            {
                case 0:
                    frames.RemoveAt(frame);
                    break;
                case 1:
                    frames.Insert(frame, frames[random.Next(frames.Count)]);
                    break;
                case 2:
                    frames[frame] = frames[frame][..random.Next(frames[frame].Length + 1)];
                    break;
                default:
                    frames[frame] = [.. frames[frame]];
                    if (frames[frame].Length > 0)
                    {
                        frames[frame][random.Next(frames[frame].Length)] = (byte)random.Next(256);
                    }

                    break;
            }

            if (frames.Count == 0)
            {
                frames.Add([]);
            }
        }

        var problem = new MessageFormat(new MessageSignature("")).Read(frames, out var message);
        Assert.Equal(problem is null, message is not null);
        if (message is not null)
        {
            // What is taken can be answered.
            var reply = new MessageFormat(new MessageSignature("")).Write(message.Envelope, message.MessageType, message.RawHeader, message.Content, message.Metadata);
            Assert.Null(new MessageFormat(new MessageSignature("")).Read([.. reply.Select(frame => frame.ToArray())], out var again));
            Assert.Equal(JupyterJson.Text(message.Content, "code")?.Replace('\ud83d', '\ufffd'), JupyterJson.Text(again!.Content, "code"));
        }
    });

    [Fact]
    public void What_is_written_is_signed_valid_and_has_the_parents_bytes()
    {
        var parent = Encoding.UTF8.GetBytes("""{ "msg_id":"1" ,"unknown":[1.50] }""");
        var content = new JsonObject { ["text"] = "\ud83d我🙂\ude42\u0000\"<\n", ["\udc00"] = 1 };
        var frames = new MessageFormat(new MessageSignature(Key)).Write(["envelope"u8.ToArray()], "stream", parent, content);
        Assert.Equal("envelope", Encoding.UTF8.GetString(frames[0].Span));
        Assert.Equal("<IDS|MSG>", Encoding.UTF8.GetString(frames[1].Span));
        Assert.Equal(parent, frames[4].ToArray());
        byte[] signed = [.. frames[3].Span, .. frames[4].Span, .. frames[5].Span, .. frames[6].Span];
        Assert.Equal(Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Key), signed)), Encoding.ASCII.GetString(frames[2].Span));

        var strict = new UTF8Encoding(false, throwOnInvalidBytes: true);
        using var read = JsonDocument.Parse(strict.GetString(frames[6].Span));
        Assert.Equal("\ufffd我🙂\ufffd\u0000\"<\n", read.RootElement.GetProperty("text").GetString());
        Assert.Equal(1, read.RootElement.GetProperty("\ufffd").GetInt32());
        using var header = JsonDocument.Parse(frames[3]);
        Assert.Equal("stream", header.RootElement.GetProperty("msg_type").GetString());
        Assert.True(header.RootElement.GetProperty("date").TryGetDateTimeOffset(out _));
    }

    private static string Problem(string key, IReadOnlyList<byte[]> frames)
    {
        var problem = new MessageFormat(new MessageSignature(key)).Read(frames, out var message);
        Assert.Null(message);
        return problem!;
    }

    private static List<byte[]> Frames(string key, params string[] parts)
    {
        var bytes = parts.Select(Encoding.UTF8.GetBytes).ToArray();
        var signature = key.Length == 0 ? "" : Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), bytes.Take(4).SelectMany(part => part).ToArray()));
        return ["<IDS|MSG>"u8.ToArray(), Encoding.ASCII.GetBytes(signature), .. bytes];
    }
}
