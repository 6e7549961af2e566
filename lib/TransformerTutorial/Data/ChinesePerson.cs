namespace TransformerTutorial.Data;

/// <summary>Someone in a paragraph: how they are called at first, afterwards, and by pronoun.</summary>
internal sealed record ChinesePerson(string Surname, string Full, string Short, string Pronoun)
{
    /// <summary>Whether the two share a surname or a given name, so that 老王 or 海燕 would not say which.</summary>
    public bool IsEasilyTakenFor(ChinesePerson other) => Surname == other.Surname || Full[Surname.Length..] == other.Full[other.Surname.Length..];

    public static ChinesePerson Draw(ChineseLexicon lexicon, ChineseChoice choice)
    {
        var isWoman = choice.Chance(0.5);
        var surname = choice.Word(lexicon.Words["姓"]);
        var given = choice.Word(lexicon.Words[isWoman ? "女名" : "男名"]);
        var full = surname + given;
        string[] shortForms = given.Length == 1
            ? [full, full, "小" + surname, "老" + surname]
            : [full, given, given, "小" + surname, "老" + surname, isWoman ? surname + "姐" : surname + "师傅"];
        return new ChinesePerson(surname, full, choice.Any(shortForms), isWoman ? "她" : "他");
    }
}
