namespace TransformerTutorial.Tokenization;

/// <summary>How far a WordPiece training has come.</summary>
/// <param name="WordsCounted">Words of the text that have been counted so far, repetitions included.</param>
/// <param name="DistinctWords">How many different words they were.</param>
/// <param name="MergesLearned">Merges learned so far; 0 while words are being counted.</param>
/// <param name="MergesWanted">Merges that the vocabulary has room for; 0 while words are being counted.</param>
public readonly record struct WordPieceTrainingProgress(long WordsCounted, int DistinctWords, int MergesLearned, int MergesWanted);
