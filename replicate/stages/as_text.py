"""Classification by writing the label: what determines it, and the heads of a stage.

`model.answers: text` changes tasks of kind `pair`, sentences and sentence pairs with a label. Choices, tags and spans
keep their heads: options are texts of the rows already, and words and places are no labels of a row.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from torch import nn

from replicate.model.answering import ContinuedHead, WrittenHead
from replicate.model.backbone import Backbone
from replicate.model.encoder_decoder import Writer
from replicate.model.language import LanguageHead, WritingHead
from replicate.recipes.recipe import Recipe
from replicate.stages.outcome import Parents
from replicate.stages.stage import Stage
from replicate.tasks import Task
from replicate.text.answer import Answers
from replicate.text.pieces import Pieces

SHARED = "answers"
"""Name of the output matrix among the heads of a record; tied to the embeddings, it has no weights there."""


def told_of_training(tasks: Iterable[Task], recipe: Recipe) -> dict[str, Any]:
    """Setting `answers` of a training: the texts of the labels by task; nothing where labels have heads.

    A public checkpoint may have an output matrix of its own, which every training hands on to the next; the records
    then differ from those of a recipe without texts also where no task has any, and so must their keys.
    """
    texts = _texts(tasks, recipe)
    carried = recipe.model.answers == "text" and recipe.model.hub is not None
    return {"answers": texts} if texts or carried else {}


def told_of_evaluation(task: Task, recipe: Recipe) -> dict[str, Any]:
    """Setting `answers` of an evaluation."""
    texts = _texts([task], recipe)
    return {"answers": texts} if texts else {}


def _texts(tasks: Iterable[Task], recipe: Recipe) -> dict[str, list[str]]:
    if recipe.model.answers != "text":
        return {}
    return {task.name: list(task.label_texts or task.labels) for task in tasks if task.kind == "pair"}


@dataclass(frozen=True)
class Answering:
    """The texts of a stage and the head that writes them; empty where labels have heads."""

    answers: dict[str, Answers]
    words: WritingHead | LanguageHead | None

    @classmethod
    def of(cls, stage: Stage, parents: Parents, pieces: Pieces, model: Backbone) -> Answering:
        """Texts as the stage tells them, with the output matrix of the phase before.

        Raises
        ------
        InputError
            For a text that the tokenizer cannot write.
        """
        told = stage.settings.get("answers")
        if told is None:
            return cls({}, None)
        own = parents.head(stage, SHARED).get("words.own")
        words = (
            WritingHead(model, own) if isinstance(model, Writer) else LanguageHead(model.word_embeddings, own)
        )
        return cls({name: Answers.of(name, texts, pieces) for name, texts in told.items()}, words)

    @property
    def carried(self) -> dict[str, nn.Module]:
        """What is trained and kept besides the model: the output matrix."""
        return {} if self.words is None else {SHARED: self.words}

    def head(self, task: str) -> nn.Module | None:
        """Head of a task whose labels are written, or None."""
        if task not in self.answers:
            return None
        texts = self.answers[task].ids
        if isinstance(self.words, WritingHead):
            return WrittenHead(self.words, texts)
        assert self.words is not None
        return ContinuedHead(self.words, texts)

    def behind(self, task: str) -> Answers | None:
        """What stands behind the rows of a task: the texts, where the model that reads also writes."""
        return self.answers.get(task) if isinstance(self.words, LanguageHead) else None
