using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp.Managed.Tests.Optimizers;

/// <summary>The optimisers that move parameters with tensor operations, against numbers of PyTorch 1.13 with double precision as its default type (NAdam: of Dozat's formulas, written out here).</summary>
public sealed class MoreOptimizersTests
{
    private static readonly double[] Start = [1.5, -0.7, 0.3, 2.0];
    private static readonly double[] Curvature = [1, 0.5, 2, 0.1];

    public static TheoryData<string> Kinds => [.. Cases.Keys];

    // After so many steps on the sum of c p^2 / 2 + b p, where b goes between 0.3 and -0.6.
    private static Dictionary<string, (Func<Parameter[], OptimizerHelper> Make, int Steps, double[] Expected)> Cases => new()
    {
        ["RMSProp"] = (p => optim.RMSProp(p, 0.02, 0.9, weight_decay: 0.1), 8, [1.2433116870401928, -0.45047210086483547, 0.16733729842525327, 1.8765919990014186]),
        ["RMSProp, centred, with momentum, upwards"] = (p => optim.RMSProp(p, 0.02, 0.9, momentum: 0.8, centered: true, maximize: true), 8, [2.5814159654304376, -1.7190654926205131, 1.3200132093719903, 2.254578809849015]),
        ["Adagrad"] = (p => optim.Adagrad(p, 0.1, 0.05, 0.1, 0.2), 8, [1.17529696907599, -0.4496662846564015, 0.1471400712686857, 1.8474718301483903]),
        ["Adadelta"] = (p => optim.Adadelta(p, 1, 0.8, 1e-4, 0.1, maximize: true), 8, [1.6639740422611164, -0.7947315713087736, 0.41002691791819396, 1.9551023152774654]),
        ["Adamax"] = (p => optim.Adamax(p, 0.05, 0.8, 0.95, weight_decay: 0.1), 8, [1.168462779840511, -0.4622108736640831, 0.10179836320353547, 1.8168100796135624]),
        ["NAdam"] = (p => optim.NAdam(p, 0.05, 0.8, 0.95, weight_decay: 0.1, momentum_decay: 0.01), 8, NAdam(8)),
        ["RAdam, too early for squares"] = (p => optim.RAdam(p, 0.05, weight_decay: 0.1), 8, [1.1139404319440294, -0.5886479369476293, 0.16518470116896122, 1.9042948365987182]),
        ["RAdam"] = (p => optim.RAdam(p, 0.05, 0.8, 0.95), 20, [0.8939695300236694, -0.3950318590058662, 0.0862199377426147, 1.926758151501815]),
        ["Rprop"] = (p => optim.Rprop(p, 0.05, 0.4, 1.3, 0.01, 0.2), 8, [0.4621984999999999, -0.5386, 0.20999999999999996, 1.91]),
        ["ASGD"] = (p => optim.ASGD(p, 0.05, 0.01, 0.6, 3, 0.1), 8, [1.0041538993022954, -0.4901079523664424, 0.17198050458169056, 1.8968796563138486]),
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_steps_are_PyTorchs(string kind)
    {
        var (make, steps, expected) = Cases[kind];
        Parameter[] parameters = [new Parameter(tensor(Start))];
        using var optimizer = make(parameters);
        Steps(optimizer, parameters[0], 0, steps);
        Assert.Equal(expected, parameters[0].data<double>().ToArray(), (a, b) => Math.Abs(a - b) < 1e-13);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_saved_optimiser_goes_on_as_if_it_had_not_been_saved(string kind)
    {
        var (make, _, _) = Cases[kind];
        Parameter[] first = [new Parameter(tensor(Start))];
        using var original = make(first);
        Steps(original, first[0], 0, 7);
        Parameter[] second = [new Parameter(first[0].detach().clone())];
        using var copy = make(second);
        using var stream = new MemoryStream();
        using (var writer = new BinaryWriter(stream, System.Text.Encoding.UTF8, leaveOpen: true))
        {
            original.save_state_dict(writer);
        }

        stream.Position = 0;
        using (var reader = new BinaryReader(stream))
        {
            copy.load_state_dict(reader);
        }

        Assert.True(original.state_dict().State[0].ApproximatelyEquals(copy.state_dict().State[0]));
        Steps(original, first[0], 7, 4);
        Steps(copy, second[0], 7, 4);
        Assert.Equal(first[0].data<double>().ToArray(), second[0].data<double>().ToArray());
    }

    [Fact]
    public void What_no_optimiser_can_work_with_is_refused_and_groups_take_what_they_leave_open()
    {
        Parameter[] parameters = [new Parameter(zeros(2))];
        Assert.Contains("alpha", Assert.Throws<ArgumentException>(() => optim.RMSProp(parameters, alpha: -1)).Message, StringComparison.Ordinal);
        Assert.Contains("beta2", Assert.Throws<ArgumentException>(() => optim.NAdam(parameters, beta2: 1)).Message, StringComparison.Ordinal);
        Assert.Contains("etas", Assert.Throws<ArgumentException>(() => optim.Rprop(parameters, etaplus: 0.9)).Message, StringComparison.Ordinal);
        Assert.Contains("learning rate", Assert.Throws<ArgumentException>(() => optim.Adagrad(parameters, double.NaN)).Message, StringComparison.Ordinal);
        using var optimizer = new RMSProp([new RMSProp.ParamGroup(parameters, new RMSProp.Options { momentum = 0.5 })], lr: 0.25);
        Assert.Equal(0.25, optimizer.ParamGroups.Single().LearningRate);
        Assert.Equal(0.5, ((optim.IMomentum)optimizer.ParamGroups.Single()).Momentum);
    }

    private static void Steps(OptimizerHelper optimizer, Parameter parameter, int first, int count)
    {
        for (var step = first; step < first + count; step++)
        {
            optimizer.zero_grad();
            ((tensor(Curvature) * parameter * parameter / 2) + (parameter * (step % 2 == 0 ? 0.3 : -0.6))).sum().backward();
            optimizer.step();
        }
    }

    // T. Dozat, "Incorporating Nesterov momentum into Adam", 2016, algorithm 8. PyTorch 1.13 multiplies one factor twice into the product of the next step; later versions don't.
    private static double[] NAdam(int steps)
    {
        double[] p = [.. Start];
        var (m, v, product) = (new double[4], new double[4], 1.0);
        for (var t = 1; t <= steps; t++)
        {
            var mu = 0.8 * (1 - (0.5 * Math.Pow(0.96, t * 0.01)));
            var next = 0.8 * (1 - (0.5 * Math.Pow(0.96, (t + 1) * 0.01)));
            product *= mu;
            for (var i = 0; i < 4; i++)
            {
                var g = ((Curvature[i] + 0.1) * p[i]) + (t % 2 == 1 ? 0.3 : -0.6);
                m[i] = (0.8 * m[i]) + (0.2 * g);
                v[i] = (0.95 * v[i]) + (0.05 * g * g);
                var average = (next * m[i] / (1 - (product * next))) + ((1 - mu) * g / (1 - product));
                p[i] -= 0.05 * average / (Math.Sqrt(v[i] / (1 - Math.Pow(0.95, t))) + 1e-8);
            }
        }

        return p;
    }
}
