using CSharpKernel.Scripting;

namespace CSharpKernel.Tests.Scripting;

/// <summary>Code with polls against the same code without: what it puts out, its value, and where it fails must be the same.</summary>
public sealed class PolledCodeTests
{
    [Theory]
    [InlineData("IEnumerable<int> Count(int n) { for (var i = 0; i < n; i++) yield return i; }\nstring.Join(',', Count(4))")]
    [InlineData("async IAsyncEnumerable<int> Count(int n) { for (var i = 0; i < n; i++) { await Task.Yield(); yield return i; } }\nawait foreach (var i in Count(3)) Console.Write(i);")]
    [InlineData("Func<int, Task<int>> twice = async n => { await Task.Yield(); return 2 * n; };\nFunc<Task> nothing = async () => await Task.Yield();\nawait nothing();\nawait twice(4)")]
    [InlineData("Func<int, Task<int>> twice = async n => await Task.FromResult(2 * n);\nFunc<int, ValueTask<int>> thrice = async n => await Task.FromResult(3 * n);\nawait twice(4) + await thrice(5)")]
    [InlineData("int Square(int n) => n * n;\nvoid Print(object o) => Console.WriteLine(o);\nTask Later() => Task.CompletedTask;\nasync Task Await() => await Later();\nawait Await();\nPrint(Square(3));")]
    [InlineData("int Fail() => throw new InvalidOperationException(\"no\");\nAction fail = () => throw new Exception();\nFail()")]
    [InlineData("var items = new[] { 1, 2, 3 };\nref int At(int i) => ref items[i];\nref readonly int First() { return ref items[0]; }\nAt(1) = 9;\nFirst() + items[1]")]
    [InlineData("string Name(int n) => n switch { 0 => \"zero\", < 0 => \"less\", _ when n % 2 == 0 => \"even\", _ => \"odd\" };\nstring.Join(',', new[] { -1, 0, 1, 2 }.Select(Name))")]
    [InlineData("var n = 0;\nagain: n++;\nif (n < 5) goto again;\nn")]
    [InlineData("int Count() { var n = 0; again: n++; if (n < 5) goto again; return n; }\nCount()")]
    [InlineData("var said = \"\";\nswitch (1) { case 1: said += 1; goto case 2; case 2: said += 2; goto default; default: said += 3; break; }\nsaid")]
    [InlineData("for (var i = 0; i < 4; i++) if (i == 0) Console.Write('a'); else if (i == 1) Console.Write('b'); else Console.Write('c');")]
    [InlineData("var n = 0; while (n < 3) n++;\ndo n++; while (n < 6);\nforeach (var i in new[] { 1, 2 }) foreach (var j in new[] { 3, 4 }) n += i * j;\nforeach (var (a, b) in new[] { (1, 2), (3, 4) }) n += a - b;\nn")]
    [InlineData("for (var i = 0; i < 3; i++) try { if (i == 1) continue; Console.Write(i); } finally { Console.Write('.'); }")]
    [InlineData("for (var i = 0; i < 2; i++) using (new System.IO.MemoryStream()) lock (\"\") Console.Write(i);")]
    [InlineData("for (var i = 0; i < 3; i++) ;\nint Outer(int n) { int Inner(int m) => m == 0 ? n : Inner(m - 1); static int Other() { return 5; } return Inner(3) + Other(); }\nOuter(2)")]
    [InlineData("record Point(int X, int Y) { public double Length => Math.Sqrt(X * X + Y * Y); public Point Plus(Point other) => this with { X = X + other.X }; }\nnew Point(3, 4).Plus(new(1, 1)).ToString() + new Point(3, 4).Length")]
    [InlineData("record struct Money(decimal Amount) { public static Money operator +(Money a, Money b) => new(a.Amount + b.Amount); public static implicit operator Money(int n) => new(n); }\n(new Money(1) + 2).Amount")]
    [InlineData("class Table { public static readonly int[] Squares; static Table() { Squares = new int[4]; for (var i = 0; i < 4; i++) { Squares[i] = i * i; } } }\nTable.Squares.Sum()")]
    [InlineData("class Box { int _n; public int N { get { return _n; } set { _n = value; } } public int this[int i] { get => i * _n; init { } } public Box(int n) { N = n; } }\nnew Box(4)[5]")]
    [InlineData("var pairs = from a in new[] { 1, 2, 3 } let b = a * a where b > 1 from c in new[] { 1, 2 } orderby c descending, b select $\"{a}{b}{c}\";\nstring.Join(' ', pairs)")]
    [InlineData("using System.Linq.Expressions;\nExpression<Func<int[], bool>> any = items => items.Any(item => item > 2);\nany.ToString() + any.Compile()([1, 3])")]
    [InlineData("var big = from n in new[] { 1, 2, 3 }.AsQueryable() where new[] { 2, 3 }.Any(m => m == n) select n;\nbig.Count()")]
    [InlineData("using T = System.Threading.Tasks.Task<int>;\nasync T One() => await Task.FromResult(1);\nawait One()")]
    [InlineData("#define FAST\n#if FAST\nfor (var i = 0; i < 2; i++)\n#else\nwhile (true)\n#endif\n    Console.Write(\"x\");")]
    [InlineData("Func<int, Func<int, int>> add = a => b => a + b;\nDelegate sum = (int a, int b) => a + b;\nAction<int> ignored = n => n.ToString();\nadd(1)(2) + (int)sum.DynamicInvoke(3, 4)")]
    [InlineData("dynamic d = 5;\nFunc<dynamic, dynamic> f = x => x + 1;\nvar p = delegate (int x) { return x * 2; };\nf(d) + p(4)")]
    [InlineData("unsafe int First(int[] a) { fixed (int* p = a) { return *p; } }\nFirst([7])")]
    [InlineData("#load \"loops.csx\"\nSum(4) + Later(2).Result")]
    [InlineData("for (var i = 3; i >= 0; i--) Console.Write(6 / i);")]
    [InlineData("while (true) { var n = 0; Console.WriteLine(1 / n); }")]
    [InlineData("using System.Runtime.CompilerServices;\n[MethodImpl(MethodImplOptions.NoInlining)] int Divide(int a, int b) => a / b;\nDivide(1, 0)")]
    [InlineData("Func<int, int> divide = b => 1 / b; divide(0)")]
    [InlineData("using System.Runtime.CompilerServices;\n[MethodImpl(MethodImplOptions.NoInlining)] int Divide(int a, int b) =>\n    // The division.\n    a / b;\nDivide(1, 0)")]
    [InlineData("while (true) int.Parse(\"x\");")]
    [InlineData("for (var i = 0; i < 3; i++) { missing(); }")]
    [InlineData("while (true) if (1) { } else missing++;")]
    [InlineData("int F(string s) => s; Func<int, string> g = n => n;")]
    [InlineData("Action<int> a = n => n;\nwhile (true) var x = 1;")]
    [InlineData("while (true) { Console.Write(1; }")]
    [InlineData("#load \"wrong.csx\"\nWrong()")]
    public async Task Polls_change_nothing(string code)
    {
        Assert.Equal(await OutcomeOf(code, isInterruptible: false), await OutcomeOf(code, isInterruptible: true));
    }

