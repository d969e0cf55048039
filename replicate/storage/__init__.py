"""Shared storage of run records where there is no shared file system: any fsspec URL.

Rooms: `store` (records under a URL: put whole or not at all, without locks and without renaming), `mirrored`
(a ledger whose folder is this machine's copy of such a store), `place` (what `--runs` points at).
"""
