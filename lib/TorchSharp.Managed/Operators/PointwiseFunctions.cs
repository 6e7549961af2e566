using TorchSharp.Autograd;
using TorchSharp.Kernels;
using static TorchSharp.Kernels.PointwiseKernels;

namespace TorchSharp;

// Roots, exponentials, logarithms, trigonometry, the error function, with their gradients. The numbers come from VectorMath.
public static partial class torch
{
    /// <inheritdoc cref="Tensor.sqrt()"/>
    public static Tensor sqrt(Tensor input) => input.sqrt();

    /// <inheritdoc cref="Tensor.sqrt_()"/>
    public static Tensor sqrt_(Tensor input) => input.sqrt_();

    /// <inheritdoc cref="Tensor.rsqrt()"/>
    public static Tensor rsqrt(Tensor input) => input.rsqrt();

    /// <inheritdoc cref="Tensor.rsqrt_()"/>
    public static Tensor rsqrt_(Tensor input) => input.rsqrt_();

    /// <inheritdoc cref="Tensor.reciprocal()"/>
    public static Tensor reciprocal(Tensor input) => input.reciprocal();

    /// <inheritdoc cref="Tensor.reciprocal_()"/>
    public static Tensor reciprocal_(Tensor input) => input.reciprocal_();

    /// <inheritdoc cref="Tensor.exp()"/>
    public static Tensor exp(Tensor input) => input.exp();

    /// <inheritdoc cref="Tensor.exp_()"/>
    public static Tensor exp_(Tensor input) => input.exp_();

    /// <inheritdoc cref="Tensor.exp2()"/>
    public static Tensor exp2(Tensor input) => input.exp2();

    /// <inheritdoc cref="Tensor.exp2_()"/>
    public static Tensor exp2_(Tensor input) => input.exp2_();

    /// <inheritdoc cref="Tensor.expm1()"/>
    public static Tensor expm1(Tensor input) => input.expm1();

    /// <inheritdoc cref="Tensor.expm1_()"/>
    public static Tensor expm1_(Tensor input) => input.expm1_();

    /// <inheritdoc cref="Tensor.log()"/>
    public static Tensor log(Tensor input) => input.log();

    /// <inheritdoc cref="Tensor.log_()"/>
    public static Tensor log_(Tensor input) => input.log_();

    /// <inheritdoc cref="Tensor.log2()"/>
    public static Tensor log2(Tensor input) => input.log2();

    /// <inheritdoc cref="Tensor.log2_()"/>
    public static Tensor log2_(Tensor input) => input.log2_();

    /// <inheritdoc cref="Tensor.log10()"/>
    public static Tensor log10(Tensor input) => input.log10();

    /// <inheritdoc cref="Tensor.log10_()"/>
    public static Tensor log10_(Tensor input) => input.log10_();

    /// <inheritdoc cref="Tensor.log1p()"/>
    public static Tensor log1p(Tensor input) => input.log1p();

    /// <inheritdoc cref="Tensor.log1p_()"/>
    public static Tensor log1p_(Tensor input) => input.log1p_();

    /// <inheritdoc cref="Tensor.sin()"/>
    public static Tensor sin(Tensor input) => input.sin();

    /// <inheritdoc cref="Tensor.sin_()"/>
    public static Tensor sin_(Tensor input) => input.sin_();

    /// <inheritdoc cref="Tensor.cos()"/>
    public static Tensor cos(Tensor input) => input.cos();

    /// <inheritdoc cref="Tensor.cos_()"/>
    public static Tensor cos_(Tensor input) => input.cos_();

    /// <inheritdoc cref="Tensor.tan()"/>
    public static Tensor tan(Tensor input) => input.tan();

    /// <inheritdoc cref="Tensor.tan_()"/>
    public static Tensor tan_(Tensor input) => input.tan_();

    /// <inheritdoc cref="Tensor.asin()"/>
    public static Tensor asin(Tensor input) => input.asin();

    /// <inheritdoc cref="Tensor.asin_()"/>
    public static Tensor asin_(Tensor input) => input.asin_();

    /// <inheritdoc cref="Tensor.arcsin()"/>
    public static Tensor arcsin(Tensor input) => input.arcsin();

