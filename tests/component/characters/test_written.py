"""Written characters: whole, in both languages, without near repeats, and within the house rules."""

from itertools import combinations
from random import Random
import re

import pytest

from custom_components.waifu_rt3d.characters.cast import CAST, PLAIN, person_with_avatar, sheet_of
from custom_components.waifu_rt3d.characters.house_rules import broken_rule, house_rules
from custom_components.waifu_rt3d.characters.small_talk import moment_of
from custom_components.waifu_rt3d.characters.written import (
    SAID,
    Lines,
    Moment,
    Written,
    greeting_at,
)
from custom_components.waifu_rt3d.stage.markup import MarkupParser, Piece

LANGUAGES = pytest.mark.parametrize("language", ["en", "de"])
EVERYBODY = pytest.mark.parametrize(
    "written",
    [
        pytest.param(sheet.written(language), id=f"{sheet.id}-{language}")
        for sheet in (*CAST.values(), PLAIN)
        for language in ("en", "de")
    ],
)
AUTHORED = pytest.mark.parametrize(
    "written",
    [
        pytest.param(sheet.written(language), id=f"{sheet.id}-{language}")
        for sheet in CAST.values()
        for language in ("en", "de")
    ],
)


def parsed(line: str) -> Piece:
    """Return what becomes of a line."""
    parser = MarkupParser()
    first, rest = parser.feed(line), parser.finish()
    assert not parser.unknown
    return Piece(
        display=first.display + rest.display,
        speech=first.speech + rest.speech,
        cues=first.cues + rest.cues,
    )


def all_lines(written: Written) -> list[tuple[Moment, str]]:
    """Return every line with its moment."""
    return [(moment, line) for moment in written.lines for line in written.lines[moment]]


@EVERYBODY
def test_every_moment_has_lines(written: Written) -> None:
    """Everybody has three or more lines for each moment, none twice."""
    lines = [line for _, line in all_lines(written)]
    assert set(written.lines) == set(Moment)
    assert min(len(lines) for lines in written.lines.values()) >= 3
    # the bare answer of the house may stand in several moments
    spoken = [line for line in lines if parsed(line).speech.strip() != SAID]
    per_moment = [len(set(texts)) == len(texts) for texts in written.lines.values()]
    assert all(per_moment)
    assert len(spoken) >= 80


@AUTHORED
def test_person_is_written(written: Written) -> None:
    """Who was written here has a two-line story, manner, likes, a flaw, and words of their own."""
    assert len(written.story.splitlines()) == 2
    assert all([written.manner, written.likes, written.flaw])
    lines = [line for _, line in all_lines(written)]
    assert len(set(lines)) >= 130
    assert len(written.lines[Moment.FIRST_MEETING]) == 5
    assert "{person}" in written.lines[Moment.FIRST_MEETING][3]


@EVERYBODY
def test_every_line_is_spoken_and_acted(written: Written) -> None:
    """Each line has words without markup in them, and a cue that is known."""
    for _, line in all_lines(written):
        piece = parsed(line)
        assert piece.cues, line
        assert "[" not in piece.speech
        assert piece.speech == piece.display


@EVERYBODY
def test_lines_keep_the_house_rules(written: Written) -> None:
    """No guilt, jealousy, begging or streaks in any line; says what it is when asked."""
    word = {"en": "AI", "de": "KI"}[written.language]
    for moment, line in all_lines(written):
        assert broken_rule(line, written.language) is None, line
        if moment in {Moment.ARE_YOU_AI, Moment.WHO_ARE_YOU}:
            assert word in line
        if moment is Moment.STOP:
            assert "?" not in line
            assert len(parsed(line).speech.split()) <= 3
    assert any(word in line for line in written.lines[Moment.FIRST_MEETING][:3])


@LANGUAGES
def test_voices_are_clearly_distinguishable(language: str) -> None:
    """No two persons share a line, and few share even half of its words."""
    said = {
        sheet.id: {
            frozenset(re.findall(r"\w+", parsed(line).speech.lower()))
            for moment, line in all_lines(sheet.written(language))
            if SAID not in line and moment is not Moment.STOP
        }
        for sheet in CAST.values()
    }
    for one, other in combinations(said.values(), 2):
        alike = [a & b for a in one for b in other if len(a) >= 4 and len(a & b) > 0.6 * len(a | b)]
        assert len(alike) <= 1, alike


def test_person_and_figure_belong_together() -> None:
    """Each person has a figure of its own, and the figure tells who it is."""
    assert len({sheet.avatar for sheet in CAST.values()}) == len(CAST)
    assert all(person_with_avatar(sheet.avatar) == sheet.id for sheet in CAST.values())
    assert person_with_avatar("somebody else") == "mira"
    assert sheet_of("card:ada") is PLAIN
    assert len({sheet.temperament for sheet in CAST.values()}) == len(CAST)


def test_another_name_is_spoken_everywhere() -> None:
    """The owner's name stands in lines and prompt; words that only hold the old one stay whole."""
    written = CAST["ember"].written("en")
    named = written.named("Ember remembers September, Ember.", "Glut")
    assert named == "Glut remembers September, Glut."
    assert "Ember" not in written.persona("Glut")
    lines = Lines(written, Random(1), "Glut")
    assert lines.dressed("Turned on Ember", query=False).count("Ember") == 1
    assert any("Glut" in line for line in lines.sequence(Moment.FIRST_MEETING))


