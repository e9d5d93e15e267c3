"""Another device's time is put on our clock with the best of some probes."""

from hypothesis import given, strategies as st
import pytest

from custom_components.waifu_rt3d.stage.clock import PROBES, Probe, RemoteClock


def test_unknown_clock_refuses() -> None:
    """Without an answer there is no time to give."""
    with pytest.raises(ValueError, match="never asked"):
        RemoteClock().ours(5.0)


@given(
    offset_ms=st.floats(-1e9, 1e9),
    ways=st.lists(st.tuples(st.floats(0, 200), st.floats(0, 200)), min_size=1, max_size=PROBES),
)
def test_error_is_at_most_half_the_best_round_trip(
    offset_ms: float, ways: list[tuple[float, float]]
) -> None:
    """However the two ways differ, the error stays below what the clock says."""
    clock = RemoteClock()
    for index, (there_ms, back_ms) in enumerate(ways):
        sent_ms = index * 1000.0
        clock.add(
            Probe(
                sent_ms=sent_ms,
                remote_ms=sent_ms + there_ms + offset_ms,
                received_ms=sent_ms + there_ms + back_ms,
            )
        )
    assert clock.error_ms is not None
    assert abs(clock.ours(5000.0 + offset_ms) - 5000.0) <= clock.error_ms + 1e-3


def test_old_probes_are_forgotten() -> None:
    """A drifting clock is followed: only the newest probes count."""
    clock = RemoteClock()
    clock.add(Probe(sent_ms=0, remote_ms=100, received_ms=0))
    for index in range(PROBES):
        clock.add(Probe(sent_ms=index, remote_ms=index + 50, received_ms=index + 2))
    assert clock.ours(50.0) == pytest.approx(1.0)
