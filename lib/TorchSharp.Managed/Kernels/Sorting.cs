using System.Numerics;

namespace TorchSharp.Kernels;

/// <summary>Puts rows of elements in order: stable, with NaN as the greatest of all numbers, and -0 and 0 as equals.</summary>
/// <remarks>Every element becomes a whole number that sorts as the element does, together with its index; so equals keep their order and no comparison meets a NaN.</remarks>
internal static unsafe class Sorting
{
    // How many elements are worth a thread.
    private const long Grain = 2048;

    // Up to so many wanted elements are found by inserting into a short list.
    private const long ShortList = 64;

    /// <summary>The indices of the first elements of every row in sorted order: rows (rows, n) -> Int64 (rows, count).</summary>
    public static Tensor Order(Tensor rows, bool descending, long count) => rows.dtype switch
    {
        torch.ScalarType.Float32 => Order<float>(rows, descending, count),
        torch.ScalarType.Float64 => Order<double>(rows, descending, count),
        torch.ScalarType.Int64 => Order<long>(rows, descending, count),
        torch.ScalarType.Int32 => Order<int>(rows, descending, count),
        _ => Order<byte>(rows, descending, count),
    };

    /// <summary>The elements that the indices of every row name: rows (rows, n), indices (rows, count) -> (rows, count).</summary>
    public static Tensor Take(Tensor rows, Tensor indices)
    {
        var result = Tensor.Allocate(rows.dtype, indices.Shape);
        switch (ScalarTypes.Size(rows.dtype))
        {
            case 1:
                Take<byte>(rows, indices, result);
                break;
            case 4:
                Take<uint>(rows, indices, result);
                break;
            default:
                Take<ulong>(rows, indices, result);
                break;
        }

        GC.KeepAlive(rows);
        GC.KeepAlive(indices);
        return result;
    }

    /// <summary>A whole number that sorts as the element does.</summary>
    public static ulong Key<T>(T value)
        where T : unmanaged, INumber<T>
    {
        if (typeof(T) == typeof(byte))
        {
            return (byte)(object)value;
        }

        if (typeof(T) == typeof(int) || typeof(T) == typeof(long))
        {
            return (ulong)long.CreateTruncating(value) ^ (1UL << 63);
        }

        if (T.IsNaN(value))
        {
            return ulong.MaxValue;
        }

        // Every float is a double. Adding zero makes -0 a 0. Negative numbers have their bits reversed, the others come behind them.
        var bits = BitConverter.DoubleToUInt64Bits(double.CreateTruncating(value) + 0.0);
        return (bits >> 63) != 0 ? ~bits : bits | (1UL << 63);
    }

    private static Tensor Order<T>(Tensor rows, bool descending, long count)
        where T : unmanaged, INumber<T>
    {
        var (rowCount, n) = (rows.Shape[0], rows.Shape[1]);
        var result = Tensor.Allocate(torch.ScalarType.Int64, rowCount, count);
        var state = (X: (nint)rows.Pointer<T>(), Result: (nint)result.Pointer<long>(), n, count, Flip: descending ? ulong.MaxValue : 0);
        Workers.For(rowCount, Reductions.RowGrain(n, Grain), state, static (s, from, to) =>
        {
            var isShort = s.count <= ShortList && s.count < s.n;
            var entries = new Entry[isShort ? s.count : s.n];
            for (var row = from; row < to; row++)
            {
                var x = (T*)s.X + (row * s.n);
                if (isShort)
                {
                    SelectFirst(x, s.n, s.Flip, entries);
                }
                else
                {
                    for (var i = 0; i < entries.Length; i++)
                    {
                        entries[i] = new Entry(Key(x[i]) ^ s.Flip, i);
                    }

                    Array.Sort(entries);
                }

                for (var i = 0L; i < s.count; i++)
                {
                    ((long*)s.Result)[(row * s.count) + i] = entries[i].Index;
                }
            }
        });
        GC.KeepAlive(rows);
        return result;
    }

    // Keeps the first entries seen so far in order; most elements fail the comparison with the last of them.
    private static void SelectFirst<T>(T* x, long n, ulong flip, Entry[] entries)
        where T : unmanaged, INumber<T>
    {
        var filled = 0;
        for (var i = 0L; i < n && entries.Length > 0; i++)
        {
            var entry = new Entry(Key(x[i]) ^ flip, i);
            if (filled == entries.Length && entry.CompareTo(entries[^1]) > 0)
            {
                continue;
            }

            var place = filled < entries.Length ? filled++ : entries.Length - 1;
            for (; place > 0 && entry.CompareTo(entries[place - 1]) < 0; place--)
            {
                entries[place] = entries[place - 1];
            }

            entries[place] = entry;
        }
    }

    private static void Take<T>(Tensor rows, Tensor indices, Tensor result)
        where T : unmanaged
    {
        var x = (T*)rows.Storage.Pointer + rows.Offset;
        var at = indices.Pointer<long>();
        var y = (T*)result.Storage.Pointer;
        var (rowCount, n, count) = (rows.Shape[0], rows.Shape[1], indices.Shape[1]);
        for (var row = 0L; row < rowCount; row++, x += n, at += count, y += count)
        {
            for (var i = 0L; i < count; i++)
            {
                y[i] = x[at[i]];
            }
        }
    }

    // An element's place in the order; no two are equal, so the order is the same whatever the sort.
    private readonly record struct Entry(ulong Key, long Index) : IComparable<Entry>
    {
        public int CompareTo(Entry other) => Key != other.Key ? Key.CompareTo(other.Key) : Index.CompareTo(other.Index);
    }
}
