"""Stages of a study: what each is determined by, and what it does.

Rooms: `stage` (identity), `setting` (where a run happens: folder, data, device), `determine` (what trainings are
determined by), `scored` (what scores are; `retained`: what an intermediate task keeps; `averaged`: means over
tasks), `graph` (a study as stages), `names` (names in the results table), `outcome` (results and parents of a
stage), `encoders` (tokenizer, pretrained, trained here, random), `supervised` (intermediate and target training),
`examples` (examples of a task encoded, and predictions back), `as_text` (labels that are written), `retrieval`
(sentence vectors), `on_code` (trainings on code), `writing` (what determines programs and their scores), `generate`
(programs written), `judge` (programs run), `evaluate` (zero-shot scores), `constant` (what no training reaches),
`average` (means over tasks), `execute` (one stage, start to record).
"""
