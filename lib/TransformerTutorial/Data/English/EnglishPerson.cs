namespace TransformerTutorial.Data.English;

/// <summary>Somebody a paragraph is about, and how far the reader knows them.</summary>
internal sealed class EnglishPerson(string firstName, string lastName, bool female, EnglishNoun role, string town, int age)
{
    public string FirstName { get; } = firstName;

    public string LastName { get; } = lastName;

    public bool Female { get; } = female;

    public EnglishNoun Role { get; } = role;

    public string Town { get; } = town;

    public int Age { get; } = age;

    /// <summary>What later sentences call this person: "Marion" or "Mrs Tate".</summary>
    public string ShortName { get; set; } = firstName;

    public bool Introduced { get; set; }

    /// <summary>Whether the reader knows the trade, so that "the carpenter" is understood.</summary>
    public bool RoleKnown { get; set; }
}
