"""Who runs stages: an executor takes one stage at a time and says how it ended.

Rooms: `executor` (the interface, and how an attempt ends), `inline` (in this process), `processes` (in worker
processes, several per GPU), `slurm_jobs` (as Slurm jobs), `ray_tasks` (as tasks of a Ray cluster), `schedule`
(which stage is next; retries; what is skipped), `choose` (an executor by name). Another cluster is one more
class with `submit` and `wait`: it ships a stage and the setting, and runs `attempt`.
"""
