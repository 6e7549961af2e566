using System.Globalization;
using System.Text;

namespace TorchSharp.Text;

/// <summary>Writes tensors as TorchSharp 0.106 does, character by character.</summary>
/// <remarks>Numbers are written in no particular culture unless one is given, so that a text is the same on every machine. TorchSharp takes the machine's.</remarks>
internal sealed class TensorText(string floatFormat, int width, CultureInfo culture, string newLine)
{
    private const string Ellipsis = "...";

    /// <summary><c>[2x3], type = Float32, device = cpu</c>.</summary>
    public static string Metadata(Tensor tensor) => $"[{string.Join('x', tensor.Shape)}], type = {tensor.dtype}, device = {tensor.device}";

    /// <summary>Nested brackets; rows apart by one line end, matrices by two, and so on. In the middle of long dimensions elements are left out.</summary>
    public string Numpy(Tensor tensor)
    {
        var text = new StringBuilder();
        Nested(text, tensor, tensor.Rank, isFirst: true, new Brackets("[", "]", "", rank => string.Concat(Enumerable.Repeat(newLine, rank - 1)), rank => string.Concat(Enumerable.Repeat(newLine, rank - 1))));
        return text.ToString();
    }

    /// <summary>The metadata and an array as it stands in C# source. In the middle of long dimensions elements are left out.</summary>
    public string CSharp(Tensor tensor)
    {
        var text = new StringBuilder(Metadata(tensor)).Append(", value = ");
        if (tensor.Rank == 0)
        {
            return text.Append(Number(tensor)).ToString();
        }

        var (name, suffix) = tensor.dtype switch
        {
            torch.ScalarType.Bool => ("bool", ""),
            torch.ScalarType.Byte => ("byte", ""),
            torch.ScalarType.Int32 => ("int", ""),
            torch.ScalarType.Int64 => ("long", "L"),
            torch.ScalarType.Float32 => ("float", "f"),
            _ => ("double", ""),
        };
        var brackets = new Brackets("{", "}", suffix, _ => "," + newLine, _ => newLine);
        if (tensor.Rank == 1)
        {
            text.Append(name).Append(" [] ");
            Nested(text, tensor, 1, isFirst: true, brackets);
            return text.ToString();
        }

        // The outermost braces stand on lines of their own, which gives the first row inside the indent that the others have anyway.
        text.Append(newLine).Append(name).Append(" [").Append(',', tensor.Rank - 1).Append("] {").Append(newLine).Append(' ');
        Rows(text, tensor, tensor.Rank, brackets);
        return text.Append(newLine).Append('}').ToString();
    }

    /// <summary>The metadata, then every matrix row by row, columns aligned on the right. Columns that don't fit the width are left out.</summary>
    public string Julia(Tensor tensor)
    {
        var text = new StringBuilder(Metadata(tensor));
        switch (tensor.Rank)
        {
            case 0:
                text.Append(", value = ").Append(Number(tensor));
                break;
            case 1:
                text.Append(newLine);
                using (var matrix = tensor.unsqueeze(0))
                {
                    Matrix(text, matrix);
                }

                break;
            case 2:
                text.Append(newLine);
                Matrix(text, tensor);
                break;
            default:
                Matrices(text, tensor, "[");
                break;
        }

        return text.ToString();
    }

    // What NumPy's and C#'s style differ in: brackets, what follows a number, what stands between rows, and what follows the dots for rows left out.
    private sealed record Brackets(string Open, string Close, string Suffix, Func<int, string> BetweenRows, Func<int, string> AfterDots);

    // A part of a tensor in brackets. All but the first part of its row are indented by as many characters as brackets are open.
    private void Nested(StringBuilder text, Tensor tensor, int outerRank, bool isFirst, Brackets brackets)
    {
        if (!isFirst)
        {
            text.Append(' ', outerRank - tensor.Rank);
        }

        if (tensor.Rank == 0)
        {
            text.Append(Number(tensor));
            return;
        }

        text.Append(brackets.Open);
        if (tensor.Rank == 1)
        {
            Elements(text, tensor, brackets.Suffix);
        }
        else
        {
            Rows(text, tensor, outerRank, brackets);
        }

        text.Append(brackets.Close);
    }

