namespace TransformerTutorial.Models;

/// <summary>How the decoder of a <see cref="RecurrentSeq2Seq"/> looks back at the sentence that the encoder read.</summary>
public enum RecurrentAttention
{
    /// <summary>Not at all: it gets the encoder's last state and nothing else. Source: I. Sutskever, O. Vinyals and Q. Le, "Sequence to Sequence Learning with Neural Networks", 2014, section 2.</summary>
    None,

    /// <summary>
    /// After each of its steps, by products: the score of a state s of the decoder and h of the encoder is sᵀ W h, without scaling. Source: M. Luong, H. Pham and C. Manning, "Effective Approaches to
    /// Attention-based Neural Machine Translation", 2015, section 3.1, "general".
    /// </summary>
    Dot,

    /// <summary>Before each of its steps, by a small network: what it finds is a part of the step's input. Source: D. Bahdanau, K. Cho and Y. Bengio, "Neural Machine Translation by Jointly Learning to Align and Translate", 2015, section 3.1.</summary>
    Additive,
}
