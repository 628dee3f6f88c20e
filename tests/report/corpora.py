"""Reports of corpora for tests: a full one, an empty one, one with hostile texts."""

from __future__ import annotations

import math

from acuerdo.report import (
    CorpusReport,
    Direction,
    MapPoint,
    NearPair,
    Screened,
    Source,
    TopicSize,
)

HOSTILE = "<script>alert(1)</script> & \"quotes\" 'single' </title></svg>?"


def full(count: int = 240, topics: int = 12) -> CorpusReport:
    points = tuple(
        MapPoint(
            x=3 * math.cos(k % topics) + math.sin(k) / 4,
            y=2 * math.sin(k % topics) + math.cos(7 * k) / 4,
            id=f"q{k}",
            text=f"Should the town do thing number {k}?",
            topic=k % topics if k % 31 else -1,
        )
        for k in range(count)
    )
    sizes = {number: sum(one.topic == number for one in points) for number in range(-1, topics)}
    return CorpusReport(
        title="Questions of a town",
        count=count,
        points=points,
        projection="t-SNE",
        topics=tuple(
            TopicSize(
                number=number,
                label="" if number < 0 else f"street trees, topic {number}",
                size=size,
                splits={"new_topics" if number == 3 else "train": size},
                outliers=2 if number == 1 else 0,
            )
            for number, size in sizes.items()
        ),
        splits={"train": count - sizes[3], "new_topics": sizes[3]},
        languages={"en": count - 10, "es": 10},
        with_sides=count - 5,
        words=(3, 9, 30),
        rejects={"nearly the same words as another": 71, "no question mark": 1},
        nearness=(0,) * 12 + (3, 40, 80, 60, 40, 10, 5, 2),
        nearest=tuple(
            NearPair(f"Should we build {k}?", f"Should we not build {k}?", 0.99 - k / 100)
            for k in range(14)
        ),
        straddling=4,
        directions=(Direction("local life", 10, 9), Direction("health and care", 3, 0, 6)),
        screened=(
            Screened("allow", 0, count - 3),
            Screened("review", 1, 2),
            Screened("block", 3, 1),
        ),
        sources=(
            Source("model", "a small model", "", count - 20),
            Source("seed", "", "Apache-2.0", 20),
        ),
        facts=(("Encoder of meanings", "hashed words"),),
    )


def hostile() -> CorpusReport:
    point = MapPoint(0, 0, HOSTILE, HOSTILE, 0)
    return CorpusReport(
        title=HOSTILE,
        count=1,
        points=(point,),
        topics=(TopicSize(0, HOSTILE, 1),),
        nearest=(NearPair(HOSTILE, "\ud800 half", 1.0),),
        rejects={HOSTILE: 1},
        directions=(Direction(HOSTILE, 1, 0),),
        sources=(Source(HOSTILE, HOSTILE, HOSTILE, 1),),
        facts=((HOSTILE, HOSTILE),),
    )


def empty() -> CorpusReport:
    return CorpusReport(title="Nothing", count=0)


def ungrouped() -> CorpusReport:
    points = tuple(MapPoint(k, 0, f"q{k}", f"Why {k}?") for k in range(3))
    return CorpusReport(title="Three questions", count=3, points=points, languages={"en": 3})


ALL = {"full": full, "hostile": hostile, "empty": empty, "ungrouped": ungrouped}
