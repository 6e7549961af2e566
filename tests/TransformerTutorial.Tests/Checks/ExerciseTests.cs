using TransformerTutorial.Checks;

namespace TransformerTutorial.Tests.Checks;

public class ExerciseTests
{
    private static ExerciseResult CheckAnswer(Func<int?> answer) => Exercise.Named("Exercise 1")
        .NotSolvedIf(() => answer() is null)
        .WrongIf(() => answer() == 7, "you counted twice.")
        .RightIf(() => answer() == 4, "four.");

    [Fact]
    public void A_stub_is_not_solved_yet()
    {
        Assert.Equal("○ Exercise 1: not solved yet.", CheckAnswer(() => null).ToString());
        Assert.Equal(ExerciseState.NotSolved, CheckAnswer(() => null).State);
    }

    [Fact]
    public void A_right_answer_gets_a_tick() => Assert.Equal("✓ Exercise 1: four.", CheckAnswer(() => 4).ToString());

    [Fact]
    public void A_usual_mistake_is_named() => Assert.Equal("✗ Exercise 1: you counted twice.", CheckAnswer(() => 7).ToString());

    [Fact]
    public void Any_other_wrong_answer_is_wrong() => Assert.Equal(ExerciseState.Wrong, CheckAnswer(() => 5).State);

    [Fact]
    public void An_exception_in_the_answer_is_named() =>
        Assert.Equal("✗ Exercise 1: your code threw FormatException: bad.", CheckAnswer(() => throw new FormatException("bad.")).ToString());

    [Fact]
    public void The_first_condition_that_holds_decides() =>
        Assert.Equal("✗ x: first", Exercise.Named("x").WrongIf(() => true, "first").WrongIf(() => true, "second").RightIf(() => true, "right").ToString());
}
