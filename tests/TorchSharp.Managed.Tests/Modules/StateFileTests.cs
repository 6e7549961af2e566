using TorchSharp.Modules;
using static TorchSharp.Managed.Tests.Modules.ModuleSamples;

namespace TorchSharp.Managed.Tests.Modules;

/// <summary>Saving and loading modules: the bytes, the way back, and files that are not what they should be.</summary>
public sealed class StateFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("state-files").FullName;

    public void Dispose() => Directory.Delete(_folder, true);

    [Fact]
    public void The_bytes_are_those_of_TorchSharp()
    {
        using var module = torch.nn.Sequential(("s", new Scale(1.5f)));
        using var stream = new MemoryStream();
        module.save(stream);

        // One entry; a name of 8 bytes; Float32 (6), one dimension, of length 1; 1.5f.
        Assert.Equal([1, 8, .. "s.factor"u8, 6, 1, 1, 0x00, 0x00, 0xC0, 0x3F], stream.ToArray());
    }

    [Fact]
    public void Long_lengths_take_several_bytes()
    {
        using var parameters = torch.nn.ParameterDict((new string('n', 200), new Parameter(Values([300], new float[300]))));
        using var stream = new MemoryStream();
        parameters.save(stream);
        Assert.Equal([1, 0xC8, 0x01], stream.ToArray()[..3]);
        Assert.Equal([6, 1, 0xAC, 0x02], stream.ToArray()[203..207]);
    }

    [Fact]
    public void What_was_saved_comes_back()
    {
        var path = Path.Combine(_folder, "module.dat");
        using var source = new Everything();
        source.save(path);
        using var target = new Everything();
        using (torch.no_grad())
        {
            foreach (var tensor in target.state_dict().Values)
            {
                tensor.zero_();
            }
        }

        var found = new Dictionary<string, bool>();
        Assert.Same(target, target.load(path, loadedParameters: found));
        Assert.Equal(source.state_dict().Keys, found.Keys);
        foreach (var (key, tensor) in source.state_dict())
        {
            Assert.Equal(Read(tensor), Read(target.state_dict()[key]));
        }

        Assert.Equal(["module.dat"], Directory.GetFiles(_folder).Select(file => Path.GetFileName(file)));
    }

    [Fact]
    public void Names_can_be_skipped_on_either_way()
    {
        var path = Path.Combine(_folder, "module.dat");
        using var source = torch.nn.Sequential(("a", new Scale(1)), ("b", new Scale(2)));
        source.save(path, skip: ["a.factor"]);
        using var target = torch.nn.Sequential(("a", new Scale(8)), ("b", new Scale(9)));
        var error = Assert.Throws<ArgumentException>(() => target.load(path));
        Assert.Contains("expected 2, but found 1", error.Message, StringComparison.Ordinal);
        target.load(path, strict: false);
        Assert.Equal([8, 2], target.parameters().Select(parameter => Read(parameter)[0]));
        source.save(path);
        target.load(path, skip: ["b.factor"]);
        Assert.Equal([1, 2], target.parameters().Select(parameter => Read(parameter)[0]));
        using var other = torch.nn.Sequential(("a", new Scale(8)), ("c", new Scale(9)));
        Assert.Contains("'b.factor'", Assert.Throws<ArgumentException>(() => other.load(path)).Message, StringComparison.Ordinal);
        other.load(path, strict: false);
        Assert.Equal([1, 9], other.parameters().Select(parameter => Read(parameter)[0]));
    }

    [Fact]
    public void Every_way_of_cutting_a_file_off_is_noticed_and_changes_nothing()
    {
        using var source = torch.nn.Sequential(("a", new Scale(1)), ("b", new Scale(2)));
        using var stream = new MemoryStream();
        source.save(stream);
        var whole = stream.ToArray();
        var path = Path.Combine(_folder, "cut.dat");
        for (var length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(path, whole[..length]);
            using var target = torch.nn.Sequential(("a", new Scale(8)), ("b", new Scale(9)));
            var error = Assert.Throws<InvalidDataException>(() => target.load(path));
            Assert.Contains("cut.dat", error.Message, StringComparison.Ordinal);
            Assert.Contains("byte ", error.Message, StringComparison.Ordinal);
            Assert.Equal([8, 9], target.parameters().Select(parameter => Read(parameter)[0]));
        }
    }

    [Theory]
    [InlineData("more behind the last entry", new byte[] { 1, 1, 97, 6, 1, 1, 0, 0, 128, 63, 0 })]
    [InlineData("element type 8", new byte[] { 1, 1, 97, 8, 1, 1, 0, 0, 128, 63 })]
    [InlineData("100 dimensions", new byte[] { 1, 1, 97, 6, 100, 1, 0, 0, 128, 63 })]
    [InlineData("the length of a name is malformed", new byte[] { 1, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1 })]
    [InlineData("a name of 1048575 bytes", new byte[] { 1, 255, 255, 63 })]
    [InlineData("a name is malformed", new byte[] { 1, 1, 0xFF, 6, 1, 1, 0, 0, 128, 63 })]
    public void A_lying_file_is_refused(string reason, byte[] bytes)
    {
        var path = Path.Combine(_folder, "lie.dat");
        File.WriteAllBytes(path, bytes);
        using var target = torch.nn.ParameterDict(("a", new Parameter(Values([1], 5))));
        Assert.Contains(reason, Assert.Throws<InvalidDataException>(() => target.load(path)).Message, StringComparison.Ordinal);
        Assert.Equal([5], Read(target["a"]));
    }

    [Fact]
    public void A_tensor_that_claims_to_be_huge_is_refused_before_memory_is_asked_for()
    {
        byte[] bytes = [1, 1, (byte)'z', 7, 2, 255, 255, 255, 255, 15, 255, 255, 255, 127];
        using var target = torch.nn.ParameterDict(("a", new Parameter(Values([1], 5))));
        var error = Assert.Throws<InvalidDataException>(() => target.load(new MemoryStream(bytes), strict: false));
        Assert.Contains("entry 'z'", error.Message, StringComparison.Ordinal);
        Assert.Contains("0 are left", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_shape_or_type_is_refused()
    {
        using var target = torch.nn.ParameterDict(("a", new Parameter(Values([1], 5))));
        var shape = Assert.Throws<ArgumentException>(() => target.load(new MemoryStream([1, 1, 97, 6, 2, 1, 1, 0, 0, 128, 63])));
        Assert.Contains("expected [1], but found [1, 1]", shape.Message, StringComparison.Ordinal);
        var type = Assert.Throws<ArgumentException>(() => target.load(new MemoryStream([1, 1, 97, 3, 1, 1, 0, 0, 128, 63])));
        Assert.Contains("expected Float32, but found Int32", type.Message, StringComparison.Ordinal);
        Assert.Throws<FileNotFoundException>(() => target.load(Path.Combine(_folder, "none.dat")));
    }

    [Fact]
    public void A_save_that_fails_leaves_the_old_file()
    {
        var path = Path.Combine(_folder, "module.dat");
        using var module = new Failing();
        module.save(path);
        var before = File.ReadAllBytes(path);
        module.Fails = true;
        Assert.Throws<IOException>(() => module.save(path));
        Assert.Equal(before, File.ReadAllBytes(path));
        Assert.Single(Directory.GetFiles(_folder));
    }

    private sealed class Failing() : ParameterLessModule<torch.Tensor, torch.Tensor>(nameof(Failing))
    {
        public bool Fails { get; set; }

        public override torch.Tensor forward(torch.Tensor input) => input;

        public override Dictionary<string, torch.Tensor> state_dict(Dictionary<string, torch.Tensor>? destination = null, string? prefix = null) =>
            Fails ? throw new IOException("the disk is full") : base.state_dict(destination, prefix);
    }
}
