using System.Globalization;
using TorchSharp;
using TransformerTutorial.Display;
using TransformerTutorial.Models;
using TransformerTutorial.Tests.Models;
using TransformerTutorial.Training;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace TransformerTutorial.Tests.Training;

[Collection(ModelDraws.Name)]
public class TrainerTests
{
    private static TrainingOptions Options(long steps) => new() { Steps = steps, LearningRate = LearningRate.Constant(0.01) };

    private static TransformerConfiguration Small => new(12, 13) { Width = 32, Heads = 2, FeedForwardWidth = 64, EncoderLayers = 1, DecoderLayers = 1, MaximumLength = 16 };

    [Fact]
    public void It_learns_to_write_words_backwards()
    {
        var model = TrainingNumbers.Model(1, dropout: 0);
        var shown = new List<string>();
        using var trainer = new Trainer(model, new TranslationBatches(TrainingNumbers.Backwards(600, 1), 300, 1), Options(250) with
        {
            LearningRate = LearningRate.Constant(0.02, 20),
            MaximumGradientNorm = 1,
            LabelSmoothing = 0.05,
            Validation = new TranslationBatches(TrainingNumbers.Backwards(60, 2), 300),
            ValidationInterval = 50,
            Keep = KeptWeights.Best,
            Progress = progress => shown.Add(progress.ToString()),
        });
        var history = trainer.Run();
        Assert.Equal(250, history.StepCount);
        Assert.Equal([50L, 100, 150, 200, 250], history.Validations.Select(point => point.Step));
        Assert.True(history.Best!.Value.Loss < 0.5 * history.Validations[0].Loss, history.ToString());
        Assert.True(history.Best.Value.Accuracy > 0.75, history.ToString());
        Assert.True(trainer.IsFinished);
        Assert.Equal(history.ToString(), shown[^1]);
        Assert.False(model.training);
    }

    [Fact]
    public void A_step_is_what_the_formulas_say()
    {
        // The same model moved by hand: loss, gradient, clipping, Adam as its paper has it (algorithm 1).
        var pairs = TrainingNumbers.Backwards(40, 3);
        var batches = new TranslationBatches(pairs, 120, 2);
        var model = TrainingNumbers.Model(3, dropout: 0);
        var byHand = TrainingNumbers.Model(3, dropout: 0);
        var rate = LearningRate.Noam(8, 3);
        using var trainer = new Trainer(model, batches, Options(5) with { LearningRate = rate, MaximumGradientNorm = 0.5, LabelSmoothing = 0.1, Beta2 = 0.9 });
        var memory = byHand.parameters().Select(parameter => (M: zeros_like(parameter), V: zeros_like(parameter))).ToArray();
        var plan = batches.Plan(0).Concat(batches.Plan(1)).ToArray();
        for (var step = 1; step <= 5; step++)
        {
            var point = trainer.Step();
            byHand.zero_grad();
            var batch = batches.MakeBatch(plan[step - 1]);
            var logits = byHand.call(batch.Source, batch.SourceLengths, batch.Target);
            var loss = F.cross_entropy(logits.reshape(-1, 13), batch.Expected.reshape(-1), ignore_index: 0, label_smoothing: 0.1);
            loss.backward();
            var length = Math.Sqrt(byHand.parameters().Sum(parameter => parameter.grad!.square().sum().ToDouble()));
            Assert.Equal(loss.ToDouble(), point.Loss, 1e-5);
            Assert.Equal(length, point.GradientNorm, 1e-4);
            Assert.Equal(rate.At(step), point.LearningRate);
            var plain = F.cross_entropy(logits.detach().reshape(-1, 13), batch.Expected.reshape(-1), ignore_index: 0);
            Assert.Equal(step == 1 ? plain.ToDouble() : 0, point.CrossEntropy ?? 0, 1e-5);
            using var off = no_grad();
            foreach (var (parameter, (m, v)) in byHand.parameters().Zip(memory))
            {
                var g = parameter.grad! * Math.Min(1, 0.5 / length);
                m.mul_(0.9).add_(g * 0.1);
                v.mul_(0.9).add_(g * g * 0.1);
                parameter.sub_(rate.At(step) * (m / (1 - Math.Pow(0.9, step))) / ((v / (1 - Math.Pow(0.9, step))).sqrt() + 1e-9));
            }
        }

        foreach (var ((name, wanted), (_, found)) in byHand.named_parameters().Zip(model.named_parameters()))
        {
            Assert.True((wanted - found).abs().max().ToDouble() < 2e-4, name);
        }
    }

