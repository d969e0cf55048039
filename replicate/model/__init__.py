"""Models of three families and their heads over ragged batches: everything outside attention sees flat tokens.

Rooms: `ragged` (the batch type), `attention` (rows kept apart: packed, padded, or masked for tests), `blocked`
(attention with dropout a few rows at a time on a CPU), `backbone` (what every model offers), `encoder`
(transformers' XLM-R over ragged batches; the same with a causal mask), `encoder_decoder` (the same blocks twice),
`public` (transformers' own modules behind the protocol), `families` (models with fresh weights, or from a
description), `heads` (classify, tag, span, masked, pool), `language` (heads that write), `answering` (heads that
write a label), `stepwise` (one token after the other, earlier keys kept), `draw` (the next token, drawn), `hub`
(public checkpoints), `weights` (safetensors in and out), `bucket` (batches in a dozen shapes).
"""
