"""Check that what means the same in other words is found, by vectors of a model made for the test."""

import pytest

from custom_components.waifu_rt3d.memory import Scope, Store, embeddings
from custom_components.waifu_rt3d.memory.embeddings import Vector, shrunk

from .conftest import Clock, Talk, talk_in

MODEL = "test/letters"
_NO_END = 1 << 62


def vector(kind: int) -> list[float]:
    """Return a direction of four."""
    return [1.0 if place == kind else 0.01 for place in range(4)]


@pytest.fixture(params=["numpy", "plain"])
def arithmetic(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Compare with numpy where it is installed, and without."""
    if request.param == "plain":
        monkeypatch.setattr(embeddings, "numpy", lambda: None)
    elif embeddings.numpy() is None:
        pytest.skip("numpy is not installed")
    return str(request.param)


async def told(talk: Talk) -> tuple[int, int]:
    """Say two things and give them vectors; return their ids."""
    beagle = await talk.say("We adopted a beagle from the shelter")
    other = await talk.say("The dishwasher beeps again since the morning")
    await talk.store.put_vectors(MODEL, {beagle: vector(0), other: vector(1)})
    return beagle, other


async def test_other_words_are_found_by_their_meaning(talk: Talk, arithmetic: str) -> None:
    """With numpy no word need be shared; without, what words found is put in order."""
    beagle, other = await told(talk)
    near = Vector(model=MODEL, numbers=shrunk(vector(0)))
    found = await talk.store.related(talk.scope, "Which pup lives with us?", vector=near)
    if arithmetic == "numpy":
        assert found[0].message_id == beagle
        recalled = await talk.store.recall(talk.scope, "Which pup lives with us?", vector=near)
        assert "beagle" in recalled.memories[0].lines[-1].text
    else:
        assert found == []
    both = "the beagle or the dishwasher"
    far = Vector(model=MODEL, numbers=shrunk(vector(1)))
    scores = [
        {one.message_id: one.score for one in await talk.store.related(talk.scope, both, vector=by)}
        for by in (near, far)
    ]
    assert scores[0][beagle] > scores[1][beagle]
    assert scores[0][other] < scores[1][other]


@pytest.mark.usefixtures("arithmetic")
async def test_nobody_finds_another_s_by_its_meaning(store: Store, clock: Clock) -> None:
    """Rooms out of sight are not compared, nor vectors of another model or length."""
    talk = await talk_in(store, clock)
    await told(talk)
    near = Vector(model=MODEL, numbers=shrunk(vector(0)))
    assert await store.related(Scope.of("bob"), "beagle", vector=near) == []
    for odd in (Vector(model="other", numbers=near.numbers), Vector(model=MODEL, numbers=b"\x01")):
        assert await store.related(talk.scope, "pup", vector=odd) == []


async def test_what_is_forgotten_has_no_vector(talk: Talk) -> None:
    """Messages wait for their vectors, the newest first, until they have one or are gone."""
    store = talk.store
    first, second = await told(talk)
    third = await talk.say("And a third")

    async def waiting(model: str = MODEL, before_id: int = _NO_END) -> list[int]:
        found = await store.without_vector(model, before_id=before_id, limit=10)
        return [one.message_id for one in found]

    assert await waiting() == [third]
    assert await waiting("another model") == [third, second, first]
    assert await waiting("another model", before_id=second) == [first]
    after = await store.without_vector("another model", after_id=second, limit=10)
    assert [one.message_id for one in after] == [third]
    await store.forget_message(talk.scope, first)
    await store.put_vectors(MODEL, {first: vector(2), third: vector(2)})
    assert await waiting() == []
    rows = await store._database.read(
        lambda connection: connection.exec_driver_sql("SELECT message_id FROM embedding").fetchall()
    )
    assert sorted(row[0] for row in rows) == [second, third]


async def test_a_deleted_session_is_not_found_by_its_meaning(talk: Talk, clock: Clock) -> None:
    """Not a moment later; when it can't be brought back any more, no vector of it is left."""
    await told(talk)
    near = Vector(model=MODEL, numbers=shrunk(vector(0)))
    await talk.store.delete_session(talk.scope, talk.session.id)
    assert await talk.store.related(talk.scope, "pup", vector=near) == []
    clock.advance(seconds=3600)
    await talk.store.purge()
    rows = await talk.store._database.read(
        lambda connection: connection.exec_driver_sql("SELECT count(*) FROM embedding").scalar()
    )
    assert rows == 0


def test_a_vector_keeps_its_direction() -> None:
    """Small numbers and nothing at all are vectors too."""
    assert shrunk([0.5, -1.0, 0.0]) == bytes([64, 129, 0])
    assert shrunk([1e-9, 0.0]) == bytes([127, 0])
    assert shrunk([0.0, 0.0]) == bytes([0, 0])
    assert shrunk([]) == b""
