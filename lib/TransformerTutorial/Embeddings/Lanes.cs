using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TransformerTutorial.Embeddings;

/// <summary>Sixteen floats that are worked on at once, whatever the hardware's vectors hold: the operations are rounded alike and the sum is taken in one order, so all three forms give the same bits.</summary>
internal unsafe interface ILanes<TSelf>
    where TSelf : struct, ILanes<TSelf>
{
    /// <summary>The number of floats.</summary>
    const int Count = 16;

    static abstract TSelf Load(float* source);

    static abstract TSelf All(float value);

    /// <summary>a · b + c, rounded once.</summary>
    static abstract TSelf MultiplyAdd(TSelf a, TSelf b, TSelf c);

    static abstract TSelf Add(TSelf a, TSelf b);

    static abstract TSelf Multiply(TSelf a, TSelf b);

    void Store(float* target);

    /// <summary>The sum of all lanes: of those 8 apart, then 4, 2 and 1.</summary>
    float Sum();
}

/// <summary>The lanes as one vector of 512 bits.</summary>
internal readonly unsafe struct Lanes512(Vector512<float> all) : ILanes<Lanes512>
{
    private readonly Vector512<float> _all = all;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Load(float* source) => new(Vector512.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 All(float value) => new(Vector512.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 MultiplyAdd(Lanes512 a, Lanes512 b, Lanes512 c) => new(Vector512.FusedMultiplyAdd(a._all, b._all, c._all));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Add(Lanes512 a, Lanes512 b) => new(a._all + b._all);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Multiply(Lanes512 a, Lanes512 b) => new(a._all * b._all);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(float* target) => _all.Store(target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Sum() => new Lanes256(_all.GetLower(), _all.GetUpper()).Sum();
}

/// <summary>The lanes as two vectors of 256 bits.</summary>
internal readonly unsafe struct Lanes256(Vector256<float> low, Vector256<float> high) : ILanes<Lanes256>
{
    private readonly Vector256<float> _low = low;
    private readonly Vector256<float> _high = high;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Load(float* source) => new(Vector256.Load(source), Vector256.Load(source + 8));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 All(float value) => new(Vector256.Create(value), Vector256.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 MultiplyAdd(Lanes256 a, Lanes256 b, Lanes256 c) =>
        new(Vector256.FusedMultiplyAdd(a._low, b._low, c._low), Vector256.FusedMultiplyAdd(a._high, b._high, c._high));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Add(Lanes256 a, Lanes256 b) => new(a._low + b._low, a._high + b._high);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Multiply(Lanes256 a, Lanes256 b) => new(a._low * b._low, a._high * b._high);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(float* target)
    {
        _low.Store(target);
        _high.Store(target + 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Sum()
    {
        var eight = _low + _high;
        return Lanes128.SumOf(eight.GetLower() + eight.GetUpper());
    }
}

/// <summary>The lanes as four vectors of 128 bits.</summary>
internal readonly unsafe struct Lanes128(Vector128<float> first, Vector128<float> second, Vector128<float> third, Vector128<float> fourth) : ILanes<Lanes128>
{
    private readonly Vector128<float> _first = first;
    private readonly Vector128<float> _second = second;
    private readonly Vector128<float> _third = third;
    private readonly Vector128<float> _fourth = fourth;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Load(float* source) => new(Vector128.Load(source), Vector128.Load(source + 4), Vector128.Load(source + 8), Vector128.Load(source + 12));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 All(float value)
    {
        var four = Vector128.Create(value);
        return new(four, four, four, four);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 MultiplyAdd(Lanes128 a, Lanes128 b, Lanes128 c) => new(
        Vector128.FusedMultiplyAdd(a._first, b._first, c._first), Vector128.FusedMultiplyAdd(a._second, b._second, c._second),
        Vector128.FusedMultiplyAdd(a._third, b._third, c._third), Vector128.FusedMultiplyAdd(a._fourth, b._fourth, c._fourth));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Add(Lanes128 a, Lanes128 b) => new(a._first + b._first, a._second + b._second, a._third + b._third, a._fourth + b._fourth);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Multiply(Lanes128 a, Lanes128 b) => new(a._first * b._first, a._second * b._second, a._third * b._third, a._fourth * b._fourth);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(float* target)
    {
        _first.Store(target);
        _second.Store(target + 4);
        _third.Store(target + 8);
        _fourth.Store(target + 12);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Sum() => SumOf((_first + _third) + (_second + _fourth));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float SumOf(Vector128<float> four)
    {
        var two = four + Vector128.Shuffle(four, Vector128.Create(2, 3, 2, 3));
        return two.ToScalar() + two.GetElement(1);
    }
}