    private void Elements(StringBuilder text, Tensor tensor, string suffix)
    {
        var (head, tail) = Ends(tensor.Shape[0], torch.MaxColumns);
        for (long i = 0; i < tensor.Shape[0]; i++)
        {
            if (i == head && tail > head)
            {
                text.Append("... ");
                i = tail;
            }

            using var element = tensor.select(0, i);
            text.Append(Number(element)).Append(suffix).Append(i < tensor.Shape[0] - 1 ? ", " : "");
        }
    }

    private void Rows(StringBuilder text, Tensor tensor, int outerRank, Brackets brackets)
    {
        var (head, tail) = Ends(tensor.Shape[0], torch.MaxRows);
        for (long i = 0; i < tensor.Shape[0]; i++)
        {
            if (i == head && tail > head)
            {
                text.Append(' ', outerRank - tensor.Rank).Append(" ...").Append(brackets.AfterDots(tensor.Rank));
                i = tail;
            }

            using var row = tensor.select(0, i);
            Nested(text, row, outerRank, i == 0, brackets);
            text.Append(i < tensor.Shape[0] - 1 ? brackets.BetweenRows(tensor.Rank) : "");
        }
    }

    // How many stand before the dots, and the first one after them; no dots where all fit.
    private static (long Head, long Tail) Ends(long length, int most) => length <= most ? (length, length) : (most - (most / 2), Math.Min(length - (most / 2), length - 1));

    private void Matrices(StringBuilder text, Tensor tensor, string path)
    {
        for (long i = 0; i < tensor.Shape[0]; i++)
        {
            using var part = tensor.select(0, i);
            var here = $"{path}{(path.Length > 1 ? "," : "")}{i}";
            if (part.Rank > 2)
            {
                Matrices(text, part, here);
            }
            else
            {
                text.Append(newLine).Append(here).Append(",..,..] =").Append(newLine);
                Matrix(text, part);
            }
        }
    }

    private void Matrix(StringBuilder text, Tensor matrix)
    {
        var rows = new List<List<string>>();
        for (long i = 0; i < matrix.Shape[0]; i++)
        {
            using var row = matrix.select(0, i);
            rows.Add(Fitting(row));
        }

        // Fails for a matrix without rows, as TorchSharp does.
        var columns = rows.Min(row => row.Count);
        var widths = Enumerable.Range(0, columns).Select(c => rows.Max(row => row[c].Length)).ToArray();
        foreach (var row in rows)
        {
            for (var c = 0; c < columns; c++)
            {
                text.Append(' ').Append(row[c].PadLeft(widths[c]));
            }

            text.Append(columns < matrix.Shape[1] ? " " + Ellipsis : "").Append(newLine);
        }
    }

    // The numbers of a row that fit its line, with room for dots.
    private List<string> Fitting(Tensor row)
    {
        var numbers = new List<string>();
        var left = width;
        for (long i = 0; i < row.Shape[0]; i++)
        {
            using var element = row.select(0, i);
            var number = Number(element);
            if (left - number.Length - (Ellipsis.Length + 1) < 0)
            {
                break;
            }

            numbers.Add(number);
            left -= number.Length + 1;
        }

        return numbers;
    }

    private string Number(Tensor element) => element.dtype switch
    {
        torch.ScalarType.Float32 => element.item<float>().ToString(floatFormat, culture),
        torch.ScalarType.Float64 => element.item<double>().ToString(floatFormat, culture),
        torch.ScalarType.Int64 => element.item<long>().ToString(CultureInfo.InvariantCulture),
        torch.ScalarType.Int32 => element.item<int>().ToString(CultureInfo.InvariantCulture),
        torch.ScalarType.Bool => element.item<bool>().ToString(),
        _ => element.item<byte>().ToString(CultureInfo.InvariantCulture),
    };
}
