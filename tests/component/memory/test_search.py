"""Check that what was said is found, by those who may see it."""

from collections import defaultdict
from contextlib import suppress
import sqlite3
import sys

from hypothesis import HealthCheck, given, settings, strategies as st
import pytest

from custom_components.waifu_rt3d.memory import Attachment, BadQuery, Role, Scope, Store, search
from custom_components.waifu_rt3d.memory.folding import fold, searchable
from custom_components.waifu_rt3d.memory.query import parse
from custom_components.waifu_rt3d.memory.search import Order, SearchFilter
from custom_components.waifu_rt3d.memory.words import is_unspaced, spans

from .conftest import Clock, Talk, talk_in

TEXTS = [
    "Turn on the kitchen light",
    "The kitchen lights are on now",
    "I walked the dog in the park",
    "Café crème in Zürich, please",
    "the light in the kitchen is green",
    "오늘 날씨가 좋네요",
]


async def found(store: Store, scope: Scope, words: str, **more: object) -> list[str]:
    """Return the texts of the hits."""
    result = await store.search(scope, words, **more)  # type: ignore[arg-type] # named by the test
    return [hit.snippet.text for hit in result.hits]


@pytest.fixture
async def spoken(talk: Talk) -> Talk:
    """Return a talk in which some sentences were said."""
    for sentence in TEXTS:
        await talk.say(sentence)
    return talk


@pytest.mark.parametrize(
    ("words", "places"),
    [
        ("kitchen", {0, 1, 4}),
        ("KITCHEN light", {0, 4}),
        ('"kitchen light"', {0}),
        ("light*", {0, 1, 4}),
        ("dog OR green", {2, 4}),
        ("kitchen NOT green", {0, 1}),
        ("kitchen -green", {0, 1}),
        ("(dog OR green) AND the", {2, 4}),
        ("kitchen -(green OR lights)", {0}),
        ("cafe zurich", {3}),
        ("CRÈME", {3}),
        ('"kitchen light', {0}),
        ("parking", set()),
        ("날씨가", {5}),
        ('"날씨가 좋네요"', {5}),
    ],
)
async def test_words_phrases_and_signs(spoken: Talk, words: str, places: set[int]) -> None:
    """Words, phrases, beginnings, AND, OR, NOT and brackets find what they say."""
    assert set(await found(spoken.store, spoken.scope, words)) == {TEXTS[one] for one in places}


async def test_the_last_word_may_be_unfinished_while_typing(spoken: Talk) -> None:
    """As typed, `kitch` is the beginning of a word."""
    assert await found(spoken.store, spoken.scope, "kitch") == []
    assert len(await found(spoken.store, spoken.scope, "kitch", as_typed=True)) == 3


@pytest.mark.parametrize(
    ("words", "few", "many"),
    [
        ("li*", {0, 1, 4}, set()),
        ("l*", {0, 1, 4}, set()),
        ("lig*", {0, 1, 4}, {0, 1, 4}),
        ("in*", {2, 3, 4}, {2, 3, 4}),
        ("o*", {0, 1}, set()),
        ("on*", {0, 1}, {0, 1}),
        ("dog OR zü*", {2, 3}, {2}),
        ("kitchen -gr*", {0, 1}, {0, 1, 4}),
        ("the d*", {2}, set()),
        ("비*", {6}, set()),
        ("날씨*", {5}, {5}),
        ("天*", {7}, {7}),
    ],
)
async def test_brief_beginnings_are_whole_words_among_very_many_messages(
    spoken: Talk, monkeypatch: pytest.MonkeyPatch, words: str, few: set[int], many: set[int]
) -> None:
    """One or two letters begin a word while there are not too many, typed with a star or not."""
    texts = [*TEXTS, "비가 온다", "今日の天気"]
    for text in texts[len(TEXTS) :]:
        await spoken.say(text)
    for most, places in ((len(texts), few), (len(texts) - 1, many)):
        monkeypatch.setattr(search, "BRIEF_MESSAGES", most)
        expected = {texts[one] for one in places}
        assert set(await found(spoken.store, spoken.scope, words)) == expected
        typed = await found(spoken.store, spoken.scope, words.rstrip("*"), as_typed=True)
        assert "-" in words or set(typed) == expected


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("", "Type a word"),
        ("?! ...", "Type a word"),
        ("-dog", "not only what to leave out"),
        ("dog OR -cat", "OR needs a word"),
        ("(dog", "character 1 is not closed"),
        ("dog)", "bracket too many at character 4"),
        ("x" * 501, "500 characters"),
        (" ".join("abcdefghijklmnopqrstuvwxyzabcdefghijkl"), "32 words"),
    ],
)
def test_a_search_that_cannot_be_understood_says_why(words: str, sentence: str) -> None:
    """Every refusal names the reason and the place."""
    with pytest.raises(BadQuery, match=sentence):
        parse(words)


