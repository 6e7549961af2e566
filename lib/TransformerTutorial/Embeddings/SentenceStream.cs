using Microsoft.Win32.SafeHandles;

namespace TransformerTutorial.Embeddings;

/// <summary>
/// The text as word2vec reads it: counted once, then read in blocks of ids, pass after pass. Blocks are the same in each pass, whichever thread takes them. Several threads may read at once.
/// </summary>
internal abstract class SentenceStream : IDisposable
{
    private long _wordsRead;

    protected SentenceStream(WordVocabulary vocabulary) => Vocabulary = vocabulary;

    /// <summary>The words with an id.</summary>
    public WordVocabulary Vocabulary { get; }

    /// <summary>Counts the words of sentences and chooses how to read them again: a file block by block; a collection, which is in memory anyway, as ids made once; anything else by enumerating it anew.</summary>
    /// <exception cref="ArgumentException">A sentence or word is null, or a word is empty or not valid Unicode.</exception>
    /// <exception cref="InvalidDataException">The file is not UTF-8.</exception>
    public static SentenceStream Open(IEnumerable<IReadOnlyList<string>> sentences, long minimumCount, CancellationToken cancellationToken)
    {
        if (sentences is SentenceFile file)
        {
            var blocks = new List<(long Offset, long Sentences, long Words)>();
            return new OfFile(file, file.CountWords(cancellationToken, blocks).ToVocabulary(minimumCount), blocks);
        }

        var vocabulary = WordVocabulary.FromSentences(sentences, minimumCount, cancellationToken);
        return sentences is IReadOnlyCollection<IReadOnlyList<string>> or ICollection<IReadOnlyList<string>>
            ? new InMemory(sentences, vocabulary, cancellationToken)
            : new Enumerated(sentences, vocabulary);
    }

    /// <summary>Goes to the first block.</summary>
    public virtual void Start() => _wordsRead = 0;

    /// <summary>The next block, or null behind the last one.</summary>
    /// <param name="scratch">What the caller keeps from call to call for the block to be read into; it may return another one.</param>
    public abstract SentenceBlock? Read(ref Scratch? scratch);

    /// <summary>Ends a pass in which all blocks were read.</summary>
    /// <exception cref="InvalidOperationException">They had another number of words than the first time.</exception>
    public void End()
    {
        if (_wordsRead != Vocabulary.TotalCount)
        {
            throw new InvalidOperationException(
                $"The sentences had {Vocabulary.TotalCount:N0} words when they were counted and {_wordsRead:N0} when they were read again. They must be the same each time: a list, a {nameof(SentenceFile)}, or a method that begins anew.");
        }
    }

    public abstract void Dispose();

    protected void Count(SentenceBlock block) => Interlocked.Add(ref _wordsRead, block.Words);

    /// <summary>What a reading thread keeps.</summary>
    public sealed class Scratch
    {
        /// <summary>The block that is read into.</summary>
        public SentenceBlock Block { get; } = new();

        /// <summary>A file's scanner.</summary>
        public Utf8WordScanner? Scanner { get; set; }
    }

    /// <summary>Turns sentences of strings into ids, block by block; a long sentence is cut like a <see cref="SentenceFile"/>'s long line and may go on in the next block.</summary>
    private sealed class StringReader(IEnumerator<IReadOnlyList<string>> sentences, WordVocabulary vocabulary) : IDisposable
    {
        private IReadOnlyList<string> _sentence = [];
        private int _at;
        private long _number;
        private long _blocksBefore;
        private long _sentencesBefore;
        private long _wordsBefore;

        /// <summary>Fills a block with the next sentences; false if there are none.</summary>
        public bool Fill(SentenceBlock block)
        {
            block.Clear(_blocksBefore++, _sentencesBefore, _wordsBefore);
            while (block.Words < SentenceBlock.Size && (_at < _sentence.Count || MoveNext()))
            {
                for (var end = Math.Min(_sentence.Count, _at + SentenceFile.LongestSentence); _at < end; _at++)
                {
                    SentenceCounter.CheckWord(_sentence[_at], _number, _at);
                    block.Add(vocabulary.TryGetId(_sentence[_at], out var id) ? id : -1);
                }

                block.EndSentence();
            }

            _sentencesBefore += block.Sentences;
            _wordsBefore += block.Words;
            return block.Sentences > 0;
        }

