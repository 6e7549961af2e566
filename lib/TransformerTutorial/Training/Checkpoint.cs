using System.Text.Json;
using TransformerTutorial.Attention;
using static TorchSharp.torch;

namespace TransformerTutorial.Training;

/// <summary>
/// A model in one file, with the texts that it cannot do without (its configuration, its tokenizers); and, where a training is to go on later, all that the next step depends on: Adam's memory, the state of
/// the random numbers, the place in the corpus, what was measured, the best weights. A training that goes on from it has the same bits as one that was never stopped.
/// </summary>
/// <remarks>
/// The file is a safetensors file (see <see cref="SafeTensors"/>), so that nothing in it can run, and is written whole or not at all: a program that is killed meanwhile leaves the old file, and beside it what it had written, under a name that ends in <c>.tmp</c>. The model's tensors have their own
/// names behind <c>model.</c>; texts stand in the metadata.
/// A training that goes on must have the same batches and Adam's options; where it chooses by the validation loss, also the same validation pairs. Steps, learning rates, smoothing, clipping,
/// batches per step and intervals may be others (the bits then are, too).
/// </remarks>
/// <example>
/// <code>
/// Checkpoint.Save("translator.safetensors", model, new Dictionary&lt;string, string> { ["configuration"] = json });
/// using var saved = Checkpoint.Load("translator.safetensors");
/// saved.CopyTo(model);                              // saved.Texts["configuration"]
/// </code>
/// </example>
public sealed class Checkpoint : IDisposable
{
    private const string FormatName = "format";
    private const string Format = "transformer-tutorial checkpoint 1";
    private const string PlaceName = "training";

    private readonly string? _place;

    private Checkpoint(string path, Dictionary<string, Tensor> tensors, Dictionary<string, string> metadata)
    {
        (Path, Tensors, _place) = (path, tensors, metadata.GetValueOrDefault(PlaceName));
        Texts = metadata.Where(text => text.Key is not (FormatName or PlaceName)).ToDictionary(text => text.Key, text => text.Value);
    }

    /// <summary>The file that it came from.</summary>
    public string Path { get; }

    /// <summary>The texts that were saved with it.</summary>
    public IReadOnlyDictionary<string, string> Texts { get; }

    /// <summary>Whether a training can go on from it.</summary>
    public bool HasTraining => _place is not null;

    /// <summary>All tensors of the file, by their names there.</summary>
    internal IReadOnlyDictionary<string, Tensor> Tensors { get; }

    /// <summary>Saves a model, to be used.</summary>
    /// <param name="path">The file; an existing one is replaced.</param>
    /// <param name="model">The model, with the weights that it has now.</param>
    /// <param name="texts">Texts to go with it, such as <c>configuration</c>; or null.</param>
    /// <exception cref="ArgumentException">A text has the name <c>format</c> or <c>training</c>, which the file itself uses.</exception>
    public static void Save(string path, nn.Module model, IReadOnlyDictionary<string, string>? texts = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        SafeTensors.Save(path, model.state_dict().ToDictionary(named => CheckpointNames.Model + named.Key, named => named.Value), Metadata(texts, place: null));
    }

    /// <summary>Saves a model in the middle of its training, to go on later.</summary>
    /// <param name="path">The file; an existing one is replaced.</param>
    /// <param name="trainer">Its training, between two steps.</param>
    /// <param name="texts">Texts to go with it, such as <c>configuration</c>; or null.</param>
    /// <exception cref="ArgumentException">A text has the name <c>format</c> or <c>training</c>, which the file itself uses.</exception>
    public static void Save(string path, Trainer trainer, IReadOnlyDictionary<string, string>? texts = null)
    {
        ArgumentNullException.ThrowIfNull(trainer);
        using var scope = NewDisposeScope();
        var (tensors, place) = trainer.Capture();
        SafeTensors.Save(path, tensors, Metadata(texts, place));
    }

    /// <summary>Reads a file.</summary>
    /// <exception cref="InvalidDataException">It is damaged, or no checkpoint; the message names the file.</exception>
    public static Checkpoint Load(string path)
    {
        var (tensors, metadata) = SafeTensors.LoadAll(path);
        var result = new Checkpoint(path, tensors, metadata);
        if (metadata.GetValueOrDefault(FormatName) is { } format && format == Format)
        {
            return result;
        }

        using (result)
        {
            throw result.Bad(metadata.TryGetValue(FormatName, out var other) ? $"its format is '{other}', this program reads '{Format}'" : "it is a safetensors file, but no checkpoint of this library: its metadata names no format");
        }
    }

    /// <summary>Gives a model the saved weights. If they don't fit, nothing changes.</summary>
    /// <exception cref="InvalidDataException">A tensor is missing, too many, or of another shape or type; the message names file and tensor.</exception>
    public void CopyTo(nn.Module model)
    {
        ArgumentNullException.ThrowIfNull(model);
        var state = model.state_dict();
        RequireSame(CheckpointNames.Model, state);
        using var off = no_grad();
        foreach (var (name, value) in state)
        {
            value.copy_(Tensors[CheckpointNames.Model + name]);
        }
    }

    /// <summary>Brings a training (of a model like the saved one, on the same batches) to the step at which it was saved, the random numbers of the default generator included. If it doesn't fit, nothing changes.</summary>
    /// <exception cref="InvalidDataException">It was saved without its training, is of another model or corpus, or damaged; the message names the file and, where it is one, the tensor.</exception>
    public void CopyTo(Trainer trainer)
    {
        ArgumentNullException.ThrowIfNull(trainer);
        trainer.Restore(this);
    }