    [Fact]
    public async Task An_expression_of_thousands_of_terms_is_as_good_or_bad_as_without_polls()
    {
        var code = $"while (false) {{ }}\n{string.Join(" + ", Enumerable.Repeat("x", 20_000))}";
        using var cells = new InterruptibleCells();
        await cells.RunToEnd("var x = 1;");
        var (result, _) = await cells.Run(code, default);
        using var plain = new Cells();
        await plain.Quiet("var x = 1;");
        Assert.Equal((await plain.Run(code))[^1] is ErrorOutput, result.End == SessionEnd.Failed);
    }

    private static async Task<List<string>> OutcomeOf(string code, bool isInterruptible)
    {
        using var cells = new Cells(options => options with { IsInterruptible = isInterruptible });
        cells.Write("loops.csx", "int Sum(int n) { var sum = 0; for (var i = 0; i <= n; i++) sum += i; return sum; }\nasync Task<int> Later(int n) => await Task.Run(() => n);");
        cells.Write("wrong.csx", "void Wrong() { for (var i = 0; i < 3; i++) { while (true) missing++; } }");
        return [.. (await cells.Run(code)).Select(output => output is ErrorOutput error ? $"{Cells.Plain(error)}\n({error.Line}, {error.Column})" : Cells.Plain(output))];
    }
}
