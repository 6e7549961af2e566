using System.Diagnostics;
using System.Runtime.ExceptionServices;
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
/// <para><b>Reproducible:</b> with one thread the same options and sentences give the same bits on every machine, at every vector width. With several threads vocabulary, blocks of text, rates and all draws are still the same,
/// but threads move the same vectors without waiting for each other (Recht, Ré, Wright and Niu, 2011, "Hogwild!"): steps happen in an order that differs from run to run, and now and then one overwrites
/// another. Vectors and losses then differ slightly from run to run.</para>
/// <para>Draws begin anew with every sentence, so it doesn't matter how a text is cut into blocks for the threads: a <see cref="SentenceFile"/> and a list of its sentences give the same vectors (the loss of a pass, a sum
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
    /// <param name="progress">Is told about a hundred times how far the training has come, from whichever thread is at work, one call at a time; null for silence.</param>
    /// <param name="examples">Is told every example before its step, from the thread that takes it; null for none. For looking on: it costs more time than the training.</param>
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
        var workers = new Word2VecWorker[options.Threads];
        for (var i = 0; i < workers.Length; i++)
        {
            workers[i] = width switch
            {
                512 => new Word2VecWorker<Lanes512>(parameters, settings, examples),
                256 => new Word2VecWorker<Lanes256>(parameters, settings, examples),
                _ => new Word2VecWorker<Lanes128>(parameters, settings, examples),
            };
        }

        try
        {
            var losses = RunPasses(stream, parameters, settings, workers, progress, cancellationToken);
            return new Word2VecModel(options, vocabulary, parameters, settings.Tree, losses);
        }
        finally
        {
            Array.ForEach(workers, worker => worker.Dispose());
        }
    }

    private static double[] RunPasses(
        SentenceStream stream, Word2VecParameters parameters, Word2VecSettings settings, Word2VecWorker[] workers, IProgress<Word2VecProgress>? progress, CancellationToken cancellationToken)
    {
        var (options, vocabulary) = (settings.Options, stream.Vocabulary);
        var losses = new double[options.Epochs];
        var meter = new Meter(settings, progress);
        for (var epoch = 0; epoch < options.Epochs; epoch++)
        {
            stream.Start();
            meter.Start(epoch);
            RunPass(stream, workers, meter, epoch, cancellationToken);
            stream.End();
            if (epoch == 0 && !workers.Any(worker => worker.HasSeenPair))
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

    private static void RunPass(SentenceStream stream, Word2VecWorker[] workers, Meter meter, int epoch, CancellationToken cancellationToken)
    {
        ExceptionDispatchInfo? failure = null;
        var others = new List<Thread>();
        try
        {
            foreach (var worker in workers[1..])
            {
                others.Add(new Thread(() => Run(worker)) { IsBackground = true, Name = "word2vec" });
                others[^1].Start();
            }

            Run(workers[0]);
        }
        catch (Exception error)
        {
            Fail(error);
        }

        // Whatever happened, nobody leaves while a thread may still write to memory that is freed then.
        var isInterrupted = false;
        foreach (var thread in others)
        {
            while (thread.IsAlive)
            {
                try
                {
                    thread.Join();
                }
                catch (ThreadInterruptedException error)
                {
                    isInterrupted = true;
                    Fail(error);
                }
            }
        }

        if (isInterrupted && failure!.SourceException is not ThreadInterruptedException)
        {
            Thread.CurrentThread.Interrupt();
        }

        failure?.Throw();

        // The first failure ends the pass for all; it is thrown again on the caller's thread.
        void Fail(Exception error) => Interlocked.CompareExchange(ref failure, ExceptionDispatchInfo.Capture(error), null);

        void Run(Word2VecWorker worker)
        {
            try
            {
                SentenceStream.Scratch? scratch = null;
                while (Volatile.Read(ref failure) is null && stream.Read(ref scratch) is { } block)
                {
                    worker.Train(block, epoch, cancellationToken);
                    meter.Add(worker, block);
                }
            }
            catch (Exception error)
            {
                Fail(error);
            }
        }
    }

    /// <summary>Adds up what the threads have done and reports it about a hundred times.</summary>
    private sealed class Meter(Word2VecSettings settings, IProgress<Word2VecProgress>? progress)
    {
        private readonly Lock _lock = new();
        private readonly Stopwatch _watch = Stopwatch.StartNew();
        private readonly long _reportEvery = Math.Max(1, settings.WordsWanted / 100);
        private int _epoch;
        private long _words;
        private long _wordsReported;
        private double _loss;
        private long _examples;

        /// <summary>The mean loss of an example in this pass.</summary>
        public double Loss => _examples > 0 ? _loss / _examples : double.NaN;

        public void Start(int epoch) => (_epoch, _loss, _examples) = (epoch, 0, 0);

        public void Add(Word2VecWorker worker, SentenceBlock block)
        {
            lock (_lock)
            {
                _loss += worker.Loss;
                _examples += worker.Examples;
                _words += block.Words;
                if (_words - _wordsReported >= _reportEvery && _words < settings.WordsWanted)
                {
                    Report();
                }
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
