using System.Diagnostics;
using System.Runtime.Intrinsics;

namespace TransformerTutorial.Embeddings;

/// <summary>
/// Learns word vectors from sentences by predicting words from their neighbours: CBOW or skip-gram, with negative sampling, hierarchical softmax or full softmax. It learns; it doesn't split text into words
/// and doesn't find neighbours (<see cref="WordVectors"/> does).
/// </summary>
/// <remarks>
/// <para>Sources: Mikolov, Chen, Corrado and Dean, 2013, "Efficient Estimation of Word Representations in Vector Space"; Mikolov, Sutskever, Chen, Corrado and Dean, 2013, "Distributed Representations of Words
/// and Phrases and their Compositionality"; their program word2vec.c; gensim (Řehůřek and Sojka, 2010).</para>
/// <para>An example is one middle word with all its context (CBOW), or one middle word with one word around it (skip-gram). Each is a step of gradient descent on the example's loss, all its vectors
/// moving at once from where they were. A word may be drawn twice against the same target and then counts twice. Sentences are worked on in order, words that subsampling leaves out close up. Windows don't cross sentences.</para>
/// <para>Skip-gram takes its pairs in the order of word2vec.c and gensim: position by position the word there is predicted from each word within its window, every one of which is a middle word with the first in its context.</para>
/// <para><b>Reproducible:</b> the same options and sentences give the same bits on every machine, at every vector width and with any number of threads.</para>
/// <para><b>Threads:</b> one thread moves the vectors, in the order of the text; the others read, leave words out, open windows and draw negative samples ahead of it. A second thread takes that work off the first; since
/// moving the vectors is most of it, a third brings little. (Threads that all move the vectors, without waiting for each other, were slower on two processor cores: they took the same rows from each other's
/// caches. Recht, Ré, Wright and Niu, 2011, "Hogwild!", describe that way; word2vec.c and gensim go it.)</para>
/// <para>Draws begin anew with every sentence, so it doesn't matter how a text is cut into blocks: a <see cref="SentenceFile"/> and a list of its sentences give the same vectors (the loss of a pass, a sum
/// over blocks, may differ in its eighth digit). A sentence of more than <see cref="SentenceFile.LongestSentence"/> words is worked on as several, wherever it comes from.</para>
/// <para>With a window of random width, skip-gram's pairs are those within the window of the word that is predicted, where the paper draws the window of the word that predicts: other pairs of the same distribution.</para>
/// <para>Sentences are read once to count and then once a pass. A <see cref="SentenceFile"/> is read from disk each time, so memory depends on the vocabulary alone; a collection, being in memory, is turned into
/// ids once (four bytes a word); anything else is enumerated anew for each pass and must give the same words each time.</para>
/// </remarks>
public static class Word2Vec
{
    /// <summary>Learns vectors.</summary>
    /// <param name="sentences">Sentences of words.</param>
    /// <param name="options">How to learn.</param>
    /// <param name="progress">Is told about a hundred times how far the training has come, from the caller's thread; null for silence.</param>
    /// <param name="examples">Is told every example before its step, from the caller's thread; null for none. For looking on: it costs more time than the training.</param>
    /// <param name="cancellationToken">Stops the training with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="ArgumentException">An option is out of range; a sentence or word is null, a word is empty or not valid Unicode; fewer than two words reach the minimum count, no sentence
    /// has two of them, or there are more numbers to learn than an array holds. The message says which.</exception>
    /// <exception cref="InvalidDataException">A <see cref="SentenceFile"/> is not UTF-8; the message names file and line.</exception>
    /// <exception cref="InvalidOperationException">The sentences were others in a later pass, or the vectors grew beyond all bounds.</exception>
    public static Word2VecModel Train(
        IEnumerable<IReadOnlyList<string>> sentences, Word2VecOptions options, IProgress<Word2VecProgress>? progress = null, Action<Word2VecExample>? examples = null, CancellationToken cancellationToken = default)
    {
        var width = Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : 128;
        return Train(sentences, options, width, progress, examples, cancellationToken);
    }

