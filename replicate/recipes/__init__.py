"""Training recipes: `recipe` says what a recipe is, `load` reads the YAML files beside it."""
