"""Mewsli-X: link a mention in WikiNews to one of a million entity descriptions; data from the user's folder."""

from replicate.data import languages
from replicate.data.place import Part
from replicate.tasks.read_pool import mentions
from replicate.tasks.task import Header, Task

OBTAIN = (
    "run get-mewsli-x.sh of google-research/dense_representations_for_entity_retrieval/mel, then copy"
    " wikinews_mentions-dev.jsonl and -test.jsonl to mewsli_x/mentions/{validation,test}.jsonl and"
    " candidate_set_entities.jsonl to mewsli_x/candidates/test.jsonl"
)
_CANDIDATES = Part("mewsli_x", "candidates", "test", obtain=OBTAIN)


def _articles(split: str) -> Part:
    return Part("mewsli_x", "mentions", split, obtain=OBTAIN)


TASK = Task(
    name="mewsli_x",
    title="Mewsli-X",
    kind="ranking",
    role="target",
    group="retrieval",
    read=mentions,
    splits={"dev": (_articles("validation"), _CANDIDATES), "test": (_articles("test"), _CANDIDATES)},
    spoken=True,
    metric="map_at_20",
    primary="map@20",
    languages=languages.MEWSLIX,
    header=Header(
        source="Ruder et al. 2021, XTREME-R, appendix; release 20220518_6",
        licence="CC BY-SA 3.0 and CC BY 2.5 (Wikipedia, WikiNews)",
        hub="none: article text must be rebuilt from dumps",
        sizes="test 14,624 mentions in eleven languages (fa 458 to pl 1,562); 1,003,893 candidates",
        traps=(
            "the 2022 release was sampled anew: not comparable with the numbers of the XTREME-R paper",
            "one description per entity, in a random one of 50 languages",
        ),
    ),
)
