"""Programs survive their tokenizer: in marks with one of running text, plainly with one of bytes, or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

from analysis.errors import InputError
from replicate.data import FolderPlace
from replicate.examples import Code
from replicate.model.heads import IGNORED
from replicate.tasks import TASKS
from replicate.text import code, unigram
from replicate.text.layout import ALPHABET, marked, plain
from replicate.text.pieces import Pieces
from replicate.world.languages import LANGUAGES
from replicate.world.place import WorldPlace

WORLD = WorldPlace()


def functions(task: str, split: str, language: str, place: object = WORLD) -> list[Code]:
    found = TASKS[task].load(split, language, place)  # type: ignore[arg-type]
    return [one for one in found if isinstance(one, Code)]


@pytest.fixture(scope="module")
def pieces() -> Pieces:
    kinds = ["en", *(f"{language}:steps" for language in LANGUAGES), "python"]
    return Pieces.of(unigram.train((text for kind in kinds for text in WORLD.texts(kind, 150)), 700))


@given(st.text(alphabet=st.sampled_from(f"ab \n\t:#{ALPHABET}"), max_size=40))
def test_marks_are_undone_whatever_the_source(source: str) -> None:
    shown = marked(source)
    assert plain(shown) == source
    assert "\n" not in shown and "\t" not in shown


def test_every_program_of_the_world_survives_its_tokenizer(pieces: Pieces) -> None:
    assert code.has_marks(pieces)
    rows = functions("humaneval_xl", "test", "en") + functions("mbpp", "train", "en")[:300]
    assert code.fitness([one.solution for one in rows], pieces) == 1.0
    unknown = [pieces.unk in ids for ids in code.spelled([one.prompt for one in rows], pieces)]
    assert not any(unknown)


def test_prompts_of_other_languages_have_no_unknown_pieces(pieces: Pieces) -> None:
    for language in LANGUAGES:
        prompts = [one.prompt for one in functions("humaneval_xl", "test", language)]
        assert not any(pieces.unk in ids for ids in code.spelled(prompts, pieces)), language


def test_published_programs_survive_marks_bytes_and_nothing_else(shared: Path) -> None:
    rows = functions("humaneval", "test", "en", FolderPlace(shared / "data/tasks"))
    solutions = [one.solution for one in rows]
    assert all(plain(marked(source)) == source for one in rows for source in (one.solution, one.prompt))
    marks = Pieces.of(unigram.train([marked(source) for source in solutions], 900))
    assert code.fitness(solutions, marks) == 1.0
    level = Tokenizer(models.BPE())
    level.pre_tokenizer, level.decoder = (
        pre_tokenizers.ByteLevel(add_prefix_space=False),
        decoders.ByteLevel(),
    )
    named = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    level.train_from_iterator(
        solutions,
        trainers.BpeTrainer(
            vocab_size=600, special_tokens=named, initial_alphabet=alphabet, show_progress=False
        ),
    )
    assert code.fitness(solutions, Pieces.of(level)) == 1.0
    with pytest.raises(InputError, match=r"gives 0% of 164 programs back"):
        code.fitness(solutions, Pieces.of(unigram.train([s.replace("\n", " ") for s in solutions], 900)))


def test_only_the_program_is_learned_and_its_end(pieces: Pieces) -> None:
    some = functions("mbpp", "train", "en")[:5]
    rows = code.rows(some, pieces, 64)
    for number, one in enumerate(some):
        at = slice(*rows.offsets[number : number + 2])
        ids, labels = rows.ids[at], rows.labels[at]
        learned = labels[labels != IGNORED]
        assert learned[-1] == pieces.eos
        assert code.written(learned.tolist(), pieces) == one.solution
        first = int((labels == IGNORED).argmin())
        assert code.written(ids[: first + 1].tolist(), pieces).strip() == one.prompt.strip()
    with pytest.raises(InputError, match="longer than 8 tokens"):
        code.rows(some, pieces, 8)
