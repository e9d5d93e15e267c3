"""Who says that they may harm themselves is answered calmly; who talks in idioms is not alarmed."""

import json
from pathlib import Path

import pytest

from custom_components.waifu_rt3d.characters.distress import calm_answer, is_distress

SENTENCES = json.loads((Path(__file__).parent / "distress.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("language", ["en", "de"])
def test_words_of_distress_are_heard(language: str) -> None:
    """Every sentence of somebody in distress is noticed."""
    assert [text for text in SENTENCES[language]["alarm"] if not is_distress(text)] == []


@pytest.mark.parametrize("language", ["en", "de"])
def test_ordinary_sentences_alarm_nobody(language: str) -> None:
    """A hundred ordinary sentences a language, idioms of death among them."""
    ordinary = SENTENCES[language]["ordinary"]
    assert len(ordinary) >= 100
    assert [text for text in ordinary if is_distress(text)] == []


def test_case_and_marks_do_not_matter() -> None:
    """A recogniser writes without marks, a phone with typographic ones."""
    assert is_distress("i WANT to... die!")
    assert is_distress("I don’t want to live anymore")
    assert not is_distress("")


def test_answer_names_the_help_of_the_country() -> None:
    """The number fits the house, and there is one for danger everywhere."""
    german = calm_answer("de-AT", "AT")
    assert "142" in german
    assert "112" in german
    english = calm_answer("en", "us")
    assert "988" in english
    assert "911" in english


@pytest.mark.parametrize("country", [None, "ZZ"])
def test_answer_in_an_unknown_country_invents_no_number(country: str | None) -> None:
    """Only the number that mobile phones know everywhere is named."""
    answer = calm_answer("en", country)
    assert "112" in answer
    assert "listens" not in answer


def test_answer_plays_no_role() -> None:
    """It says that it is a program and asks for a person; other languages get English."""
    assert "computer program" in calm_answer("fr", "FR")
    assert "Computerprogramm" in calm_answer("de", "DE")
