using System.IO.Pipelines;
using System.Text;
using CSharpKernel.Running;

namespace CSharpKernel.Tests.Running;

public sealed class RawStreamTests
{
    private const string Marker = "\u0001end of cell\u0001";

    [Fact]
    public async Task A_marker_that_arrives_in_pieces_is_never_taken_for_text()
    {
        var pipe = new Pipe();
        var stream = new RawStream("stdout", pipe.Reader.AsStream(), Marker, limit: 1_000);
        await pipe.Writer.WriteAsync(Encoding.UTF8.GetBytes("text" + Marker[..5]));
        var text = "";
        while (text.Length < 4)
        {
            await Task.Delay(10);
            text += stream.TakeText();
        }

        await pipe.Writer.WriteAsync(Encoding.UTF8.GetBytes(Marker[5..] + "next"));
        await stream.WaitForMarkerAsync(TimeSpan.FromSeconds(20));
        await pipe.Writer.CompleteAsync();
        await stream.Completion;
        Assert.Equal(("text", "next"), (text, stream.TakeText()));
    }

    [Fact]
    public async Task A_marker_that_arrives_in_pieces_behind_too_much_text_is_found_and_the_cut_is_told_once()
    {
        var pipe = new Pipe();
        var stream = new RawStream("stdout", pipe.Reader.AsStream(), Marker, limit: 10);
        for (var i = 0; i < 2; i++)
        {
            foreach (var piece in new[] { new string('a', 20), "more" + Marker[..5], Marker[5..] + "next" })
            {
                var arrived = new TaskCompletionSource();
                stream.TextArrived += _ => arrived.TrySetResult();
                await pipe.Writer.WriteAsync(Encoding.UTF8.GetBytes(piece));
                await arrived.Task.WaitAsync(TimeSpan.FromSeconds(60));
            }

            await stream.WaitForMarkerAsync(Timeout.InfiniteTimeSpan).WaitAsync(TimeSpan.FromSeconds(60));
            Assert.Equal("next", stream.TakeText());
            Assert.True(stream.TakeCut());
            Assert.False(stream.TakeCut());
        }

        await pipe.Writer.CompleteAsync();
    }

    [Fact]
    public async Task The_beginning_of_a_marker_is_text_once_nothing_can_follow()
    {
        var stream = new RawStream("stdout", new MemoryStream(Encoding.UTF8.GetBytes("text\u0001")), Marker, limit: 1_000);
        await stream.Completion;
        Assert.Equal("text\u0001", stream.TakeText());
    }
}
