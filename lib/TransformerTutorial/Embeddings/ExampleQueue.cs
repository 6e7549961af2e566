using System.Runtime.ExceptionServices;

namespace TransformerTutorial.Embeddings;

/// <summary>
/// Hands blocks of examples from the threads that choose them to the one that learns from them, in the order of the text whichever is ready first. Whoever is too far ahead waits.
/// A failure on one side ends the work on the other.
/// </summary>
internal sealed class ExampleQueue(int choosers)
{
    private readonly object _lock = new();
    private readonly ExampleBlock?[] _ready = new ExampleBlock?[(2 * choosers) + 2];
    private readonly Stack<ExampleBlock> _free = new();
    private long _next;
    private int _choosing = choosers;
    private bool _isStopped;
    private ExceptionDispatchInfo? _failure;

    /// <summary>A block to fill.</summary>
    public ExampleBlock Rent()
    {
        lock (_lock)
        {
            return _free.TryPop(out var block) ? block : new ExampleBlock();
        }
    }

    /// <summary>Gives back a block that has been learnt from.</summary>
    public void Return(ExampleBlock block)
    {
        lock (_lock)
        {
            _free.Push(block);
        }
    }

    /// <summary>Adds a block, once there is room for it; false if nobody wants it any more.</summary>
    public bool Add(ExampleBlock block)
    {
        lock (_lock)
        {
            while (!_isStopped && block.Number >= _next + _ready.Length)
            {
                Monitor.Wait(_lock);
            }

            _ready[block.Number % _ready.Length] = block;
            Monitor.PulseAll(_lock);
            return !_isStopped;
        }
    }

    /// <summary>The next block, once it is there; null behind the last one.</summary>
    /// <exception cref="Exception">What a chooser failed with.</exception>
    public ExampleBlock? Take()
    {
        lock (_lock)
        {
            ref var place = ref _ready[_next % _ready.Length];
            while (place is null && _choosing > 0 && _failure is null)
            {
                Monitor.Wait(_lock);
            }

            _failure?.Throw();
            var block = place;
            place = null;
            _next++;
            Monitor.PulseAll(_lock);
            return block;
        }
    }

    /// <summary>Says that one thread has no more blocks, or why it cannot go on.</summary>
    public void Leave(Exception? failure)
    {
        lock (_lock)
        {
            _choosing--;
            if (failure is not null)
            {
                _failure ??= ExceptionDispatchInfo.Capture(failure);
                _isStopped = true;
            }

            Monitor.PulseAll(_lock);
        }
    }

    /// <summary>Says that no more blocks are wanted.</summary>
    public void Stop()
    {
        lock (_lock)
        {
            _isStopped = true;
            Monitor.PulseAll(_lock);
        }
    }
}
