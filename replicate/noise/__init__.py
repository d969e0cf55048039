"""Adversarial noise on the rows of a task: seeded, in six severities, aware of scripts, never touching the gold.

Room plan
---------
letters     script of a character; clusters of characters that a reader sees as one
layouts     neighbours on a keyboard, per script and language
lookalikes  characters that look alike (homoglyphs) and forms with and without diacritics
kinds       the eight kinds of noise on one word
words       words of a text that may be edited, and those that may not
texts       noise on one text, with the way from old offsets to new ones
rows        noise on examples of every kind

Eight kinds: `keyboard`, `swap`, `drop`, `duplicate`, `diacritics`, `homoglyphs`, `whitespace`, `case`, after
Belinkov and Bisk (2018), "Synthetic and natural noise both break neural machine translation"; Pruthi, Dhingra and
Lipton (2019), "Combating adversarial misspellings"; Eger and Benz (2020), "From hero to zeroe".
"""

from replicate.noise.kinds import KINDS, Kind
from replicate.noise.rows import noised, vocabulary
from replicate.noise.texts import SHARES, Noise

__all__ = ["KINDS", "SHARES", "Kind", "Noise", "noised", "vocabulary"]
