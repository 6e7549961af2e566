using TorchSharp.Modules;
using static TorchSharp.Managed.Tests.Errors.ErrorCase;
using static TorchSharp.torch;

namespace TorchSharp.Managed.Tests.Errors;

/// <summary>Misuses of modules, optimisers, schedules and initialisations: states of another model, names that are taken, rates that make no sense.</summary>
internal static class TrainingErrors
{
    public static readonly ErrorCase[] Cases =
    [
        // Modules.
        Of<InvalidOperationException>("load_state_dict of another model", () => nn.Linear(2, 3).load_state_dict(nn.Embedding(2, 3).state_dict()), "missing [bias]"),
        Of<ArgumentException>("load_state_dict of other shapes", () => nn.Linear(2, 3).load_state_dict(nn.Linear(3, 3).state_dict()), "load_state_dict", "weight", "[3, 3]", "[3, 2]"),
        Of<InvalidOperationException>("a name that is taken", () => new Twice(), "weight", "already registered"),
        Of<ArgumentException>("a module's name with a dot", () => nn.Sequential(("a.b", nn.ReLU())), "a.b"),
        Of<ArgumentException>("a module of whole numbers", () => nn.Linear(2, 3).to(int64), "Int64", "Float32"),
        Of<NotSupportedException>("a module on another device", () => nn.Linear(2, 3).to(device("cuda")), "cuda"),
        Of<ArgumentOutOfRangeException>("a slice of a sequence past its end", () => nn.Sequential(nn.ReLU())[(0, 3)], "3"),
        Of("vector_to_parameters", () => nn.utils.vector_to_parameters(Floats(5), nn.Linear(2, 3).parameters()), "vector_to_parameters:", "9", "[5]"),
        Of("a parameter of whole numbers", () => new Parameter(Longs(2)), "requires_grad", "Int64"),

        // Initialisation.
        Of<ArgumentException>("xavier_uniform_ of a vector", () => nn.init.xavier_uniform_(Floats(3)), "Fan in", "[3]"),
        Of<ArgumentException>("kaiming_normal_ of a number", () => nn.init.kaiming_normal_(Floats()), "Fan in", "[]"),
        Of<ArgumentException>("eye_ of a vector", () => nn.init.eye_(Floats(3)), "2 dimensions", "[3]"),
        Of<ArgumentException>("orthogonal_ of a vector", () => nn.init.orthogonal_(Floats(3)), "2 or more dimensions", "[3]"),
        Of<ArgumentException>("normal_ with a negative deviation as initialisation", () => nn.init.normal_(Floats(3), std: -1), "-1"),

        // Optimisers.
        Of<ArgumentException>("SGD with a negative rate", () => optim.SGD(nn.Linear(2, 3).parameters(), -0.1), "-0.1"),
        Of<ArgumentException>("SGD with a negative momentum", () => optim.SGD(nn.Linear(2, 3).parameters(), 0.1, momentum: -1), "-1"),
        Of<ArgumentException>("SGD with a negative decay", () => optim.SGD(nn.Linear(2, 3).parameters(), 0.1, weight_decay: -1), "-1"),
        Of<ArgumentException>("Nesterov without momentum", () => optim.SGD(nn.Linear(2, 3).parameters(), 0.1, nesterov: true), "momentum"),
        Of<ArgumentException>("Adam with a negative rate", () => optim.Adam(nn.Linear(2, 3).parameters(), -0.1), "-0.1"),
        Of<ArgumentException>("Adam with a beta of one", () => optim.Adam(nn.Linear(2, 3).parameters(), beta1: 1), "beta1"),
        Of<ArgumentException>("AdamW with a negative eps", () => optim.AdamW(nn.Linear(2, 3).parameters(), eps: -1), "eps"),
        Of<ArgumentException>("a parameter in two groups", () =>
        {
            var weight = new Parameter(Floats(2, 3));
            return optim.SGD([weight, weight], 0.1);
        }, "[2, 3]", "more than once"),
        Of<ArgumentException>("an optimiser's state of another model", () =>
        {
            var optimizer = optim.Adam(nn.Linear(2, 3).parameters());
            optimizer.load_state_dict(optim.Adam(nn.Linear(2, 3, hasBias: false).parameters()).state_dict());
        }, "state", "2", "1"),

        // Schedules.
        Of<ArgumentNullException>("a schedule of no optimiser", () => optim.lr_scheduler.StepLR(null!, 1), "optimizer"),
        Of<ArgumentException>("OneCycleLR without a number of steps", () => optim.lr_scheduler.OneCycleLR(Optimizer(), 0.1), "total_steps"),
        Of<ArgumentException>("OneCycleLR with too long a start", () => optim.lr_scheduler.OneCycleLR(Optimizer(), 0.1, 10, pct_start: 2), "pct_start", "2"),
        Of<InvalidOperationException>("OneCycleLR past its end", () =>
        {
            var schedule = optim.lr_scheduler.OneCycleLR(Optimizer(), 0.1, 2);
            for (var i = 0; i < 3; i++)
            {
                schedule.step();
            }
        }, "number of total steps is 2"),
        Of<ArgumentException>("ReduceLROnPlateau that raises the rate", () => optim.lr_scheduler.ReduceLROnPlateau(Optimizer(), factor: 2), "2"),
        Of<ArgumentException>("ReduceLROnPlateau of an unknown mode", () => optim.lr_scheduler.ReduceLROnPlateau(Optimizer(), "least"), "least"),
        Of<InvalidOperationException>("ReduceLROnPlateau without a value", () => optim.lr_scheduler.ReduceLROnPlateau(Optimizer()).step(), "step(double"),
        Of<ArgumentOutOfRangeException>("StepLR of no steps", () => optim.lr_scheduler.StepLR(Optimizer(), 0), "step_size", "0"),
        Of<ArgumentOutOfRangeException>("CosineAnnealingLR of no steps", () => optim.lr_scheduler.CosineAnnealingLR(Optimizer(), 0), "T_max", "0"),
        Of<ArgumentException>("SequentialLR", () => optim.lr_scheduler.SequentialLR(Optimizer(), [], [1]), "0", "1"),
    ];

    private static SGD Optimizer() => optim.SGD(nn.Linear(2, 3).parameters(), 0.1);

    private sealed class Twice : nn.Module
    {
        public Twice()
            : base(nameof(Twice))
        {
            register_parameter("weight", new Parameter(Floats(2)));
            register_parameter("weight", new Parameter(Floats(2)));
        }
    }
}
