namespace TorchSharp.Modules;

/// <summary>A module without parameters, buffers, or modules that have some.</summary>
public interface IParameterLessModule
{
}

/// <summary>A module of one input that has no parameters or buffers, so that converting it to another type is nothing to do.</summary>
public abstract class ParameterLessModule<T1, TResult> : torch.nn.Module<T1, TResult>, IParameterLessModule
{
    /// <summary>An empty module.</summary>
    /// <param name="name">A name for people.</param>
    protected ParameterLessModule(string name)
        : base(name)
    {
    }

    /// <inheritdoc/>
    protected internal override torch.nn.Module _to(torch.ScalarType dtype, bool non_blocking) => this;

    /// <inheritdoc/>
    protected internal override torch.nn.Module _to(torch.Device device, torch.ScalarType dtype, bool non_blocking) => this;

    /// <inheritdoc/>
    protected internal override torch.nn.Module _to(DeviceType deviceType, int deviceIndex, bool non_blocking) => this;

    /// <summary>Always throws.</summary>
    /// <exception cref="InvalidOperationException">The module is declared to have no buffers.</exception>
    public override void register_buffer(string name, Tensor tensor, bool persistent = true) => throw ParameterLess.Refuses("a buffer");

    /// <summary>Adds a module that has no parameters either.</summary>
    /// <exception cref="InvalidOperationException">The module may have parameters.</exception>
    public override void register_module(string name, torch.nn.Module submodule) =>
        base.register_module(name, submodule is IParameterLessModule ? submodule : throw ParameterLess.Refuses("a module with parameters"));

    /// <summary>Always throws.</summary>
    /// <exception cref="InvalidOperationException">The module is declared to have no parameters.</exception>
    public override void register_parameter(string name, Parameter param) => throw ParameterLess.Refuses("a parameter");
}

/// <summary>A module of two inputs that has no parameters or buffers, so that converting it to another type is nothing to do.</summary>
public abstract class ParameterLessModule<T1, T2, TResult> : torch.nn.Module<T1, T2, TResult>, IParameterLessModule
{
    /// <summary>An empty module.</summary>
    /// <param name="name">A name for people.</param>
    protected ParameterLessModule(string name)
        : base(name)
    {
    }

    /// <inheritdoc/>
    protected internal override torch.nn.Module _to(torch.ScalarType dtype, bool non_blocking) => this;

    /// <inheritdoc/>
    protected internal override torch.nn.Module _to(torch.Device device, torch.ScalarType dtype, bool non_blocking) => this;

    /// <inheritdoc/>
    protected internal override torch.nn.Module _to(DeviceType deviceType, int deviceIndex, bool non_blocking) => this;

    /// <summary>Always throws.</summary>
    /// <exception cref="InvalidOperationException">The module is declared to have no buffers.</exception>
    public override void register_buffer(string name, Tensor tensor, bool persistent = true) => throw ParameterLess.Refuses("a buffer");

    /// <summary>Adds a module that has no parameters either.</summary>
    /// <exception cref="InvalidOperationException">The module may have parameters.</exception>
    public override void register_module(string name, torch.nn.Module submodule) =>
        base.register_module(name, submodule is IParameterLessModule ? submodule : throw ParameterLess.Refuses("a module with parameters"));

    /// <summary>Always throws.</summary>
    /// <exception cref="InvalidOperationException">The module is declared to have no parameters.</exception>
    public override void register_parameter(string name, Parameter param) => throw ParameterLess.Refuses("a parameter");
}

/// <summary>A module of three inputs that has no parameters or buffers, so that converting it to another type is nothing to do.</summary>
public abstract class ParameterLessModule<T1, T2, T3, TResult> : torch.nn.Module<T1, T2, T3, TResult>, IParameterLessModule
{
    /// <summary>An empty module.</summary>
    /// <param name="name">A name for people.</param>
    protected ParameterLessModule(string name)
        : base(name)
    {
    }

    /// <inheritdoc/>
    protected internal override torch.nn.Module _to(torch.ScalarType dtype, bool non_blocking) => this;

    /// <inheritdoc/>
    protected internal override torch.nn.Module _to(torch.Device device, torch.ScalarType dtype, bool non_blocking) => this;

    /// <inheritdoc/>
    protected internal override torch.nn.Module _to(DeviceType deviceType, int deviceIndex, bool non_blocking) => this;

    /// <summary>Always throws.</summary>
    /// <exception cref="InvalidOperationException">The module is declared to have no buffers.</exception>
    public override void register_buffer(string name, Tensor tensor, bool persistent = true) => throw ParameterLess.Refuses("a buffer");

    /// <summary>Adds a module that has no parameters either.</summary>
    /// <exception cref="InvalidOperationException">The module may have parameters.</exception>
    public override void register_module(string name, torch.nn.Module submodule) =>
        base.register_module(name, submodule is IParameterLessModule ? submodule : throw ParameterLess.Refuses("a module with parameters"));

    /// <summary>Always throws.</summary>
    /// <exception cref="InvalidOperationException">The module is declared to have no parameters.</exception>
    public override void register_parameter(string name, Parameter param) => throw ParameterLess.Refuses("a parameter");
}

