"""Training: one loop for every phase, whose every random choice is a function of (seed, stage, step).

Rooms: `sources` (which rows make the k-th batch of a task), `order` (which task each step trains), `running_text`
(text in several languages as a source), `masking`, `left_to_right`, `spans` (what is asked of it), `optimiser`
(AdamW, the learning rate of a step), `checkpoint` (state on disk, verified by hash), `loop` (the loop), `device`
(what the numbers are computed on), `shapes` (batches in few shapes, and compilation).
"""