    /// <inheritdoc cref="Tensor.arcsin_()"/>
    public static Tensor arcsin_(Tensor input) => input.arcsin_();

    /// <inheritdoc cref="Tensor.acos()"/>
    public static Tensor acos(Tensor input) => input.acos();

    /// <inheritdoc cref="Tensor.acos_()"/>
    public static Tensor acos_(Tensor input) => input.acos_();

    /// <inheritdoc cref="Tensor.arccos()"/>
    public static Tensor arccos(Tensor input) => input.arccos();

    /// <inheritdoc cref="Tensor.arccos_()"/>
    public static Tensor arccos_(Tensor input) => input.arccos_();

    /// <inheritdoc cref="Tensor.atan()"/>
    public static Tensor atan(Tensor input) => input.atan();

    /// <inheritdoc cref="Tensor.atan_()"/>
    public static Tensor atan_(Tensor input) => input.atan_();

    /// <inheritdoc cref="Tensor.arctan()"/>
    public static Tensor arctan(Tensor input) => input.arctan();

    /// <inheritdoc cref="Tensor.arctan_()"/>
    public static Tensor arctan_(Tensor input) => input.arctan_();

    /// <inheritdoc cref="Tensor.sinh()"/>
    public static Tensor sinh(Tensor input) => input.sinh();

    /// <inheritdoc cref="Tensor.sinh_()"/>
    public static Tensor sinh_(Tensor input) => input.sinh_();

    /// <inheritdoc cref="Tensor.cosh()"/>
    public static Tensor cosh(Tensor input) => input.cosh();

    /// <inheritdoc cref="Tensor.cosh_()"/>
    public static Tensor cosh_(Tensor input) => input.cosh_();

    /// <inheritdoc cref="Tensor.erf()"/>
    public static Tensor erf(Tensor input) => input.erf();

    /// <inheritdoc cref="Tensor.erf_()"/>
    public static Tensor erf_(Tensor input) => input.erf_();

    /// <inheritdoc cref="Tensor.atan2(Tensor)"/>
    public static Tensor atan2(Tensor input, Tensor other) => input.atan2(other);

    /// <inheritdoc cref="Tensor.atan2_(Tensor)"/>
    public static Tensor atan2_(Tensor input, Tensor other) => input.atan2_(other);

    public partial class Tensor
    {
        private const double Ln2 = 0.693147180559945309417;
        private const double Ln10 = 2.30258509299404568402;
        private const double TwoOverSquareRootOfPi = 1.12837916709551257390;

        /// <summary>The square root, element by element.</summary>
        public Tensor sqrt() => OfResult<SquareRoot>("sqrt", static (node, gradient) => [gradient.div(node.Saved(0).mul(2))]);

        /// <summary>The square root. In place.</summary>
        public Tensor sqrt_() => ApplyInPlace("sqrt_", self => self.sqrt());

        /// <summary>1 over the square root, element by element.</summary>
        public Tensor rsqrt() => OfResult<ReciprocalSquareRoot>("rsqrt", static (node, gradient) => [gradient.mul(-0.5).mul(node.Saved(0).pow(3))]);

        /// <summary>1 over the square root. In place.</summary>
        public Tensor rsqrt_() => ApplyInPlace("rsqrt_", self => self.rsqrt());

        /// <summary>1 over the element, element by element.</summary>
        public Tensor reciprocal() => OfResult<Reciprocal>("reciprocal", static (node, gradient) => [gradient.neg().mul(node.Saved(0).mul(node.Saved(0)))]);

        /// <summary>1 over the element. In place.</summary>
        public Tensor reciprocal_() => ApplyInPlace("reciprocal_", self => self.reciprocal());

        /// <summary>e to the power of the element, element by element.</summary>
        public Tensor exp() => OfResult<Exp>("exp", static (node, gradient) => [gradient.mul(node.Saved(0))]);

        /// <summary>e to the power of the element. In place.</summary>
        public Tensor exp_() => ApplyInPlace("exp_", self => self.exp());