    /// <summary>Disposes the tensors that were read.</summary>
    public void Dispose()
    {
        foreach (var tensor in Tensors.Values)
        {
            tensor.Dispose();
        }
    }

    /// <summary>Where the training was.</summary>
    internal TrainerPlace ReadPlace()
    {
        if (_place is null)
        {
            throw Bad("it holds a model, but not its training");
        }

        try
        {
            return JsonSerializer.Deserialize<TrainerPlace>(_place) ?? throw Bad("its metadata 'training' is empty");
        }
        catch (JsonException problem)
        {
            throw Bad($"its metadata 'training' is not what it should be: {problem.Message}", problem);
        }
    }

    /// <summary>Whether there is a tensor whose name begins so.</summary>
    internal bool Has(string prefix) => Tensors.Keys.Any(name => name.StartsWith(prefix, StringComparison.Ordinal));

    /// <summary>Refuses a file whose tensors of this prefix are not of the same names, types and shapes as these.</summary>
    internal void RequireSame(string prefix, IReadOnlyDictionary<string, Tensor> wanted)
    {
        foreach (var (name, value) in wanted)
        {
            if (!Tensors.TryGetValue(prefix + name, out var saved))
            {
                throw Bad($"it has no tensor '{prefix}{name}'; the model has one, {Text(value)}");
            }

            if (saved.dtype != value.dtype || !saved.shape.AsSpan().SequenceEqual(value.shape))
            {
                throw Bad($"tensor '{prefix}{name}' is {Text(saved)}; the model's is {Text(value)}");
            }
        }

        foreach (var name in Tensors.Keys.Where(name => name.StartsWith(prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            if (!wanted.ContainsKey(name[prefix.Length..]))
            {
                throw Bad($"it has a tensor '{name}', {Text(Tensors[name])}; the model has none of this name");
            }
        }
    }

    /// <summary>A tensor of bytes.</summary>
    internal Tensor Bytes(string name) => Tensors.TryGetValue(name, out var tensor) && tensor.dtype == ScalarType.Byte && tensor.ndim == 1
        ? tensor
        : throw Bad(tensor is null ? $"it has no tensor '{name}'" : $"tensor '{name}' is {Text(tensor)} where bytes were expected");

    /// <summary>A table of Float64 with so many columns.</summary>
    internal Tensor Table(string name, long columns) => Tensors.TryGetValue(name, out var tensor) && tensor.dtype == ScalarType.Float64 && tensor.ndim == 2 && tensor.shape[1] == columns
        ? tensor
        : throw Bad(tensor is null ? $"it has no tensor '{name}'" : $"tensor '{name}' is {Text(tensor)} where Float64 (rows, {columns}) was expected");

    /// <summary>Does something with a tensor, and says whose fault it is if that fails.</summary>
    internal void Try(string name, Action action)
    {
        try
        {
            action();
        }
        catch (Exception problem) when (problem is InvalidDataException or ArgumentException or IOException or FormatException)
        {
            throw Bad($"tensor '{name}': {problem.Message}", problem);
        }
    }

    /// <summary>The error that this file is at fault.</summary>
    internal InvalidDataException Bad(string what, Exception? inner = null) => new($"{Path}: {what.TrimEnd('.')}.", inner);

    private static string Text(Tensor tensor) => $"{tensor.dtype} {MaskChecks.Text(tensor.shape)}";

    private static Dictionary<string, string> Metadata(IReadOnlyDictionary<string, string>? texts, string? place)
    {
        var result = new Dictionary<string, string> { [FormatName] = Format };
        if (place is not null)
        {
            result[PlaceName] = place;
        }

        foreach (var (name, text) in texts ?? new Dictionary<string, string>())
        {
            if (name is FormatName or PlaceName)
            {
                throw new ArgumentException($"A text cannot be named '{name}': a checkpoint uses that name itself.", nameof(texts));
            }

            result[name] = text;
        }

        return result;
    }
}

/// <summary>The names of a checkpoint's tensors, or what they begin with.</summary>
internal static class CheckpointNames
{
    public const string Model = "model.";
    public const string Best = "best.";
    public const string Optimizer = "optimizer";
    public const string Random = "random";
    public const string Points = "history.points";
    public const string Validations = "history.validations";
}

/// <summary>Where a training is in its corpus, and what its memory depends on.</summary>
internal sealed record TrainerPlace
{
    /// <summary>The pass, from 0.</summary>
    public required int Epoch { get; init; }

    /// <summary>The batch of the pass that comes next, from 0.</summary>
    public required int NextBatch { get; init; }

    /// <summary>What tells these batches from others.</summary>
    public required string Batches { get; init; }

    /// <summary>What tells those from others that the validation loss is measured on; null for none.</summary>
    public required string? Validation { get; init; }

    /// <summary>Adam's decay rate for the gradient's average.</summary>
    public required double Beta1 { get; init; }

    /// <summary>Adam's decay rate for the average of the gradient's square.</summary>
    public required double Beta2 { get; init; }

    /// <summary>What is added to Adam's denominator.</summary>
    public required double Epsilon { get; init; }

    /// <summary>The share of each parameter that a step takes away.</summary>
    public required double WeightDecay { get; init; }
}