    [Fact]
    public void Several_batches_a_step_are_one_batch_of_all_their_pairs_divided_right()
    {
        // Batches with very different numbers of tokens: a mean of their means would be another gradient.
        EncodedPair[] pairs = [.. TrainingNumbers.Backwards(3, 4, longest: 1), .. TrainingNumbers.Backwards(60, 5, longest: 14).Where(pair => pair.Source.Count > 11)];
        var parts = new TranslationBatches(pairs, 64, 1);
        var whole = new TranslationBatches(pairs, 100_000, 1);
        var count = parts.Plan(0).Count;
        Assert.True(count >= 3);
        var tokens = parts.Plan(0).Select(places => places.Sum(place => pairs[place].Target.Count + 1)).ToArray();
        Assert.True(tokens.Max() > 2 * tokens.Min());

        var (first, second) = (TrainingNumbers.Model(4, dropout: 0), TrainingNumbers.Model(4, dropout: 0));
        using var inParts = new Trainer(first, parts, Options(1) with { BatchesPerStep = count, LabelSmoothing = 0.1 });
        using var inOne = new Trainer(second, whole, Options(1) with { LabelSmoothing = 0.1 });
        var (left, right) = (inParts.Step(), inOne.Step());
        Assert.Equal(right.Loss, left.Loss, 1e-6);
        Assert.Equal(right.CrossEntropy!.Value, left.CrossEntropy!.Value, 1e-6);
        Assert.Equal(right.TargetTokens, left.TargetTokens);
        Assert.Equal(right.GradientNorm, left.GradientNorm, 1e-6);
        foreach (var ((name, wanted), (_, found)) in second.named_parameters().Zip(first.named_parameters()))
        {
            Assert.True((wanted.grad! - found.grad!).abs().max().ToDouble() < 1e-6, name);
        }
    }

    [Fact]
    public void The_validation_loss_is_the_mean_of_a_token_without_smoothing_and_dropout()
    {
        var model = TrainingNumbers.Model(5, dropout: 0.5);
        var held = TrainingNumbers.Backwards(30, 7);
        using var trainer = new Trainer(model, new TranslationBatches(TrainingNumbers.Backwards(30, 6), 100), Options(10) with
        {
            LabelSmoothing = 0.3,
            Validation = new TranslationBatches(held, 90),
        });
        var state = Generator.Default.get_state();
        var found = trainer.Validate();
        Assert.Equal(state.data<byte>().ToArray(), Generator.Default.get_state().data<byte>().ToArray());
        model.eval();
        var (loss, right, tokens) = (0.0, 0, 0);
        foreach (var pair in held)
        {
            using var batch = TranslationBatch.Of([pair]);
            var scores = model.call(batch.Source, null, batch.Target)[0].log_softmax(-1);
            for (var place = 0; place <= pair.Target.Count; place++)
            {
                var expected = batch.Expected[0, place].item<long>();
                loss -= scores[place, expected].ToDouble();
                right += scores[place].argmax().item<long>() == expected ? 1 : 0;
                tokens++;
            }
        }

        Assert.Equal(loss / tokens, found.Loss, 1e-6);
        Assert.Equal((double)right / tokens, found.Accuracy, 1e-12);
    }

    [Fact]
    public void It_stops_when_the_validation_loss_has_not_fallen_for_long_enough_and_keeps_the_best_weights()
    {
        // Validation pairs that contradict the corpus: what is learned makes them worse.
        var model = TrainingNumbers.Model(6, dropout: 0);
        var held = TrainingNumbers.Backwards(20, 8).Select(pair => new EncodedPair(pair.Source, [12, 12, 12, 12, 12, 12, 12, 12])).ToArray();
        uint[]? bits = null;
        var best = double.PositiveInfinity;
        using var trainer = new Trainer(model, new TranslationBatches(TrainingNumbers.Backwards(100, 9), 200), Options(400) with
        {
            Validation = new TranslationBatches(held, 1_000),
            ValidationInterval = 3,
            Patience = 4,
            Keep = KeptWeights.Best,
            AfterStep = trainer =>
            {
                if (trainer.History.Validations is [.., var last] && last.Step == trainer.StepsDone && last.Loss < best)
                {
                    (best, bits) = (last.Loss, TrainingNumbers.Bits(trainer.Model));
                }
            },
        });
        var history = trainer.Run();
        Assert.True(history.StepCount < 400);
        Assert.Equal(4, history.ValidationsSinceBest);
        Assert.Equal(history.Best!.Value.Step + 12, history.StepCount);
        Assert.Equal(history.Validations.Min(point => point.Loss), history.Best.Value.Loss);
        Assert.Equal(bits, TrainingNumbers.Bits(model));
    }

