"""The command `verify-claims`: one file per subcommand, nothing but argument handling and exit codes."""

__version__ = "0.1.0"
