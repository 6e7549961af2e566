namespace TransformerTutorial.Models;

/// <summary>How a recurrent network makes its next state from the last one and the next vector.</summary>
public enum RecurrentCell
{
    /// <summary><c>h' = tanh(W x + U h + b)</c>: everything is written over at each step. Source: J. Elman, "Finding Structure in Time", 1990.</summary>
    Plain,

    /// <summary>Long short-term memory: a second state, to which each step adds and of which gates keep or drop parts. Source: S. Hochreiter and J. Schmidhuber 1997, with the forget gate of F. Gers, J. Schmidhuber and F. Cummins 2000.</summary>
    Lstm,

    /// <summary>Gated recurrent unit: each number of the state is mixed from its old value and a new proposal. Source: K. Cho et al., "Learning Phrase Representations using RNN Encoder–Decoder", 2014, section 2.3, with the reset gate as in PyTorch.</summary>
    Gru,
}
