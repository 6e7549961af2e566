namespace TransformerTutorial.Embeddings;

/// <summary>Chooses examples from blocks of sentences: leaves frequent words out, opens windows, draws negative samples. It reads nothing of what is learnt, so it may work ahead of the learning.</summary>
internal sealed unsafe class ExampleChooser(Word2VecSettings settings)
{
    private readonly Word2VecOptions _options = settings.Options;
    private int[] _sentence = new int[1024];

    /// <summary>Fills a block of examples with those of a block of sentences.</summary>
    /// <exception cref="OperationCanceledException">The training was cancelled.</exception>
    public void Choose(SentenceBlock sentences, int epoch, ExampleBlock examples, CancellationToken cancellationToken)
    {
        examples.Clear(sentences);
        for (var i = 0; i < sentences.Sentences; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var ids = sentences.Sentence(i, out var wordsBefore);
            examples.HasPair |= ids.Length > 1;
            var random = new Word2VecRandom(_options.Seed, epoch, sentences.SentencesBefore + i);
            var rate = settings.Rate(epoch, sentences.WordsBefore + wordsBefore);
            var length = Subsample(ids, ref random);
            for (var position = 0; position < length; position++)
            {
                var reach = _options.IsWindowDynamic ? 1 + random.Below(_options.Window) : _options.Window;
                var (first, end) = (Math.Max(0, position - reach), Math.Min(length, position + reach + 1));
                if (_options.Architecture == Word2VecArchitecture.SkipGram)
                {
                    // The word is predicted from each of the words around.
                    for (var place = first; place < end; place++)
                    {
                        if (place != position)
                        {
                            var example = examples.Add(_sentence[position], rate, 1, settings.MostChosenRows);
                            example.Inputs[0] = _sentence[place];
                            ChooseRows(examples, example, ref random);
                        }
                    }
                }
                else if (end - first > 1)
                {
                    // From all of them at once.
                    var example = examples.Add(_sentence[position], rate, end - first - 1, settings.MostChosenRows);
                    var input = example.Inputs;
                    for (var place = first; place < end; place++)
                    {
                        if (place != position)
                        {
                            *input++ = _sentence[place];
                        }
                    }

                    ChooseRows(examples, example, ref random);
                }
            }
        }
    }

    /// <summary>Copies the words that are kept and returns how many they are.</summary>
    private int Subsample(ReadOnlySpan<int> ids, ref Word2VecRandom random)
    {
        if (_sentence.Length < ids.Length)
        {
            _sentence = new int[ids.Length];
        }

        var thresholds = settings.KeepThresholds;
        var length = 0;
        foreach (var id in ids)
        {
            if (thresholds is null || thresholds[id] > uint.MaxValue || random.Next() < thresholds[id])
            {
                _sentence[length++] = id;
            }
        }

        return length;
    }

    /// <summary>The target and the words drawn against it, or the inner nodes above the target. With a full softmax all rows take part and none is written down.</summary>
    private void ChooseRows(ExampleBlock examples, ExampleBlock.Example example, ref Word2VecRandom random)
    {
        var rows = example.Rows;
        if (settings.Sampler is { } sampler)
        {
            rows[0] = example.Target;
            var count = 1;
            for (var i = 0; i < _options.NegativeSamples; i++)
            {
                // A draw that hits the target is dropped.
                rows[count] = sampler.Draw(ref random);
                count += rows[count] == example.Target ? 0 : 1;
            }

            examples.EndRows(example, count);
        }
        else if (settings.Tree is { } tree)
        {
            var path = tree.PathSpan(example.Target);
            path.CopyTo(new Span<int>(rows, path.Length));
            examples.EndRows(example, path.Length);
        }
    }
}
