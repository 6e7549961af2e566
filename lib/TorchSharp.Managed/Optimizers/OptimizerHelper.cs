using TorchSharp.Files;
using static TorchSharp.torch;
using static TorchSharp.torch.optim;

namespace TorchSharp.Modules;

/// <summary>What all optimisers of this engine share: groups, a memory for each parameter, and files with both.</summary>
public abstract class OptimizerHelper : Optimizer
{
    private readonly Dictionary<Parameter, OptimizerState> _states = new(ReferenceEqualityComparer.Instance);

    /// <summary>The options of a group that says nothing else.</summary>
    protected OptimizerOptions _defaults = new();

    /// <inheritdoc/>
    public override void zero_grad()
    {
        foreach (var parameter in parameters())
        {
            parameter.GradientOrNull?.zero_();
        }
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A parameter is in the optimiser already, or an option is out of its range.</exception>
    public override void add_param_group(ParamGroup param_group)
    {
        ArgumentNullException.ThrowIfNull(param_group);
        var options = param_group.Options ??= CreateOptions();
        options.TakeMissingFrom(_defaults);
        options.Check();
        options.InitialLearningRate = options.LearningRate!.Value;
        var parameters = param_group.Parameters.ToList();
        foreach (var parameter in parameters)
        {
            if (_states.ContainsKey(parameter) || parameters.Count(other => ReferenceEquals(other, parameter)) > 1)
            {
                throw new ArgumentException($"A parameter of shape {Shapes.Text(parameter.Shape)} appears more than once among the optimizer's groups.", nameof(param_group));
            }
        }

        param_group.Parameters = parameters;
        foreach (var parameter in parameters)
        {
            var state = CreateState(parameter);
            using (DisposeScopeManager.Suspend())
            {
                state.Initialize(options);
            }

            _states.Add(parameter, state);
        }

        _parameter_groups.Add(param_group);
    }

    /// <inheritdoc/>
    public override Tensor? step(Func<Tensor>? closure = null) => Step(
        group =>
        {
            // The memory outlives every dispose scope around this call.
            using var suspension = DisposeScopeManager.Suspend();
            foreach (var parameter in group.Parameters)
            {
                if (parameter.GradientOrNull is { } gradient)
                {
                    Move(parameter, gradient, _states[parameter], group.Options);
                    parameter.Storage.Changed();
                }
            }
        },
        closure);

    /// <summary>What <see cref="step"/> does in an optimiser of your own: the closure, recorded, then the body for every group, not recorded and in a dispose scope.</summary>
    /// <param name="body">Moves a group's parameters. What shall outlive it must leave the dispose scope.</param>
    /// <param name="loss_closure">Computes the loss and its gradients first; or null, when that was done.</param>
    /// <returns>What the closure returned, or null.</returns>
    protected Tensor? _step<T>(Action<T> body, Func<Tensor>? loss_closure = null)
        where T : ParamGroup
    {
        ArgumentNullException.ThrowIfNull(body);
        return Step(
            group =>
            {
                using var scope = NewDisposeScope();
                body((T)group);
            },
            loss_closure);
    }

    private Tensor? Step(Action<ParamGroup> body, Func<Tensor>? closure)
    {
        Tensor? loss = null;
        if (closure is not null)
        {
            using (enable_grad())
            {
                loss = closure();
            }
        }

        using (no_grad())
        {
            foreach (var group in _parameter_groups)
            {
                body(group);
            }
        }

        return loss;
    }

    /// <summary>Options and memory of the optimiser itself, not copies.</summary>
    public virtual StateDictionary state_dict()
    {
        var result = new StateDictionary();
        foreach (var group in _parameter_groups)
        {
            result.Options.Add(group.Options);
            var places = new List<int>();
            foreach (var parameter in group.Parameters)
            {
                places.Add(result.State.Count);
                result.State.Add(_states[parameter]);
            }

            result.StateIndexRef.Add(places);
        }

        return result;
    }

    /// <summary>Takes over options and memory of another optimiser of the same kind over parameters of the same shapes.</summary>
    /// <exception cref="ArgumentException">The numbers of groups or of parameters differ.</exception>
    public virtual void load_state_dict(StateDictionary state_dict)
    {
        ArgumentNullException.ThrowIfNull(state_dict);
        var own = this.state_dict();
        if (state_dict.Options.Count != own.Options.Count)
        {
            throw new ArgumentException($"Invalid optimizer state -- different number of parameter groups: expected {own.Options.Count}, but found {state_dict.Options.Count}.", nameof(state_dict));
        }

        if (state_dict.State.Count != own.State.Count)
        {
            throw new ArgumentException($"Invalid optimizer state -- different number of states: expected {own.State.Count}, but found {state_dict.State.Count}.", nameof(state_dict));
        }

        using var suspension = DisposeScopeManager.Suspend();
        for (var i = 0; i < own.Options.Count; i++)
        {
            own.Options[i].LoadStateDict(state_dict.Options[i]);
        }

        for (var i = 0; i < own.State.Count; i++)
        {
            own.State[i].LoadStateDict(state_dict.State[i]);
        }
    }

    /// <summary>Writes options and memory into a file, whole or not at all.</summary>
    public void save_state_dict(string location) => AtomicFile.Write(location, stream =>
    {
        using var writer = new BinaryWriter(stream, System.Text.Encoding.UTF8, leaveOpen: true);
        save_state_dict(writer);
    });

    /// <summary>Writes options and memory: the optimiser's name, the numbers of groups and parameters, then each.</summary>
    public void save_state_dict(BinaryWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write(GetType().Name);
        var state = state_dict();
        writer.Write7BitEncodedInt64(state.Options.Count);
        writer.Write7BitEncodedInt64(state.State.Count);
        foreach (var options in state.Options)
        {
            options.SaveStateDict(writer);
        }

        foreach (var each in state.State)
        {
            each.SaveStateDict(writer);
        }
    }

    /// <summary>Reads options and memory from a file. If the file is not what it should be, nothing changes.</summary>
    /// <exception cref="InvalidDataException">The file is of another kind of optimiser, damaged, or for other parameters.</exception>
    public void load_state_dict(string location)
    {
        using var stream = File.OpenRead(location);
        using var reader = new BinaryReader(stream);
        try
        {
            load_state_dict(reader);
        }
        catch (InvalidDataException problem)
        {
            throw new InvalidDataException($"{location}: {problem.Message}", problem);
        }
    }

    /// <summary>Reads options and memory. If they are not what they should be, nothing changes.</summary>
    /// <exception cref="InvalidDataException">They are of another kind of optimiser, damaged, or for other parameters.</exception>
    public void load_state_dict(BinaryReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        using var suspension = DisposeScopeManager.Suspend();
        var own = state_dict();
        var read = new StateDictionary();
        try
        {
            var name = reader.ReadString();
            if (name != GetType().Name)
            {
                throw new InvalidDataException($"Mismatched optimizer type: expected '{GetType().Name}', but found '{name}'.");
            }

            Expect("parameter groups", own.Options.Count, reader.Read7BitEncodedInt64());
            Expect("states", own.State.Count, reader.Read7BitEncodedInt64());
            foreach (var options in own.Options)
            {
                var copy = CreateOptions();
                copy.LoadStateDict(options);
                copy.LoadStateDict(reader);
                read.Options.Add(copy);
            }

            foreach (var parameter in parameters())
            {
                var state = CreateState(parameter);
                state.Initialize(_parameter_groups.First(group => group.Parameters.Contains(parameter)).Options);
                state.LoadStateDict(reader);
                read.State.Add(state);
            }
        }
        catch (Exception problem) when (problem is EndOfStreamException or FormatException or ArgumentException)
        {
            throw new InvalidDataException($"The optimizer state ends too early or is damaged: {problem.Message}", problem);
        }

        load_state_dict(read);
        read.State.ForEach(state => state.DisposeTensors());

        static void Expect(string what, int expected, long found)
        {
            if (found != expected)
            {
                throw new InvalidDataException($"Invalid optimizer state -- different number of {what}: expected {expected}, but found {found}.");
            }
        }
    }

    /// <summary>Does nothing but check: the memory is where the parameters are, on the processor.</summary>
    public void to(Device device) => Device.Require(device, "to");

    /// <summary>Empty options of this optimiser's kind.</summary>
    private protected virtual OptimizerOptions CreateOptions() => (OptimizerOptions)Activator.CreateInstance(_defaults.GetType())!;

    /// <summary>An empty memory of this optimiser's kind.</summary>
    private protected virtual OptimizerState CreateState(Parameter parameter) => new StepState(parameter, _ => ([], []), 0);

    /// <summary>Moves one parameter by one step. Recording is off.</summary>
    private protected virtual void Move(Parameter parameter, Tensor gradient, OptimizerState state, OptimizerOptions options) =>
        throw new NotSupportedException($"{GetType().Name} must override step.");

    /// <summary>Sets the defaults and adds the groups: the second half of every constructor.</summary>
    private protected void Begin(OptimizerOptions defaults, IEnumerable<ParamGroup> groups)
    {
        _defaults = defaults;
        foreach (var group in groups)
        {
            add_param_group(group);
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            foreach (var state in _states.Values)
            {
                state.DisposeTensors();
            }
        }

        base.Dispose(disposing);
    }
}
