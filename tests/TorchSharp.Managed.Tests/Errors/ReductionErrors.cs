using static TorchSharp.Managed.Tests.Errors.ErrorCase;
using static TorchSharp.torch;

namespace TorchSharp.Managed.Tests.Errors;

/// <summary>Misuses of reductions, sorting and running sums: means of whole numbers, extremes of nothing, dimensions that there are not.</summary>
internal static class ReductionErrors
{
    public static readonly ErrorCase[] Cases =
    [
        Of("mean of whole numbers", () => Longs(2, 3).mean(), "mean:", "Int64", "[2, 3]", "floating"),
        Of("mean of whole numbers along a dimension", () => Longs(2, 3).mean([1]), "mean:", "Int64", "[2, 3]", "floating"),
        Of("var of whole numbers", () => Longs(2, 3).var(1), "var:", "Int64", "[2, 3]"),
        Of("std of whole numbers", () => Longs(2, 3).std(), "std:", "Int64", "[2, 3]"),
        Of("norm of whole numbers", () => Longs(2, 3).norm(), "norm:", "Int64", "[2, 3]"),
        Of("logsumexp of whole numbers", () => Longs(2, 3).logsumexp(1), "logsumexp:", "Int64", "[2, 3]"),
        Of("sum along a dimension that there is not", () => Floats(2, 3).sum(2), "sum:", "[-2, 1]", "2"),
        Of("sum along a dimension twice", () => Floats(2, 3).sum([0, -2]), "sum:", "0", "multiple times", "[0, -2]"),
        Of("mean along a dimension that there is not", () => Floats(2, 3).mean([-3]), "mean:", "[-2, 1]", "-3"),
        Of("prod along a dimension that there is not", () => Floats(2, 3).prod(2), "prod:", "[-2, 1]", "2"),
        Of("max of nothing", () => Floats(0).max(), "max:", "[0]", "non-zero"),
        Of("min of nothing", () => Floats(0).min(), "min:", "[0]", "non-zero"),
        Of("max along an empty dimension", () => Floats(2, 0).max(1), "max:", "[2, 0]", "non-zero"),
        Of("max along a dimension that there is not", () => Floats(2, 3).max(2), "max:", "[-2, 1]", "2"),
        Of("argmax of nothing", () => Floats(0).argmax(), "argmax:", "[0]", "non-zero"),
        Of("argmin along an empty dimension", () => Floats(2, 0).argmin(1), "argmin:", "[2, 0]", "non-zero"),
        Of("amax along an empty dimension", () => Floats(2, 0).amax([1]), "amax:", "[2, 0]", "non-zero"),
        Of("norm of the greatest of nothing", () => Floats(0).norm(float.PositiveInfinity), "norm:", "[0]"),
        Of("softmax along a dimension that there is not", () => Floats(2, 3).softmax(2), "softmax:", "[-2, 1]", "2"),
        Of("cumsum along a dimension that there is not", () => Floats(2, 3).cumsum(2), "cumsum:", "[-2, 1]", "2"),
        Of("sort along a dimension that there is not", () => Floats(2, 3).sort(2), "sort:", "[-2, 1]", "2"),
        Of("argsort along a dimension that there is not", () => Floats(2, 3).argsort(2), "argsort", "[-2, 1]", "2"),
        Of("topk of more than there are", () => Floats(2, 3).topk(4), "topk:", "4", "[2, 3]"),
        Of("kthvalue of more than there are", () => Floats(2, 3).kthvalue(4, 1), "kthvalue:", "4", "[2, 3]"),
        Of("mode of nothing", () => Floats(0).mode(), "mode:", "[0]"),
        Of("median of no whole numbers", () => Longs(0).median(), "median:", "[0]"),
        Of("quantile past one", () => quantile(Floats(3), tensor(1.5f)), "quantile:", "[0, 1]", "1.5"),
        Of("quantile of whole numbers", () => quantile(Longs(3), tensor(0.5f)), "quantile:", "Int64", "[3]"),
        Of("histc of no bins", () => histc(Floats(3), 0), "histc:", "0"),
        Of("cross", () => linalg.cross(Floats(2, 4), Floats(2, 4)), "cross:", "[2, 4]", "3"),
    ];
}
