using System.Diagnostics;
using System.Text;
using TorchSharp.Autograd;

namespace TorchSharp;

/// <summary>
/// Until it is disposed, every operation remembers where it was called, and a backward function that gives NaN throws and names that place. On this thread; slow, for looking for errors only.
/// </summary>
public class AnomalyMode : IDisposable
{
    [ThreadStatic]
    private static bool _enabled;

    // Stored inverted, so that it is on when a thread starts.
    [ThreadStatic]
    private static bool _letsNaNPass;

    private readonly (bool Enabled, bool LetsNaNPass) _previous = (_enabled, _letsNaNPass);
    private bool _ended;

    /// <summary>Switches the mode on or off.</summary>
    /// <param name="enabled">Whether operations remember where they were called.</param>
    /// <param name="check_nan">Whether NaN in a gradient throws, where the mode is on.</param>
    public AnomalyMode(bool enabled, bool check_nan = true) => (_enabled, _letsNaNPass) = (enabled, !check_nan);

    /// <summary>Whether the mode is on.</summary>
    public static bool IsEnabled => _enabled;

    /// <summary>Whether NaN in a gradient throws, where the mode is on.</summary>
    public static bool ShouldCheckNaN => !_letsNaNPass;

    /// <summary>Puts the mode back to what it was.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Puts the mode back to what it was.</summary>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing && !_ended)
        {
            _ended = true;
            (_enabled, _letsNaNPass) = _previous;
        }
    }

    /// <summary>Where the engine was called from, if the mode is on.</summary>
    internal static string? CallingPlace()
    {
        if (!_enabled)
        {
            return null;
        }

        var place = new StringBuilder();
        foreach (var frame in new StackTrace(fNeedFileInfo: true).GetFrames())
        {
            if (frame.GetMethod() is { } method && method.DeclaringType?.Assembly != typeof(AnomalyMode).Assembly)
            {
                place.Append(Environment.NewLine).Append("   at ").Append(method.DeclaringType).Append('.').Append(method.Name);
                if (frame.GetFileLineNumber() > 0)
                {
                    place.Append(" in ").Append(Path.GetFileName(frame.GetFileName())).Append(":line ").Append(frame.GetFileLineNumber());
                }
            }
        }

        return place.ToString();
    }

    /// <summary>Throws if a gradient that an operation's backward function returned contains NaN, where that is to be checked.</summary>
    internal static void Check(Node node, Tensor?[] gradients)
    {
        if (!_enabled || _letsNaNPass)
        {
            return;
        }

        for (var i = 0; i < gradients.Length; i++)
        {
            if (gradients[i] is not { } gradient)
            {
                continue;
            }

            using var places = gradient.isnan();
            using var any = places.any();
            if (any.item<bool>())
            {
                var called = node.CallingPlace is { } place ? $". The operation was called{place}" : "; it was called before the anomaly mode was switched on";
                throw Errors.Of("backward", $"the backward function of '{node.Name}' returned nan values in the gradient of input {i}, of shape {Shapes.Text(gradient.Shape)}{called}");
            }
        }
    }
}

public static partial class torch
{
    public static partial class autograd
    {
        /// <summary>Until the result is disposed, operations remember where they were called, and NaN in a gradient throws and says where its operation was called.</summary>
        /// <param name="check_nan">Whether NaN throws.</param>
        public static AnomalyMode detect_anomaly(bool check_nan = true) => new(true, check_nan);

        /// <summary>The same, on or off.</summary>
        /// <param name="mode">On or off.</param>
        /// <param name="check_nan">Whether NaN throws, where the mode is on.</param>
        public static AnomalyMode set_detect_anomaly(bool mode, bool check_nan = true) => new(mode, check_nan);
    }
}
