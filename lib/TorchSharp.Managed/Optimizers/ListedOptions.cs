namespace TorchSharp.Modules;

/// <summary>Options whose fields are listed once, in the order of TorchSharp's file, and copied, written, read, completed and checked from that list.</summary>
public abstract class ListedOptions : OptimizerOptions
{
    // What is done with a field: given its name, its value (a flag's is 0 or 1) and its kind, the value to store.
    internal delegate double? Visit(string name, double? value, OptionKind kind);

    internal enum OptionKind
    {
        // Any number.
        AnyNumber,

        // At least 0.
        Number,

        // At least 0 and below 1.
        Share,

        // True or false.
        Flag,
    }

    /// <inheritdoc/>
    public override void LoadStateDict(OptimizerOptions source)
    {
        base.LoadStateDict(source);
        var values = ((ListedOptions)source).Values();
        var i = 0;
        List(new Fields((_, _, _) => values[i++]));
    }

    /// <inheritdoc/>
    public override void LoadStateDict(BinaryReader reader)
    {
        base.LoadStateDict(reader);
        List(new Fields((_, _, kind) => kind != OptionKind.Flag ? reader.ReadDouble() : reader.ReadBoolean() ? 1 : 0));
    }

    /// <inheritdoc/>
    public override void SaveStateDict(BinaryWriter writer)
    {
        base.SaveStateDict(writer);
        List(new Fields((_, value, kind) =>
        {
            if (kind == OptionKind.Flag)
            {
                writer.Write(value == 1);
            }
            else
            {
                writer.Write(value!.Value);
            }

            return value;
        }));
    }

    /// <summary>Hands every field to the list, in the order of the file.</summary>
    internal abstract void List(Fields fields);

    internal override void Check()
    {
        base.Check();
        List(new Fields((name, value, kind) =>
        {
            if (kind != OptionKind.AnyNumber)
            {
                RequireAtLeastZero(name, value!.Value);
            }

            return kind != OptionKind.Share || value < 1 ? value
                : throw new ArgumentException(FormattableString.Invariant($"Invalid {name}: expected at least 0 and less than 1, but got {value}."));
        }));
    }

    internal override void TakeMissingFrom(OptimizerOptions defaults)
    {
        base.TakeMissingFrom(defaults);
        var values = ((ListedOptions)defaults).Values();
        var i = 0;
        List(new Fields((_, value, _) =>
        {
            var other = values[i++];
            return value ?? other;
        }));
    }

    private List<double?> Values()
    {
        var values = new List<double?>();
        List(new Fields((_, value, _) =>
        {
            values.Add(value);
            return value;
        }));
        return values;
    }

    /// <summary>Where an options class lists its fields.</summary>
    internal sealed class Fields(Visit visit)
    {
        public void AnyNumber(string name, ref double? field) => field = visit(name, field, OptionKind.AnyNumber);

        public void Number(string name, ref double? field) => field = visit(name, field, OptionKind.Number);

        public void Share(string name, ref double? field) => field = visit(name, field, OptionKind.Share);

        public void Flag(string name, ref bool? field)
        {
            var value = visit(name, field is { } set ? set ? 1 : 0 : null, OptionKind.Flag);
            field = value is { } given ? given == 1 : null;
        }
    }
}
