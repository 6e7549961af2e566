namespace TorchSharp.Managed.Tests.Properties;

/// <summary>Random chains of views.</summary>
internal static class RandomViews
{
    /// <summary>A chain of up to so many views of a tensor; no two elements of the last view are one. It can be taken of any tensor of the shape, but may copy one of another layout.</summary>
    public static Func<torch.Tensor, torch.Tensor> Chain(Random random, torch.Tensor like, int longest)
    {
        var steps = new List<Func<torch.Tensor, torch.Tensor>>();
        using var scope = torch.NewDisposeScope();
        var sample = like.detach();
        for (var count = random.Next(1, longest + 1); steps.Count < count;)
        {
            var step = Step(random, sample);
            sample = step(sample);
            steps.Add(step);
        }

        return tensor => steps.Aggregate(tensor, (view, step) => step(view));
    }

    private static Func<torch.Tensor, torch.Tensor> Step(Random random, torch.Tensor x)
    {
        var shape = x.shape;
        var rank = shape.Length;
        if (rank == 0)
        {
            return view => view.unsqueeze(0);
        }

        var (d, e) = (random.Next(rank), random.Next(rank));
        var from = random.NextInt64(shape[d]);
        switch (random.Next(9))
        {
            case 0:
                return view => view.transpose(d, e);
            case 1:
                var order = Enumerable.Range(0, rank).Select(i => (long)i).ToArray();
                random.Shuffle(order);
                return view => view.permute(order);
            case 2 when rank > 1:
                return view => view.select(d, from);
            case 3:
                var length = random.NextInt64(1, shape[d] - from + 1);
                return view => view.narrow(d, from, length);
            case 4:
                var step = random.NextInt64(1, 4);
                return view => view.slice(d, from, shape[d], step);
            case 5 when rank < 5:
                return view => view.unsqueeze(d);
            case 6 when rank > 1 && d != e:
                return view => view.diagonal(0, d, e);
            case 7 when x.is_contiguous():
                return view => view.reshape(-1, shape[^1]);
            case 8 when rank < 5:
                return view => view.unfold(d, Math.Min(2, shape[d]), 2);
            default:
                return view => view.transpose(d, e);
        }
    }
}
