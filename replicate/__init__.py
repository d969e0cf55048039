"""What regenerates the numbers: tasks, data, encoder, training, evaluation, studies, executors, ledger."""
