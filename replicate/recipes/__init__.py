"""Training recipes: `recipe` says what one is, `load` reads the YAML files beside it, `compare` lays them side by side."""
