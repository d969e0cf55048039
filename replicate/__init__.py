"""What regenerates the numbers: tasks, data, encoder, training, evaluation, studies, executors, ledger.

Room plan
---------
examples     one row of a task as a plain record, and what a prediction is per kind
tasks        what is trained and evaluated: one file per task
data         where rows come from: hub, folder, generator; pinned commits, languages
metrics      scores as the official scorers compute them; averages; rows of the results table
recipes      training protocols in YAML, every number with its source
studies      grids of recipes in YAML
yaml_source  YAML with the line and column of every value
world        generated languages and rows in the schema of the hub
text         tokenizer and encoding of examples into flat arrays
model        encoders, decoders and encoder-decoders over ragged batches, heads
train        the training loop
noise        adversarial noise on rows, never on the gold
sandbox      where programs that a model wrote are run, contained
designs      balanced subsets, orders and pairs of tasks
keyed        random generators that are pure functions of a key
stages       what determines a stage and what it does
launch       a study made ready to run
same_text    whether the running text is that of earlier runs
executors    who runs stages
ledger       finished stages on disk
record       a run record as JSON with a digest of its own
dropping     which weights may go, and which must come back
shortage     what a stage ran out of: memory or disk
scan         all scores of a ledger as one table, in under a second
storage      run records in a shared store, any fsspec URL
reservation  who works on a stage
progress     what a running study says
summary      the table that a study ends with
sizes        how large a model is: layers, parameters, FLOPs of a token
cost         FLOPs, hours and disk of a study before it runs
disk         disk while it runs, with weights kept and dropped
sharing      the same grid counted in the ways others would run it
useful       how much of a run trained and evaluated, from its records
urgency      which stages should start first
speed        measured step times, and the throughput file that a plan reads
answers      the answer of a study from its runs
planned_power  what the planned seeds could find, from committed scores
by_language  every contrast in each language, and with properties of languages
at_hand      means over the languages that the data hold, where they lack some
by_number    the number of tasks: diminishing returns, one further task apart from which it is
pictures/    what a study measured, as parts of its answer with figures
made         stages, processor time and machines behind an answer
reference    committed scores, compared with those of a new run
"""
