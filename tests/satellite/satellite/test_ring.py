"""The ring of microphone audio."""

from hypothesis import given, strategies as st
import numpy as np

from waifu_satellite.ring import Ring


@given(st.lists(st.integers(0, 23), max_size=30), st.integers(0, 400), st.integers(0, 60))
def test_every_held_sample_is_found_under_its_index(
    sizes: list[int], start: int, length: int
) -> None:
    """The ring is the end of the whole stream, whatever the pieces were."""
    ring = Ring(16)
    stream = np.arange(sum(sizes), dtype="<i2")
    at = 0
    for size in sizes:
        ring.append(stream[at : at + size].tobytes())
        at += size
    held = stream[max(0, len(stream) - 16) :]
    assert ring.end == len(stream)
    assert ring.read(0, ring.end) == held.tobytes()
    first, last = max(start, ring.start), min(start + length, ring.end)
    assert ring.read(start, start + length) == stream[first : max(first, last)].tobytes()
