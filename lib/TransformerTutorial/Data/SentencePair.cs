namespace TransformerTutorial.Data;

/// <summary>A sentence and its translation.</summary>
/// <param name="Chinese">The Chinese sentence, with its own punctuation and no spaces: <c>我昨天买了一本书。</c></param>
/// <param name="English">The English sentence: <c>I bought a book yesterday.</c></param>
/// <param name="Structure">What the sentence is built like, as the source of the pair names it: <c>past</c>, <c>ba-question</c>; <c>file</c> for pairs from a file.</param>
public sealed record SentencePair(string Chinese, string English, string Structure);
