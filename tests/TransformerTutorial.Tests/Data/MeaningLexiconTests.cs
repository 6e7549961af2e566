using TransformerTutorial.Data;

namespace TransformerTutorial.Tests.Data;

public sealed class MeaningLexiconTests : IDisposable
{
    private const string Words = """
        # animals
        ## animal = animal:noun | food:noun
        monkey/monkeys 猴子/只 | banana 香蕉/根
        panda/pandas 熊猫/只 | -
        owl/owls 猫头鹰/只 | mouse 老鼠/只
        ## phrases time
        today = 今天
        - = -
        """;

    private const string Sentences = """
        ## animal 1
        a {animal} is here {time} = {time} 一 {animal:m} {animal} 在 这里
        {animal:s} eat the {food} = {animal} 吃 {food}
        """;

    private const string Relations = "animal-food animal food together both";

    private readonly string _folder = Directory.CreateTempSubdirectory("meaning-tests-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_lexicon_of_one_s_own_makes_a_corpus()
    {
        var corpus = Generate(8);

        Assert.Equal(
            ["a monkey is here", "a monkey is here today", "a panda is here", "a panda is here today", "an owl is here", "an owl is here today", "monkeys eat the banana", "owls eat the mouse"],
            corpus.English.Select(line => string.Join(' ', line)).Order(StringComparer.Ordinal));
        Assert.Contains("今天 一 只 猫头鹰 在 这里", corpus.Chinese.Select(line => string.Join(' ', line)));
        Assert.Equal(2, corpus.Relations.Single().Pairs.Count);
    }

    [Fact]
    public void More_sentences_than_the_lexicon_has_are_an_error_that_names_the_section() =>
        Assert.Contains("section 'animal'", Assert.Throws<ArgumentException>(() => Generate(9)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("owl/owls 猫头鹰/只 | mouse", "line 5: 'mouse' is not an English word, a space, a Chinese word.")]
    [InlineData("owl/owls 猫头鹰/只", "line 5: a row of this table has 2 cells, this one 1.")]
    [InlineData("owl/owls/owling 猫头鹰/只 | mouse 老鼠", "line 5: 'owl/owls/owling' is not a noun with one to 2 forms.")]
    [InlineData("owl/ 猫头鹰/只 | mouse 老鼠", "line 5: 'owl/' is not a noun with one to 2 forms.")]
    [InlineData("owl/pandas 猫头鹰/只 | mouse 老鼠", "line 5: 'pandas' is a form of 'panda 熊猫' already.")]
    [InlineData("owl/owls 猴子/只 | mouse 老鼠", "line 5: '猴子' translates 'monkey' already.")]
    public void A_malformed_row_is_named(string row, string message) => AssertMalformed("words.txt", Words.Replace("owl/owls 猫头鹰/只 | mouse 老鼠/只", row, StringComparison.Ordinal), message);

    [Theory]
    [InlineData("## animal = animal:beast | food:noun", "line 2: 'animal:beast' is not 'column:kind' with one of the kinds name, noun, place, verb, adjective.")]
    [InlineData("## animal", "line 2: a heading is 'name = column:kind | column:kind ...' or 'phrases name'.")]
    [InlineData("## animal = animal:noun | animal:noun", "line 2: a column 'animal' is there twice.")]
    [InlineData("cat 猫", "line 2: a row before the first heading.")]
    public void A_malformed_heading_is_named(string heading, string message) =>
        AssertMalformed("words.txt", Words.Replace("## animal = animal:noun | food:noun", heading, StringComparison.Ordinal), message);

    [Theory]
    [InlineData("the {animal} sleeps = {food} 睡", "line 3: '{animal}' is missing on the Chinese side.")]
    [InlineData("sleep = {animal} 睡", "line 3: '{animal}' is missing on the English side.")]
    [InlineData("the {animal} sleeps {time} = {animal} 睡", "line 3: '{time}' is missing on the Chinese side.")]
    [InlineData("the {animal'} sleeps = {animal} 睡", "line 3: '{animal'}' is missing on the Chinese side.")]
    [InlineData("the {beast} sleeps = {beast} 睡", "line 3: '{beast}' names no column and no phrases of words.txt.")]
    [InlineData("the {=beast} sleeps = {=beast} 睡", "line 3: '{=beast}' names no word of words.txt.")]
    [InlineData("the {animal sleeps = {animal} 睡", "line 3: '{animal' has no '}'.")]
    [InlineData("the {food:s} is here = {food} 在", "line 3: '{food:s}' asks for a form that 'banana 香蕉' does not have.")]
    [InlineData("the {animal:m} is here = {animal} 在", "line 3: '{animal:m}' asks for a form that 'monkey 猴子' does not have.")]
    [InlineData("the monkey sleeps = {=monkey} 睡", "line 3: 'monkey' is a word of words.txt; it is written {=monkey}.")]
    [InlineData("the {=monkey} sleeps = 猴子 睡", "line 3: '猴子' is a word of words.txt; it is written {=monkey}.")]
    [InlineData("the {=monkey} sleeps = 睡", "line 3: '{=monkey}' is missing on the Chinese side.")]
    [InlineData("sleep = {=monkey} 睡", "line 3: '{=monkey}' is missing on the English side.")]
    [InlineData("the {=monkey} sleeps = {=panda} 睡", "line 3: '{=monkey}' is missing on the Chinese side.")]
    [InlineData("the  {animal} sleeps = {animal} 睡", "line 3: two spaces where one belongs.")]
    [InlineData("the {animal} sleeps", "line 3: a line is 'English = Chinese'.")]
    [InlineData("## plant", "line 3: a heading is a name and a share from 1 to 100.")]
    [InlineData("## plant 0", "line 3: a heading is a name and a share from 1 to 100.")]
    [InlineData("## animal 3", "line 3: 'animal' is there twice.")]
    public void A_malformed_sentence_is_named(string sentence, string message) =>
        AssertMalformed("sentences.txt", Sentences.Replace("{animal:s} eat the {food} = {animal} 吃 {food}", sentence, StringComparison.Ordinal), message);

    [Theory]
    [InlineData("animal-food animal food together", "line 1: a relation is 'name column column apart|together|weak both|english'.")]
    [InlineData("animal-food animal drink together both", "line 1: 'drink' is no column of words.txt.")]
    [InlineData("animal-food animal food:x together both", "line 1: 'food:x' is no column of words.txt.")]
    [InlineData("animal-food animal food:s together both", "line 1: 'food:s' asks for a form that 'banana 香蕉' does not have.")]
    [InlineData("a animal food together both\na animal food apart both", "line 2: 'a' is there twice.")]
    public void A_malformed_relation_is_named(string relation, string message) => AssertMalformed("relations.txt", relation, message);

    [Theory]
    [InlineData("## animal 1\nthe {cat} likes {bone} = {cat} 喜欢 {bone}", "line 2: '{cat}' and '{bone}' must have 1 rows of 'thing' to fill; there are 0.")]
    [InlineData("## animal 1\nthe {cat} likes {cat'} = {cat} 喜欢 {cat'}", "line 2: '{cat}' must have 2 rows of 'thing' to fill; there are 1.")]
    [InlineData("## animal 1\nthe {bone} likes {cat'} = {bone} 喜欢 {cat'}", "line 2: '{cat'}' must have 2 rows of 'thing' to fill; there are 1.")]
    [InlineData("## frame 50\nthe {bone} says = {bone} 说\n## animal 1\nthe {bone} likes {bone'} = {bone} 喜欢 {bone'}", "line 2: '{bone}' must have 3 rows of 'thing' to fill; there are 2.")]
    public void A_sentence_that_too_few_rows_can_fill_is_named(string sentences, string message)
    {
        Write();
        File.WriteAllText(Path.Combine(_folder, "words.txt"), "## thing = cat:name | bone:name\ncat 猫 | -\n- | bone 骨头\n- | stick 棍子");
        File.WriteAllText(Path.Combine(_folder, "sentences.txt"), sentences);

        Assert.EndsWith(message, Assert.Throws<InvalidDataException>(() => MeaningLexicon.Load(_folder)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_phrase_holds_no_word_of_a_table_that_stands_behind_it_either()
    {
        Write();
        var phrasesFirst = string.Concat("## phrases place\nin a tree = 树 上\n", Words, "\n## plant = plant:name\ntree 树\nbush 灌木");
        AssertMalformed("words.txt", phrasesFirst, "line 2: 'tree' is a word of words.txt; it is written {=tree}.");
    }

    [Fact]
    public void A_byte_order_mark_is_no_part_of_the_first_line()
    {
        Write();
        File.WriteAllText(Path.Combine(_folder, "words.txt"), Words[(Words.IndexOf('\n', StringComparison.Ordinal) + 1)..], new System.Text.UTF8Encoding(encoderShouldEmitUTF8Identifier: true));

        Assert.Single(MeaningLexicon.Load(_folder).Tables);
    }

    [Fact]
    public void A_frame_says_of_a_sentence_what_another_row_says()
    {
        Write();
        File.WriteAllText(Path.Combine(_folder, "words.txt"), "## person = person:name\nAnna 安娜\nTom 汤姆\nLucy 露西\nJack 杰克");
        File.WriteAllText(Path.Combine(_folder, "sentences.txt"), "## frame 100\n{person} says = {person} 说\n## all 1\n{person} sees {person'} = {person} 看见 {person'}");
        File.WriteAllText(Path.Combine(_folder, "relations.txt"), "");

        var corpus = MeaningCorpus.Generate(24, seed: 1, _folder);
        Assert.All(corpus.English, line => Assert.Equal(3, new[] { line[0], line[2], line[4] }.Distinct().Count()));
    }

    [Fact]
    public void Bytes_that_are_no_utf8_are_named_with_their_line()
    {
        Write();
        File.WriteAllBytes(Path.Combine(_folder, "relations.txt"), [.. "# x\na"u8, 0xFF]);

        Assert.EndsWith("relations.txt, line 2: not valid UTF-8 at byte 2 of the line.", Assert.Throws<InvalidDataException>(() => MeaningLexicon.Load(_folder)).Message, StringComparison.Ordinal);
    }

    private MeaningCorpus Generate(int sentences)
    {
        Write();
        return MeaningCorpus.Generate(sentences, seed: 1, _folder);
    }

    private void Write()
    {
        File.WriteAllText(Path.Combine(_folder, "words.txt"), Words);
        File.WriteAllText(Path.Combine(_folder, "sentences.txt"), Sentences);
        File.WriteAllText(Path.Combine(_folder, "relations.txt"), Relations);
    }

    private void AssertMalformed(string file, string content, string message)
    {
        Write();
        File.WriteAllText(Path.Combine(_folder, file), content);
        Assert.Equal($"{Path.Combine(_folder, file)}, {message}", Assert.Throws<InvalidDataException>(() => MeaningLexicon.Load(_folder)).Message);
    }
}
