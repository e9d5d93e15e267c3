"""Check the counts."""

from custom_components.waifu_rt3d.memory import Scope, Store
from custom_components.waifu_rt3d.memory.values import NewTurn, Origin

from .conftest import Clock, talk_in


async def test_statistics_count_what_was_said(store: Store, clock: Clock) -> None:
    """Messages, words and talking time are counted per day and character; pauses are not."""
    talk = await talk_in(store, clock, "alice", "hana")
    await talk.say("one two three")
    await talk.answer("four five", first_token_ms=100)
    clock.advance(seconds=3600)
    await talk.say("six")
    await talk.answer("seven", first_token_ms=300)
    clock.advance(seconds=24 * 3600)
    await (await talk_in(store, clock, "alice", "rei")).say("eight")
    await (await talk_in(store, clock, "bob", "rei")).say("not hers")
    counted = await store.statistics(Scope.of("alice"))
    assert (counted.messages, counted.words, counted.sessions) == (5, 8, 2)
    assert counted.talking_ms == 2000
    assert [(day.character, day.messages, day.words) for day in counted.days] == [
        ("hana", 4, 7),
        ("rei", 1, 1),
    ]
    assert counted.days[1].day - counted.days[0].day == 1
    assert (counted.waiting.replies, counted.waiting.median_ms) == (2, 300)


async def test_statistics_of_nobody_are_empty(store: Store) -> None:
    """A person who never spoke has no days and no waiting times."""
    counted = await store.statistics(Scope.of("alice"))
    assert (counted.messages, counted.days, counted.waiting.median_ms) == (0, [], None)


async def test_top_words_leave_out_the_little_ones(store: Store, clock: Clock) -> None:
    """Words that people used most come first; replies don't count."""
    talk = await talk_in(store, clock)
    await talk.say("the garden and the Garden and the dog")
    await talk.answer("replies replies replies")
    counted = await store.top_words(talk.scope)
    assert [(one.word, one.count) for one in counted] == [("garden", 2), ("dog", 1)]


async def test_stages_and_feelings_are_counted_where_they_may_be_seen(
    store: Store, clock: Clock
) -> None:
    """How long each stage took and what the face showed, per day, without another's talk."""
    for person in ("alice", "bob"):
        talk = await talk_in(store, clock, person, "hana")
        times = {"start": 0.0, "thinking": 10.0, "first_text": 210.0, "voice": 260.0}
        turn_id = f"turn-{person}"
        await store.start_turn(
            talk.scope,
            NewTurn(
                turn_id=turn_id,
                session_id=talk.session.id,
                person=person,
                audience=person,
                character="hana",
                origin=Origin.CARD,
                started_ms=clock.now_ms,
            ),
        )
        await store.end_turn(talk.scope, turn_id, talk.session.id, error=None, stages=times)
        cues = [{"kind": "emotion", "name": "happy"}, {"kind": "gesture", "name": "wave"}]
        await talk.answer("hello", cues=cues)
    counted = await store.statistics(Scope.of("alice"))
    assert [(one.stage, one.turns, one.median_ms) for one in counted.stages] == [
        ("thinking", 1, 200),
        ("speaking", 1, 50),
        ("whole", 1, 260),
    ]
    assert [(one.emotion, one.times) for one in counted.feelings] == [("happy", 1)]
