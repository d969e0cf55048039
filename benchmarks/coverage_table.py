"""The coverage table that chooses the default interval: ``python benchmarks/coverage_table.py --out table.csv``."""

from analysis.coverage.__main__ import main

if __name__ == "__main__":
    main()
