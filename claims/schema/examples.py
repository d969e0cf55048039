"""Words and examples of the reference page of the claims file; a test reads every example through its model."""

from __future__ import annotations

from typing import Final

HEAD: Final = """\
# The files of a study

Made by `python -m claims.schema.reference` from the models that read these files; `verify-claims schema`
prints the same as JSON Schema, for editors that complete while you write. An unknown key is an error that
names line, column and the nearest known key; all errors are told at once. YAML is read in its safe form.

A study is a folder with `claims.yaml`; beside it may lie `sources.yaml` (documents and their versions),
`baseline.yaml` (accepted findings), `reports/` (documents under review) and the tables that `evidence` names.

## Printed numbers

A number that was printed is a quoted string: `"8.70"` stands for every value from 8.695 to 8.705, `"8.7"` for
8.65 to 8.75. Signs, thousands separators, percent signs and bounds are understood: `"+8.2"`, `"1,104,934"`,
`"42%"`, `"up to 40"`. An unquoted decimal is an error, because YAML would drop its zeros. A percent sign changes
nothing: `"2.5%"` of a `gain` is 2.5 points, and a gain relative to the baseline is not what this kind decides.

## Selectors

A selector is a set of column filters: `{intermediate: squad, target: [xnli, paws-x], language: "*"}`. A word
must be equal, a list enumerates, `"*"` stands for every word that the table has. What a selector leaves open
is filled from the claim's `scope`, then from the file's `defaults`. There is no expression language.

`seed: "*"` in a selector, or `mean: seed`, takes the mean of exactly the runs that are there, and arithmetic
decides. Where an assertion names no seed and the table has several, statistics over seeds decide.

## Averages

Who averages what is part of a claim. A rule lists members; the mean is over members, and a list within a
member is averaged first, so this is a mean over two tasks, the second of which is (F1 + EM)/2:

```yaml
averages:
  overall:
    text: mean over tasks
    mean:
      - {target: xnli, metric: acc}
      - {target: squad, metric: [f1, em]}
```

## Collecting results, and binding the text

`collect` reads files of other tools ([adapters](adapters.md)); `printed_in` names the places that print a
claim's number, by the words around it, as a reader sees them: in LaTeX `\\textbf{8.7}` is 8.7, a macro is
what it expands to, and a footnote does not part a sentence. `set_aside` excuses numbers that claim nothing,
each with its reason.

## Registered contrasts

Contrasts that were fixed together before any run have p values that are adjusted over all of them. A claim that names
its `family` is held to it: a contrast that is missing, one that was not registered, and a text, cell, weight,
alternative, margin or rule that was changed are errors (exit code 2). `verify-claims replicate STUDY --pin FOLDER`
writes names and hash; outcome, number and seeds are what the runs gave, and no part of it.
"""

EXAMPLES: Final = {
    "value": 'kind: value\nof: {intermediate: squad, target: xnli, metric: acc}\nmean: seed\nequals: "81.6"\n',
    "gain": "kind: gain\nof: {intermediate: squad}\nover: {intermediate: none}\n"
    'mean: overall\nequals: "8.2"\n',
    "order": "kind: order\nlarger: {intermediate: squad, target: xnli, metric: acc}\n"
    "smaller: {intermediate: none, target: xnli, metric: acc}\n",
    "best": 'kind: best\nof: {intermediate: squad}\namong: {intermediate: "*"}\nmean: overall\n',
    "share": "kind: share\ncells: {intermediate: squad}\ntasks_of: overall\n"
    "above_cell: {intermediate: none}\nat_least: 3\nout_of: 3\n",
    "no_gain": 'kind: no_gain\ncells: {intermediate: cola, target: "*", metric: acc}\n'
    'over: {intermediate: none}\nmargin: "0.5"\n',
    "fact": 'kind: fact\ntake: sum\ncells: {target: [nli, qa], metric: train_examples}\nequals: "12,500"\n',
    "quote": "kind: quote\ntext: we train for three epochs\n",
    "trend": "kind: trend\ndoses: [{variant: one}, {variant: two}, {variant: four}]\nmean: overall\n",
    "regenerated": 'kind: regenerated\nstudy: xstilts\nof: {intermediate: squad}\nequals: "8.2"\nmin_seeds: 3\n',
    "contrast": "kind: contrast\ntext: the loss at severity 3 is another after SQuAD than without\n"
    "study: robustness\nscale: miniature\nterms:\n"
    "  - {weight: 1, where: {intermediate: squad, variant: noise-3}}\n"
    "  - {weight: -1, where: {intermediate: squad}}\n"
    "  - {weight: -1, where: {intermediate: none, variant: noise-3}}\n"
    "  - {weight: 1, where: {intermediate: none}}\n"
    'margin: "2.0"\noutcome: open\nequals: "-0.87"\n',
}
"""Kind -> one assertion of it, as YAML."""

TAIL: Final = """
## Exit codes and policy

| exit code | meaning |
|---|---|
| 0 | the policy is met |
| 1 | a finding fails the policy |
| 2 | a file or an option is wrong; nothing was written |
| 3 | something could not be checked, or there was nothing to check |

Verdicts are facts; what fails is policy. `--fail-on contradicted` (the default), `inconclusive` and
`unverifiable` each include the ones before; `never` fails on nothing. None of them lowers 2 or 3.
"""
