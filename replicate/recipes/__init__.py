"""Training recipes: `recipe` says what one is, `load` reads the YAML files here, `compare` lays them side by side."""
