using System.Globalization;
using TransformerTutorial.Plots;
using static TorchSharp.torch;

namespace TransformerTutorial.Training;

/// <summary>What a training measured, step by step; it draws its curves.</summary>
public sealed class TrainingHistory
{
    // A curve of more points than this has the means of neighbouring ones.
    private const int MostPoints = 120;
    private const int RecentSteps = 50;

    private readonly List<TrainingPoint> _points = [];
    private readonly List<ValidationPoint> _validations = [];

    internal TrainingHistory()
    {
    }

    /// <summary>Every step.</summary>
    public IReadOnlyList<TrainingPoint> Points => _points;

    /// <summary>Every measurement of the validation loss.</summary>
    public IReadOnlyList<ValidationPoint> Validations => _validations;

    /// <summary>How many steps were made.</summary>
    public long StepCount => _points.Count;

    /// <summary>The measurement with the lowest validation loss, the first of them if there are several; null if there is none.</summary>
    public ValidationPoint? Best => _validations.Count == 0 ? null : _validations.MinBy(point => point.Loss);

    /// <summary>How many measurements there are since the best one.</summary>
    public int ValidationsSinceBest => _validations.Count == 0 ? 0 : _validations.Count - 1 - _validations.IndexOf(Best!.Value);

    /// <summary>The mean cross-entropy of a token over the latest steps, at most 50; null before the first.</summary>
    public double? RecentLoss => Mean(_points[Math.Max(0, _points.Count - RecentSteps)..]) ?? Mean(_points);

    /// <summary>Draws the losses on one panel and the learning rate on another.</summary>
    /// <param name="title">The finding; null for a plain statement of how the loss went.</param>
    /// <exception cref="InvalidOperationException">No step was made.</exception>
    public FigureGrid Show(string? title = null)
    {
        if (_points.Count == 0)
        {
            throw new InvalidOperationException("There is nothing to draw: no step was made.");
        }

        var curve = Curve();
        var losses = new List<Trace> { Plot.Line(curve.Select(point => point.Step), curve.Select(point => point.Loss), "training") with { Color = Theme.Neutral } };
        if (_validations.Count > 0)
        {
            losses.Add(Plot.Line(_validations.Select(point => (double)point.Step), _validations.Select(point => point.Loss), "validation") with { Color = Theme.Loss, ShowMarkers = _validations.Count <= 30 });
        }

        return new FigureGrid
        {
            Title = title ?? Finding(),
            AltText = string.Create(CultureInfo.InvariantCulture,
                $"Two curves over {StepCount:N0} steps of training. Left: cross-entropy of a token; training goes from {curve[0].Loss:F2} to {curve[^1].Loss:F2}{ValidationText()}. Right: the learning rate, at most {_points.Max(point => point.LearningRate):G3}."),
            Columns = 2,
            Panels =
            [
                new Panel("cross-entropy, nats a token") { Traces = losses, XAxis = new Axis("step"), YAxis = new Axis("loss") { IncludeZero = true } },
                new Panel("learning rate")
                {
                    Traces = [Plot.Line(curve.Select(point => point.Step), curve.Select(point => point.Rate), "learning rate") with { Color = Theme.Highlight }],
                    XAxis = new Axis("step"),
                    YAxis = new Axis("rate") { IncludeZero = true, TickFormat = "~g" },
                },
            ],
        };
    }

    /// <summary>One line: how many steps, and where the losses ended.</summary>
    public override string ToString()
    {
        var culture = CultureInfo.InvariantCulture;
        if (RecentLoss is not { } loss)
        {
            return "no step yet";
        }

        var text = string.Create(culture, $"{StepCount:N0} steps, into pass {_points[^1].Epoch + 1:N0}: training loss {loss:F3}");
        return Best is { } best
            ? string.Create(culture, $"{text}, validation loss {_validations[^1].Loss:F3} (lowest {best.Loss:F3}, at step {best.Step:N0})")
            : text;
    }

    internal void Add(TrainingPoint point) => _points.Add(point);

    /// <summary>A second measurement at the same step takes the place of the first.</summary>
    internal void Add(ValidationPoint point)
    {
        if (_validations is [.., var last] && last.Step == point.Step)
        {
            _validations.RemoveAt(_validations.Count - 1);
        }

        _validations.Add(point);
    }

    /// <summary>All numbers as two tables: (steps, 7) and (measurements, 3), Float64.</summary>
    internal (Tensor Points, Tensor Validations) ToTensors() => (
        tensor(_points.SelectMany(point => new[] { point.Step, point.Epoch, point.Loss, point.CrossEntropy ?? double.NaN, point.LearningRate, point.GradientNorm, point.TargetTokens }).ToArray(), dtype: ScalarType.Float64).reshape(-1, 7),
        tensor(_validations.SelectMany(point => new[] { point.Step, point.Loss, point.Accuracy }).ToArray(), dtype: ScalarType.Float64).reshape(-1, 3));

    /// <summary>The history in such tables.</summary>
    internal static TrainingHistory Of(Tensor points, Tensor validations)
    {
        var result = new TrainingHistory();
        foreach (var row in points.flatten().data<double>().ToArray().Chunk(7))
        {
            result.Add(new TrainingPoint((long)row[0], (int)row[1], row[2], double.IsNaN(row[3]) ? null : row[3], row[4], row[5], (long)row[6]));
        }

        foreach (var row in validations.flatten().data<double>().ToArray().Chunk(3))
        {
            result.Add(new ValidationPoint((long)row[0], row[1], row[2]));
        }

        return result;
    }

    // Means of neighbouring steps, weighted by their tokens.
    private List<(double Step, double Loss, double Rate)> Curve()
    {
        var size = (_points.Count + MostPoints - 1) / MostPoints;
        return [.. _points.Chunk(size).Select(part => (Step: part.Average(point => (double)point.Step), Loss: Mean(part), Rate: part.Average(point => point.LearningRate)))
            .Where(part => part.Loss is not null).Select(part => (part.Step, part.Loss!.Value, part.Rate))];
    }

    // The mean cross-entropy of a token over the steps for which it was computed; null if there are none.
    private static double? Mean(IEnumerable<TrainingPoint> points)
    {
        var known = points.Where(point => point.CrossEntropy is not null).ToArray();
        return known.Length == 0 ? null : known.Sum(point => point.CrossEntropy!.Value * point.TargetTokens) / known.Sum(point => point.TargetTokens);
    }

    private string Finding()
    {
        if (Best is not { } best || _validations.Count < 2)
        {
            var curve = Curve();
            return string.Create(CultureInfo.InvariantCulture, $"The training loss goes from {curve[0].Loss:F2} to {curve[^1].Loss:F2} in {StepCount:N0} steps");
        }

        return string.Create(CultureInfo.InvariantCulture, $"The validation loss goes from {_validations[0].Loss:F2} to {best.Loss:F2}, its lowest, at step {best.Step:N0}");
    }

    private string ValidationText() => _validations.Count == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $", validation from {_validations[0].Loss:F2} to {_validations[^1].Loss:F2}");
}
