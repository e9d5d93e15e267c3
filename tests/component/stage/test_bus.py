"""Only those who may see a turn get its envelopes, in order, also after a reconnect."""

from custom_components.waifu_rt3d.stage.bus import (
    HOUSEHOLD,
    KEPT_ENVELOPES,
    Audience,
    Bus,
    Envelope,
    Kind,
    Subscriber,
)

ALICE = Audience(user_ids=frozenset({"alice"}))


def listener(bus: Bus, user_id: str, after_seq: int | None = None) -> list[Envelope]:
    """Subscribe a user and return what it gets."""
    got: list[Envelope] = []
    subscriber = Subscriber(user_id=user_id, connection=f"of {user_id}", send=got.append)
    bus.subscribe(subscriber, after_seq)
    return got


def test_another_user_sees_nothing_of_a_private_turn() -> None:
    """A turn of one person reaches that person alone; the household's reaches all."""
    bus = Bus()
    alice, bob = listener(bus, "alice"), listener(bus, "bob")
    bus.publish("1", Kind.TEXT, {}, ALICE)
    bus.publish("2", Kind.TEXT, {}, HOUSEHOLD)
    assert [e.turn_id for e in alice] == ["1", "2"]
    assert [e.turn_id for e in bob] == ["2"]


def test_owner_only_envelope_still_needs_the_audience() -> None:
    """The place of the sound goes to the connection that began the turn, if it may see it."""
    bus = Bus()
    alice, bob = listener(bus, "alice"), listener(bus, "bob")
    bus.publish("1", Kind.AUDIO, {}, ALICE, owner="of alice")
    bus.publish("1", Kind.AUDIO, {}, ALICE, owner="of bob")
    assert len(alice) == 1
    assert bob == []


def test_reconnect_replays_what_was_missed() -> None:
    """After a number, the later envelopes come first; a number of another run replays all."""
    bus = Bus()
    for turn_id in "abc":
        bus.publish(turn_id, Kind.TEXT, {}, HOUSEHOLD)
    assert [e.turn_id for e in listener(bus, "bob", after_seq=1)] == ["b", "c"]
    assert [e.turn_id for e in listener(bus, "bob", after_seq=99)] == ["a", "b", "c"]
    assert listener(bus, "bob") == []


def test_memory_is_bounded() -> None:
    """Only the newest envelopes are kept."""
    bus = Bus()
    for _ in range(KEPT_ENVELOPES + 10):
        bus.publish("x", Kind.TEXT, {}, HOUSEHOLD)
    assert len(listener(bus, "bob", after_seq=0)) == KEPT_ENVELOPES


def test_unsubscribe_inside_a_message() -> None:
    """Somebody who leaves while being told breaks nothing for the others."""
    bus = Bus()
    stop = bus.subscribe(Subscriber(user_id="a", connection="1", send=lambda _: stop()))
    got = listener(bus, "bob")
    bus.publish("1", Kind.TEXT, {}, HOUSEHOLD)
    bus.publish("2", Kind.TEXT, {}, HOUSEHOLD)
    assert [e.turn_id for e in got] == ["1", "2"]


def test_forgotten_turn_is_not_replayed() -> None:
    """A deleted turn is gone for those who come later."""
    bus = Bus()
    bus.publish("1", Kind.TEXT, {}, HOUSEHOLD)
    bus.publish("2", Kind.TEXT, {}, HOUSEHOLD)
    bus.forget("1")
    assert [e.turn_id for e in listener(bus, "bob", after_seq=0)] == ["2"]