    /// <summary>The same with vectors of a width of the caller's choice: 512, 256 or 128 bits.</summary>
    internal static Word2VecModel Train(
        IEnumerable<IReadOnlyList<string>> sentences, Word2VecOptions options, int width, IProgress<Word2VecProgress>? progress, Action<Word2VecExample>? examples, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(sentences);
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        using var stream = SentenceStream.Open(sentences, options.MinimumCount, cancellationToken);
        var vocabulary = stream.Vocabulary;
        if (vocabulary.Count < 2)
        {
            throw new ArgumentException(
                vocabulary.TotalCount == 0 ? "There is nothing to learn from: the sentences hold no word."
                : $"{(vocabulary.Count == 0 ? "No word is" : $"Only '{vocabulary.Words[0]}' is")} seen {options.MinimumCount:N0} times or more ({nameof(Word2VecOptions.MinimumCount)}) among {vocabulary.TotalCount:N0} words; at least two are needed.",
                nameof(sentences));
        }

        if ((long)vocabulary.Count * options.VectorSize > Array.MaxLength)
        {
            throw new ArgumentException(
                $"{vocabulary.Count:N0} words with {options.VectorSize:N0} numbers each are more than the {Array.MaxLength:N0} that word vectors can hold: choose a smaller {nameof(Word2VecOptions.VectorSize)} or a larger {nameof(Word2VecOptions.MinimumCount)}.",
                nameof(options));
        }

        using var parameters = new Word2VecParameters(vocabulary.Count, options);
        var settings = new Word2VecSettings(options, vocabulary);
        using Word2VecLearner learner = width switch
        {
            512 => new Word2VecLearner<Lanes512>(parameters, settings, examples),
            256 => new Word2VecLearner<Lanes256>(parameters, settings, examples),
            _ => new Word2VecLearner<Lanes128>(parameters, settings, examples),
        };
        var losses = RunPasses(stream, parameters, settings, learner, progress, cancellationToken);
        return new Word2VecModel(options, vocabulary, parameters, settings.Tree, losses);
    }

    private static double[] RunPasses(
        SentenceStream stream, Word2VecParameters parameters, Word2VecSettings settings, Word2VecLearner learner, IProgress<Word2VecProgress>? progress, CancellationToken cancellationToken)
    {
        var (options, vocabulary) = (settings.Options, stream.Vocabulary);
        var losses = new double[options.Epochs];
        var meter = new Meter(settings, progress);
        for (var epoch = 0; epoch < options.Epochs; epoch++)
        {
            stream.Start();
            meter.Start(epoch);
            if (options.Threads == 1)
            {
                RunPassAlone(stream, settings, learner, meter, epoch, cancellationToken);
            }
            else
            {
                RunPassTogether(stream, settings, learner, meter, epoch, cancellationToken);
            }

            stream.End();
            if (epoch == 0 && !meter.HasSeenPair)
            {
                throw new ArgumentException($"There is nothing to predict: no sentence has two words of the vocabulary's {vocabulary.Count:N0}.");
            }

            if (parameters.FindNotFinite() is var bad and not -1)
            {
                var what = bad >= 0 ? $"the vector of '{vocabulary.Words[bad]}'" : settings.Tree is null ? $"the output vector of '{vocabulary.Words[-2 - bad]}'" : "the vector of an inner node";
                throw new InvalidOperationException(FormattableString.Invariant($"In pass {epoch + 1} {what} grew beyond all bounds; {nameof(Word2VecOptions.LearningRate)} {options.LearningRate} is too large."));
            }

            losses[epoch] = meter.Loss;
        }

        if (options.Epochs > 0)
        {
            meter.Finish();
        }

        return losses;
    }

