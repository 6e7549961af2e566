using TransformerTutorial.Models;
using TransformerTutorial.Tests.Models;
using TransformerTutorial.Training;
using static TorchSharp.torch;

namespace TransformerTutorial.Tests.Training;

[Collection(ModelDraws.Name)]
public sealed class CheckpointTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("checkpoint");

    private string PathOf(string name) => Path.Combine(_folder.FullName, name);

    public void Dispose() => _folder.Delete(recursive: true);

    private static TranslationBatches Batches(int seed = 3) => new(TrainingNumbers.Backwards(60, 20), 90, seed);

    private static TrainingOptions Options => new()
    {
        Steps = 24,
        LearningRate = LearningRate.Noam(8, 6),
        LabelSmoothing = 0.1,
        MaximumGradientNorm = 1,
        BatchesPerStep = 2,
        Validation = new TranslationBatches(TrainingNumbers.Backwards(20, 21), 90),
        ValidationInterval = 4,
        Keep = KeptWeights.Best,
    };

    [Fact]
    public void A_training_stopped_at_any_step_goes_on_with_the_same_bits()
    {
        var whole = TrainingNumbers.Model(1, dropout: 0.2);
        using var uninterrupted = new Trainer(whole, Batches(), Options with { AfterStep = trainer => Checkpoint.Save(PathOf($"{trainer.StepsDone}.safetensors"), trainer) });
        var history = uninterrupted.Run();
        Assert.True(history.Points[^1].Epoch >= 2);
        foreach (var step in new[] { 1, 3, 4, 11, 16, 23, 24 })
        {
            // Another model, another state of the generator, another place: all of it comes from the file.
            var model = TrainingNumbers.Model(100 + step, dropout: 0.2);
            using var trainer = new Trainer(model, Batches(), Options);
            trainer.Step();
            using (var saved = Checkpoint.Load(PathOf($"{step}.safetensors")))
            {
                Assert.True(saved.HasTraining);
                saved.CopyTo(trainer);
            }

            Assert.Equal(step, trainer.StepsDone);
            var resumed = trainer.Run();
            Assert.Equal(history.Points, resumed.Points);
            Assert.Equal(history.Validations, resumed.Validations);
            Assert.Equal(TrainingNumbers.Bits(whole), TrainingNumbers.Bits(model));
        }
    }

    [Fact]
    public void A_Transformer_with_one_embedding_for_all_goes_on_with_the_same_bits()
    {
        var (whole, batches) = (Make(1), Batches());
        using var uninterrupted = new Trainer(whole, batches, Options with { AfterStep = trainer => Save(trainer, 10) });
        var history = uninterrupted.Run();
        var model = Make(2);
        using var trainer = new Trainer(model, batches, Options);
        using (var saved = Checkpoint.Load(PathOf("10")))
        {
            saved.CopyTo(trainer);
        }

        Assert.Equal(history.Points, trainer.Run().Points);
        Assert.Equal(TrainingNumbers.Bits(whole), TrainingNumbers.Bits(model));

        // What is kept is put into the model under each name that a shared parameter has.
        Save(trainer, 24);
        using (var saved = Checkpoint.Load(PathOf("24")))
        {
            var last = Make(3);
            saved.CopyTo(last);
            using var longer = new Trainer(last, batches, Options with { Steps = 30 });
            saved.CopyTo(longer);
            longer.Keep();
            Assert.Equal(TrainingNumbers.Bits(whole), TrainingNumbers.Bits(last));
        }

        static EncoderDecoder Make(long seed)
        {
            manual_seed(seed);
            return new(new(13, 13) { Width = 16, Heads = 2, FeedForwardWidth = 32, EncoderLayers = 1, DecoderLayers = 1, Dropout = 0.2, Sharing = EmbeddingSharing.All });
        }

        void Save(Trainer trainer, int step)
        {
            if (trainer.StepsDone == step)
            {
                Checkpoint.Save(PathOf($"{step}"), trainer);
            }
        }
    }

    [Fact]
    public void A_finished_training_is_saved_with_the_weights_it_trains_and_those_it_keeps()
    {
        var model = TrainingNumbers.Model(2);
        using var trainer = new Trainer(model, Batches(), Options);
        trainer.Run();
        Checkpoint.Save(PathOf("training"), trainer);
        var copy = TrainingNumbers.Model(50);
        using var longer = new Trainer(copy, Batches(), Options with { Steps = 30 });
        using (var saved = Checkpoint.Load(PathOf("training")))
        {
            saved.CopyTo(longer);
        }

        longer.Keep();
        Assert.Equal(TrainingNumbers.Bits(model), TrainingNumbers.Bits(copy));
        manual_seed(30);
        var next = trainer.Step();
        manual_seed(30);
        Assert.Equal(next, longer.Step());
    }

    [Fact]
    public void A_model_comes_back_with_its_texts()
    {
        var (model, copy) = (TrainingNumbers.Model(3), TrainingNumbers.Model(4));
        var texts = new Dictionary<string, string> { ["configuration"] = "{\"width\": 8}", ["source-tokenizer"] = "好久不见\n\"\\" };
        Checkpoint.Save(PathOf("model"), model, texts);
        using var saved = Checkpoint.Load(PathOf("model"));
        Assert.Equal(texts, saved.Texts);
        Assert.False(saved.HasTraining);
        saved.CopyTo(copy);
        Assert.Equal(TrainingNumbers.Bits(model), TrainingNumbers.Bits(copy));
        using var trainer = new Trainer(copy, Batches(), Options);
        Assert.Equal($"{PathOf("model")}: it holds a model, but not its training.", Assert.Throws<InvalidDataException>(() => saved.CopyTo(trainer)).Message);
        Assert.Contains("'training'", Assert.Throws<ArgumentException>(() => Checkpoint.Save(PathOf("x"), model, new Dictionary<string, string> { ["training"] = "" })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_checkpoint_of_another_model_changes_nothing_and_names_file_and_tensor()
    {
        var model = TrainingNumbers.Model(5);
        Checkpoint.Save(PathOf("model"), model);
        using var saved = Checkpoint.Load(PathOf("model"));
        Refused(new RecurrentSeq2Seq(new(12, 13) { Width = 8, HiddenWidth = 14, Attention = RecurrentAttention.Dot }), "tensor 'model.", "the model's is Float32 (");
        Refused(new RecurrentSeq2Seq(new(12, 13) { Width = 8, HiddenWidth = 12, Attention = RecurrentAttention.None }), "it has a tensor 'model.combine.bias', Float32 (12); the model has none of this name");
        Refused(new RecurrentSeq2Seq(new(12, 13) { Width = 8, HiddenWidth = 12, Attention = RecurrentAttention.Dot, IsBidirectional = true }), "it has no tensor 'model.", "'; the model has one, Float32 (");

        void Refused(nn.Module other, params string[] parts)
        {
            var before = TrainingNumbers.Bits(other);
            var message = Assert.Throws<InvalidDataException>(() => saved.CopyTo(other)).Message;
            Assert.StartsWith(PathOf("model") + ": ", message, StringComparison.Ordinal);
            Assert.All(parts, part => Assert.Contains(part, message, StringComparison.Ordinal));
            Assert.Equal(before, TrainingNumbers.Bits(other));
        }
    }

    [Fact]
    public void A_training_that_does_not_fit_changes_nothing()
    {
        var model = TrainingNumbers.Model(6);
        using var trainer = new Trainer(model, Batches(), Options);
        trainer.Step();
        trainer.Validate();
        Checkpoint.Save(PathOf("good"), trainer);
        var tensors = SafeTensors.Load(PathOf("good"));
        var texts = SafeTensors.LoadMetadata(PathOf("good"));

        Refused("other pairs", _ => { }, batches: Batches(seed: 4));
        Refused("'random'", parts => parts["random"] = parts["random"].narrow(0, 0, 100));
        Refused("'random'", parts => parts.Remove("random"));
        Refused("700 numbers left", parts => parts["random"] = ChangedAt(parts["random"], 8, 0xBC, 0x02));
        Refused("at place 800 of 624", parts => parts["random"] = ChangedAt(parts["random"], 16, 0x20, 0x03));
        Refused("'random'", parts => parts["random"] = ChangedAt(parts["random"], 12, 0));
        Refused("'optimizer'", parts => parts["optimizer"] = parts["optimizer"].narrow(0, 0, 500));
        Refused("'optimizer'", parts => parts["optimizer"] = zeros(40, ScalarType.Byte));
        Refused("'history.points'", parts => parts["history.points"] = zeros(1, 6, ScalarType.Float64));
        Refused("'best.output.bias'", parts => parts.Remove("best.output.bias"));
        Refused("'model.output.bias'", parts => parts["model.output.bias"] = zeros(14));
        Refused("batch 99 of pass 0", _ => { }, place: texts["training"].Replace("\"NextBatch\":2", "\"NextBatch\":99", StringComparison.Ordinal));
        Refused("'training'", _ => { }, place: """{"Epoch":0}""");

        void Refused(string part, Action<Dictionary<string, Tensor>> change, TranslationBatches? batches = null, string? place = null)
        {
            var changed = new Dictionary<string, Tensor>(tensors);
            change(changed);
            SafeTensors.Save(PathOf("bad"), changed, new Dictionary<string, string>(texts) { ["training"] = place ?? texts["training"] });
            var other = TrainingNumbers.Model(60, dropout: 0.2);
            using var target = new Trainer(other, batches ?? Batches(), Options);
            target.Step();
            var (before, random, memory) = (TrainingNumbers.Bits(other), Generator.Default.get_state(), target.Capture().Tensors["optimizer"]);
            using var saved = Checkpoint.Load(PathOf("bad"));
            var message = Assert.Throws<InvalidDataException>(() => saved.CopyTo(target)).Message;
            Assert.StartsWith(PathOf("bad") + ": ", message, StringComparison.Ordinal);
            Assert.Contains(part, message, StringComparison.Ordinal);
            Assert.Equal(before, TrainingNumbers.Bits(other));
            Assert.Equal(random.data<byte>().ToArray(), Generator.Default.get_state().data<byte>().ToArray());
            Assert.Equal(memory.data<byte>().ToArray(), target.Capture().Tensors["optimizer"].data<byte>().ToArray());
            Assert.Equal(1, target.StepsDone);
        }
    }

    [Fact]
    public void A_training_with_other_options_that_its_memory_depends_on_is_refused()
    {
        var model = TrainingNumbers.Model(11);
        using (var trainer = new Trainer(model, Batches(), Options with { Keep = KeptWeights.Last }))
        {
            while (trainer.StepsDone < 4)
            {
                trainer.Step();
            }

            trainer.Validate();
            Checkpoint.Save(PathOf("plain"), trainer);
        }

        using (var trainer = new Trainer(model, Batches(), Options))
        {
            trainer.Step();
            Checkpoint.Save(PathOf("best"), trainer);
        }

        var plain = Options with { Keep = KeptWeights.Last };
        Assert.Null(Message("plain", plain with { Steps = 99, LearningRate = LearningRate.Constant(1), LabelSmoothing = 0, Validation = null }));
        Assert.Contains("Beta2 = 0.98, this training has 0.9", Message("plain", plain with { Beta2 = 0.9 }), StringComparison.Ordinal);
        Assert.Contains("WeightDecay = 0, this", Message("plain", plain with { WeightDecay = 0.1 }), StringComparison.Ordinal);
        Assert.Contains("didn't keep the best weights", Message("plain", plain with { Keep = KeptWeights.Best }), StringComparison.Ordinal);
        Assert.Contains("on other pairs than this", Message("best", Options with { Validation = new(TrainingNumbers.Backwards(21, 21), 90) }), StringComparison.Ordinal);

        string? Message(string name, TrainingOptions options)
        {
            using var trainer = new Trainer(model, Batches(), options);
            using var saved = Checkpoint.Load(PathOf(name));
            return Record.Exception(() => saved.CopyTo(trainer)) is InvalidDataException problem ? problem.Message : null;
        }
    }

    [Fact]
    public void Half_a_character_in_a_text_is_refused_and_named()
    {
        Assert.Contains("The text 'x' holds half a surrogate pair at place 1", Assert.Throws<ArgumentException>(() => Checkpoint.Save(PathOf("half"), TrainingNumbers.Model(12), new Dictionary<string, string> { ["x"] = "a\uD800b" })).Message, StringComparison.Ordinal);
        Assert.Empty(_folder.GetFiles());
    }

    [Fact]
    public void A_file_that_is_no_checkpoint_is_refused_by_name()
    {
        File.WriteAllText(PathOf("text"), "no tensors at all");
        SafeTensors.Save(PathOf("foreign"), new Dictionary<string, Tensor> { ["x"] = zeros(2) });
        SafeTensors.Save(PathOf("newer"), new Dictionary<string, Tensor> { ["x"] = zeros(2) }, new Dictionary<string, string> { ["format"] = "transformer-tutorial checkpoint 9" });
        Checkpoint.Save(PathOf("short"), TrainingNumbers.Model(7));
        File.WriteAllBytes(PathOf("short"), File.ReadAllBytes(PathOf("short"))[..^5]);
        foreach (var (name, part) in new[] { ("text", "header"), ("foreign", "names no format"), ("newer", "checkpoint 9"), ("short", "follow the header") })
        {
            var message = Assert.Throws<InvalidDataException>(() => Checkpoint.Load(PathOf(name))).Message;
            Assert.StartsWith(PathOf(name) + ": ", message, StringComparison.Ordinal);
            Assert.Contains(part, message, StringComparison.Ordinal);
        }

        Assert.Throws<FileNotFoundException>(() => Checkpoint.Load(PathOf("missing")));
    }

    [Fact]
    public async Task While_a_checkpoint_is_replaced_there_is_always_a_whole_one()
    {
        // What a reader sees at any moment is what a program killed at that moment leaves.
        var (first, second) = (TrainingNumbers.Model(8), TrainingNumbers.Model(9));
        Checkpoint.Save(PathOf("model"), first);
        var saving = Task.Run(() =>
        {
            for (var save = 0; save < 100; save++)
            {
                Checkpoint.Save(PathOf("model"), save % 2 == 0 ? second : first, new Dictionary<string, string> { ["padding"] = new('x', 1_000 * (save % 7)) });
            }
        });
        var (copy, seen) = (TrainingNumbers.Model(10), new HashSet<string>());
        var known = new[] { first, second }.Select(model => string.Join(",", TrainingNumbers.Bits(model))).ToArray();
        do
        {
            using var saved = Checkpoint.Load(PathOf("model"));
            saved.CopyTo(copy);
            seen.Add(string.Join(",", TrainingNumbers.Bits(copy)));
        }
        while (!saving.IsCompleted);

        await saving;
        Assert.All(seen, bits => Assert.Contains(bits, known));
        Assert.Single(_folder.GetFiles());
    }

    private static Tensor ChangedAt(Tensor bytes, int place, params byte[] values)
    {
        var numbers = bytes.data<byte>().ToArray();
        values.CopyTo(numbers, place);
        return tensor(numbers);
    }
}
