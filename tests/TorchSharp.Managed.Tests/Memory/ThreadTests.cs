using static TorchSharp.torch;

namespace TorchSharp.Managed.Tests.Memory;

/// <summary>Threads that compute, record and differentiate at once don't disturb each other.</summary>
[Collection(PoolState.Name)]
public class ThreadTests
{
    private const int Threads = 4;

    [Fact]
    public void Several_trainings_at_once_give_the_bits_of_one_after_the_other()
    {
        var expected = Enumerable.Range(0, Threads).Select(Train).ToArray();
        var actual = new float[Threads][];
        using var start = new Barrier(Threads);
        var threads = Enumerable.Range(0, Threads).Select(i => new Thread(() =>
        {
            start.SignalAndWait();
            actual[i] = Train(i);
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        Assert.Equal(expected, actual);
    }

    [Fact]
    public void Dispose_scopes_and_gradient_modes_belong_to_their_thread()
    {
        using var scope = NewDisposeScope();
        using var mode = no_grad();
        var (isFree, recorded) = (false, false);
        torch.Tensor? made = null;
        var thread = new Thread(() =>
        {
            isFree = DisposeScopeManager.ThreadSingleton.CurrentDisposeScope is null;
            made = ones(2).requires_grad_().mul(2);
            recorded = made.requires_grad;
        });
        thread.Start();
        thread.Join();
        Assert.True(isFree);
        Assert.True(recorded);
        scope.Dispose();
        Assert.False(made!.IsInvalid);
        made.Dispose();
    }

    [Fact]
    public void One_graph_may_be_made_on_one_thread_and_walked_on_another()
    {
        var x = arange(6, ScalarType.Float64).requires_grad_();
        var y = x.mul(x).sum();
        var thread = new Thread(() => y.backward());
        thread.Start();
        thread.Join();
        Assert.Equal([0, 2, 4, 6, 8, 10], x.grad!.data<double>().ToArray());
    }

    // No dropout, whose numbers all threads draw from one generator.
    private static float[] Train(int seed)
    {
        var model = new SmallTranslator((ulong)seed, dropoutRate: 0, batch: 4 + seed);
        return [.. Enumerable.Range(0, 60).Select(_ =>
        {
            using var scope = seed % 2 == 0 ? NewDisposeScope() : null;
            return model.Step();
        })];
    }
}
