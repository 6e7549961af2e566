namespace CSharpKernel.Tests.Zmtp;

/// <summary>A stream that gives what a test says in the pieces that it says, and then ends; what is written to it is kept.</summary>
internal sealed class ScriptedStream(IEnumerable<byte[]> pieces) : Stream
{
    private readonly Queue<ArraySegment<byte>> _pieces = new(pieces.Where(piece => piece.Length > 0).Select(piece => new ArraySegment<byte>(piece)));
    private readonly MemoryStream _written = new();

    public byte[] Written => _written.ToArray();

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>The bytes, cut at random places.</summary>
    public static ScriptedStream Cut(byte[] bytes, Random random)
    {
        var cuts = Enumerable.Range(0, random.Next(1 + Math.Min(bytes.Length, 40))).Select(_ => random.Next(bytes.Length + 1)).Append(0).Append(bytes.Length).Order().ToArray();
        return new ScriptedStream(cuts.Zip(cuts.Skip(1), (from, to) => bytes[from..to]));
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (!_pieces.TryDequeue(out var piece))
        {
            return ValueTask.FromResult(0);
        }

        var count = Math.Min(buffer.Length, piece.Count);
        piece[..count].AsSpan().CopyTo(buffer.Span);
        if (count < piece.Count)
        {
            // Back to the front.
            var rest = _pieces.ToArray();
            _pieces.Clear();
            _pieces.Enqueue(piece[count..]);
            Array.ForEach(rest, _pieces.Enqueue);
        }

        return ValueTask.FromResult(count);
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => _written.WriteAsync(buffer, cancellationToken);

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
