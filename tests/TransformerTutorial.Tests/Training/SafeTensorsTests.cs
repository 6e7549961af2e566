using System.Buffers.Binary;
using System.Text;
using TransformerTutorial.Training;
using static TorchSharp.torch;

namespace TransformerTutorial.Tests.Training;

/// <summary>Files of named tensors, in and out; and headers that lie.</summary>
public sealed class SafeTensorsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("safetensors-").FullName;

    private string Path => System.IO.Path.Combine(_folder, "some.safetensors");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void What_is_written_is_read_back()
    {
        var tensors = new Dictionary<string, Tensor>
        {
            ["byte"] = tensor(new byte[] { 1, 2, 255 }),
            ["weights"] = tensor(new[,] { { 1.5f, float.NaN, float.NegativeInfinity }, { -0f, 1e-45f, 3f } }),
            ["doubles"] = tensor(new[] { Math.PI, double.Epsilon }),
            ["ids"] = tensor(new[] { long.MinValue, 7L }),
            ["small ids"] = tensor(new[] { int.MaxValue, -7 }),
            ["mask"] = tensor(new[] { true, false, true }),
            ["one number"] = tensor(2.5f),
            ["nothing"] = zeros(0, 3),
            ["名字"] = tensor(new[] { 1f }),
        };
        tensors["a view"] = tensors["weights"].t()[1..];
        SafeTensors.Save(Path, tensors, new Dictionary<string, string> { ["made for"] = "\"a test\", 好" });
        var read = SafeTensors.Load(Path);
        Assert.Equal(tensors.Keys.Order(StringComparer.Ordinal), read.Keys.Order(StringComparer.Ordinal));
        foreach (var (name, expected) in tensors)
        {
            Assert.Equal(expected.dtype, read[name].dtype);
            Assert.Equal(expected.shape, read[name].shape);
            Assert.Equal(expected.contiguous().bytes.ToArray(), read[name].bytes.ToArray());
        }

        Assert.Equal("\"a test\", 好", SafeTensors.LoadMetadata(Path)["made for"]);
    }

    [Fact]
    public void The_bytes_are_those_of_the_format()
    {
        SafeTensors.Save(Path, new Dictionary<string, Tensor> { ["b"] = tensor(new byte[] { 9 }), ["a"] = tensor(new[] { 1f, 2f }) });
        const string header = """{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"U8","shape":[1],"data_offsets":[8,9]}}""";
        var padded = header.PadRight((header.Length + 7) / 8 * 8);
        Assert.Equal([.. BitConverter.GetBytes((long)padded.Length), .. Encoding.UTF8.GetBytes(padded), 0, 0, 128, 63, 0, 0, 0, 64, 9], File.ReadAllBytes(Path));
    }

    [Fact]
    public void Half_precision_is_read_as_single_precision()
    {
        // 1.5 and -2 in both formats; the smallest half; a brain float of 3.140625.
        Write("""{"h":{"dtype":"F16","shape":[3],"data_offsets":[0,6]},"b":{"dtype":"BF16","shape":[3],"data_offsets":[6,12]}}""",
            [0x00, 0x3E, 0x00, 0xC0, 0x01, 0x00, 0xC0, 0x3F, 0x00, 0xC0, 0x49, 0x40]);
        var read = SafeTensors.Load(Path);
        Assert.Equal([1.5f, -2f, 5.9604645e-8f], read["h"].data<float>().ToArray());
        Assert.Equal([1.5f, -2f, 3.140625f], read["b"].data<float>().ToArray());
    }

    [Theory]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 7, "its tensors take 8 bytes, but 7 follow the header")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 9, "its tensors take 8 bytes, but 9 follow the header")]
    [InlineData("""{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}""", 8, "tensor 'a' of F32 [3] takes 12 bytes, but its place has 8")]
    [InlineData("""{"a":{"dtype":"F32","shape":[9223372036854775807,9223372036854775807,9223372036854775807],"data_offsets":[0,8]}}""", 8, "but its place has 8")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}""", 8, "tensor 'a' has shape [-2]")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}""", 8, "tensor 'a' has shape [2] and place [8, 0]")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[2,6]}}""", 8, "tensor 'b' begins at byte 2")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}}""", 12, "tensor 'b' begins at byte 8")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8, "'a' stands twice")]
    [InlineData("""{"a":{"dtype":"F8","shape":[1],"data_offsets":[0,1]}}""", 1, "elements of type 'F8'")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1.5],"data_offsets":[0,6]}}""", 6, "its header is not what it should be")]
    [InlineData("""{"a":{"shape":[1],"data_offsets":[0,4]}}""", 4, "tensor 'a' has no dtype")]
    [InlineData("""{"a":7}""", 0, "its header is not what it should be")]
    [InlineData("""{"a":""", 0, "its header is not what it should be")]
    [InlineData("""["a"]""", 0, "its header does not begin with '{'")]
    [InlineData("""{"__metadata__":{"a":7}}""", 0, "its header is not what it should be")]
    public void A_header_that_lies_is_refused(string header, int bytes, string message)
    {
        Write(header, new byte[bytes]);
        var error = Assert.Throws<InvalidDataException>(() => SafeTensors.Load(Path));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.StartsWith(Path, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, "it has 0 bytes")]
    [InlineData(5, "it has 5 bytes")]
    public void A_file_too_short_for_anything_is_refused(int length, string message)
    {
        File.WriteAllBytes(Path, new byte[length]);
        Assert.Contains(message, Assert.Throws<InvalidDataException>(() => SafeTensors.Load(Path)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ulong.MaxValue)]
    [InlineData(long.MaxValue)]
    [InlineData(200_000_000)]
    [InlineData(3)]
    public void A_header_longer_than_the_file_is_refused_before_any_memory_is_taken(ulong length)
    {
        var bytes = new byte[10];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, length);
        File.WriteAllBytes(Path, bytes);
        Assert.Contains($"its header is said to take {length} bytes", Assert.Throws<InvalidDataException>(() => SafeTensors.Load(Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_truncation_of_a_file_is_refused()
    {
        SafeTensors.Save(Path, new Dictionary<string, Tensor> { ["a"] = tensor(new[] { 1f, 2f }) });
        var whole = File.ReadAllBytes(Path);
        for (var length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(Path, whole[..length]);
            Assert.Throws<InvalidDataException>(() => SafeTensors.Load(Path));
        }
    }

    [Fact]
    public void A_save_that_fails_leaves_the_old_file_and_no_other()
    {
        SafeTensors.Save(Path, new Dictionary<string, Tensor> { ["a"] = tensor(new[] { 1f }) });
        var before = File.ReadAllBytes(Path);
        var disposed = tensor(new[] { 1f });
        disposed.Dispose();
        Assert.ThrowsAny<Exception>(() => SafeTensors.Save(Path, new Dictionary<string, Tensor> { ["a"] = disposed }));
        Assert.Throws<ArgumentException>(() => SafeTensors.Save(Path, new Dictionary<string, Tensor> { ["__metadata__"] = tensor(1f) }));
        Assert.Equal(before, File.ReadAllBytes(Path));
        Assert.Single(Directory.GetFiles(_folder));
    }

    private void Write(string header, byte[] data)
    {
        var bytes = Encoding.UTF8.GetBytes(header);
        File.WriteAllBytes(Path, [.. BitConverter.GetBytes((long)bytes.Length), .. bytes, .. data]);
    }
}
