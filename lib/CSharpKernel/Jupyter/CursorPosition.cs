namespace CSharpKernel.Jupyter;

/// <summary>Turns a client's <c>cursor_pos</c> into a position in UTF-16 units, and positions back into the client's units.</summary>
/// <remarks>
/// The protocol counts code points since version 5.2. Some clients count UTF-16 units all the same. One of them is VS Code's Jupyter extension, which is known by a user name that is a UUID. Another
/// shows only where the code has characters beyond U+FFFF, and for certain only where the cursor is beyond the number of code points: such a position, if it is not beyond the number of UTF-16 units,
/// is taken as UTF-16 units, and so is every later one of the same client session.
/// Anything beyond the end is the end, anything below 0 is 0, and none is the end. Half of a surrogate pair alone counts as a code point.
/// </remarks>
internal sealed class CursorPosition
{
    private const int MaximumSessions = 100;
    private readonly HashSet<string> _sessionsInUnits = new(StringComparer.Ordinal);

    /// <summary>The position of a client's cursor, and whether that client counts UTF-16 units.</summary>
    /// <param name="session">The client's session.</param>
    /// <param name="username">The client's user name.</param>
    /// <param name="code">The code.</param>
    /// <param name="cursor">Where the client says that its cursor is; null for the end.</param>
    public (int Position, bool CountsUnits) Read(string session, string username, string code, int? cursor)
    {
        var points = CodePointsBefore(code, code.Length);
        if (cursor > points && cursor <= code.Length && (_sessionsInUnits.Count < MaximumSessions || _sessionsInUnits.Contains(session)))
        {
            _sessionsInUnits.Add(session);
        }

        var countsUnits = Guid.TryParseExact(username, "D", out _) || _sessionsInUnits.Contains(session) || (cursor > points && cursor <= code.Length);
        return cursor is not { } value ? (code.Length, countsUnits)
            : value <= 0 ? (0, countsUnits)
            : countsUnits ? (Math.Min(value, code.Length), true)
            : (UnitsOf(code, value), false);
    }

    /// <summary>A position for a client.</summary>
    public static int Write(string code, int position, bool countsUnits)
    {
        var clamped = Math.Clamp(position, 0, code.Length);
        return countsUnits ? clamped : CodePointsBefore(code, clamped);
    }

    private static int CodePointsBefore(string code, int position)
    {
        var points = 0;
        for (var i = 0; i < position; i++)
        {
            if (i == 0 || !char.IsSurrogatePair(code[i - 1], code[i]))
            {
                points++;
            }
        }

        return points;
    }

    private static int UnitsOf(string code, int points)
    {
        var position = 0;
        for (; points > 0 && position < code.Length; points--)
        {
            position += position + 1 < code.Length && char.IsSurrogatePair(code[position], code[position + 1]) ? 2 : 1;
        }

        return position;
    }
}
