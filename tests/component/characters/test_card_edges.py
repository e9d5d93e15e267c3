"""Cards at the edges of what they may be: each is read, written or refused with one reason."""

from datetime import date
import json
from pathlib import Path
from unittest.mock import patch

import pytest

from custom_components.waifu_rt3d.characters import consent_words
from custom_components.waifu_rt3d.characters.cards import byaf, yaml_text
from custom_components.waifu_rt3d.characters.cards.archive import packed
from custom_components.waifu_rt3d.characters.cards.card import Card, Spec, card_from
from custom_components.waifu_rt3d.characters.cards.errors import CardError, CardProblem
from custom_components.waifu_rt3d.characters.cards.files import read_card, write_card
from custom_components.waifu_rt3d.characters.cards.persona import _place, greeting_of
from custom_components.waifu_rt3d.characters.library import CardLibrary
from custom_components.waifu_rt3d.characters.lorebook import Entry

from .test_card_files import BYAF_FILES, byaf as archive
from .test_cards import V1, as_json, picture
from .test_persona import NAMES


def refusal(data: bytes) -> CardProblem:
    """Return why a file is refused."""
    with pytest.raises(CardError) as refused:
        read_card(data)
    return refused.value.problem


def test_archive_that_is_no_card_is_refused() -> None:
    """Too long, of another shape, or without a picture that is named."""
    files = {path: as_json(document) for path, document in BYAF_FILES.items()}
    character = next(path for path in files if path.startswith("characters/"))
    assert refusal(packed({**files, character: b"[]"})) is CardProblem.ARCHIVE_NOT_JSON
    with patch.object(byaf, "MAX_JSON", 10):
        assert refusal(packed(files)) is CardProblem.TEXT_TOO_LONG
    assert read_card(packed(files)).image is None


def test_archive_takes_what_was_changed() -> None:
    """A card that came from an archive is written with its new texts, in the archive's own places."""
    card = read_card(archive())
    changed = {
        "name": "Berta",
        "description": "{{char}} keeps goats",
        "scenario": "A meadow",
        "system_prompt": "Speak softly",
        "first_mes": "Good evening",
    }
    data = {**card.raw["data"], **changed}
    edited = Card(
        spec=card.spec, raw={**card.raw, "data": data}, image=card.image, assets=card.assets
    )
    again = read_card(write_card(edited, ".byaf"))
    assert {key: again.text(key) for key in changed} == changed


def test_archive_of_another_card_has_its_picture() -> None:
    """Backyard shows it, and we find it again."""
    card = card_from(V1)
    with_picture = Card(spec=Spec.V1, raw=card.raw, image=picture())
    assert read_card(write_card(with_picture, ".byaf")).image == picture()


def test_yaml_that_is_no_card_is_refused() -> None:
    """A text without end is not read, and a date is a text."""
    with patch.object(yaml_text, "MAX_JSON", 5), pytest.raises(CardError) as refused:
        yaml_text.read_yaml("name: Ada")
    assert refused.value.problem is CardProblem.TEXT_TOO_LONG
    with pytest.raises(CardError) as refused:
        yaml_text.read_yaml("[" * 3000)
    assert refused.value.problem in {CardProblem.TOO_DEEP, CardProblem.UNKNOWN_KIND}
    card = yaml_text.read_yaml("name: Ada\ncontext: Hm\nborn: 2001-02-03\n")
    assert date(2001, 2, 3).isoformat() in json.dumps(card.raw)


def test_long_greeting_ends_with_a_sentence() -> None:
    """Nobody listens to a page."""
    long = card_from({**V1, "first_mes": "I keep bees. " * 200})
    said = greeting_of(long, NAMES, language="en")
    assert said.endswith("bees.") and len(said) < 1000
    endless = card_from({**V1, "first_mes": "x" * 5000})
    assert greeting_of(endless, NAMES, language="en") == ""


def test_deeper_entries_come_first() -> None:
    """The talk itself is never changed: what stands deep in it comes before it."""
    entries = [
        Entry(keys=("a",), content=str(depth), before=before, depth=depth)
        for depth, before in ((None, False), (1, False), (4, False), (None, True))
    ]
    assert [entry.content for entry in sorted(entries, key=_place)] == ["None", "None", "4", "1"]


def test_damaged_files_take_nothing_away(tmp_path: Path) -> None:
    """One that can't be read is passed over; a name that is none finds nothing."""
    library = CardLibrary(tmp_path)
    card_id, _ = library.add(as_json(V1))
    book_id, _ = library.add_book(as_json({"entries": []}), "Bees")
    (tmp_path / "broken.json").write_bytes(b"{")
    (tmp_path / "half.new").write_bytes(b"{")
    assert list(library.all()) == [card_id]
    assert book_id in library.all_books() and "broken" not in library.all_books()
    for wrong in ("gone", "../secret"):
        with pytest.raises(CardError) as refused:
            library.read(wrong)
        assert refused.value.problem is CardProblem.GONE


def test_what_was_done_is_said_in_the_persons_language() -> None:
    """With its name where it has one, and with the reason where it failed."""
    assert consent_words.done([], "en") != consent_words.done([], "de")
    assert "the door" in consent_words.done(["the door"], "en")
    assert "no power" in consent_words.failed("no power", "fr")