    [Fact]
    public void The_next_step_goes_on_from_the_last_weights_and_not_from_the_best()
    {
        // At so high a rate the validation loss soon rises.
        var batches = new TranslationBatches(TrainingNumbers.Backwards(80, 10), 150);
        var options = Options(12) with { LearningRate = LearningRate.Constant(0.5) };
        var last = TrainingNumbers.Model(7);
        using var without = new Trainer(last, batches, options);
        without.Run();

        var best = TrainingNumbers.Model(7);
        using var with = new Trainer(best, batches, options with { Keep = KeptWeights.Best, Validation = new(TrainingNumbers.Backwards(20, 11), 150), ValidationInterval = 1 });
        with.Run();
        Assert.Equal(without.History.Points, with.History.Points);
        Assert.True(with.History.Best!.Value.Step < 12);
        Assert.NotEqual(TrainingNumbers.Bits(last), TrainingNumbers.Bits(best));

        manual_seed(30);
        var next = without.Step().Loss;
        manual_seed(30);
        Assert.Equal(next, with.Step().Loss);
        Assert.Equal(TrainingNumbers.Bits(last), TrainingNumbers.Bits(best));
    }

    [Theory]
    [InlineData(KeptWeights.Last)]
    [InlineData(KeptWeights.Best)]
    public void Measuring_changes_neither_weights_nor_mode(KeptWeights keep)
    {
        var model = TrainingNumbers.Model(15);
        using var trainer = new Trainer(model, new TranslationBatches(TrainingNumbers.Backwards(50, 22), 100), Options(9) with
        {
            Keep = keep,
            Validation = new(TrainingNumbers.Backwards(20, 23), 100),
            ValidationInterval = 3,
        });
        trainer.Step();
        var before = TrainingNumbers.Bits(model);
        trainer.Validate();
        Assert.Equal(before, TrainingNumbers.Bits(model));
        Assert.True(model.training);

        var history = trainer.Run();
        var (kept, last) = (TrainingNumbers.Bits(model), history.Validations[^1]);
        Assert.Equal(last, trainer.Validate());
        Assert.Equal(kept, TrainingNumbers.Bits(model));
        Assert.False(model.training);
        Assert.Equal([1L, 3, 6, 9], history.Validations.Select(point => point.Step));
    }

    [Fact]
    public void A_validation_loss_that_is_no_number_is_an_error_and_not_the_best()
    {
        var model = TrainingNumbers.Model(16);
        using var trainer = new Trainer(model, batch => model.call(batch.Source, batch.SourceLengths, batch.Target) * (model.training ? 1 : double.NaN), new TranslationBatches(TrainingNumbers.Backwards(10, 24), 100), Options(3) with
        {
            Validation = new(TrainingNumbers.Backwards(10, 25), 100),
            ValidationInterval = 2,
            Keep = KeptWeights.Best,
        });
        Assert.Equal("After step 2 the validation loss is NaN.", Assert.Throws<NotFiniteNumberException>(() => trainer.Run()).Message);
        Assert.Empty(trainer.History.Validations);
        Assert.True(model.training);
    }

    [Fact]
    public void A_step_that_fails_is_made_again_with_the_same_batches()
    {
        var batches = new TranslationBatches(TrainingNumbers.Backwards(30, 26), 60);
        var seen = new List<string>();
        var model = TrainingNumbers.Model(17);
        var failures = 1;
        using var trainer = new Trainer(
            model,
            batch =>
            {
                seen.Add(string.Join(",", TrainingNumbers.Ids(batch.Source)));
                return seen.Count == 4 && failures-- > 0 ? throw new InvalidOperationException("no") : model.call(batch.Source, batch.SourceLengths, batch.Target);
            },
            batches, Options(5) with { BatchesPerStep = 2 });
        trainer.Step();
        Assert.Throws<InvalidOperationException>(() => trainer.Step());
        trainer.Step();
        Assert.Equal(2, trainer.StepsDone);
        Assert.Equal(seen[2..4], seen[4..6]);
        Assert.NotEqual(seen[0], seen[2]);
    }