@given(st.text(alphabet="ab\"()-* ORNTAD_気'", max_size=40))
def test_any_text_is_understood_or_refused(words: str) -> None:
    """A search never becomes a broken expression."""
    try:
        expression = parse(words).expression
    except BadQuery:
        return
    assert expression.count("(") == expression.count(")")
    assert expression.count('"') % 2 == 0


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(words=st.text(alphabet='ab"()-* ORNTADé気ก:^+{}\\', max_size=30))
async def test_no_search_text_breaks_the_index(spoken: Talk, words: str) -> None:
    """Whatever is typed, the answer is hits or a sentence, never SQLite's error."""
    with suppress(BadQuery):
        await spoken.store.search(spoken.scope, words)


@pytest.mark.parametrize("word", ["天気", "予報", "天", "報", "今日の天気予報", "อากาศ", "東京"])
async def test_languages_without_spaces_are_searched_inside_their_runs(
    talk: Talk, word: str
) -> None:
    """Any part of a run is found, however short."""
    await talk.say("今日の天気予報は？")
    await talk.say("วันนี้อากาศดี")
    await talk.say("iPhoneで東京の地図を見る")
    await talk.say("昨日の夜")
    hits = (await talk.store.search(talk.scope, word)).hits
    assert len(hits) == 1
    shown = hits[0].snippet
    assert [shown.text[mark.start : mark.start + mark.length] for mark in shown.marks] == [word]


async def test_mixed_scripts_must_both_be_there(talk: Talk) -> None:
    """A Latin word and a run without spaces are two conditions."""
    await talk.say("iPhoneで東京の地図を見る")
    await talk.say("iPhone 大阪")
    assert len(await found(talk.store, talk.scope, "iphone 大阪")) == 1


async def test_marks_show_what_was_found_in_a_long_message(talk: Talk) -> None:
    """A snippet is cut around the first mark; marks are places, the text is as it was said."""
    await talk.say("word " * 100 + "here is the <b>needle</b> & more " + "word " * 100)
    hit = (await talk.store.search(talk.scope, "needle")).hits[0]
    shown = hit.snippet
    assert shown.cut_before
    assert shown.cut_after
    assert "<b>needle</b> & more" in shown.text
    [mark] = shown.marks
    assert shown.text[mark.start : mark.start + mark.length] == "needle"
    whole = await talk.store.message(talk.scope, hit.message_id)
    assert whole.text[shown.offset :].startswith(shown.text)


async def test_filters_narrow_a_search(store: Store, clock: Clock) -> None:
    """Character, audience, author, role, session and time all narrow."""
    start_ms = clock.now_ms
    mine = await talk_in(store, clock, "alice", "hana")
    await mine.say("apple one")
    await mine.answer("apple two")
    ours = await talk_in(store, clock, "household", "rei")
    await ours.say("apple three")
    scope = Scope.of("alice")

    async def texts(**wanted: object) -> set[str]:
        narrowed = SearchFilter(**wanted)  # type: ignore[arg-type] # named by the test
        return set(await found(store, scope, "apple", wanted=narrowed))

    assert await texts() == {"apple one", "apple two", "apple three"}
    assert await texts(character="rei") == {"apple three"}
    assert await texts(audience="alice") == {"apple one", "apple two"}
    assert await texts(audience="bob") == set()
    assert await texts(author="alice") == {"apple one"}
    assert await texts(role=Role.ASSISTANT) == {"apple two"}
    assert await texts(session_id=ours.session.id) == {"apple three"}
    assert await texts(since_ms=start_ms + 2000) == {"apple two", "apple three"}
    assert await texts(until_ms=start_ms + 2000) == {"apple one"}


@pytest.mark.parametrize("order", list(Order))
async def test_paging_reaches_every_hit_once(store: Store, clock: Clock, order: Order) -> None:
    """Nothing is lost between pages, however many hits and rooms there are."""
    for character in ("hana", "rei"):
        talk = await talk_in(store, clock, "alice", character)
        for number in range(200):
            await talk.say(f"common {number} {character}")
    scope = Scope.of("alice")
    seen: list[int] = []
    more = True
    while more:
        page = await store.search(scope, "common", order=order, limit=90, offset=len(seen))
        seen += [hit.message_id for hit in page.hits]
        more = page.more
    assert len(seen) == len(set(seen)) == 400


