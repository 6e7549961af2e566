using TransformerTutorial.Display;

namespace TransformerTutorial.Checks;

/// <summary>Checks a reader's answer: not solved yet, right, or wrong with the mistake named.</summary>
/// <example>
/// <code>
/// Exercise.Named("Exercise 1")
///     .NotSolvedIf(() => Answer() == 0)
///     .WrongIf(() => Answer() == 7, "You counted the pair inside each symbol as well.")
///     .RightIf(() => Answer() == 4, "Four pairs, one less than there are symbols.")
/// </code>
/// </example>
/// <remarks>Conditions are tried in the order in which they stand. An exception in the reader's code is a wrong answer that names the exception.</remarks>
public sealed class Exercise
{
    private readonly string _name;
    private ExerciseResult? _result;

    private Exercise(string name) => _name = name;

    /// <summary>Begins the check of the exercise with this name.</summary>
    public static Exercise Named(string name) => new(name);

    /// <summary>The stub still stands: there is no answer yet.</summary>
    public Exercise NotSolvedIf(Func<bool> condition) => Decide(condition, ExerciseState.NotSolved, "not solved yet.");

    /// <summary>A usual mistake, and what to say of it.</summary>
    public Exercise WrongIf(Func<bool> condition, string mistake) => Decide(condition, ExerciseState.Wrong, mistake);

    /// <summary>Ends the check: right if the condition holds, else wrong without a diagnosis.</summary>
    /// <param name="condition">Whether the answer is right.</param>
    /// <param name="praise">What a right answer is told.</param>
    /// <param name="otherwise">What an answer is told that is neither right nor one of the usual mistakes.</param>
    public ExerciseResult RightIf(Func<bool> condition, string praise, string otherwise = "Not right yet, and not one of the usual mistakes.") =>
        Decide(condition, ExerciseState.Right, praise)._result ?? new ExerciseResult(_name, ExerciseState.Wrong, otherwise);

    private Exercise Decide(Func<bool> condition, ExerciseState state, string message)
    {
        ArgumentNullException.ThrowIfNull(condition);
        if (_result is not null)
        {
            return this;
        }

        try
        {
            if (condition())
            {
                _result = new ExerciseResult(_name, state, message);
            }
        }
#pragma warning disable CA1031 // The reader's code may throw anything; the card says what.
        catch (Exception e)
#pragma warning restore CA1031
        {
            _result = new ExerciseResult(_name, ExerciseState.Wrong, $"your code threw {e.GetType().Name}: {e.Message}");
        }

        return this;
    }
}

/// <summary>How an exercise stands.</summary>
public enum ExerciseState
{
    /// <summary>The stub still stands.</summary>
    NotSolved,

    /// <summary>The answer is wrong.</summary>
    Wrong,

    /// <summary>The answer is right.</summary>
    Right,
}

/// <summary>The outcome of an exercise's check.</summary>
[TypeFormatterSource(typeof(RichOutputFormatterSource), PreferredMimeTypes = [MimeTypes.Html, MimeTypes.Plain])]
public sealed class ExerciseResult : RichOutput
{
    internal ExerciseResult(string name, ExerciseState state, string message) => (Name, State, Message) = (name, state, message);

    /// <summary>The exercise's name.</summary>
    public string Name { get; }

    /// <summary>How it stands.</summary>
    public ExerciseState State { get; }

    /// <summary>What the reader is told.</summary>
    public string Message { get; }

    private (string Mark, string Colour) Look => State switch
    {
        ExerciseState.Right => ("✓", Card.Good),
        ExerciseState.Wrong => ("✗", Card.Bad),
        _ => ("○", Card.Neutral),
    };

    /// <inheritdoc/>
    public override string? Write(string mimeType) => mimeType switch
    {
        MimeTypes.Plain => $"{Look.Mark} {Name}: {Message}",
        MimeTypes.Html => Card.Write(Look.Colour, $"{Look.Mark} {Name}", Message, ""),
        _ => null,
    };
}
