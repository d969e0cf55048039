"""The encoder and its heads over ragged batches: everything outside the attention sees flat tokens.

Rooms: `ragged` (the batch type), `attention` (rows kept apart: packed, padded, or masked for tests),
`blocked` (the padded one a few rows at a time, for the caches of a processor),
`encoder` (transformers' XLM-R over ragged batches), `heads` (classify, tag, span, masked, pool),
`weights` (safetensors in and out, hub checkpoints), `shapes` (named encoder sizes).
"""
