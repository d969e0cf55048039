"""The command `verify-claims`: one file per subcommand, nothing but argument handling and exit codes.

Room plan
---------
main            picks the subcommand; lists all of them
study_argument  which study an argument names, checked once
report_files    report files named on the command line
judging         policy, acceptances and date of a check
refusal         what is said where a file or an option is wrong
study_answers   answers and runs that go into a report
recording       what a check reads, writes and says
replay          the same check again, without loading the engine
cache           the entries that both keep
pytest_plugin   one test per assertion
check, explain, accept, lint, diff, numbers, fix, extract, audit, report, init, schema
                commands over claims
analyse (with analyse_text), replicate (replicate_table), plan (plan_table), run, recipes, bench
                commands over runs
"""

__version__ = "0.1.0"
