using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp.Tests.Oracles;

internal static partial class Operations
{
    private const int Steps = 50;

    // The metric that ReduceLROnPlateau sees, step by step; optim.py has the same.
    private static readonly double[] Metrics = [1.0, 0.9, 0.8, 0.8, 0.8, 0.79999, 0.7, 0.7, 0.71, 0.72, 0.7, 0.7, 0.69, 0.7, 0.7, 0.7, 0.7, 0.7, 0.6, .. Enumerable.Repeat(0.6, 31)];

    private static Dictionary<string, Operation> Optimisers() => new()
    {
        ["SGD"] = Within(2, c => Trajectory(c, p => optim.SGD(p, c.Number("lr"), c.Number("momentum"), c.Number("dampening"), c.Number("weight_decay"), c.Flag("nesterov"), c.Flag("maximize")))),
        ["Adam"] = Within(2, c => Trajectory(c, p => optim.Adam(p, c.Number("lr"), c.Number("beta1", 0.9), c.Number("beta2", 0.999), c.Number("eps", 1e-8), c.Number("weight_decay"), c.Flag("amsgrad"), c.Flag("maximize")))),
        ["AdamW"] = Within(2, c => Trajectory(c, p => optim.AdamW(p, c.Number("lr"), c.Number("beta1", 0.9), c.Number("beta2", 0.999), c.Number("eps", 1e-8), c.Number("weight_decay", 0.01), c.Flag("amsgrad"), c.Flag("maximize")))),
        ["clip_grad_norm_"] = Within(2, c => Clipped(c)),
        ["clip_grad_value_"] = Exactly(c => ClippedValues(c)),
        ["LambdaLR"] = Within(2, c => Rates(c, o => optim.lr_scheduler.LambdaLR(o, Factor(c)))),
        ["MultiplicativeLR"] = Within(2, c => Rates(c, o => optim.lr_scheduler.MultiplicativeLR(o, Factor(c)))),
        ["StepLR"] = Within(2, c => Rates(c, o => optim.lr_scheduler.StepLR(o, c.Int("step_size"), c.Number("gamma")))),
        ["MultiStepLR"] = Within(2, c => Rates(c, o => optim.lr_scheduler.MultiStepLR(o, [.. c.Longs("milestones").Select(milestone => (int)milestone)], c.Number("gamma")))),
        ["ExponentialLR"] = Within(2, c => Rates(c, o => optim.lr_scheduler.ExponentialLR(o, c.Number("gamma")))),
        ["CosineAnnealingLR"] = Within(2, c => Rates(c, o => optim.lr_scheduler.CosineAnnealingLR(o, c.Number("T_max"), c.Number("eta_min")))),
        ["LinearLR"] = Within(2, c => Rates(c, o => optim.lr_scheduler.LinearLR(o, c.Number("start_factor"), c.Number("end_factor"), c.Int("total_iters")))),
        ["ConstantLR"] = Within(2, c => Rates(c, o => optim.lr_scheduler.ConstantLR(o, c.Number("factor"), c.Int("total_iters")))),
        ["PolynomialLR"] = Within(2, c => Rates(c, o => optim.lr_scheduler.PolynomialLR(o, c.Int("total_iters"), c.Number("power")))),
        ["OneCycleLR"] = Within(2, c => Rates(c, o => OneCycle(c, o), c.Int("total_steps") - 1)),
        ["ReduceLROnPlateau"] = Within(2, c => Plateau(c)),
    };

    private static Tensor Trajectory(OracleCase c, Func<Parameter[], optim.Optimizer> make)
    {
        Parameter[] parameters = [new(c[0].detach().clone()), new(c[1].detach().clone())];
        using var optimiser = make(parameters);
        var rows = new List<Tensor>();
        for (var step = 0; step < Steps; step++)
        {
            optimiser.zero_grad();
            var p = cat([.. parameters.Select(parameter => parameter.reshape(-1))]);
            ((c[2] * p * p / 2) + (c[3][step] * p)).sum().backward();
            optimiser.step();
            rows.Add(cat([.. parameters.Select(parameter => parameter.detach().reshape(-1))]));
        }

        return stack(rows);
    }

    private static Parameter[] WithGradients(OracleCase c) => [.. c.Inputs.Select(gradient => new Parameter(zeros_like(gradient)) { grad = gradient.clone() })];

    private static Tensor[] Clipped(OracleCase c)
    {
        var parameters = WithGradients(c);
        var norm = nn.utils.clip_grad_norm_(parameters, c.Number("max_norm"), c.Number("norm_type"));
        return [tensor((float)norm), .. parameters.Select(parameter => parameter.grad!)];
    }

    private static Tensor[] ClippedValues(OracleCase c)
    {
        var parameters = WithGradients(c);
        nn.utils.clip_grad_value_(parameters, c.Number("clip_value"));
        return [.. parameters.Select(parameter => parameter.grad!)];
    }

    private static Func<int, double> Factor(OracleCase c) => c.Text("lr_lambda") == "shrink"
        ? step => 0.95
        : step => Math.Min(Math.Pow(step + 1, -0.5), (step + 1) * Math.Pow(10, -1.5));

    private static Tensor Rates(OracleCase c, Func<optim.Optimizer, optim.lr_scheduler.LRScheduler> make, int steps = Steps) => Rates(c, make, steps, (scheduler, _) => scheduler.step());

    private static Tensor Plateau(OracleCase c) => Rates(
        c,
        o => optim.lr_scheduler.ReduceLROnPlateau(o, c.Text("mode", "min"), c.Number("factor"), c.Int("patience"), c.Number("threshold", 1e-4), c.Text("threshold_mode", "rel"), c.Int("cooldown")),
        Steps,
        (scheduler, step) => scheduler.step(Metrics[step]));

    private static Tensor Rates(OracleCase c, Func<optim.Optimizer, optim.lr_scheduler.LRScheduler> make, int steps, Action<optim.lr_scheduler.LRScheduler, int> advance)
    {
        using var optimiser = optim.SGD([new Parameter(zeros(1))], c.Number("base"), 0.9);
        var scheduler = make(optimiser);
        var rates = new List<double> { Rate() };
        for (var step = 0; step < steps; step++)
        {
            optimiser.step();
            advance(scheduler, step);
            rates.Add(Rate());
        }

        return tensor(rates.ToArray());

        double Rate() => optimiser.ParamGroups.First().LearningRate;
    }

    private static optim.lr_scheduler.LRScheduler OneCycle(OracleCase c, optim.Optimizer optimiser) => optim.lr_scheduler.OneCycleLR(
        optimiser, c.Number("max_lr"), c.Int("total_steps"), pct_start: c.Number("pct_start", 0.3),
        anneal_strategy: c.Text("anneal_strategy") == "linear" ? optim.lr_scheduler.impl.OneCycleLR.AnnealStrategy.Linear : optim.lr_scheduler.impl.OneCycleLR.AnnealStrategy.Cos,
        div_factor: c.Number("div_factor", 25), final_div_factor: c.Number("final_div_factor", 1e4), three_phase: c.Flag("three_phase"));
}
