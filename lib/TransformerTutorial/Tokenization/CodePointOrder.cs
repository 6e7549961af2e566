namespace TransformerTutorial.Tokenization;

/// <summary>Compares texts by code points. <see cref="string.CompareOrdinal(string, string)"/> puts U+10000 before U+FFFD, because it compares UTF-16 units.</summary>
internal static class CodePointOrder
{
    public static int Compare(string one, string other)
    {
        var length = Math.Min(one.Length, other.Length);
        var same = one.AsSpan(0, length).CommonPrefixLength(other.AsSpan(0, length));
        if (same == length)
        {
            return one.Length.CompareTo(other.Length);
        }

        var left = one[same];
        var right = other[same];
        var leftIsSurrogate = char.IsSurrogate(left);
        return leftIsSurrogate != char.IsSurrogate(right) ? (leftIsSurrogate ? 1 : -1) : left.CompareTo(right);
    }
}
