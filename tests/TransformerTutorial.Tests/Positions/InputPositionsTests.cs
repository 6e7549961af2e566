using TransformerTutorial.Positions;
using static TorchSharp.torch;
using static TransformerTutorial.Tests.Positions.PositionVectors;

namespace TransformerTutorial.Tests.Positions;

/// <summary>Learned positions, and none.</summary>
[Collection(DefaultGenerator.Name)]
public class InputPositionsTests
{
    [Fact]
    public void Each_position_gets_its_row_of_the_table()
    {
        var positions = new LearnedPositions(5, 3);
        var table = arange(15f).reshape(5, 3);
        Set(positions, "weight", table);
        manual_seed(1);
        var x = randn(2, 4, 3);
        Assert.Equal(Bits(x + table.narrow(0, 0, 4)), Bits(positions.call(x)));
        Assert.Equal(Bits(x + table.narrow(0, 1, 4)), Bits(positions.AddTo(x, offset: 1)));
        Assert.Equal(5, positions.MaximumLength);
    }

    [Fact]
    public void The_table_begins_as_an_embedding_does_and_learns_only_where_words_stood()
    {
        manual_seed(42);
        var expected = nn.Embedding(6, 4).weight!;
        manual_seed(42);
        var positions = new LearnedPositions(6, 4);
        var (name, weight) = Assert.Single(positions.named_parameters());
        Assert.Equal("weight", name);
        Assert.Equal(Bits(expected), Bits(weight));

        positions.AddTo(zeros(3, 2, 4), offset: 1).sum().backward();
        Assert.Equal([0f, 3, 3, 0, 0, 0], Numbers(weight.grad!.select(1, 0)));
    }

    [Fact]
    public void Past_its_length_the_table_says_how_long_it_is()
    {
        var positions = new LearnedPositions(512, 2);
        Assert.Equal([512L, 2], positions.AddTo(zeros(512, 2)).shape);
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => positions.AddTo(zeros(1, 513, 2)));
        Assert.Contains("positions 0 to 511; 513 vectors from position 0 on reach position 512", error.Message, StringComparison.Ordinal);
        Assert.Contains("reach position 512", Assert.Throws<ArgumentOutOfRangeException>(() => positions.AddTo(zeros(3, 2), 510)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => positions.AddTo(zeros(3, 2), -1));
        Assert.Throws<ArgumentException>(() => positions.AddTo(zeros(3, 4)));
        var types = Assert.Throws<ArgumentException>(() => positions.AddTo(zeros(1, 3, 2, ScalarType.Float64))).Message;
        Assert.Contains("Float32", types, StringComparison.Ordinal);
        Assert.Contains("(1, 3, 2) is Float64", types, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new LearnedPositions(0, 2));
    }

    [Fact]
    public void None_leaves_the_input_as_it_is_and_another_tensor_to_dispose()
    {
        var x = arange(6f).reshape(1, 2, 3);
        using (var same = new NoPositions().AddTo(x, 7))
        {
            Assert.Equal(Bits(x), Bits(same));
        }

        Assert.Equal([0f, 1, 2, 3, 4, 5], Numbers(x));
        Assert.Contains("(3)", Assert.Throws<ArgumentException>(() => new NoPositions().AddTo(zeros(3))).Message, StringComparison.Ordinal);
        Assert.Contains("Int64", Assert.Throws<ArgumentException>(() => new NoPositions().AddTo(zeros([2, 3], ScalarType.Int64))).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new NoPositions().AddTo(x, -1));
        Assert.Null(new NoPositions().MaximumLength);
    }

    [Fact]
    public void A_model_that_holds_learned_positions_as_positions_of_any_kind_has_their_table_in_its_state()
    {
        Assert.Equal(["_positions.weight"], new Model(new LearnedPositions(4, 2)).state_dict().Keys);
        Assert.Empty(new Model(new SinusoidalPositions(2)).state_dict());
    }

    private sealed class Model : nn.Module<Tensor, Tensor>
    {
        private readonly IInputPositions _positions;

        public Model(IInputPositions positions)
            : base(nameof(Model))
        {
            _positions = positions;
            RegisterComponents();
        }

        public override Tensor forward(Tensor input) => _positions.AddTo(input);
    }
}