        public void Dispose() => sentences.Dispose();

        private bool MoveNext()
        {
            if (!sentences.MoveNext())
            {
                (_sentence, _at) = ([], 0);
                return false;
            }

            SentenceCounter.CheckSentence(sentences.Current, ++_number);
            (_sentence, _at) = (sentences.Current, 0);
            return true;
        }
    }

    private sealed class InMemory : SentenceStream
    {
        private readonly List<SentenceBlock> _blocks = [];
        private int _next;

        public InMemory(IEnumerable<IReadOnlyList<string>> sentences, WordVocabulary vocabulary, CancellationToken cancellationToken)
            : base(vocabulary)
        {
            using var reader = new StringReader(sentences.GetEnumerator(), vocabulary);
            while (true)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var block = new SentenceBlock();
                if (!reader.Fill(block))
                {
                    break;
                }

                block.Trim();
                _blocks.Add(block);
            }
        }

        public override void Start()
        {
            base.Start();
            _next = 0;
        }

        public override SentenceBlock? Read(ref Scratch? scratch)
        {
            var index = Interlocked.Increment(ref _next) - 1;
            if (index >= _blocks.Count)
            {
                return null;
            }

            Count(_blocks[index]);
            return _blocks[index];
        }

        public override void Dispose()
        {
        }
    }

    private sealed class Enumerated(IEnumerable<IReadOnlyList<string>> sentences, WordVocabulary vocabulary) : SentenceStream(vocabulary)
    {
        private readonly Lock _lock = new();
        private StringReader? _reader;

        public override void Start()
        {
            base.Start();
            _reader?.Dispose();
            _reader = new StringReader(sentences.GetEnumerator(), Vocabulary);
        }

        public override SentenceBlock? Read(ref Scratch? scratch)
        {
            var block = (scratch ??= new Scratch()).Block;

            // The sentences are the caller's: a list may be filled anew for each of them, so they are turned into ids before another thread moves on.
            lock (_lock)
            {
                if (_reader is null || !_reader.Fill(block))
                {
                    return null;
                }
            }

            Count(block);
            return block;
        }

        public override void Dispose() => _reader?.Dispose();
    }

    private sealed class OfFile : SentenceStream
    {
        private readonly string _path;
        private readonly SafeFileHandle _file;
        private readonly Utf8WordTable _table;
        private readonly List<(long Offset, long Sentences, long Words)> _blocks;
        private int _next;

        public OfFile(SentenceFile file, WordVocabulary vocabulary, List<(long Offset, long Sentences, long Words)> blocks)
            : base(vocabulary)
        {
            (_path, _file, _blocks) = (file.Path, File.OpenHandle(file.Path), blocks);
            _table = Utf8WordTable.Of(vocabulary);
        }

        public override void Start()
        {
            base.Start();
            _next = 0;
        }

        public override SentenceBlock? Read(ref Scratch? scratch)
        {
            var index = Interlocked.Increment(ref _next) - 1;
            if (index >= _blocks.Count - 1)
            {
                return null;
            }

            scratch ??= new Scratch();
            var scanner = scratch.Scanner ??= new Utf8WordScanner(_path, _file);
            var block = scratch.Block;
            block.Clear(index, _blocks[index].Sentences, _blocks[index].Words);
            scanner.Start(_blocks[index].Offset, _blocks[index + 1].Offset);
            var words = 0;
            while (scanner.Read())
            {
                var word = scanner.Word;
                if (word.Length == 0 || words == SentenceFile.LongestSentence)
                {
                    block.EndSentence();
                    words = 0;
                }

                if (word.Length > 0)
                {
                    block.Add(_table.Find(word));
                    words++;
                }
            }

            block.EndSentence();
            Count(block);
            return block;
        }

        public override void Dispose() => _file.Dispose();
    }
}
