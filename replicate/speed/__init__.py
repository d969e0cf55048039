"""How fast this machine trains and evaluates: what `plan` needs to know, and which path is the fastest.

Rooms: `workloads` (named batches of random rows), `floors` (what arithmetic and memory allow at best), `paths`
(ways to compute one step), `measure` (times of steps, alone and several at once), `table` (Markdown, and the
throughput file of `plan`).
"""
