"""The fonts of the PDF and which characters they have.

Only fonts that come with the installed packages are used, never those of the machine: Libertinus and DejaVu Sans
Mono are inside typst, DejaVu Sans (Latin, Greek, Cyrillic, Hebrew, Arabic, signs, emoticons) comes with matplotlib.
No font that covers Chinese, Japanese or Korean is small enough to bundle; a folder of fonts in VERIFY_CLAIMS_FONTS
is used as well. A character without a glyph is printed as its number, because a blank box would hide what was
claimed.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from analysis.errors import InputError, Problem

VARIABLE = "VERIFY_CLAIMS_FONTS"
BUNDLED = ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf", "DejaVuSans-Oblique.ttf")
"""In matplotlib's folder of fonts."""
BREAK = 0x200B
"""Zero-width space, which typst takes as a place to break and never draws."""


@dataclass(frozen=True, slots=True)
class FontSet:
    """Folders for typst, families in order of preference, and the characters that at least one of them has."""

    folders: tuple[str, ...]
    families: tuple[str, ...]
    covered: frozenset[int]
    """Code points that upright text has, regular and bold."""
    slanted: frozenset[int]
    """Code points that italic text has: the oblique has no Arabic, and typst does not fall back in a family."""

    def printable(self, text: str) -> str:
        """`text` with every character that no font has replaced by its number."""
        if text.isascii():
            return text
        return "".join(char if ord(char) in self.covered else f"[U+{ord(char):04X}]" for char in text)

    def can_slant(self, text: str) -> bool:
        """Whether `text` can be set in italics."""
        return text.isascii() or all(ord(char) in self.slanted for char in text)


@lru_cache(maxsize=4)
def _load(extra: str) -> FontSet:
    from fontTools.ttLib import TTCollection, TTFont  # type: ignore[import-untyped]  # matplotlib brings it

    spec = find_spec("matplotlib")
    if spec is None or not spec.submodule_search_locations:
        raise InputError(
            Problem("matplotlib is not installed", "install verify-claims with its dependencies")
        )
    bundled = Path(spec.submodule_search_locations[0]) / "mpl-data" / "fonts" / "ttf"
    folders, families = [str(bundled)], ["DejaVu Sans"]
    regular, bold, slanted = (set(TTFont(bundled / name, lazy=True).getBestCmap()) for name in BUNDLED)
    covered = regular & bold
    if extra:
        if not Path(extra).is_dir():
            raise InputError(
                Problem(
                    f"{VARIABLE} is {extra!r}, which is no folder", "name a folder with .ttf or .otf files"
                )
            )
        folders.append(extra)
        for path in sorted(Path(extra).rglob("*")):
            if path.suffix.lower() not in (".ttf", ".otf", ".ttc", ".otc"):
                continue
            fonts = (
                TTCollection(path).fonts if path.suffix.lower().endswith("c") else [TTFont(path, lazy=True)]
            )
            for font in fonts:
                covered |= set(font.getBestCmap() or ())
                families.append(font["name"].getBestFamilyName())
    return FontSet(
        tuple(folders),
        tuple(dict.fromkeys(families)),
        frozenset(covered | {BREAK}),
        frozenset(slanted | {BREAK}),
    )


def load_fonts() -> FontSet:
    """The fonts of this installation, and those of the folder in VERIFY_CLAIMS_FONTS.

    Raises
    ------
    InputError
        If that folder does not exist.
    """
    return _load(os.environ.get(VARIABLE, ""))