    [Fact]
    public void A_shared_parameter_is_moved_once()
    {
        manual_seed(1);
        var embedding = nn.Embedding(13, 6);
        var output = nn.Linear(6, 13, hasBias: false);
        embedding.weight = output.weight;
        var model = nn.Sequential(("embedding", embedding), ("output", output));
        var before = embedding.weight!.detach().clone();
        using var trainer = new Trainer(model, batch => model.call(batch.Target), new TranslationBatches(TrainingNumbers.Backwards(10, 12), 100), Options(1) with { LearningRate = LearningRate.Constant(0.125) });
        trainer.Step();

        // Adam's first step moves each number by the rate, whatever its gradient, and only once.
        Assert.Equal(0.125, (embedding.weight.detach() - before).abs().max().ToDouble(), 1e-5);
    }

    [Fact]
    public void A_loss_that_is_no_number_stops_training_before_it_moves_anything()
    {
        var model = TrainingNumbers.Model(8, dropout: 0);
        using var trainer = new Trainer(model, batch => model.call(batch.Source, batch.SourceLengths, batch.Target) * (batch.TargetTokens > 0 ? double.NaN : 1), new TranslationBatches(TrainingNumbers.Backwards(10, 13), 100), Options(3));
        var before = TrainingNumbers.Bits(model);
        Assert.StartsWith("Step 1: the loss is NaN", Assert.Throws<NotFiniteNumberException>(() => trainer.Run()).Message, StringComparison.Ordinal);
        Assert.Equal(before, TrainingNumbers.Bits(model));
        Assert.Equal(0, trainer.StepsDone);
    }

    [Fact]
    public void It_can_be_stopped_between_two_steps_and_goes_on_with_the_same_bits()
    {
        var batches = new TranslationBatches(TrainingNumbers.Backwards(50, 14), 100);
        var (first, second) = (TrainingNumbers.Model(9), TrainingNumbers.Model(9));
        manual_seed(20);
        using (var trainer = new Trainer(first, batches, Options(9)))
        {
            trainer.Run();
        }

        manual_seed(20);
        using var stop = new CancellationTokenSource();
        using var stopped = new Trainer(second, batches, Options(9) with { AfterStep = trainer => { if (trainer.StepsDone == 4) { stop.Cancel(); } } });
        Assert.Throws<OperationCanceledException>(() => stopped.Run(stop.Token));
        Assert.Equal(4, stopped.StepsDone);
        stopped.Run();
        Assert.Equal(TrainingNumbers.Bits(first), TrainingNumbers.Bits(second));
    }

    [Fact]
    public void Training_leaves_no_tensor_behind()
    {
        var model = TrainingNumbers.Model(10);
        using var trainer = new Trainer(model, new TranslationBatches(TrainingNumbers.Backwards(50, 15), 100), Options(40) with
        {
            Validation = new TranslationBatches(TrainingNumbers.Backwards(20, 16), 100),
            ValidationInterval = 2,
            Keep = KeptWeights.Best,
            LabelSmoothing = 0.1,
        });
        Round();
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        Round();
        Round();
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        Assert.Equal(trainer.StepsDone, trainer.History.Best!.Value.Step);

        void Round()
        {
            trainer.Step();
            trainer.Step();
            trainer.Validate();
            trainer.Keep();
            trainer.Validate();
        }
    }

    [Fact]
    public void Best_weights_that_were_never_measured_cannot_be_kept()
    {
        using var trainer = new Trainer(TrainingNumbers.Model(10), new TranslationBatches(TrainingNumbers.Backwards(50, 15), 100), Options(40) with { Validation = new(TrainingNumbers.Backwards(20, 16), 100), Keep = KeptWeights.Best });
        trainer.Step();
        Assert.Throws<InvalidOperationException>(trainer.Keep);
    }

