"""The state table: no way in without a way out."""

from hypothesis import given, strategies as st

from waifu_satellite.states import RESTING, TABLE, TIMEOUT_S, Action, Flags, Machine, State, Trigger

triggers = st.lists(st.sampled_from(list(Trigger)), max_size=40)


def test_every_state_has_a_timeout_and_a_row() -> None:
    """No state is forgotten in the table."""
    for state in State:
        assert TIMEOUT_S[state] > 0
        assert Trigger.TIMEOUT in TABLE[state]


@given(triggers)
def test_no_sequence_leaves_it_stuck(sequence: list[Trigger]) -> None:
    """Whatever happened, time-outs alone lead back to a resting state."""
    machine = Machine()
    for trigger in sequence:
        machine.step(trigger)
    for _ in range(6):
        machine.step(Trigger.TIMEOUT)
    assert machine.state in RESTING


@given(triggers)
def test_after_anything_a_wake_word_is_heard(sequence: list[Trigger]) -> None:
    """When all is well again, the next wake word asks for a run."""
    machine = Machine()
    for trigger in sequence:
        machine.step(trigger)
    for trigger in (Trigger.AUDIO_BACK, Trigger.UNMUTE, Trigger.CONNECTED, Trigger.RESUME):
        machine.step(trigger)
    for trigger in (Trigger.HUSH, *[Trigger.TIMEOUT] * 6):
        machine.step(trigger)
    assert machine.state is State.IDLE
    assert Action.REQUEST_RUN in machine.step(Trigger.WAKE)


@given(triggers)
def test_stream_runs_only_while_listening(sequence: list[Trigger]) -> None:
    """A stream that was begun is ended by whatever leads out of listening."""
    machine, streaming = Machine(), False
    for trigger in sequence:
        for action in machine.step(trigger):
            if action is Action.REQUEST_RUN:
                streaming = True
            elif action in {Action.STOP_STREAM, Action.END_SPEECH}:
                streaming = False
        assert streaming == (machine.state in {State.WAKE_PENDING, State.LISTENING})


@given(triggers)
def test_ring_sounds_exactly_while_ringing(sequence: list[Trigger]) -> None:
    """The bell is started and stopped with its state."""
    machine, ringing = Machine(), False
    for trigger in sequence:
        for action in machine.step(trigger):
            if action is Action.START_RING:
                ringing = True
            elif action is Action.STOP_RING:
                ringing = False
        assert ringing == (machine.state is State.RINGING)


def test_wake_word_while_speaking_interrupts_before_it_asks() -> None:
    """The sound stops before the run is requested."""
    machine = Machine(state=State.SPEAKING, flags=Flags(connected=True))
    assert machine.step(Trigger.WAKE) == (Action.BARGE_IN, Action.REQUEST_RUN)
    assert machine.state is State.WAKE_PENDING


def test_wake_word_without_home_assistant_is_answered() -> None:
    """Somebody who calls learns that nobody is there."""
    machine = Machine()
    assert machine.step(Trigger.WAKE) == (Action.SAY_OFFLINE,)
    machine.step(Trigger.SOUND_ENDED)
    assert machine.state is State.OFFLINE


def test_follow_up_waits_for_the_end_of_the_sound() -> None:
    """A question opens the window when it has been heard."""
    machine = Machine(state=State.SPEAKING, flags=Flags(connected=True))
    assert machine.step(Trigger.LISTEN) == ()
    assert machine.step(Trigger.SOUND_ENDED) == (Action.OPEN_WINDOW,)
    assert machine.state is State.FOLLOW_UP


def test_stop_ends_a_talk_that_wanted_to_go_on() -> None:
    """Who stops her is not asked on."""
    machine = Machine(state=State.SPEAKING, flags=Flags(connected=True))
    machine.step(Trigger.LISTEN)
    machine.step(Trigger.STOP)
    assert machine.state is State.IDLE


def test_timer_rings_without_home_assistant_and_after_the_talk() -> None:
    """Ringing needs nobody, and waits until she has finished."""
    machine = Machine(state=State.SPEAKING, flags=Flags(connected=False))
    assert machine.step(Trigger.RING) == ()
    assert machine.step(Trigger.SOUND_ENDED) == (Action.START_RING,)
    assert machine.step(Trigger.STOP) == (Action.STOP_RING, Action.TIMERS_HEARD)
    assert machine.state is State.OFFLINE


def test_who_stops_a_line_between_two_rings_stops_the_ringing() -> None:
    """A timer's line sounds instead of a ring; stopping it does not bring the next ring."""
    for trigger, state in ((Trigger.STOP, State.IDLE), (Trigger.WAKE, State.WAKE_PENDING)):
        machine = Machine(state=State.IDLE, flags=Flags(connected=True))
        assert machine.step(Trigger.RING) == (Action.START_RING,)
        assert machine.step(Trigger.SOUND_STARTED) == (Action.STOP_RING,)
        assert Action.TIMERS_HEARD in machine.step(trigger)
        assert machine.state is state
        assert not machine.flags.ringing


def test_line_that_nobody_stops_is_followed_by_the_next_ring() -> None:
    """What was not stopped rings on."""
    machine = Machine(state=State.IDLE, flags=Flags(connected=True))
    machine.step(Trigger.RING)
    machine.step(Trigger.SOUND_STARTED)
    assert machine.step(Trigger.SOUND_ENDED) == (Action.START_RING,)


def test_timer_that_has_not_rung_yet_outlives_a_stop() -> None:
    """Who stops an announcement has not heard the timer that ended meanwhile."""
    machine = Machine(state=State.ANNOUNCING, flags=Flags(connected=True))
    machine.step(Trigger.RING)
    assert machine.step(Trigger.STOP) == (Action.STOP_SOUND, Action.START_RING)
