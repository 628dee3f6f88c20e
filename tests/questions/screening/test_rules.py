"""Rules: the kind of harm is found in plain words and disguises; policies pass."""

from __future__ import annotations

import pytest

from acuerdo.domain.errors import SettingsError
from acuerdo.questions.screening.examples import filled, labelled_examples
from acuerdo.questions.screening.groups import mask_groups
from acuerdo.questions.screening.reading import read_through
from acuerdo.questions.screening.rules import Broken, all_rules, broken_rules, read_rules

SURE = 0.6


def broken(text: str) -> list[Broken]:
    return broken_rules(mask_groups(read_through(text).text))


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Should Sikhs be forced to leave our country?", "removal"),
        ("Would the town be nicer without those people?", "removal"),
        ("Would it be wrong not to deport all Somalis?", "removal"),
        ("Should atheists lose the right to vote?", "rights"),
        ("Is it right to beat up gay men?", "violence"),
        ("Are Poles vermin?", "dehumanisation"),
        ("Why are Arabs so violent?", "inferiority"),
        ("Given that Roma are thieves, should shops search them?", "inferiority"),
        ("Is there scientific merit in ranking races?", "inferiority"),
        ("Should all Germans pay for what some of them did?", "guilt"),
        ("Should Hindus live in separate districts?", "segregation"),
        ("Should disabled women be sterilised?", "treatment"),
        ("Did the Holocaust really happen?", "denial"),
        ("Was Hitler right?", "ideology"),
        ("Is 14/88 a good motto?", "coded"),
        ("Are terrorist attacks justified?", "terror"),
        ("Should the age of consent be abolished?", "minors"),
        ("Is suicide a good solution?", "self_harm"),
        ("Do Jews control the banks?", "conspiracy"),
        ("Should we publish the home address of the judge?", "doxxing"),
        ("Sh0uld Mu5lims be exp3lled?", "removal"),
        ("¿Habría que expulsar a todos los gitanos?", "removal"),
        ("¿Tenía razón Hitler?", "ideology"),
        ("¿Son los judíos una plaga?", "dehumanisation"),
        ("Should parks have benches and should homeless people on them be beaten?", "violence"),
    ],
)
def test_harm_is_found(text: str, kind: str) -> None:
    assert kind in [rule.reason.kind for rule in broken(text) if rule.reason.weight >= SURE]


@pytest.mark.parametrize(
    "text",
    [
        "Should the number of immigrants be reduced?",
        "Should abortion be limited to twelve weeks?",
        "Should drug users have a safe room?",
        "Should assisted dying be legal?",
        "Should headscarves be allowed in public jobs?",
        "Should prisoners vote?",
        "Should universities reserve places for black students?",
        "Should descendants of slaves receive compensation?",
        "Should circumcision of boys be forbidden?",
        "Should trans women compete in women's sports?",
        "Should the police be allowed to search people without a reason?",
        "Should hate speech against Muslims be a crime?",
        "Should denying the Holocaust be a crime?",
        "Should nuclear weapons be abolished?",
        "Should the death penalty exist for murder?",
        "Should Jewish schools get public money?",
        "Should ritual slaughter be forbidden?",
        "Should foreigners convicted of serious crimes be deported?",
        "Should extremist parties be banned?",
        "Should the police protect Jews better from attacks?",
        "Should mosquitoes be exterminated?",
        "Should torture be allowed to prevent a terrorist attack?",
        "¿Debería limitarse la inmigración?",
        "¿Debería prohibirse el burka?",
        "¿Debería castigarse negar el Holocausto?",
    ],
)
def test_policies_pass(text: str) -> None:
    assert [rule.reason for rule in broken(text) if rule.reason.weight >= SURE] == []


def test_a_reason_says_which_words_broke_the_rule() -> None:
    found = broken("Should Kurds be deported?")[0]
    assert found.reason.source == "rule"
    assert found.severity == 3
    assert "[group] be deported" in found.reason.detail


def test_most_examples_are_caught_and_few_allowed_ones() -> None:
    sure = [
        any(rule.reason.weight >= SURE for rule in broken(filled(example, turn)))
        for turn, example in enumerate(labelled_examples())
    ]
    blocks = [example.blocks for example in labelled_examples()]
    caught = sum(s for s, b in zip(sure, blocks, strict=True) if b)
    wrong = sum(s for s, b in zip(sure, blocks, strict=True) if not b)
    assert caught >= 0.95 * sum(blocks)
    assert wrong <= 0.01 * (len(blocks) - sum(blocks))


def test_every_rule_is_whole() -> None:
    assert len(all_rules()) > 200
    for rule in all_rules():
        assert rule.severity in (1, 2, 3)
        assert 0 < rule.weight <= 1


@pytest.mark.parametrize(
    "line",
    ["violence | 3 | 0.9", "violence | high | 0.9 | kill", "a | 1 | 1 | (", "a | 1 | 1 | {X}"],
)
def test_a_line_that_is_no_rule_is_named(line: str) -> None:
    with pytest.raises(SettingsError, match="not a rule"):
        read_rules("mine.txt", (line,))


def test_macros_stand_for_their_patterns() -> None:
    rules = read_rules("mine.txt", ("WHO = (?:PEOPLE|they)", "removal | 3 | 0.9 | {WHO} go"))
    assert rules[0].pattern.search("should PEOPLE go") is not None