    /// <summary>One thread chooses a block's examples and learns from them, by turns.</summary>
    private static void RunPassAlone(SentenceStream stream, Word2VecSettings settings, Word2VecLearner learner, Meter meter, int epoch, CancellationToken cancellationToken)
    {
        var chooser = new ExampleChooser(settings);
        var examples = new ExampleBlock();
        SentenceStream.Scratch? scratch = null;
        while (stream.Read(ref scratch) is { } block)
        {
            chooser.Choose(block, epoch, examples, cancellationToken);
            meter.Add(examples, learner.Learn(examples, cancellationToken));
        }
    }

    /// <summary>The caller's thread learns, in the order of the text; the others read and choose ahead of it.</summary>
    private static void RunPassTogether(SentenceStream stream, Word2VecSettings settings, Word2VecLearner learner, Meter meter, int epoch, CancellationToken cancellationToken)
    {
        var queue = new ExampleQueue(settings.Options.Threads - 1);
        var threads = Enumerable.Range(0, settings.Options.Threads - 1).Select(_ => new Thread(Choose) { IsBackground = true, Name = "word2vec" }).ToArray();
        Array.ForEach(threads, thread => thread.Start());
        try
        {
            while (queue.Take() is { } examples)
            {
                meter.Add(examples, learner.Learn(examples, cancellationToken));
                queue.Return(examples);
            }
        }
        finally
        {
            // Whatever happened, nobody leaves while a thread may still read a text that is closed then.
            queue.Stop();
            Join(threads);
        }

        void Choose()
        {
            try
            {
                var chooser = new ExampleChooser(settings);
                SentenceStream.Scratch? scratch = null;
                while (stream.Read(ref scratch) is { } block)
                {
                    var examples = queue.Rent();
                    chooser.Choose(block, epoch, examples, cancellationToken);
                    if (!queue.Add(examples))
                    {
                        break;
                    }
                }

                queue.Leave(null);
            }
            catch (Exception error)
            {
                queue.Leave(error);
            }
        }
    }

    /// <summary>Waits until all have ended, even if the caller is interrupted, which it is told afterwards.</summary>
    private static void Join(Thread[] threads)
    {
        var isInterrupted = false;
        foreach (var thread in threads)
        {
            while (thread.IsAlive)
            {
                try
                {
                    thread.Join();
                }
                catch (ThreadInterruptedException)
                {
                    isInterrupted = true;
                }
            }
        }

        if (isInterrupted)
        {
            Thread.CurrentThread.Interrupt();
        }
    }

    /// <summary>Adds up what has been learnt and reports it about a hundred times.</summary>
    private sealed class Meter(Word2VecSettings settings, IProgress<Word2VecProgress>? progress)
    {
        private readonly Stopwatch _watch = Stopwatch.StartNew();
        private readonly long _reportEvery = Math.Max(1, settings.WordsWanted / 100);
        private int _epoch;
        private long _words;
        private long _wordsReported;
        private double _loss;
        private long _examples;

        /// <summary>The mean loss of an example in this pass.</summary>
        public double Loss => _examples > 0 ? _loss / _examples : double.NaN;

        /// <summary>Whether any sentence so far had two words, so that one could be predicted from the other.</summary>
        public bool HasSeenPair { get; private set; }

        public void Start(int epoch) => (_epoch, _loss, _examples) = (epoch, 0, 0);

        public void Add(ExampleBlock block, double loss)
        {
            _loss += loss;
            _examples += block.Count;
            _words += block.Words;
            HasSeenPair |= block.HasPair;
            if (_words - _wordsReported >= _reportEvery && _words < settings.WordsWanted)
            {
                Report();
            }
        }

        public void Finish() => Report();

        private void Report()
        {
            _wordsReported = _words;
            var rate = settings.Rate(0, Math.Min(_words, settings.WordsWanted));
            progress?.Report(new Word2VecProgress(_epoch + 1, settings.Options.Epochs, _words, settings.WordsWanted, Loss, rate, _watch.Elapsed));
        }
    }
}