@AUTHORED
def test_prompt_is_the_persons_own(written: Written) -> None:
    """The model is told the story and how this person talks."""
    persona = written.persona(written.name)
    assert written.story in persona
    assert written.lines[Moment.TIRED][0] in persona
    assert written.flaw in persona


@pytest.mark.parametrize(
    ("line", "language"),
    [
        ("Please stay a little longer.", "en"),
        ("I was so lonely without you.", "en"),
        ("Day five of our streak!", "en"),
        ("I'm a real human.", "en"),
        ("Bleib doch noch.", "de"),
        ("Ich war so einsam ohne dich.", "de"),
        ("Wo warst du?", "de"),
    ],
)
def test_rules_can_be_broken(line: str, language: str) -> None:
    """The check finds what it is for."""
    assert broken_rule(line, language)


@LANGUAGES
def test_rules_are_told_in_the_language(language: str) -> None:
    """The rules name the AI, guilt and the word stop."""
    told = house_rules(language)
    assert all(word in told for word in {"en": ("AI", "guilty", "Stop"), "de": ("KI", "Gewissen", "Stopp")}[language])  # fmt: skip
    assert house_rules("fr") == house_rules("en")


@EVERYBODY
def test_lines_do_not_repeat_soon(written: Written) -> None:
    """A line comes again only when more than half of its moment's lines have passed; all are used."""
    lines = Lines(written, Random(4))
    for moment, texts in written.lines.items():
        said = [lines.line(moment) for _ in range(60)]
        near = max(1, int(len(texts) * 0.6))
        assert all(said[i] not in said[max(0, i - near) : i] for i in range(len(said)))
        assert set(said) == set(texts)


def test_answers_are_dressed() -> None:
    """Home Assistant's own words stay as they are, in a line of hers."""
    lines = Lines(CAST["mira"].written("en"), Random(1))
    for query in (True, False):
        line = lines.dressed("Turned on the lamp", query=query)
        assert "Turned on the lamp" in line
        assert SAID not in line
        assert parsed(line).cues


@AUTHORED
def test_answer_ends_where_a_line_goes_on_behind_it(written: Written) -> None:
    """Home Assistant writes no full stop; one that has its own gets no second."""
    lines = Lines(written, Random(1))
    for answer in ("Turned on the lamp", "It is on.", "Is it on?", "21 °C"):
        for query in (True, False):
            for _ in range(20):
                behind = lines.dressed(answer, query=query).partition(answer)[2]
                assert behind == "" or behind.lstrip(".").startswith(" ")
                assert not answer[-1].isalnum() or behind == "" or behind.startswith(". ")
                assert ".." not in behind


@pytest.mark.parametrize(
    ("hour", "moment"),
    [
        (6, Moment.GREETING_MORNING),
        (12, Moment.GREETING_DAY),
        (20, Moment.GREETING_EVENING),
        (23, Moment.GREETING_NIGHT),
        (3, Moment.GREETING_NIGHT),
    ],
)
def test_greeting_by_hour(hour: int, moment: Moment) -> None:
    """The hour chooses the greeting."""
    assert greeting_at(hour) is moment


@pytest.mark.parametrize(
    ("text", "language", "moment"),
    [
        ("Hello!", "en", Moment.GREETING_DAY),
        ("Hey Mira", "en", Moment.GREETING_DAY),
        ("Mira, who are you?", "en", Moment.WHO_ARE_YOU),
        ("Are you a robot?", "en", Moment.ARE_YOU_AI),
        ("Are you human or an AI?", "en", Moment.ARE_YOU_AI),
        ("Tell me a joke, please.", "en", Moment.JOKE),
        ("Thank you so much!", "en", Moment.THANKS),
        ("How are you today?", "en", Moment.HOW_ARE_YOU),
        ("Good night, Mira.", "en", Moment.GOOD_NIGHT),
        ("Leave me alone!", "en", Moment.STOP),
        ("stop", "en", Moment.STOP),
        ("Hallo Mira!", "de", Moment.GREETING_DAY),
        ("Wer bist du?", "de", Moment.WHO_ARE_YOU),
        ("Bist du ein Mensch?", "de", Moment.ARE_YOU_AI),
        ("Bist du eine KI oder ein Mensch?", "de", Moment.ARE_YOU_AI),
        ("Erzähl mir einen Witz.", "de-CH", Moment.JOKE),
        ("Danke schön", "de", Moment.THANKS),
        ("Wie geht’s dir?", "de", Moment.HOW_ARE_YOU),
        ("Gute Nacht!", "de", Moment.GOOD_NIGHT),
        ("Lass mich in Ruhe.", "de", Moment.STOP),
        ("Stop the music in the kitchen", "en", None),
        ("Thank the neighbours for the cake tomorrow", "en", None),
        ("What is the capital of France?", "en", None),
        ("Mira", "en", None),
        ("", "en", None),
        ("Bonjour", "fr", None),
    ],
)
def test_small_talk(text: str, language: str, moment: Moment | None) -> None:
    """Short sentences find their moment; all else is left to the house and the model."""
    assert moment_of(text, language=language, name="Mira", hour=13) is moment
