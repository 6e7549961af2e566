namespace CSharpKernel.Tests.Language;

/// <summary>Cells that have run, for tests that only ask.</summary>
public sealed class SampleSession : IAsyncLifetime
{
    public static readonly string[] Cells =
    [
        "using System.IO;",
        """
        var items = new List<int> { 1, 2 };
        string name = "n";
        int @class = 3;
        DayOfWeek day = DayOfWeek.Friday;
        """,
        "int Twice(int number, bool loudly = true) { var inner = number * 2; return inner; }\nint Twice(string text) => 2;\nstatic int Halve(this int number) => number / 2;",
        """
        /// <summary>A point in <c>2D</c>.</summary>
        record Point(int X, int Y)
        {
            /// <summary>What it is called, by <see cref="System.String"/>.</summary>
            public string Name { get; set; }
            public List<int> Tags { get; } = new();
            public int Computed => X;
            private int hidden;
        }
        """,
        "enum Colour { Red, Green }\nColour shade = Colour.Red;\nvar point = new Point(1, 2);",
        """
        class Old
        {
            [Obsolete] public int Ancient;
            public int Modern;
            [System.ComponentModel.EditorBrowsable(System.ComponentModel.EditorBrowsableState.Never)] public int Secret;
        }
        class MarkAttribute : Attribute { public MarkAttribute(int weight) { } }
        """,
        "1 + 1",
    ];

    internal Editor Editor { get; } = new();

    public Task InitializeAsync() => Editor.Run(Cells);

    public Task DisposeAsync()
    {
        Editor.Dispose();
        return Task.CompletedTask;
    }
}
