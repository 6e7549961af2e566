using TransformerTutorial.Attention;
using TransformerTutorial.Embeddings;
using TransformerTutorial.Positions;
using TransformerTutorial.Testing;
using static TorchSharp.torch;

namespace TransformerTutorial.Tests;

/// <summary>
/// Wherever the library multiplies matrices that a reader gave, it refuses those that don't fit before the engine sees them: TorchSharp 0.106.0 doesn't guard its native <c>matmul</c>, so that a wrong shape or
/// type there ends the process instead of throwing.
/// </summary>
public class MatrixProductGuardTests
{
    private static readonly Dictionary<string, Action[]> Misfits = new()
    {
        ["Attention/ScaledDotProduct.cs"] =
        [
            () => ScaledDotProduct.Compute(Floats(2, 3, 4), Floats(2, 3, 5), Floats(2, 3, 4)),
            () => ScaledDotProduct.Compute(Floats(2, 3, 4), Floats(2, 3, 4), Floats(2, 2, 4)),
            () => ScaledDotProduct.Compute(Floats(2, 3, 4), Floats(3, 3, 4), Floats(3, 3, 4)),
            () => ScaledDotProduct.Compute(Floats(4), Floats(3, 4), Floats(3, 4)),
            () => ScaledDotProduct.Compute(Floats(2, 3, 4), Doubles(2, 3, 4), Floats(2, 3, 4)),
            () => ScaledDotProduct.Compute(Longs(3, 4), Longs(3, 4), Longs(3, 4)),
            () => new MultiHeadAttention(8, 2).call(Floats(2, 3, 6)),
            () => new MultiHeadAttention(8, 2).call(Floats(2, 3, 8), Floats(3, 3, 8)),
            () => new MultiHeadAttention(8, 2).call(Doubles(2, 3, 8)),
            () => new MultiHeadAttention(8, 2).call(Floats(2, 3, 8), positions: new() { Rotate = (x, _) => x.to(ScalarType.Float64) }),
        ],
        ["Attention/AdditiveAttention.cs"] =
        [
            () => new AdditiveAttention(4, 5, 6).call(Floats(2, 3, 5), Floats(2, 3, 5)),
            () => new AdditiveAttention(4, 5, 6).call(Floats(2, 3, 4), Floats(3, 3, 5)),
            () => new AdditiveAttention(4, 5, 6).call(Floats(2, 3, 4), Doubles(2, 3, 5)),
            () => new AdditiveAttention(4, 5, 6).Attend(Floats(2, 3, 4), Floats(2, 3, 5), Floats(2, 4, 6)),
        ],
        ["Positions/ShawPositions.cs"] =
        [
            () => new ShawPositions(4, 2).Bias(Floats(1, 2, 3, 5), Floats(1, 2, 3, 5)),
            () => new ShawPositions(4, 2).Bias(Doubles(1, 2, 3, 4), Doubles(1, 2, 3, 4)),
            () => new ShawPositions(4, 2, 4).ValueTerm(Floats(2, 3, 3)),
            () => new ShawPositions(4, 2, 4).ValueTerm(Doubles(1, 2, 3, 3)),
        ],
        ["Positions/TransformerXLPositions.cs"] =
        [
            () => new TransformerXLPositions(8, 2).Terms(Floats(1, 2, 3, 5), Floats(1, 2, 3, 5)),
            () => new TransformerXLPositions(8, 2).Terms(Floats(1, 2, 3, 4), Floats(2, 2, 3, 4)),
            () => new TransformerXLPositions(8, 2).Bias(Floats(1, 3, 3, 4), Floats(1, 3, 3, 4)),
            () => new TransformerXLPositions(8, 2).Bias(Doubles(1, 2, 3, 4), Doubles(1, 2, 3, 4)),
        ],
        ["Embeddings/PrincipalComponents.cs"] =
        [
            () => PrincipalComponents.Fit(Floats(5, 3), 2).Transform(Floats(4, 2)),
            () => PrincipalComponents.Fit(Floats(5, 3), 2).Transform(Doubles(4, 3)),
            () => PrincipalComponents.Fit(Floats(5, 3), 2).InverseTransform(Floats(4, 3)),
            () => PrincipalComponents.Fit(Floats(5, 3), 2).InverseTransform(Longs(4, 2)),
        ],
        ["Embeddings/Procrustes.cs"] =
        [
            () => Procrustes.Fit(Floats(5, 3), Floats(5, 2)),
            () => Procrustes.Fit(Floats(5, 3), Floats(5, 3)).Apply(Floats(4, 2)),
            () => Procrustes.Fit(Floats(5, 3), Floats(5, 3)).Apply(Doubles(4, 3)),
            () => Procrustes.Fit(Floats(5, 3), Floats(5, 3)).ApplyInverse(Longs(4, 3)),
        ],
        ["Embeddings/TSneAffinities.cs"] = [() => TSne.Embed(Floats(5)), () => TSne.Embed(Longs(5, 2)), () => TSne.Embed(Floats(5, 2, 2))],
        ["Embeddings/TruncatedSvd.cs"] = [() => TruncatedSvd.Of(Floats(5), 1), () => TruncatedSvd.Of(Longs(5, 2), 1), () => TruncatedSvd.Of(Floats(5, 2, 2), 1)],
    };

    /// <summary>The files of the library that multiply matrices.</summary>
    public static TheoryData<string> Files => [.. Misfits.Keys];

    [Theory]
    [MemberData(nameof(Files))]
    public void What_does_not_fit_is_refused_by_the_library(string file)
    {
        foreach (var misfit in Misfits[file])
        {
            var refusal = Assert.Throws<ArgumentException>(misfit);

            Assert.Equal("TransformerTutorial", refusal.TargetSite!.DeclaringType!.Assembly.GetName().Name);
        }
    }

    [Fact]
    public void Every_file_that_multiplies_matrices_is_tried()
    {
        var library = Repository.PathOf("lib", "TransformerTutorial");
        var files = Directory.EnumerateFiles(library, "*.cs", SearchOption.AllDirectories)
            .Where(file => File.ReadAllText(file).Contains("matmul(", StringComparison.Ordinal))
            .Select(file => Path.GetRelativePath(library, file).Replace('\\', '/'));

        Assert.Equal(Misfits.Keys.Order(StringComparer.Ordinal), files.Order(StringComparer.Ordinal));
    }

    private static Tensor Floats(params long[] shape) => randn(shape);

    private static Tensor Doubles(params long[] shape) => randn(shape, ScalarType.Float64);

    private static Tensor Longs(params long[] shape) => zeros(shape, ScalarType.Int64);
}
