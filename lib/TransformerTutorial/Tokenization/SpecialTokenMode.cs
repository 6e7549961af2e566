namespace TransformerTutorial.Tokenization;

/// <summary>What a tokenizer does with a text that contains the spelling of a special token.</summary>
public enum SpecialTokenMode
{
    /// <summary>It is ordinary text: no special token ever comes out of a text, so a text cannot forge one.</summary>
    PlainText,

    /// <summary>It becomes the special token.</summary>
    Recognize,

    /// <summary>It is an error.</summary>
    Throw,
}
