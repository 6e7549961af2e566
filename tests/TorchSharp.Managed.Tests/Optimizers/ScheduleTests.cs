using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.optim;

namespace TorchSharp.Managed.Tests.Optimizers;

/// <summary>Learning rates from step to step, against each schedule's closed form and its rules. PyTorch's own sequences are compared elsewhere.</summary>
public class ScheduleTests
{
    private static SGD NewOptimizer(double rate = 0.5) => SGD([new Parameter(zeros(1))], rate);

    private static void Follows(Func<Optimizer, lr_scheduler.LRScheduler> create, Func<int, double> expected, int steps = 30)
    {
        var optimizer = NewOptimizer();
        var scheduler = create(optimizer);
        for (var step = 0; step < steps; step++)
        {
            Assert.Equal(expected(step), optimizer.ParamGroups.Single().LearningRate, 1e-12);
            Assert.Equal(optimizer.ParamGroups.Single().LearningRate, scheduler.get_last_lr().Single());
            scheduler.step();
        }
    }

    [Fact]
    public void Each_schedule_follows_its_closed_form()
    {
        Follows(o => lr_scheduler.LambdaLR(o, step => 1.0 / (step + 1)), step => 0.5 / (step + 1));
        Follows(o => lr_scheduler.StepLR(o, 4, 0.5), step => 0.5 * Math.Pow(0.5, step / 4));
        Follows(o => lr_scheduler.MultiStepLR(o, [3, 3, 10]), step => step < 3 ? 0.5 : step < 10 ? 0.005 : 0.0005);
        Follows(o => lr_scheduler.ExponentialLR(o, 0.9), step => 0.5 * Math.Pow(0.9, step));
        Follows(o => lr_scheduler.ConstantLR(o, 0.25, 6), step => step < 6 ? 0.125 : 0.5);
        Follows(o => lr_scheduler.LinearLR(o, 0.25, 1, 6), step => 0.5 * (0.25 + (0.75 * Math.Min(step, 6) / 6)));
        Follows(o => lr_scheduler.PolynomialLR(o, 6, 2), step => 0.5 * Math.Pow(1 - (Math.Min(step, 6) / 6.0), 2));
        Follows(o => lr_scheduler.MultiplicativeLR(o, _ => 0.9), step => 0.5 * Math.Pow(0.9, step));

        // Past the lowest point the rule from step to step climbs again.
        Follows(o => lr_scheduler.CosineAnnealingLR(o, 10, 0.1), step => 0.1 + (0.4 * (1 + Math.Cos(Math.PI * step / 10)) / 2));
    }

    [Fact]
    public void One_cycle_rises_falls_and_moves_the_momentum_the_other_way()
    {
        var optimizer = Adam([new Parameter(zeros(1))]);
        var scheduler = lr_scheduler.OneCycleLR(optimizer, 1.0, total_steps: 10, pct_start: 0.3);
        var rates = new List<double>();
        var betas = new List<double>();
        for (var step = 0; step < 10; step++)
        {
            rates.Add(optimizer.ParamGroups.Single().LearningRate);
            betas.Add(((IBetas)optimizer.ParamGroups.Single()).Betas.Item1);
            scheduler.step();
        }

        Assert.Equal(1.0 / 25, rates[0], 1e-12);
        Assert.Equal(1.0, rates[2], 1e-12);
        Assert.Equal(1.0 / 25 / 10000, rates[9], 1e-12);
        Assert.Equal(0.95, betas[0], 1e-12);
        Assert.Equal(0.85, betas[2], 1e-12);
        Assert.Equal(0.95, betas[9], 1e-12);
        Assert.Throws<InvalidOperationException>(scheduler.step);
    }

    [Fact]
    public void Cyclic_rates_are_PyTorchs()
    {
        Cycles(o => lr_scheduler.CyclicLR(o, 0.1, 1.0, 4),
            [0.1, 0.325, 0.55, 0.775, 1.0, 0.775, 0.55, 0.325, 0.1, 0.325], [0.9, 0.875, 0.85, 0.825, 0.8, 0.825, 0.85, 0.875, 0.9, 0.875]);
        Cycles(o => lr_scheduler.CyclicLR(o, 0.1, 1.0, 4, 2, lr_scheduler.impl.CyclicLR.Mode.Triangular2),
            [0.1, 0.325, 0.55, 0.775, 1.0, 0.55, 0.1, 0.2125, 0.325, 0.4375, 0.55, 0.325], [0.9, 0.875, 0.85, 0.825, 0.8, 0.85, 0.9, 0.8875, 0.875, 0.8625, 0.85, 0.875]);
        Cycles(o => lr_scheduler.CyclicLR(o, 0.1, 1.0, 3, mode: lr_scheduler.impl.CyclicLR.Mode.ExpRange, gamma: 0.9, cycle_momentum: false),
            [0.1, 0.37, 0.586, 0.7561, 0.49366, 0.277147, 0.1, 0.24348907, 0.358280326, 0.4486784401], [0.7, 0.7, 0.7, 0.7, 0.7, 0.7, 0.7, 0.7, 0.7, 0.7]);
        Cycles(o => lr_scheduler.CyclicLR(o, 0.1, 1.0, 3, scale_fn: x => 1 / Math.Pow(5, x * 0.0001), scale_mode: lr_scheduler.impl.CyclicLR.ScaleMode.Iterations),
            [0.1, 0.399951720748, 0.699806898531, 0.999565556654, 0.699613859208], [0.9, 0.866672031028, 0.833354789052, 0.800048271483, 0.833376237866]);
        Assert.Throws<ArgumentException>(() => lr_scheduler.CyclicLR(NewOptimizer(), 0.1, 1.0, 0));
        Assert.Throws<ArgumentException>(() => lr_scheduler.CyclicLR(Adagrad([new Parameter(zeros(1))]), 0.1, 1.0));
        Assert.Throws<ArgumentException>(() => lr_scheduler.CyclicLR(NewOptimizer(), [0.1, 0.2], [1.0, 2.0]));
    }

