"""Check the counts."""

from custom_components.waifu_rt3d.memory import Scope, Store

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
