using System.Globalization;
using System.Text;
using TransformerTutorial.Embeddings;
using TransformerTutorial.Testing;

namespace TransformerTutorial.Tests.Embeddings;

/// <summary>The trainer as a whole: it learns, gives the same bits where it promises to, reads every kind of sentences, and names what is wrong with bad input.</summary>
public sealed class Word2VecTests : IDisposable
{
    private static readonly Word2VecOptions Small = new() { VectorSize = 24, Window = 3, MinimumCount = 1, SubsamplingThreshold = 0.01, Epochs = 3, LearningRate = 0.1, Seed = 3 };

    private readonly string _folder = Directory.CreateTempSubdirectory("word2vec-").FullName;

    public static TheoryData<Word2VecArchitecture, Word2VecObjective> Kinds
    {
        get
        {
            var data = new TheoryData<Word2VecArchitecture, Word2VecObjective>();
            foreach (var objective in Enum.GetValues<Word2VecObjective>())
            {
                data.Add(Word2VecArchitecture.Cbow, objective);
                data.Add(Word2VecArchitecture.SkipGram, objective);
            }

            return data;
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_vector_width_changes_no_bit(Word2VecArchitecture architecture, Word2VecObjective objective)
    {
        // 37 isn't a multiple of anything; 5 negatives, 6 rows, make whole and part groups.
        var options = Small with { Architecture = architecture, Objective = objective, VectorSize = 37 };
        var sentences = TwoTopics(300);
        var models = new[] { 512, 256, 128 }.Select(width => Word2Vec.Train(sentences, options, width, null, null, default)).ToList();
        AssertSameBits(models[0], models[1]);
        AssertSameBits(models[0], models[2]);
    }

    [Fact]
    public void One_thread_gives_known_bits()
    {
        // Written down from one machine; every other must give the same.
        var model = Word2Vec.Train(TwoTopics(200), Small with { Architecture = Word2VecArchitecture.SkipGram });
        Assert.Equal("31904C830C1AF293", Hash(model));
    }

    [Fact]
    public void The_seed_alone_decides()
    {
        var sentences = TwoTopics(100);
        AssertSameBits(Word2Vec.Train(sentences, Small), Word2Vec.Train(sentences, Small));
        Assert.NotEqual(Hash(Word2Vec.Train(sentences, Small)), Hash(Word2Vec.Train(sentences, Small with { Seed = 4 })));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Words_of_one_topic_come_to_lie_together(Word2VecArchitecture architecture, Word2VecObjective objective)
    {
        // Among ten words of one topic, a prediction costs ln 10 at best and ln 20 at the beginning.
        var model = Word2Vec.Train(TwoTopics(1500), Small with { Architecture = architecture, Objective = objective });
        Assert.True(model.Losses[1] < model.Losses[0], string.Join(' ', model.Losses));
        if (objective != Word2VecObjective.NegativeSampling)
        {
            Assert.InRange(model.Losses[^1], Math.Log(10), 2.4);
        }

        foreach (var word in model.Vocabulary.Words)
        {
            Assert.All(model.Input.MostSimilar(word, 5), near => Assert.Equal(word[0], near.Word[0]));
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Any_number_of_threads_gives_the_same_bits(Word2VecArchitecture architecture, Word2VecObjective objective)
    {
        var sentences = TwoTopics(3_000);
        var path = WriteFile(string.Concat(sentences.Select(sentence => string.Join(' ', sentence) + "\n")));
        var options = Small with { Architecture = architecture, Objective = objective, Epochs = 2, VectorSize = 8 };
        var expected = Word2Vec.Train(sentences, options);
        Assert.True(expected.Vocabulary.TotalCount > 5 * SentenceBlock.Size, "there must be several blocks");
        foreach (var threads in new[] { 2, 3, 8 })
        {
            AssertSameBits(expected, Word2Vec.Train(sentences, options with { Threads = threads }));
            AssertSameBits(expected, Word2Vec.Train(sentences.Select(sentence => sentence), options with { Threads = threads }));
            Assert.Equal(VectorBytes(expected), VectorBytes(Word2Vec.Train(new SentenceFile(path), options with { Threads = threads })));
        }
    }

    [Fact]
    public void Examples_come_from_the_callers_thread_in_the_order_of_the_text()
    {
        var sentences = TwoTopics(2_000);
        var caller = Environment.CurrentManagedThreadId;
        string[] Of(int threads)
        {
            var all = new List<string>();
            Word2Vec.Train(sentences, Small with { Threads = threads, Epochs = 1, VectorSize = 2 }, examples: example =>
            {
                Assert.Equal(caller, Environment.CurrentManagedThreadId);
                all.Add(string.Create(CultureInfo.InvariantCulture, $"{string.Join(',', example.Inputs)} {example.Target} {string.Join(',', example.Negatives)} {example.LearningRate:R}"));
            });
            return [.. all];
        }

        Assert.Equal(Of(1), Of(4));
    }

    [Fact]
    public void A_file_a_list_and_an_enumeration_give_the_same_vectors()
    {
        // Several blocks, cut elsewhere in a file than in a list; empty sentences; one that is cut, and one as long as may be without a cut.
        List<List<string>> sentences = [.. TwoTopics(6_000)];
        sentences.Insert(0, []);
        sentences.Insert(10, [.. TwoTopics(4_000).SelectMany(sentence => sentence).Take(SentenceFile.LongestSentence)]);
        sentences.Insert(20, [.. TwoTopics(4_000).SelectMany(sentence => sentence).Take(SentenceFile.LongestSentence + 1)]);
        sentences.Insert(3_000, []);
        Assert.True(sentences.Sum(sentence => sentence.Count) > 5 * SentenceBlock.Size, "there must be several blocks");
        var path = WriteFile(string.Concat(sentences.Select(sentence => string.Join(' ', sentence) + "\n")));
        var (list, file) = (Word2Vec.Train(sentences, Small), Word2Vec.Train(new SentenceFile(path), Small));
        Assert.Equal(list.Vocabulary.Words, file.Vocabulary.Words);
        Assert.Equal(VectorBytes(list), VectorBytes(file));
        Assert.All(list.Losses.Zip(file.Losses), losses => Assert.Equal(losses.First, losses.Second, 1e-7));
        AssertSameBits(list, Word2Vec.Train(sentences.Select(sentence => sentence.ToArray()), Small));
    }

    [Fact]
    public void A_large_file_is_read_in_blocks_that_leave_nothing_out()
    {
        List<List<string>> sentences = [.. TwoTopics(20_000)];
        var path = WriteFile(string.Concat(sentences.Select(sentence => string.Join(' ', sentence) + "\n")));
        Assert.True(new FileInfo(path).Length > 300_000);
        foreach (var threads in new[] { 1, 3 })
        {
            var targets = new long[20];
            var vocabulary = WordVocabulary.FromSentences(sentences);
            Word2Vec.Train(new SentenceFile(path), Small with { Epochs = 1, SubsamplingThreshold = 0, Threads = threads, VectorSize = 2 }, examples: example => Interlocked.Increment(ref targets[example.Target]));
            Assert.Equal(vocabulary.Counts, targets);
        }
    }

    [Fact]
    public void Progress_goes_up_to_the_end_and_says_how_long_it_will_take()
    {
        var reports = new List<Word2VecProgress>();
        Word2Vec.Train(TwoTopics(20_000), Small, new Reporter(reports.Add));
        Assert.InRange(reports.Count, 5, 101);
        Assert.All(reports.Zip(reports.Skip(1)), pair => Assert.True(pair.Second.WordsDone > pair.First.WordsDone && pair.Second.LearningRate < pair.First.LearningRate && pair.Second.Elapsed >= pair.First.Elapsed));
        var last = reports[^1];
        Assert.Equal((3, 3, last.WordsWanted), (last.Epoch, last.Epochs, last.WordsDone));
        Assert.Equal(TimeSpan.Zero, last.Remaining);
        Assert.True(last.WordsPerSecond > 0 && last.Loss > 0);
        Assert.True(reports[0].Remaining > TimeSpan.Zero);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Cancelling_ends_the_training_with_the_usual_exception(int threads)
    {
        using var source = new CancellationTokenSource();
        var reports = 0;
        var reporter = new Reporter(_ =>
        {
            reports++;
            source.Cancel();
        });
        Assert.ThrowsAny<OperationCanceledException>(() => Word2Vec.Train(TwoTopics(20_000), Small with { Threads = threads }, reporter, cancellationToken: source.Token));
        Assert.InRange(reports, 1, threads + 1);
        using var before = new CancellationTokenSource();
        before.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => Word2Vec.Train(TwoTopics(10), Small, cancellationToken: before.Token));
    }

    [Fact]
    public void An_interrupted_caller_waits_for_the_threads_that_still_read()
    {
        using var isHeld = new ManualResetEventSlim();
        using var release = new ManualResetEventSlim();
        var pass = 0;
        IEnumerable<string[]> Sentences()
        {
            yield return ["a", "b"];
            if (++pass == 2)
            {
                isHeld.Set();
                release.Wait(TimeSpan.FromSeconds(60));
            }
        }

        Exception? thrown = null;
        var caller = new Thread(() => thrown = Record.Exception(() => Word2Vec.Train(Sentences(), Small with { Threads = 2, MinimumCount = 1 }))) { IsBackground = true };
        caller.Start();
        try
        {
            Assert.True(isHeld.Wait(TimeSpan.FromSeconds(60)));
            Assert.True(SpinWait.SpinUntil(() => caller.ThreadState.HasFlag(ThreadState.WaitSleepJoin), TimeSpan.FromSeconds(60)));
            caller.Interrupt();
            Assert.False(caller.Join(TimeSpan.FromSeconds(0.3)), "the caller left while a thread read its sentences");
        }
        finally
        {
            release.Set();
        }

        Assert.True(caller.Join(TimeSpan.FromSeconds(60)));
        Assert.IsType<ThreadInterruptedException>(thrown);
    }

    [Fact]
    public void A_sentence_without_end_is_cut_like_a_line_of_a_file()
    {
        string[] endless = [.. Enumerable.Range(0, 25_000).Select(i => $"w{i % 7}")];
        var path = WriteFile($"a b\n{string.Join(' ', endless)}\nb a\n");
        string[][] sentences = [["a", "b"], endless, ["b", "a"]];
        var options = Small with { Architecture = Word2VecArchitecture.Cbow, Epochs = 1, SubsamplingThreshold = 0, IsWindowDynamic = false };
        foreach (var source in new IEnumerable<IReadOnlyList<string>>[] { new SentenceFile(path), sentences, sentences.Select(sentence => sentence) })
        {
            var (contexts, rates, blocks) = (new List<string>(), new HashSet<float>(), 0);
            Word2Vec.Train(source, options, new Reporter(_ => blocks++), example =>
            {
                contexts.Add($"{example.Target}: {string.Join(' ', example.Inputs)}");
                rates.Add(example.LearningRate);
            });

            // The ends of the parts have half a context each, and each part has its rate.
            Assert.Equal(25_004, contexts.Count);
            Assert.Equal(3 + 2, rates.Count);
            Assert.Equal(4 + 6, contexts.Count(context => context.Split(' ').Length - 1 <= 3));
            Assert.True(source is SentenceFile || blocks > 1, "all in one block");
        }
    }

    [Fact]
    public void No_pass_gives_the_vectors_before_the_first_step()
    {
        var reports = 0;
        var model = Word2Vec.Train(TwoTopics(20), Small with { Epochs = 0 }, new Reporter(_ => reports++));
        using var parameters = new Word2VecParameters(model.Vocabulary.Count, Small);
        Assert.Equal(parameters.Input.ToArray(), model.Input.ToTensor().data<float>().ToArray());
        Assert.All(model.OutputToTensor().data<float>().ToArray(), number => Assert.Equal(0, number));
        Assert.Empty(model.Losses);
        Assert.Equal(0, reports);
    }

    [Fact]
    public void More_numbers_than_an_array_holds_are_refused_before_the_training()
    {
        List<string[]> sentences = [[.. Enumerable.Range(0, 33_000).Select(i => $"w{i}")]];
        var error = Assert.Throws<ArgumentException>(() => Word2Vec.Train(sentences, Small with { VectorSize = 65_536 }));
        Assert.Contains("33,000 words with 65,536 numbers", error.Message, StringComparison.Ordinal);
        Assert.Contains("smaller VectorSize or a larger MinimumCount", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void CBOW_keeps_place_for_one_target_at_a_time()
    {
        var options = Small with { Architecture = Word2VecArchitecture.Cbow, Window = 1_000, NegativeSamples = 100 };
        using var parameters = new Word2VecParameters(2, options);
        var settings = new Word2VecSettings(options, WordVocabulary.FromSentences([["a", "b"]]));
        var before = GC.GetAllocatedBytesForCurrentThread();
        using var learner = new Word2VecLearner<Lanes128>(parameters, settings, null);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 1, 100_000);
    }

    [Theory]
    [InlineData(65_536)]
    [InlineData(65_537)]
    [InlineData(100_000)]
    public void The_limit_of_a_word_is_the_same_wherever_it_stands(int length)
    {
        foreach (var before in new[] { 0, 1, 1_000, 40_000, 65_535, 65_536, 65_537, 131_000 })
        {
            foreach (var after in new[] { "", " ", "\n", " b\n" })
            {
                var file = new SentenceFile(WriteFile(new string('\n', before) + new string('x', length) + after));
                var error = Record.Exception(() => Assert.Equal(length, file.SelectMany(sentence => sentence).First().Length));
                Assert.Equal(length > 65_536, error is InvalidDataException);
                Assert.True(error is null || error.Message.Contains($"line {before + 1:N0}: a word of more than 65,536 bytes", StringComparison.Ordinal), $"{error}");
            }
        }
    }

    [Fact]
    public void With_a_tree_words_have_no_output_vectors_but_nodes_have()
    {
        var model = Word2Vec.Train(TwoTopics(50), Small with { Objective = Word2VecObjective.HierarchicalSoftmax });
        Assert.Contains("inner nodes", Assert.Throws<InvalidOperationException>(() => model.Output).Message, StringComparison.Ordinal);
        Assert.Equal([model.Vocabulary.Count - 1, 24], model.OutputToTensor().shape);
        Assert.Equal(model.Vocabulary.Count, model.Tree!.WordCount);
        var other = Word2Vec.Train(TwoTopics(50), Small);
        Assert.Null(other.Tree);
        Assert.Equal(other.Vocabulary.Words, other.Output.Words);
        Assert.Equal([other.Vocabulary.Count, 24], other.OutputToTensor().shape);
    }

    [Fact]
    public void Options_out_of_range_are_named()
    {
        foreach (var (name, options) in new (string, Word2VecOptions)[]
        {
            ("VectorSize is 0", Small with { VectorSize = 0 }),
            ("Window is 0", Small with { Window = 0 }),
            ("NegativeSamples is 0", Small with { NegativeSamples = 0 }),
            ("NegativeExponent is NaN", Small with { NegativeExponent = double.NaN }),
            ("SubsamplingThreshold is NaN", Small with { SubsamplingThreshold = double.NaN }),
            ("SubsamplingThreshold is -1", Small with { SubsamplingThreshold = -1 }),
            ("MinimumCount is 0", Small with { MinimumCount = 0 }),
            ("Epochs is -1", Small with { Epochs = -1 }),
            ("LearningRate is NaN", Small with { LearningRate = double.NaN }),
            ("LearningRate is Infinity", Small with { LearningRate = double.PositiveInfinity }),
            ("LearningRate is 0", Small with { LearningRate = 0 }),
            ("FinalLearningRate is NaN", Small with { FinalLearningRate = double.NaN }),
            ("FinalLearningRate is 0.2", Small with { FinalLearningRate = 0.2 }),
            ("Threads is 0", Small with { Threads = 0 }),
            ("Architecture is 7", Small with { Architecture = (Word2VecArchitecture)7 }),
        })
        {
            Assert.StartsWith(name, Assert.Throws<ArgumentException>(() => Word2Vec.Train(TwoTopics(10), options)).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Sentences_that_cannot_be_learned_from_are_refused_with_the_reason()
    {
        AssertRefused("the sentences hold no word", []);
        AssertRefused("the sentences hold no word", [[], []]);
        AssertRefused("Only 'a' is seen 1 times or more", [["a", "a"]]);
        AssertRefused("no sentence has two words", [["a"], ["b"], ["c"]]);
        AssertRefused("Sentence 2, word 3: it is null", [["a", "b"], ["a", "b", null!]]);
        AssertRefused("Sentence 2, word 1: it is empty", [["a", "b"], ["", "b"]]);
        AssertRefused("Sentence 1, word 2: it is not valid Unicode (a lone surrogate at character 2)", [["a", "b\ud83d"]]);
        AssertRefused("Sentence 3 is null", [["a", "b"], [], null!]);
        var rare = Assert.Throws<ArgumentException>(() => Word2Vec.Train([["a", "b"], ["c"]], Small with { MinimumCount = 2 }));
        Assert.Contains("No word is seen 2 times or more (MinimumCount) among 3 words", rare.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentNullException>(() => Word2Vec.Train(null!, Small));
        Assert.Throws<ArgumentNullException>(() => Word2Vec.Train([["a"]], null!));

        static void AssertRefused(string reason, List<string[]> sentences) =>
            Assert.Contains(reason, Assert.Throws<ArgumentException>(() => Word2Vec.Train(sentences, Small)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Sentences_that_change_between_passes_are_noticed()
    {
        var queue = new Queue<List<string>>(TwoTopics(30));
        IEnumerable<List<string>> OnlyOnce()
        {
            while (queue.TryDequeue(out var sentence))
            {
                yield return sentence;
            }
        }

        Assert.Contains("0 when they were read again", Assert.Throws<InvalidOperationException>(() => Word2Vec.Train(OnlyOnce(), Small)).Message, StringComparison.Ordinal);

        var path = WriteFile("a b c\nb c d\n");
        var shortened = Assert.Throws<InvalidOperationException>(() => Word2Vec.Train(new SentenceFile(path), Small with { Epochs = 4 }, examples: _ => File.WriteAllText(path, "a b\n")));
        Assert.Contains("6 words when they were counted and 2 when", shortened.Message, StringComparison.Ordinal);

        IEnumerable<string[]> Failing(int[] pass)
        {
            yield return ["a", "b"];
            if (pass[0]++ == 2)
            {
                throw new IOException("the disk is gone");
            }
        }

        foreach (var threads in new[] { 1, 3 })
        {
            Assert.Equal("the disk is gone", Assert.Throws<IOException>(() => Word2Vec.Train(Failing([0]), Small with { Threads = threads })).Message);
        }
    }

    [Fact]
    public void A_rate_that_is_too_large_is_named()
    {
        var error = Assert.Throws<InvalidOperationException>(() => Word2Vec.Train(TwoTopics(400), Small with { LearningRate = 90_000, ContextCombination = ContextCombination.Sum, SubsamplingThreshold = 0 }));
        Assert.Contains("LearningRate 90000 is too large", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_vocabulary_is_ordered_by_count_and_then_by_the_words()
    {
        var vocabulary = WordVocabulary.FromSentences([["b", "c", "a", "a"], ["d", "c", "c"]]);
        Assert.Equal(["c", "a", "b", "d"], vocabulary.Words);
        Assert.Equal([3L, 2, 1, 1], vocabulary.Counts);
        Assert.Equal((7, 1), (vocabulary.TotalCount, vocabulary["a"]));
        Assert.False(vocabulary.TryGetId("z", out _));
        Assert.Contains("'z'", Assert.Throws<KeyNotFoundException>(() => vocabulary["z"]).Message, StringComparison.Ordinal);
        var frequent = WordVocabulary.FromSentences([["b", "c", "a", "a"], ["d", "c", "c"]], minimumCount: 2);
        Assert.Equal((2, 7L), (frequent.Count, frequent.TotalCount));
        Assert.Equal(vocabulary.Words, WordVocabulary.FromCounts(vocabulary.Words.Zip(vocabulary.Counts, KeyValuePair.Create).Reverse()).Words);
        Assert.Contains("Word 2: 'a' is there twice", Assert.Throws<ArgumentException>(() => WordVocabulary.FromCounts([new("a", 1), new("a", 2)])).Message, StringComparison.Ordinal);
        Assert.Contains("Word 1: 'a' has the count -1", Assert.Throws<ArgumentException>(() => WordVocabulary.FromCounts([new("a", -1)])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_sentence_file_cuts_like_Split_does() => TestSeed.ForEachCase(40, (number, random) =>
    {
        // White space of every kind, characters that begin with the same bytes, words across the borders of buffers and blocks.
        string[] pieces = ["a", "bc", "defg", "hijklmno", "longerthaneight", "é", "\u00a0", "\u0085", "\u1680", "\u1681", "\u2003", "\u2010", "\u3000", "猫", "。", "\U0001F408", " ", "  ", "\t", "\r\n", "\n", " \n", "\u2028"];
        var text = new StringBuilder(number % 2 == 0 ? "\ufeff" : "");
        for (var i = 0; i < (number < 35 ? 60 : 40_000); i++)
        {
            text.Append(pieces[random.Next(pieces.Length)]);
        }

        var path = WriteFile(text.ToString());
        var expected = text.ToString().TrimStart('\ufeff').Split('\n').Select(line => line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).ToList();
        if (expected[^1].Length == 0)
        {
            expected.RemoveAt(expected.Count - 1);
        }

        Assert.Equal(expected, new SentenceFile(path));
        var counted = WordVocabulary.FromSentences(new SentenceFile(path));
        var wanted = WordVocabulary.FromSentences(expected);
        Assert.Equal(wanted.Words, counted.Words);
        Assert.Equal(wanted.Counts, counted.Counts);
    });

    [Fact]
    public void A_line_without_end_is_cut_into_sentences()
    {
        var path = WriteFile(string.Join(' ', Enumerable.Range(0, 25_000).Select(i => $"w{i % 7}")));
        Assert.Equal([10_000, 10_000, 5_000], new SentenceFile(path).Select(sentence => sentence.Count));
        var examples = 0;
        Word2Vec.Train(new SentenceFile(path), Small with { Epochs = 1, SubsamplingThreshold = 0 }, examples: _ => examples++);
        Assert.Equal(25_000, examples);
    }

    [Fact]
    public void Bytes_that_are_no_text_are_named_with_file_line_and_place()
    {
        var path = Path.Combine(_folder, "bad.txt");
        File.WriteAllBytes(path, [.. "good line\n"u8, .. "second "u8, (byte)'x', 0xE4, 0xF6, .. " line\n"u8]);
        foreach (var read in new Action[] { () => _ = new SentenceFile(path).Count(), () => Word2Vec.Train(new SentenceFile(path), Small), () => WordVocabulary.FromSentences(new SentenceFile(path)) })
        {
            Assert.Equal($"{path}, line 2: not valid UTF-8 at byte 9 of the line.", Assert.Throws<InvalidDataException>(read).Message);
        }

        var endless = WriteFile("a b\n" + new string('x', 200_000));
        Assert.Contains("line 2: a word of more than 65,536 bytes", Assert.Throws<InvalidDataException>(() => new SentenceFile(endless).Count()).Message, StringComparison.Ordinal);
        Assert.Contains("nowhere.txt", Assert.Throws<FileNotFoundException>(() => new SentenceFile(Path.Combine(_folder, "nowhere.txt"))).Message, StringComparison.Ordinal);
        Assert.Contains("hold no word", Assert.Throws<ArgumentException>(() => Word2Vec.Train(new SentenceFile(WriteFile("")), Small)).Message, StringComparison.Ordinal);
    }

    private static List<List<string>> TwoTopics(int sentences)
    {
        // Words a0 to a9 stand with each other, b0 to b9 with each other.
        var random = new Random(7);
        return [.. Enumerable.Range(0, sentences).Select(_ => (Topic: random.Next(2) == 0 ? 'a' : 'b', Length: random.Next(3, 9)))
            .Select(kind => Enumerable.Range(0, kind.Length).Select(_ => $"{kind.Topic}{random.Next(10)}").ToList())];
    }

    private string WriteFile(string text)
    {
        var path = Path.Combine(_folder, $"{Guid.NewGuid():N}.txt");
        File.WriteAllText(path, text, new UTF8Encoding(false));
        return path;
    }

    private static string Hash(Word2VecModel model) => Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(Bytes(model)))[..16];

    private static byte[] Bytes(Word2VecModel model) => [.. VectorBytes(model), .. model.Losses.SelectMany(BitConverter.GetBytes)];

    private static byte[] VectorBytes(Word2VecModel model) =>
        [.. model.Input.ToTensor().data<float>().ToArray().SelectMany(BitConverter.GetBytes), .. model.OutputToTensor().data<float>().ToArray().SelectMany(BitConverter.GetBytes)];

    private static void AssertSameBits(Word2VecModel expected, Word2VecModel actual)
    {
        Assert.Equal(expected.Vocabulary.Words, actual.Vocabulary.Words);
        Assert.Equal(Bytes(expected), Bytes(actual));
    }

    private sealed class Reporter(Action<Word2VecProgress> report) : IProgress<Word2VecProgress>
    {
        public void Report(Word2VecProgress value) => report(value);
    }
}
