using System.Globalization;

namespace TransformerTutorial.Benchmarks;

/// <summary>What follows a command's name: <c>--name VALUE</c>, and <c>--name</c> alone for a switch. A word that the command doesn't know is an error: nothing is measured for an hour without the option that was meant.</summary>
internal sealed class CommandOptions
{
    private readonly Dictionary<string, string> _values = [];
    private readonly HashSet<string> _switches = [];

    /// <summary>Reads the words.</summary>
    /// <param name="words">All that stands behind the command.</param>
    /// <param name="valued">The names that are followed by a value.</param>
    /// <param name="switches">The names that are not.</param>
    /// <exception cref="UsageException">A word is neither, or a value is missing.</exception>
    public CommandOptions(string[] words, string[] valued, params string[] switches)
    {
        for (var place = 0; place < words.Length; place++)
        {
            var word = words[place];
            if (switches.Contains(word))
            {
                _switches.Add(word);
            }
            else if (!valued.Contains(word))
            {
                throw new UsageException($"There is no option '{word}' here; there are {string.Join(", ", valued.Concat(switches))}.");
            }
            else if (++place == words.Length)
            {
                throw new UsageException($"'{word}' needs a value.");
            }
            else
            {
                _values[word] = words[place];
            }
        }
    }

    /// <summary>Whether a switch is there.</summary>
    public bool Has(string name) => _switches.Contains(name);

    /// <summary>A value as it was written; null where there is none.</summary>
    public string? Text(string name) => _values.GetValueOrDefault(name);

    /// <summary>A value that is a number, or <paramref name="otherwise"/> where there is none.</summary>
    /// <exception cref="UsageException">It is no such number.</exception>
    public T Number<T>(string name, T otherwise)
        where T : IParsable<T> =>
        Text(name) is not { } text ? otherwise
            : T.TryParse(text, CultureInfo.InvariantCulture, out var number) ? number
            : throw new UsageException($"'{name}' needs a number; '{text}' is none{(typeof(T) == typeof(double) ? "" : " without a fraction")}.");

    /// <summary>Whether <c>--only</c> names a case, or the words that it begins with; without that option, all are meant.</summary>
    public bool IsWanted(string name) =>
        Text("--only") is not { } only || only.Split(',').Any(prefix => name == prefix || name.StartsWith($"{prefix}-", StringComparison.Ordinal));
}

/// <summary>A command line that asks for what isn't there; the message is for the person who wrote it.</summary>
internal sealed class UsageException(string message) : Exception(message);
