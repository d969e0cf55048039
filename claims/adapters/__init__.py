"""Where people keep results: adapters that turn a file of some tool into rows of the results table.

An adapter is one function, `read(path, options) -> Iterator[Row]`, registered under the entry-point group
`verify_claims.evidence`; a package of yours can add one without touching this one. It reads, it never executes, and
it never fills a gap: a score that the file does not hold yields no row.

Room plan
---------
rows            Row, the options that every adapter understands, and the reading of numbers
registry        adapter by name, with the nearest name offered
path_template   `runs/{intermediate}/seed-{seed}/x.json`: a glob whose braces fill columns
json_pointer    RFC 6901 pointers into a parsed document
json_values     any JSON or JSONL file, by pointer
hf_trainer      Hugging Face Trainer: all_results.json, trainer_state.json
lm_eval         lm-evaluation-harness results_*.json
lighteval       lighteval results_*.json
mlflow_files    an MLflow file store (mlruns/)
mlflow_sqlite   an MLflow SQLite store
wandb           Weights & Biases: wandb-summary.json, exported CSV
pytest_benchmark  pytest-benchmark JSON
spreadsheet     one sheet of an Excel workbook, as a results table
"""

from claims.adapters.registry import adapter, adapter_names
from claims.adapters.rows import Row

__all__ = ["Row", "adapter", "adapter_names"]
