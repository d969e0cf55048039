"""Where rows come from and what identifies them; knows no tensor.

Room plan
---------
table       the column table that every place hands over; digest over content
place       `Part` (an address in every kind of place), `DataPlace` (the protocol)
folder      `FolderPlace`: local files in the schema of the hub
hub         `HubPlace`: `datasets.load_dataset` at a pinned revision, errors in one sentence
hub_errors  what the hub's libraries raise, in one sentence each
pins        revision of each hub repository; a branch is resolved to a commit once
languages   language codes, hub names, the lists of each benchmark
typology    properties of languages: script, family, word order
"""

from replicate.data.folder import FolderPlace
from replicate.data.place import DataPlace, HubSplit, Part
from replicate.data.table import Table

__all__ = ["DataPlace", "FolderPlace", "HubSplit", "Part", "Table"]