        /// <summary>2 to the power of the element, element by element.</summary>
        public Tensor exp2() => OfResult<Exp2>("exp2", static (node, gradient) => [gradient.mul(node.Saved(0)).mul(Ln2)]);

        /// <summary>2 to the power of the element. In place.</summary>
        public Tensor exp2_() => ApplyInPlace("exp2_", self => self.exp2());

        /// <summary>e to the power of the element, less 1, exact for small elements, element by element.</summary>
        public Tensor expm1() => OfResult<Expm1>("expm1", static (node, gradient) => [gradient.mul(node.Saved(0).add(1))]);

        /// <summary>e to the power of the element, less 1, exact for small elements. In place.</summary>
        public Tensor expm1_() => ApplyInPlace("expm1_", self => self.expm1());

        /// <summary>The natural logarithm, element by element.</summary>
        public Tensor log() => OfInput<Log>("log", static (node, gradient) => [gradient.div(node.Saved(0))]);

        /// <summary>The natural logarithm. In place.</summary>
        public Tensor log_() => ApplyInPlace("log_", self => self.log());

        /// <summary>The logarithm to base 2, element by element.</summary>
        public Tensor log2() => OfInput<Log2>("log2", static (node, gradient) => [gradient.div(node.Saved(0).mul(Ln2))]);

        /// <summary>The logarithm to base 2. In place.</summary>
        public Tensor log2_() => ApplyInPlace("log2_", self => self.log2());

        /// <summary>The logarithm to base 10, element by element.</summary>
        public Tensor log10() => OfInput<Log10>("log10", static (node, gradient) => [gradient.div(node.Saved(0).mul(Ln10))]);

        /// <summary>The logarithm to base 10. In place.</summary>
        public Tensor log10_() => ApplyInPlace("log10_", self => self.log10());

        /// <summary>The natural logarithm of 1 plus the element, exact for small elements, element by element.</summary>
        public Tensor log1p() => OfInput<Log1p>("log1p", static (node, gradient) => [gradient.div(node.Saved(0).add(1))]);

        /// <summary>The natural logarithm of 1 plus the element, exact for small elements. In place.</summary>
        public Tensor log1p_() => ApplyInPlace("log1p_", self => self.log1p());

        /// <summary>The sine, element by element.</summary>
        public Tensor sin() => OfInput<Sin>("sin", static (node, gradient) => [gradient.mul(node.Saved(0).cos())]);

        /// <summary>The sine. In place.</summary>
        public Tensor sin_() => ApplyInPlace("sin_", self => self.sin());

        /// <summary>The cosine, element by element.</summary>
        public Tensor cos() => OfInput<Cos>("cos", static (node, gradient) => [gradient.mul(node.Saved(0).sin().neg())]);

        /// <summary>The cosine. In place.</summary>
        public Tensor cos_() => ApplyInPlace("cos_", self => self.cos());

        /// <summary>The tangent, element by element.</summary>
        public Tensor tan() => OfResult<Tan>("tan", static (node, gradient) => [gradient.mul(node.Saved(0).mul(node.Saved(0)).add(1))]);

        /// <summary>The tangent. In place.</summary>
        public Tensor tan_() => ApplyInPlace("tan_", self => self.tan());

        /// <summary>The angle whose sine the element is, element by element.</summary>
        public Tensor asin() => OfInput<Asin>("asin", static (node, gradient) => [gradient.mul(node.Saved(0).mul(node.Saved(0)).neg().add(1).rsqrt())]);

        /// <summary>The angle whose sine the element is. In place.</summary>
        public Tensor asin_() => ApplyInPlace("asin_", self => self.asin());

        /// <inheritdoc cref="asin()"/>
        public Tensor arcsin() => asin();

        /// <inheritdoc cref="asin_()"/>
        public Tensor arcsin_() => asin_();

        /// <summary>The angle whose cosine the element is, element by element.</summary>
        public Tensor acos() => OfInput<Acos>("acos", static (node, gradient) => [gradient.mul(node.Saved(0).mul(node.Saved(0)).neg().add(1).rsqrt().neg())]);

        /// <summary>The angle whose cosine the element is. In place.</summary>
        public Tensor acos_() => ApplyInPlace("acos_", self => self.acos());

