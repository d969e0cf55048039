"""Stages of a study: what each is determined by, and what it does.

Rooms: `stage` (identity), `setting` (where a run happens: folder, data, device), `graph` (study and recipe to
stages), `encoders` (tokenizer, pretrained, trained here, random), `supervised` (intermediate and target
training), `examples` (examples of a task encoded, and predictions back), `retrieval` (sentence vectors),
`evaluate` (zero-shot scores), `constant` (what no training reaches), `execute` (one stage, start to record).
"""
