"""Studies: `study` says what a study is and reads the YAML files beside it."""