    [Fact]
    public void Options_that_contradict_each_other_are_refused()
    {
        Assert.Contains("needs Validation", Message(Options(1) with { Keep = KeptWeights.Best }), StringComparison.Ordinal);
        Assert.Contains("needs Validation", Message(Options(1) with { Patience = 3 }), StringComparison.Ordinal);
        Assert.Contains("Steps is 0", Message(Options(0)), StringComparison.Ordinal);
        Assert.Contains("it is 1.5", Message(Options(1) with { LabelSmoothing = 1.5 }), StringComparison.Ordinal);
        Assert.Contains("it is 0", Message(Options(1) with { MaximumGradientNorm = 0 }), StringComparison.Ordinal);
        Assert.Contains("at least one batch", Message(Options(1) with { BatchesPerStep = 0 }), StringComparison.Ordinal);
        Assert.Contains("0.9 and 1", Message(Options(1) with { Beta2 = 1 }), StringComparison.Ordinal);

        static string Message(TrainingOptions options) => Assert.Throws<ArgumentException>(options.Validate).Message;
    }

    [Fact]
    public void Pairs_with_ids_beyond_the_model_are_refused_before_training()
    {
        var model = TrainingNumbers.Model(11);
        Assert.Contains("The target of pair 0 holds 13", Assert.Throws<ArgumentException>(() => new Trainer(model, new TranslationBatches([new([3], [13])], 10), Options(1))).Message, StringComparison.Ordinal);
        Assert.Contains("The source of pair 0 holds 12", Assert.Throws<ArgumentException>(() => new Trainer(
            model, new TranslationBatches([new([3], [4])], 10), Options(1) with { Validation = new([new([12], [4])], 10) })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_Transformer_learns_to_write_words_backwards_with_tied_embeddings()
    {
        manual_seed(1);
        var model = new EncoderDecoder(Small with { Sharing = EmbeddingSharing.TargetAndOutput });
        using var trainer = new Trainer(model, new TranslationBatches(TrainingNumbers.Backwards(600, 1), 300, 1), Options(300) with
        {
            LearningRate = LearningRate.Noam(32, 50),
            LabelSmoothing = 0.05,
            MaximumGradientNorm = 1,
            Validation = new TranslationBatches(TrainingNumbers.Backwards(60, 2), 300),
            ValidationInterval = 100,
        });
        var history = trainer.Run();
        Assert.True(history.Validations[^1].Loss < 0.6 * Math.Log(13), history.ToString());
    }

    [Fact]
    public void A_Transformer_and_its_batches_must_agree()
    {
        manual_seed(1);
        var model = new EncoderDecoder(Small);
        Assert.Contains("3 words, 4 with", Assert.Throws<ArgumentException>(() => new Trainer(new EncoderDecoder(Small with { MaximumLength = 3 }), new TranslationBatches([new([3, 4, 5], [4])], 10), Options(1))).Message, StringComparison.Ordinal);
        Assert.Contains("Begin = 11", Assert.Throws<ArgumentException>(() => new Trainer(model, new TranslationBatches([new([3], [4])], 10, special: new() { Begin = 11 }), Options(1))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_history_draws_itself_and_its_line_has_no_times()
    {
        var model = TrainingNumbers.Model(12);
        using var trainer = new Trainer(model, new TranslationBatches(TrainingNumbers.Backwards(50, 17), 100), Options(150) with { Validation = new(TrainingNumbers.Backwards(20, 18), 100), ValidationInterval = 25, LearningRate = LearningRate.Noam(8, 40) });
        Assert.Equal("no step yet", trainer.History.ToString());
        Assert.Throws<InvalidOperationException>(() => trainer.History.Show());
        var history = trainer.Run();
        var figure = history.Show();
        Assert.StartsWith("The validation loss goes from ", figure.Title, StringComparison.Ordinal);
        Assert.Contains("<svg", figure.ToSvg(), StringComparison.Ordinal);
        Assert.Contains("validation", figure.ToPlotly(), StringComparison.Ordinal);
        Assert.Equal(string.Create(CultureInfo.InvariantCulture,
            $"150 steps, into pass {history.Points[^1].Epoch + 1}: training loss {history.RecentLoss:F3}, validation loss {history.Validations[^1].Loss:F3} (lowest {history.Best!.Value.Loss:F3}, at step {history.Best.Value.Step})"), history.ToString());
        var running = new TrainingProgress(history, 300, history.RecentLoss, TimeSpan.FromSeconds(10), 150, 5_000, isFinished: false);
        Assert.Equal(500, running.TokensPerSecond);
        Assert.Equal(10, running.Remaining.TotalSeconds);
        Assert.Contains("500 tokens a second, 10 s left", running.Write(MimeTypes.Plain), StringComparison.Ordinal);
        Assert.Null(running.Write(MimeTypes.Html));
    }
}