/// <summary>A module of four inputs that has no parameters or buffers, so that converting it to another type is nothing to do.</summary>
public abstract class ParameterLessModule<T1, T2, T3, T4, TResult> : torch.nn.Module<T1, T2, T3, T4, TResult>, IParameterLessModule
{
    /// <summary>An empty module.</summary>
    /// <param name="name">A name for people.</param>
    protected ParameterLessModule(string name)
        : base(name)
    {
    }

    /// <inheritdoc/>
    protected internal override torch.nn.Module _to(torch.ScalarType dtype, bool non_blocking) => this;

    /// <inheritdoc/>
    protected internal override torch.nn.Module _to(torch.Device device, torch.ScalarType dtype, bool non_blocking) => this;

    /// <inheritdoc/>
    protected internal override torch.nn.Module _to(DeviceType deviceType, int deviceIndex, bool non_blocking) => this;

    /// <summary>Always throws.</summary>
    /// <exception cref="InvalidOperationException">The module is declared to have no buffers.</exception>
    public override void register_buffer(string name, Tensor tensor, bool persistent = true) => throw ParameterLess.Refuses("a buffer");

    /// <summary>Adds a module that has no parameters either.</summary>
    /// <exception cref="InvalidOperationException">The module may have parameters.</exception>
    public override void register_module(string name, torch.nn.Module submodule) =>
        base.register_module(name, submodule is IParameterLessModule ? submodule : throw ParameterLess.Refuses("a module with parameters"));

    /// <summary>Always throws.</summary>
    /// <exception cref="InvalidOperationException">The module is declared to have no parameters.</exception>
    public override void register_parameter(string name, Parameter param) => throw ParameterLess.Refuses("a parameter");
}

/// <summary>A module of five inputs that has no parameters or buffers, so that converting it to another type is nothing to do.</summary>
public abstract class ParameterLessModule<T1, T2, T3, T4, T5, TResult> : torch.nn.Module<T1, T2, T3, T4, T5, TResult>, IParameterLessModule
{
    /// <summary>An empty module.</summary>
    /// <param name="name">A name for people.</param>
    protected ParameterLessModule(string name)
        : base(name)
    {
    }

    /// <inheritdoc/>
    protected internal override torch.nn.Module _to(torch.ScalarType dtype, bool non_blocking) => this;

    /// <inheritdoc/>
    protected internal override torch.nn.Module _to(torch.Device device, torch.ScalarType dtype, bool non_blocking) => this;

    /// <inheritdoc/>
    protected internal override torch.nn.Module _to(DeviceType deviceType, int deviceIndex, bool non_blocking) => this;

    /// <summary>Always throws.</summary>
    /// <exception cref="InvalidOperationException">The module is declared to have no buffers.</exception>
    public override void register_buffer(string name, Tensor tensor, bool persistent = true) => throw ParameterLess.Refuses("a buffer");

    /// <summary>Adds a module that has no parameters either.</summary>
    /// <exception cref="InvalidOperationException">The module may have parameters.</exception>
    public override void register_module(string name, torch.nn.Module submodule) =>
        base.register_module(name, submodule is IParameterLessModule ? submodule : throw ParameterLess.Refuses("a module with parameters"));

    /// <summary>Always throws.</summary>
    /// <exception cref="InvalidOperationException">The module is declared to have no parameters.</exception>
    public override void register_parameter(string name, Parameter param) => throw ParameterLess.Refuses("a parameter");
}

/// <summary>A module of six inputs that has no parameters or buffers, so that converting it to another type is nothing to do.</summary>
public abstract class ParameterLessModule<T1, T2, T3, T4, T5, T6, TResult> : torch.nn.Module<T1, T2, T3, T4, T5, T6, TResult>, IParameterLessModule
{
    /// <summary>An empty module.</summary>
    /// <param name="name">A name for people.</param>
    protected ParameterLessModule(string name)
        : base(name)
    {
    }

    /// <inheritdoc/>
    protected internal override torch.nn.Module _to(torch.ScalarType dtype, bool non_blocking) => this;

    /// <inheritdoc/>
    protected internal override torch.nn.Module _to(torch.Device device, torch.ScalarType dtype, bool non_blocking) => this;

    /// <inheritdoc/>
    protected internal override torch.nn.Module _to(DeviceType deviceType, int deviceIndex, bool non_blocking) => this;

    /// <summary>Always throws.</summary>
    /// <exception cref="InvalidOperationException">The module is declared to have no buffers.</exception>
    public override void register_buffer(string name, Tensor tensor, bool persistent = true) => throw ParameterLess.Refuses("a buffer");

    /// <summary>Adds a module that has no parameters either.</summary>
    /// <exception cref="InvalidOperationException">The module may have parameters.</exception>
    public override void register_module(string name, torch.nn.Module submodule) =>
        base.register_module(name, submodule is IParameterLessModule ? submodule : throw ParameterLess.Refuses("a module with parameters"));

    /// <summary>Always throws.</summary>
    /// <exception cref="InvalidOperationException">The module is declared to have no parameters.</exception>
    public override void register_parameter(string name, Parameter param) => throw ParameterLess.Refuses("a parameter");
}

internal static class ParameterLess
{
    public static InvalidOperationException Refuses(string what) => new($"Cannot register {what} in a module that is declared to have no parameters.");
}
