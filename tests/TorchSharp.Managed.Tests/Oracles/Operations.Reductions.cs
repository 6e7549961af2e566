using static TorchSharp.torch;

namespace TorchSharp.Tests.Oracles;

internal static partial class Operations
{
    private static Dictionary<string, Operation> Reductions() => new()
    {
        ["sum"] = Within(2, c => c.Has("dim") ? c[0].sum(c.Longs("dim"), c.Flag("keepdim"), c.Type) : c[0].sum(c.Type)),
        ["mean"] = Within(3, c => c.Has("dim") ? c[0].mean(c.Longs("dim"), c.Flag("keepdim"), c.Type) : c[0].mean()),
        ["prod"] = Within(2, c => c.Has("dim") ? c[0].prod(c.Long("dim"), c.Flag("keepdim"), c.Type) : c[0].prod(c.Type)),
        ["amax"] = Exactly(c => c[0].amax(c.Longs("dim"), c.Flag("keepdim"))),
        ["amin"] = Exactly(c => c[0].amin(c.Longs("dim"), c.Flag("keepdim"))),
        ["max"] = Exactly(c => c[0].max()),
        ["min"] = Exactly(c => c[0].min()),
        ["max_dim"] = Exactly(c => c[0].max(c.Long("dim"), c.Flag("keepdim"))),
        ["min_dim"] = Exactly(c => c[0].min(c.Long("dim"), c.Flag("keepdim"))),
        ["argmax"] = Exactly(c => c.Has("dim") ? c[0].argmax(c.Long("dim"), c.Flag("keepdim")) : c[0].argmax()),
        ["argmin"] = Exactly(c => c.Has("dim") ? c[0].argmin(c.Long("dim"), c.Flag("keepdim")) : c[0].argmin()),
        ["all"] = Exactly(c => c[0].all()),
        ["any"] = Exactly(c => c[0].any()),
        ["all_dim"] = Exactly(c => c[0].all(c.Long("dim"), c.Flag("keepdim"))),
        ["any_dim"] = Exactly(c => c[0].any(c.Long("dim"), c.Flag("keepdim"))),
        ["count_nonzero"] = Exactly(c => c[0].count_nonzero(c.Has("dim") ? c.Longs("dim") : null)),
        ["std"] = Within(2, c => c.Has("dim") ? c[0].std(c.Longs("dim"), c.Flag("unbiased", true), c.Flag("keepdim")) : c[0].std(c.Flag("unbiased", true))),
        ["var"] = Within(2, c => c.Has("dim") ? c[0].var(c.Longs("dim"), c.Flag("unbiased", true), c.Flag("keepdim")) : c[0].var(c.Flag("unbiased", true))),
        ["std_mean"] = Within(2, c => c.Has("dim") ? c[0].std_mean(c.Longs("dim"), true, c.Flag("keepdim")) : c[0].std_mean()),
        ["var_mean"] = Within(2, c => c.Has("dim") ? c[0].var_mean(c.Longs("dim"), true, c.Flag("keepdim")) : c[0].var_mean()),
        ["logsumexp"] = Within(2, c => c[0].logsumexp(c.Long("dim"), c.Flag("keepdim"))),
        ["logsumexp_last"] = Within(2, c => c[0].logsumexp(-1)),
        ["norm"] = Within(2, c => c.Has("dim") ? c[0].norm(c.Int("dim"), c.Flag("keepdim"), (float)c.Number("p")) : c[0].norm((float)c.Number("p", 2))),
        ["median"] = Exactly(c => c[0].median()),
        ["mode"] = Exactly(c => c[0].mode(c.Long("dim"), c.Flag("keepdim"))),
        ["quantile"] = Within(2, c => c[0].quantile(c[1], c.Long("dim"), c.Flag("keepdim"))),
        ["cov"] = Within(2, c => c[0].cov(c.Long("correction"))),
        ["corrcoef"] = Within(2, c => c[0].corrcoef()),
        ["trace"] = Within(2, c => c[0].trace()),
        ["cosine_similarity"] = Within(2, c => nn.functional.cosine_similarity(c[0], c[1], c.Long("dim"))),
        ["normalize"] = Within(2, c => nn.functional.normalize(c[0], c.Number("p"), c.Long("dim"))),
    };

    private static Dictionary<string, Operation> Orders() => new()
    {
        ["cumsum"] = Within(2, c => c[0].cumsum(c.Long("dim"), c.Type)),
        ["cumsum_0"] = Within(2, c => c[0].cumsum(0)),
        ["cumprod"] = Within(2, c => c[0].cumprod(c.Long("dim"), c.Type)),
        ["sort"] = Exactly(c => c[0].sort(c.Long("dim"), c.Flag("descending"))),
        ["stable_sort"] = Exactly(c => c[0].sort(c.Long("dim"), c.Flag("descending"), true)),
        ["argsort"] = Exactly(c => c[0].argsort(c.Long("dim"), c.Flag("descending"))),
        ["topk"] = Exactly(c => c[0].topk(c.Int("k"), c.Int("dim"), c.Flag("largest"))),
        ["unique"] = Exactly(c => Listed(c[0].unique(true, true, true))),
        ["unique_dim"] = Exactly(c => Listed(c[0].unique(true, true, true, c.Int("dim")))),
        ["bincount"] = Within(1, c => c[0].bincount(c.Optional(1), c.Long("minlength"))),
        ["histc"] = Exactly(c => c[0].histc(c.Long("bins"), c.Long("min"), c.Long("max"))),
    };

    private static Tensor[] Listed((Tensor First, Tensor Second, Tensor Third) triple) => [triple.First, triple.Second, triple.Third];
}
