"""Check that regenerating, editing and branching grow a tree and lose nothing."""

import pytest

from custom_components.waifu_rt3d.memory import NotFound, Role, Scope, Store

from .conftest import Clock, Talk, talk_in


async def test_regenerating_makes_an_alternative(talk: Talk) -> None:
    """A second reply stands beside the first; both can be walked to."""
    question = await talk.say("Tell me a joke")
    first = await talk.answer("A horse walks into a bar")
    await talk.say("Haha")
    asked = await talk.store.regenerate(talk.scope, first)
    assert (asked.id, asked.text) == (question, "Tell me a joke")
    second = await talk.answer("Knock knock")
    assert await talk.texts() == ["Tell me a joke", "Knock knock"]
    assert (await talk.store.message(talk.scope, second)).alternatives == [first, second]
    await talk.store.walk(talk.scope, first)
    assert await talk.texts() == ["Tell me a joke", "A horse walks into a bar", "Haha"]


async def test_editing_keeps_the_old_branch(talk: Talk) -> None:
    """An edited question is a sibling of the old one, also where it is the first."""
    old = await talk.say("Turn on the lihgt")
    await talk.answer("Which light?")
    new = await talk.store.edit_message(talk.scope, old, "Turn on the light")
    await talk.answer("Done")
    assert await talk.texts() == ["Turn on the light", "Done"]
    found = await talk.store.message(talk.scope, new)
    assert (found.edit_of, found.author, found.alternatives) == (old, "alice", [old, new])
    await talk.store.walk(talk.scope, old)
    assert await talk.texts() == ["Turn on the lihgt", "Which light?"]


async def test_walking_back_returns_to_the_end_of_the_branch(talk: Talk) -> None:
    """Deep branches are left and found again where they were."""
    await talk.say("one")
    left = await talk.answer("left")
    await talk.say("left two")
    left_three = await talk.answer("left three")
    await talk.store.regenerate(talk.scope, left_three)
    await talk.answer("left three again")
    await talk.store.regenerate(talk.scope, left)
    right = await talk.answer("right")
    await talk.store.walk(talk.scope, left)
    assert await talk.texts() == ["one", "left", "left two", "left three again"]
    await talk.store.walk(talk.scope, right)
    assert await talk.texts() == ["one", "right"]


async def test_a_branch_becomes_a_session_of_its_own(talk: Talk) -> None:
    """The copy holds the way to the message, with everything that belongs to it."""
    await talk.say("one")
    stop = await talk.answer("two", sent=b"two!", cues=[{"kind": "emotion"}])
    await talk.say("three")
    copy = await talk.store.branch_session(talk.scope, stop)
    copied = await talk.store.history(talk.scope, copy.id)
    assert [one.text for one in copied] == ["one", "two"]
    assert (copied[1].sent, copied[1].cues) == (b"two!", [{"kind": "emotion"}])
    assert copy.extra == {"branch_of": talk.session.id}
    assert await talk.texts() == ["one", "two", "three"]


async def test_the_tree_shows_every_branch(talk: Talk) -> None:
    """The picture of the tree has all messages and says where one stands."""
    await talk.say("question")
    first = await talk.answer("first")
    await talk.store.regenerate(talk.scope, first)
    await talk.answer("second")
    knots = await talk.store.tree(talk.scope, talk.session.id)
    assert [(one.preview, one.role, one.on_the_way) for one in knots] == [
        ("question", Role.USER, True),
        ("first", Role.ASSISTANT, False),
        ("second", Role.ASSISTANT, True),
    ]


async def test_a_long_session_can_be_walked(talk: Talk) -> None:
    """More messages than one SQL statement may name are no problem."""
    ids = [await talk.say(f"{number}") for number in range(1100)]
    await talk.store.walk(talk.scope, ids[3])
    copy = await talk.store.branch_session(talk.scope, ids[-1])
    assert copy.messages == 1100


async def test_nobody_else_can_walk_edit_or_branch(store: Store, clock: Clock) -> None:
    """Another person's messages are not there, whatever is asked of them."""
    talk = await talk_in(store, clock, "alice")
    secret = await talk.say("secret")
    bob = Scope.of("bob")
    for refused in (
        store.walk(bob, secret),
        store.regenerate(bob, secret),
        store.edit_message(bob, secret, "changed"),
        store.branch_session(bob, secret),
        store.tree(bob, talk.session.id),
        store.message(bob, secret),
    ):
        with pytest.raises(NotFound):
            await refused
    assert await talk.texts() == ["secret"]


async def test_a_branch_of_a_private_session_stays_private(store: Store, clock: Clock) -> None:
    """No copy of private talk reaches the file."""
    talk = await talk_in(store, clock, private=True)
    last = await talk.say("hidden")
    copy = await store.branch_session(talk.scope, last)
    assert copy.private
    assert await store.sessions(talk.scope) == []
