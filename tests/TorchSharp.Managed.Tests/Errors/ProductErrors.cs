using static TorchSharp.Managed.Tests.Errors.ErrorCase;
using static TorchSharp.torch;

namespace TorchSharp.Managed.Tests.Errors;

/// <summary>Misuses of products and linear algebra: inner lengths that differ, types that are mixed, matrices that are singular or not square.</summary>
internal static class ProductErrors
{
    public static readonly ErrorCase[] Cases =
    [
        Of("matmul of other inner lengths", () => Floats(2, 3).matmul(Floats(2, 3)), "matmul:", "[2, 3]", "(3)", "(2)"),
        Of("matmul of batches that do not broadcast", () => Floats(2, 3, 4).matmul(Floats(3, 4, 5)), "matmul:", "[2, 3, 4]", "[3, 4, 5]"),
        Of("matmul of a number", () => Floats().matmul(Floats(3)), "matmul:", "[]", "[3]", "at least 1D"),
        Of("matmul of a matrix and a vector", () => Floats(2, 3).matmul(Floats(2)), "matmul:", "[2, 3]", "[2]"),
        Of("matmul of two types", () => Floats(2, 3).matmul(Longs(3, 2)), "matmul:", "Float32", "Int64", "[2, 3]", "[3, 2]", "same type"),
        Of("matmul of single and double precision", () => Floats(2, 3).matmul(Floats(3, 2).@double()), "matmul:", "Float32", "Float64"),
        Of("matmul of bools", () => Bools(2, 3).matmul(Bools(3, 2)), "matmul:", "Bool"),
        Of("mm", () => Floats(2, 3).mm(Floats(2, 3)), "mm:", "[2, 3]"),
        Of("mm of batches", () => Floats(2, 3, 4).mm(Floats(4, 3)), "mm:", "[2, 3, 4]", "[4, 3]"),
        Of("mv", () => Floats(2, 3).mv(Floats(2)), "mv:", "[2, 3]", "[2]"),
        Of("dot", () => Floats(3).dot(Floats(2)), "dot:", "[3]", "[2]"),
        Of("dot of matrices", () => Floats(3, 1).dot(Floats(3, 1)), "dot:", "[3, 1]"),
        Of("bmm of other batches", () => Floats(2, 3, 4).bmm(Floats(3, 4, 5)), "bmm:", "[2, 3, 4]", "[3, 4, 5]"),
        Of("bmm of matrices", () => Floats(3, 4).bmm(Floats(4, 5)), "bmm:", "[3, 4]", "[4, 5]"),
        Of("outer of matrices", () => outer(Floats(2, 2), Floats(2)), "outer:", "[2, 2]", "[2]"),
        Of("addmm", () => Floats(2, 2).addmm(Floats(2, 3), Floats(2, 3)), "addmm:", "[2, 3]"),
        Of("addmm onto another shape", () => Floats(3, 3).addmm(Floats(2, 3), Floats(3, 2)), "addmm:", "[3, 3]", "[2, 2]"),
        Of("baddbmm", () => Floats(2, 2, 2).baddbmm(Floats(2, 2, 3), Floats(2, 2, 3)), "baddbmm:", "[2, 2, 3]"),
        Of("linear", () => nn.functional.linear(Floats(5, 3), Floats(4, 2)), "linear:", "[5, 3]", "[4, 2]", "(out, in)"),
        Of("linear with another bias", () => nn.functional.linear(Floats(5, 3), Floats(4, 3), Floats(5)), "linear:", "[4]", "[5]"),
        Of("linear of two types", () => nn.functional.linear(Floats(5, 3).@double(), Floats(4, 3)), "linear:", "Float64", "Float32"),
        Of("trace of a vector", () => Floats(3).trace(), "trace:", "[3]"),
        Of("cdist", () => cdist(Floats(2, 3), Floats(2, 4)), "cdist:", "[2, 3]", "[2, 4]"),
        Of("tensordot", () => tensordot(Floats(2, 3), Floats(2, 3), [1], [0]), "tensordot:", "[2, 3]", "[1]", "[0]"),

        // Einstein sums.
        Of("einsum of other lengths", () => einsum("ij,jk->ik", Floats(2, 3), Floats(2, 3)), "einsum:", "ij,jk->ik", "3", "2"),
        Of("einsum of too few letters", () => einsum("i,jk->ik", Floats(2, 3), Floats(2, 3)), "einsum:", "\"i\"", "[2, 3]"),
        Of("einsum of too few tensors", () => einsum("ij,jk->ik", Floats(2, 3)), "einsum:", "ij,jk->ik", "2", "1"),
        Of("einsum of an unknown letter", () => einsum("ij->iz", Floats(2, 3)), "einsum:", "'z'"),
        Of("einsum of no letter", () => einsum("i1->i", Floats(2, 3)), "einsum:", "i1"),

        // Linear algebra.
        Of("inverse of a singular matrix", () => linalg.inv(Floats(2, 2)), "linalg.inv:", "[2, 2]", "singular"),
        Of("inverse of a matrix that is not square", () => linalg.inv(Floats(2, 3)), "linalg.inv:", "[2, 3]", "square"),
        Of("determinant of a matrix that is not square", () => linalg.det(Floats(2, 3)), "linalg.det:", "[2, 3]", "square"),
        Of("determinant of a vector", () => linalg.det(Floats(2)), "linalg.det:", "[2]"),
        Of("svd of whole numbers", () => linalg.svd(Longs(2, 2)), "linalg.svd:", "Int64", "[2, 2]"),
        Of("qr of a vector", () => linalg.qr(Floats(2)), "linalg.qr:", "[2]"),
        Of("eigh of a matrix that is not square", () => linalg.eigh(Floats(2, 3)), "linalg.eigh:", "[2, 3]", "square"),
        Of("eigh of an unknown triangle", () => linalg.eigh(Floats(2, 2), 'X'), "linalg.eigh:", "'X'"),
        Of("cholesky of what is not positive", () => linalg.cholesky(Floats(2, 2)), "linalg.cholesky:", "[2, 2]", "positive"),
        Of("solve", () => linalg.solve(eye(2), Floats(3, 1)), "linalg.solve:", "[2, 2]", "[3, 1]"),
        Of("solve with a singular matrix", () => linalg.solve(Floats(2, 2), Floats(2, 1)), "linalg.solve:", "[2, 2]", "singular"),
        Of<NotSupportedException>("eigenvalues that are not real", () => linalg.eigvals(tensor(new float[,] { { 0, 1 }, { -1, 0 } })), "eig", "complex"),
        Of("matrix norm of an unknown order", () => linalg.matrix_norm(Floats(2, 2), "max"), "linalg.matrix_norm:", "'max'", "[2, 2]"),
        Of("multi_dot", () => linalg.multi_dot([Floats(2, 3), Floats(2, 3)]), "linalg.multi_dot:", "[2, 3]"),
        Of("attention of other widths", () => nn.functional.scaled_dot_product_attention(Floats(2, 4, 8), Floats(2, 5, 6), Floats(2, 5, 6)), "scaled_dot_product_attention:", "[2, 4, 8]", "[2, 5, 6]"),
        Of("attention to another number of values", () => nn.functional.scaled_dot_product_attention(Floats(2, 4, 8), Floats(2, 5, 8), Floats(2, 6, 8)), "scaled_dot_product_attention:", "[2, 5, 8]", "[2, 6, 8]"),
        Of("attention with a mask of another shape", () => nn.functional.scaled_dot_product_attention(Floats(2, 4, 8), Floats(2, 5, 8), Floats(2, 5, 8), Floats(3, 3)), "scaled_dot_product_attention", "[3, 3]", "[2, 4, 5]"),
        Of<ArgumentException>("causal attention with a mask", () => nn.functional.scaled_dot_product_attention(Floats(2, 4, 8), Floats(2, 4, 8), Floats(2, 4, 8), Floats(4, 4), is_casual: true), "mask"),
    ];
}
