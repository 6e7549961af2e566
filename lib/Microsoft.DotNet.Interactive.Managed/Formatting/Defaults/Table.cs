using System.Collections;
using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Html;

namespace Microsoft.DotNet.Interactive.Formatting.Defaults;

/// <summary>What a value looks like as a table.</summary>
/// <param name="Title">A line above it, or empty.</param>
/// <param name="Headers">The columns' names; empty where there are none.</param>
/// <param name="Rows">The cells' values; <see cref="Blank"/> where a row lacks a column.</param>
/// <param name="More">A line below it, or empty.</param>
internal sealed record Table(string Title, IReadOnlyList<string> Headers, IReadOnlyList<IReadOnlyList<object?>> Rows, string More)
{
    /// <summary>No value at all, unlike null.</summary>
    public static readonly object Blank = new HtmlString(string.Empty);

    /// <summary>True where a column holds nothing but numbers; they are set to the right.</summary>
    public bool IsNumeric(int column)
    {
        var values = Rows.Select(row => row[column]).Where(value => value is not null && value != Blank).ToArray();
        return values.Length > 0 && Array.TrueForAll(values, value => value is IConvertible and IFormattable and not DateTime and not Enum or IntPtr or BigInteger or Half);
    }

    /// <summary>The value's table, or null where it is better said in a line.</summary>
    public static Table? TryRead(object? value)
    {
        if (value is null || Scalar.Is(value.GetType()))
        {
            return null;
        }

        if (value is ItemTable table)
        {
            return ReadItems(table.Items, indexed: false);
        }

        if (value is Array { Rank: > 1 } matrix)
        {
            return ReadMatrix(matrix);
        }

        if (Sequence.Of(value) is { } items)
        {
            return Sequence.IsDictionary(value.GetType()) ? ReadDictionary(items) : ReadSequence(items);
        }

        return value is ITuple || Members.Of(value.GetType()).Count == 0 ? null : ReadObject(value);
    }

    private static Table ReadObject(object value)
    {
        var rows = Members.Of(value.GetType()).Select(member => new[] { member.Name, Members.ValueOf(member, value) }).ToArray();
        return new Table(TypeName.Of(value.GetType()), [], rows, string.Empty);
    }

    private static Table ReadDictionary(IEnumerable items)
    {
        var sequence = Sequence.Read(items);
        var rows = sequence.Items.Select(item => Line.TryGetEntry(item, out var key, out var value) ? [key, value] : new[] { item, Blank }).ToArray();
        return new Table(rows.Length == 0 ? "(empty)" : string.Empty, rows.Length == 0 ? [] : ["key", "value"], rows, sequence.More);
    }

    private static Table? ReadSequence(IEnumerable items)
    {
        var first = Sequence.Read(items);
        var isLine = first.Items.Count > 0 && first.Items.All(item => item is null || Scalar.Is(item.GetType()));
        return isLine || (first.Items.Count == 0 && DefaultFormatter.IsPlain(items.GetType())) ? null : ReadItems(first, indexed: true);
    }

    private static Table ReadItems(IEnumerable items, bool indexed) => ReadItems(Sequence.Read(items), indexed);

    /// <summary>One row an item, one column for each member that any of them has.</summary>
    private static Table ReadItems(Sequence sequence, bool indexed)
    {
        if (sequence.Items.Count == 0)
        {
            return new Table("(empty)", [], [], string.Empty);
        }

        var columns = new Dictionary<string, int>();
        var cells = new List<Dictionary<int, object?>>();
        foreach (var item in sequence.Items)
        {
            var row = new Dictionary<int, object?>();
            foreach (var (name, value) in PartsOf(item))
            {
                columns.TryAdd(name, columns.Count);
                row[columns[name]] = value;
            }

            cells.Add(row);
        }

        var rows = cells.Select((row, index) =>
        {
            var values = Enumerable.Range(0, columns.Count).Select(column => row.TryGetValue(column, out var value) ? value : Blank);
            return (IReadOnlyList<object?>)(indexed ? values.Prepend(index) : values).ToArray();
        });
        return new Table(string.Empty, [.. indexed ? ["index"] : Array.Empty<string>(), .. columns.Keys], rows.ToArray(), sequence.More);
    }

    private static IEnumerable<(string Name, object? Value)> PartsOf(object? item)
    {
        if (item is null || Scalar.Is(item.GetType()) || item is IHtmlContent || Formatter.IsSpecial(item.GetType()))
        {
            return [("value", item)];
        }

        if (item is ITuple tuple)
        {
            return Enumerable.Range(0, tuple.Length).Select(index => (string.Create(CultureInfo.InvariantCulture, $"Item{index + 1}"), tuple[index]));
        }

        if (Sequence.Of(item) is { } items)
        {
            return Sequence.TryGetGroupKey(item, out var key) ? [("Key", key), ("values", items)] : [("value", items)];
        }

        var members = Members.Of(item.GetType());
        return members.Count == 0 ? [("value", item)] : members.Select(member => (member.Name, Members.ValueOf(member, item)));
    }

    /// <summary>The last dimension runs to the right, all others down: an element's index is its row's index and its column's.</summary>
    private static Table ReadMatrix(Array matrix)
    {
        var limit = Formatter.ListExpansionLimit;
        var width = matrix.GetLength(matrix.Rank - 1);
        var shownWidth = Math.Min(width, limit);
        var height = Enumerable.Range(0, matrix.Rank - 1).Aggregate(1, (product, dimension) => product * matrix.GetLength(dimension));
        var rows = new List<object?[]>();
        for (var row = 0; row < Math.Min(height, limit); row++)
        {
            var indices = new int[matrix.Rank];
            for (int dimension = matrix.Rank - 2, rest = row; dimension >= 0; dimension--)
            {
                indices[dimension] = rest % matrix.GetLength(dimension);
                rest /= matrix.GetLength(dimension);
            }

            var cells = new List<object?> { string.Join(", ", indices[..^1]) };
            for (var column = 0; column < shownWidth; column++)
            {
                indices[^1] = column;
                cells.Add(matrix.GetValue(indices.Select((index, dimension) => index + matrix.GetLowerBound(dimension)).ToArray()));
            }

            rows.Add([.. cells]);
        }

        var more = (width > shownWidth, height > limit) switch
        {
            (true, true) => $"... ({height - limit} more rows, {width - shownWidth} more columns)",
            (true, false) => $"... ({width - shownWidth} more columns)",
            (false, true) => $"... ({height - limit} more rows)",
            _ => string.Empty,
        };
        return new Table(string.Empty, [string.Empty, .. Enumerable.Range(0, shownWidth).Select(column => column.ToString(CultureInfo.InvariantCulture))], rows, more);
    }
}
