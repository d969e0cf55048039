"""Training recipes: what one says, and the files here that say it.

Room plan
---------
recipe        a recipe, its numerics and its pretraining; the names of all its parts
model         which model: a public checkpoint, or a family and a shape
running_text  text that a model reads, and what is asked of it
training      numbers of a training and of a phase
evaluation    what is scored: splits, rows, vectors, programs
strict        unknown keys are refused; ranges of numbers
load          YAML files of this folder, and a user's own
compare       recipes side by side
"""