@pytest.mark.parametrize("order", list(Order))
async def test_pages_fit_together_where_sessions_take_turns(
    store: Store, clock: Clock, order: Order
) -> None:
    """Sessions of one room that go on in turns lose no hit between two pages, and show none twice."""
    scope = Scope.of("alice", "hana")
    sessions = [await store.create_session(scope, character="hana") for _ in range(3)]
    talks = [Talk(store=store, clock=clock, session=one, scope=scope) for one in sessions]
    for number in range(330):
        await talks[number % 3].say(f"common {number}")
    seen: list[str] = []
    while page := await found(store, scope, "common", order=order, limit=50, offset=len(seen)):
        seen += page
    assert sorted(seen) == sorted(f"common {number}" for number in range(330))


async def test_many_hits_come_newest_first(store: Store, clock: Clock) -> None:
    """A common word shows the newest messages of all rooms first."""
    talks = [await talk_in(store, clock, "alice", name) for name in ("hana", "rei")]
    for number in range(400):
        await talks[number % 2].say(f"common {number}")
    assert await found(store, Scope.of("alice"), "common", limit=3) == [
        "common 399",
        "common 398",
        "common 397",
    ]


async def test_room_that_holds_nearly_every_hit_is_read_to_its_end(
    store: Store, clock: Clock
) -> None:
    """Among ten rooms one may hold the whole page, and more."""
    for number in range(9):
        await (await talk_in(store, clock, "alice", f"other{number}")).say("common elsewhere")
    talk = await talk_in(store, clock, "alice", "hana")
    said = [f"common {number}" for number in range(350)]
    for text in said:
        await talk.say(text)
    scope = Scope.of("alice")
    newest = await found(store, scope, "common", order=Order.NEWEST, limit=90)
    assert newest == said[:-91:-1]
    last = await found(store, scope, "common", order=Order.NEWEST, limit=90, offset=340)
    assert last == [*said[9::-1], *["common elsewhere"] * 9]


async def test_better_hits_that_are_deleted_hide_no_others(store: Store, clock: Clock) -> None:
    """However many of them there are."""
    gone = await talk_in(store, clock, "alice", "hana")
    for _ in range(80):
        await gone.say("apple")
    kept = await talk_in(store, clock, "alice", "rei")
    for number in range(5):
        await kept.say(f"an apple among many other words, number {number}")
    scope = Scope.of("alice")
    await store.delete_session(scope, gone.session.id)
    assert len(await found(store, scope, "apple", order=Order.RELEVANCE, limit=3)) == 3
    assert len(await found(store, scope, "apple", order=Order.RELEVANCE, limit=9)) == 5


async def test_what_is_deleted_is_not_found(spoken: Talk) -> None:
    """A deleted session is out of the search at once, and back when restored."""
    await spoken.store.delete_session(spoken.scope, spoken.session.id)
    assert await found(spoken.store, spoken.scope, "kitchen") == []
    await spoken.store.restore_session(spoken.scope, spoken.session.id)
    assert len(await found(spoken.store, spoken.scope, "kitchen")) == 3


async def test_nobody_finds_what_is_not_theirs(spoken: Talk) -> None:
    """Another person finds nothing, whatever they filter for."""
    bob = Scope.of("bob")
    assert await found(spoken.store, bob, "kitchen") == []
    wanted = SearchFilter(audience="alice")
    assert await found(spoken.store, bob, "kitchen", wanted=wanted) == []
    wanted = SearchFilter(session_id=spoken.session.id)
    assert await found(spoken.store, bob, "kitchen", wanted=wanted) == []
    other = Scope.of("alice", "rei")
    assert await found(spoken.store, other, "kitchen") == []
    wanted = SearchFilter(character="hana")
    assert await found(spoken.store, other, "kitchen", wanted=wanted) == []