        /// <inheritdoc cref="acos()"/>
        public Tensor arccos() => acos();

        /// <inheritdoc cref="acos_()"/>
        public Tensor arccos_() => acos_();

        /// <summary>The angle whose tangent the element is, element by element.</summary>
        public Tensor atan() => OfInput<Atan>("atan", static (node, gradient) => [gradient.div(node.Saved(0).mul(node.Saved(0)).add(1))]);

        /// <summary>The angle whose tangent the element is. In place.</summary>
        public Tensor atan_() => ApplyInPlace("atan_", self => self.atan());

        /// <inheritdoc cref="atan()"/>
        public Tensor arctan() => atan();

        /// <inheritdoc cref="atan_()"/>
        public Tensor arctan_() => atan_();

        /// <summary>The hyperbolic sine, element by element.</summary>
        public Tensor sinh() => OfInput<Sinh>("sinh", static (node, gradient) => [gradient.mul(node.Saved(0).cosh())]);

        /// <summary>The hyperbolic sine. In place.</summary>
        public Tensor sinh_() => ApplyInPlace("sinh_", self => self.sinh());

        /// <summary>The hyperbolic cosine, element by element.</summary>
        public Tensor cosh() => OfInput<Cosh>("cosh", static (node, gradient) => [gradient.mul(node.Saved(0).sinh())]);

        /// <summary>The hyperbolic cosine. In place.</summary>
        public Tensor cosh_() => ApplyInPlace("cosh_", self => self.cosh());

        /// <summary>The error function, element by element.</summary>
        public Tensor erf() => OfInput<Erf>("erf", static (node, gradient) => [gradient.mul(node.Saved(0).mul(node.Saved(0)).neg().exp().mul(TwoOverSquareRootOfPi))]);

        /// <summary>The error function. In place.</summary>
        public Tensor erf_() => ApplyInPlace("erf_", self => self.erf());

        /// <summary>The angle of the point (other, this), from -pi to pi, element by element, broadcast.</summary>
        /// <exception cref="System.Runtime.InteropServices.ExternalException">The shapes do not broadcast.</exception>
        public Tensor atan2(Tensor other)
        {
            var type = TypePromotion.Floating(TypePromotion.Of(this, other));
            if (!BothAre(type, this, other))
            {
                return AsType(type, this, other, static (x, y) => x.atan2(y));
            }

            return Graph.Record("atan2", Zip<Atan2>("atan2", this, other), [this, other], [this, other], static (node, gradient) =>
            {
                var (y, x) = (node.Saved(0), node.Saved(1));
                var scaled = gradient.div(x.mul(x).add(y.mul(y)));
                return [node.Needs(0) ? ForInput(node, 0, scaled.mul(x)) : null, node.Needs(1) ? ForInput(node, 1, scaled.mul(y).neg()) : null];
            });
        }

        /// <summary>Replaces each element by the angle of the point (other, element). In place.</summary>
        public Tensor atan2_(Tensor other) => ApplyInPlace("atan2_", self => self.atan2(other), other);

        /// <summary>A function of floating-point numbers whose backward function reads its input. Whole numbers are converted first.</summary>
        private Tensor OfInput<TFunction>(string name, BackwardFunction backward)
            where TFunction : struct, IUnaryFunction
        {
            if (!IsFloating && typeof(TFunction) != typeof(Absolute))
            {
                using var converted = ConvertTo(TypePromotion.Default);
                return Map<TFunction>(converted, Loops.CostlyGrain);
            }

            return Graph.Record(name, Map<TFunction>(this, Loops.CostlyGrain), [this], [this], backward);
        }

        /// <summary>The same where the backward function reads the result.</summary>
        private Tensor OfResult<TFunction>(string name, BackwardFunction backward)
            where TFunction : struct, IUnaryFunction
        {
            if (!IsFloating)
            {
                using var converted = ConvertTo(TypePromotion.Default);
                return Map<TFunction>(converted, Loops.CostlyGrain);
            }

            var result = Map<TFunction>(this, Loops.CostlyGrain);
            return Graph.Record(name, result, [this], [result], backward);
        }
    }
}
