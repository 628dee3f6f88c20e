"""Groups, and what they think of what was chosen for them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from acuerdo.choose import RULES
from acuerdo.domain.judgements import Judgements
from acuerdo.evaluate.groups import Group, sample_groups
from acuerdo.evaluate.measures.selection import (
    chosen_by_rule,
    chosen_by_score,
    known_cells,
    oracle_score,
    outcomes,
    with_known,
)
from tests.evaluate.judging import invented_table, make_judgement

NAN = float("nan")


def make_group(**overrides: object) -> Group:
    """Return three people and three statements: nobody, two, then one of them agrees.

    Ana wrote the first of two further statements, Ben the second.
    """
    group = Group(
        conversation="town",
        language="en",
        question="Cars?",
        context="",
        opinions=("a", "b", "c"),
        statements=("s0", "s1", "s2"),
        judged=np.array([[2.0, 6.0, 4.0], [4.0, 6.0, 2.0], [2.0, 2.0, 6.0]]),
        popular=np.array([0.1, 0.5, NAN]),
        rivals=np.array([[NAN, 2.0], [6.0, NAN], [4.0, NAN]]),
        author=np.array([0, 1]),
        elsewhere=("t0", "t1"),
    )
    return replace(group, **overrides)


def test_outcomes_by_hand() -> None:
    found = outcomes([make_group()] * 2, [1, None])
    assert found.approval.tolist() == pytest.approx([2 / 3, 1 / 3])
    assert found.least.tolist() == pytest.approx([2.0, 2.0])
    # s1 against Ana's own: Ben 6 = 6 half, Eva 2 < 4 no: 1/4. Against Ben's: Ana 6 > 2 yes: 1.
    assert found.win[0] == pytest.approx((1 / 4 + 1) / 2)
    # s0: Ben 4 < 6, Eva 2 < 4; Ana 2 = 2. s2: Ben 2 < 6, Eva 6 > 4; Ana 4 > 2.
    assert found.win[1] == pytest.approx((5 / 8 + (0 + 0.5) / 2 + (0.5 + 1) / 2) / 3)


def test_members_do_not_judge_their_own_statement_and_may_have_none() -> None:
    rivals = np.array([[6.0], [NAN], [NAN]])
    lonely = make_group(rivals=rivals, author=np.array([0]))
    assert np.isnan(outcomes([lonely], [1]).win[0])
    empty = make_group(rivals=np.empty((3, 0)), author=np.empty(0, np.int64))
    assert np.isnan(outcomes([empty], [1]).win[0])


def test_the_oracle_beats_every_choice_in_approval() -> None:
    groups = sample_groups(invented_table(share=0.9), 20, fewest=5, seed=3)
    rng = np.random.default_rng(0)
    best = outcomes(groups, [chosen_by_score(oracle_score(group), rng) for group in groups])
    for column in range(5):
        assert (best.approval >= outcomes(groups, [column] * len(groups)).approval).all()


def test_rules_choose_from_expected_agreement_and_the_silent_abstain() -> None:
    rng = np.random.default_rng(0)
    expected = np.array([[2.0, 6.0, 3.0], [NAN, 1.0, 1.0], [3.0, 3.5, 4.0]])
    assert chosen_by_rule(make_group(), expected, RULES["utilitarian"], rng) == 1
    assert chosen_by_rule(make_group(), expected, RULES["rawlsian"], rng) == 1
    silent = np.full((3, 3), NAN)
    assert chosen_by_rule(make_group(), silent, RULES["schulze"], rng) is None
    assert chosen_by_score(make_group().popular, rng) == 1
    assert chosen_by_score(np.full(3, NAN), rng) is None


def test_known_judgements_are_a_share_and_lie_over_the_forecast() -> None:
    group = make_group()
    known = known_cells(group, 0.3, np.random.default_rng(0))
    assert known.sum() == 3
    assert known.shape == (3, 3)
    mixed = with_known(group, np.full((3, 3), 5.0), known)
    assert (mixed[known] == group.judged[known]).all()
    assert (mixed[~known] == 5).all()
    sheet = group.sheet(known)
    np.testing.assert_array_equal(sheet.known, known.ravel())
    np.testing.assert_array_equal(sheet.ratings[sheet.known], group.judged[known])


def test_a_group_sheet_shows_the_group_or_the_conversation() -> None:
    group = make_group()
    assert group.sheet().statements == group.statements
    whole = group.sheet(context="conversation")
    assert whole.statements == ("s0", "s1", "s2", "t0", "t1")
    assert whole.size == group.sheet().size == 9
    assert whole.person.tolist() == [0, 0, 0, 1, 1, 1, 2, 2, 2]
    assert whole.opinions == group.opinions


def with_own_statements() -> Judgements:
    """Everybody wrote one statement and voted on all others'; two also voted on their own."""
    rng = np.random.default_rng(0)
    own = [f"my idea number {k} is good" for k in range(12)]
    return Judgements.of(
        [
            make_judgement(f"p{p}", text, float(rng.choice([-1, 1])), opinion=f"So: {own[p]}!")
            for p in range(12)
            for k, text in enumerate(own)
            if k != p or p < 2
        ]
    )


def test_nobody_in_a_group_wrote_what_it_chooses_from() -> None:
    table = with_own_statements()
    said = {(row.person, row.statement): row.agreement for row in table.rows()}
    groups = sample_groups(table, 15, size=4, fewest=3, most=6, seed=1)
    assert len(groups) == 15
    for group in groups:
        assert len(group.opinions) == 4
        assert 3 <= len(group.statements) <= 6
        people = [f"p{opinion.split()[4]}" for opinion in group.opinions]
        assert len(set(people)) == 4
        for column, statement in enumerate(group.statements):
            assert not any(statement in opinion for opinion in group.opinions)
            judged = [said[person, statement] for person in people]
            assert group.judged[:, column].tolist() == judged
            others = [
                value > 4 for (p, s), value in said.items() if s == statement and p not in people
            ]
            assert group.popular[column] == pytest.approx(np.mean(others))
        assert len(set(group.statements) | set(group.elsewhere)) == 12
        assert group.rivals.shape == (4, 4)


def test_the_same_seed_draws_the_same_groups() -> None:
    table = invented_table(share=0.9)
    one, again, other = (sample_groups(table, 5, fewest=5, seed=seed) for seed in (1, 1, 2))
    assert [group.opinions for group in one] == [group.opinions for group in again]
    assert [group.opinions for group in one] != [group.opinions for group in other]


def test_few_common_judgements_give_no_groups() -> None:
    table = invented_table(share=0.15)
    assert sample_groups(table, 5, fewest=8) == ()
    silent = Judgements.of([make_judgement("ana", f"s{k}", 1, opinion="") for k in range(9)])
    assert sample_groups(silent, 5, fewest=2) == ()