@pytest.mark.parametrize(
    ("text", "words", "marked"),
    [
        ("Die Straße ist groß", "straße", "Straße"),
        ("Die Straße ist groß", "STRAß*", "Straße"),
        ("Die Straße ist groß", '"die straße"', "Die Straße"),
        ("Die Straße ist groß", "groß NOT klein", "groß"),
        ("Die Straße ist groß", "strasse", "Straße"),
        ("Die Straße ist groß", "strass*", "Straße"),
        ("Die Straße ist groß", '"die STRASSE ist"', "Die Straße ist"),
        ("Die Strasse ist nass", "straße", "Strasse"),
        ("Чай и йогурт", "ЙОГУРТ", "йогурт"),
        ("Чай и и\u0306огурт", "йогурт", "и\u0306огурт"),
        ("Зелёный чай", "зеленый", "Зелёный"),
        ("Зеленый чай", "зелёный", "Зеленый"),
        ("Старый за\u0301мок", "замок", "за\u0301мок"),
        ("Ο Σίσυφος", "Σίσυφος", "Σίσυφος"),
        ("Ο Σίσυφος", "σισυφοσ", "Σίσυφος"),
        ("καλή μέρα", '"ΚΑΛΗ μερα"', "καλή μέρα"),
        ("a ﬁne day", "ﬁne", "ﬁne"),
        ("a ﬁne day", "fine", "ﬁne"),
        ("Un café noir", "cafe", "café"),
        ("Un cafe\u0301 noir", "café", "cafe\u0301"),
        ("På en ø i Łódź, cœur", "lodz", "Łódź"),
        ("På en ø i Łódź, cœur", "o coeur", "ø"),
        ("Ísland, það er Æðey", "aedey", "Æðey"),
        ("مَدْرَسَة كبيرة", "مدرسة", "مَدْرَسَة"),
        ("Well done 👍🏽!", "👍", "👍🏽"),
        ("Well done 👍!", "👍🏿", "👍"),
        ("I ❤️ tea", "❤", "❤️"),
        ("I ❤ tea", "❤️ tea", "❤"),
        ("the 👨‍👩‍👧 is here", "👨‍👩‍👧", "👨‍👩‍👧"),
        ("go 🇩🇪 go", "🇩🇪", "🇩🇪"),
        ("はい😀です", "😀", "😀"),
        ("party🎉time", "party🎉", "party🎉"),
    ],
)
async def test_letters_are_found_however_they_are_written(
    talk: Talk, text: str, words: str, marked: str
) -> None:
    """A sharp s, accents, ligatures and emoji are no reason to lose a word; marks keep their places."""
    await talk.say(text)
    await talk.say("something else 🐈")
    [hit] = (await talk.store.search(talk.scope, words)).hits
    mark = hit.snippet.marks[0]
    assert hit.snippet.text[mark.start : mark.start + mark.length] == marked


@pytest.mark.parametrize("words", ["😁", "👍👍", "-😀 cat", "dog 😀", "иогурт"])
async def test_what_was_not_said_is_not_found(talk: Talk, words: str) -> None:
    """An emoji is a condition like a word, and a letter of its own is no accent."""
    await talk.say("the cat 😀")
    await talk.say("👍 for йогурт")
    assert await found(talk.store, talk.scope, words) == []


async def test_captions_are_found_folded(talk: Talk) -> None:
    """A picture's caption is found like a text."""
    picture = Attachment(kind="image", reference="a.png", caption="Gruß vom Fluß 🐟")
    await talk.say("look", attachments=[picture])
    for words in ("gruss fluß", "🐟"):
        assert await found(talk.store, talk.scope, words) == ["look"]


def test_every_letter_is_indexed_as_it_is_searched() -> None:
    """What is given to SQLite's own tokenizer comes out as `fold` says, for each letter it knows."""
    index = sqlite3.connect(":memory:")
    made = "CREATE VIRTUAL TABLE t USING fts5(x, tokenize='unicode61 remove_diacritics 2')"
    index.execute(made)
    index.execute("CREATE VIRTUAL TABLE v USING fts5vocab(t, 'instance')")
    every = map(chr, range(sys.maxunicode + 1))
    # Those of scripts without spaces are indexed by their pairs.
    letters = [letter for letter in every if letter.isalnum() and not is_unspaced(letter)]
    rows = [(ord(one), searchable(one) or one) for one in letters]
    index.executemany("INSERT INTO t(rowid, x) VALUES(?, ?)", rows)
    kept: dict[int, list[str]] = defaultdict(list)
    for term, code in index.execute("SELECT term, doc FROM v ORDER BY doc, offset"):
        kept[code].append(term)
    # Its letters are those of an older Unicode: younger ones it takes for signs, as always.
    wrong = {
        letter
        for letter in letters
        if kept[ord(letter)] not in ([], [word for word, _, _ in spans(fold(letter))])
    }
    assert not wrong


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    """A folded text is its own folding, and its words are the folded words."""
    assert fold(fold(text)) == fold(text)
    words = [word for one, _, _ in spans(text) for word, _, _ in spans(one)]
    assert [word for word, _, _ in spans(fold(text))] == words