    private static void Cycles(Func<Optimizer, lr_scheduler.LRScheduler> create, double[] rates, double[] momenta)
    {
        var optimizer = SGD([new Parameter(zeros(1))], 0.3, momentum: 0.7);
        var scheduler = create(optimizer);
        for (var step = 0; step < rates.Length; step++)
        {
            Assert.Equal(rates[step], optimizer.ParamGroups.Single().LearningRate, 1e-11);
            Assert.Equal(momenta[step], ((IMomentum)optimizer.ParamGroups.Single()).Momentum, 1e-11);
            scheduler.step();
        }
    }

    [Fact]
    public void A_plateau_lowers_the_rate_after_the_patience_is_over()
    {
        var optimizer = NewOptimizer(1.0);
        var scheduler = lr_scheduler.ReduceLROnPlateau(optimizer, factor: 0.5, patience: 2, cooldown: 1, min_lr: [0.2]);
        double[] metrics = [5, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4];
        var rates = metrics.Select(metric =>
        {
            scheduler.step(metric);
            return optimizer.ParamGroups.Single().LearningRate;
        }).ToArray();

        // Better at 1; steps 2, 3, 4 are bad, so the rate falls at 4; step 5 cools; 6 and 7 pass, it falls at 8; and at 12 to the lowest.
        Assert.Equal([1, 1, 1, 1, 0.5, 0.5, 0.5, 0.5, 0.25, 0.25, 0.25, 0.25, 0.2, 0.2, 0.2], rates);
        Assert.Throws<InvalidOperationException>(scheduler.step);
    }

    [Fact]
    public void Schedules_follow_one_another_and_multiply()
    {
        var optimizer = NewOptimizer(1.0);
        var scheduler = lr_scheduler.SequentialLR(optimizer, [lr_scheduler.ConstantLR(optimizer, 0.1, 2), lr_scheduler.ExponentialLR(optimizer, 0.9)], [3]);
        var rates = new List<double>();
        for (var step = 0; step < 6; step++)
        {
            rates.Add(Math.Round(optimizer.ParamGroups.Single().LearningRate, 12));
            scheduler.step();
        }

        Assert.Equal([0.1, 0.1, 1, 1, 0.9, 0.81], rates);

        var other = NewOptimizer(1.0);
        var chain = lr_scheduler.ChainedLR([lr_scheduler.ConstantLR(other, 0.1, 2), lr_scheduler.ExponentialLR(other, 0.9)]);
        chain.step();
        Assert.Equal(0.09, other.ParamGroups.Single().LearningRate, 1e-12);
        chain.step();
        Assert.Equal(0.81, chain.get_last_lr().Single(), 1e-12);
    }

    [Fact]
    public void What_makes_no_schedule_is_refused()
    {
        var optimizer = NewOptimizer();
        Assert.Throws<ArgumentException>(() => lr_scheduler.OneCycleLR(optimizer, 1.0));
        Assert.Throws<ArgumentException>(() => lr_scheduler.OneCycleLR(optimizer, 1.0, total_steps: 0));
        Assert.Throws<ArgumentException>(() => lr_scheduler.OneCycleLR(optimizer, 1.0, total_steps: 5, pct_start: 2));
        Assert.Throws<ArgumentException>(() => lr_scheduler.ReduceLROnPlateau(optimizer, factor: 1));
        Assert.Throws<ArgumentException>(() => lr_scheduler.ReduceLROnPlateau(optimizer, mode: "lowest"));
        Assert.Throws<ArgumentException>(() => lr_scheduler.SequentialLR(optimizer, [lr_scheduler.StepLR(optimizer, 1)], [1]));
        Assert.Throws<ArgumentException>(() => lr_scheduler.SequentialLR(NewOptimizer(), [lr_scheduler.StepLR(optimizer, 1)], []));
        Assert.Throws<ArgumentException>(() => SGD([new Parameter(zeros(1))], 0.1, nesterov: true));
    }
}
