"""A ring of microphone audio in which every sample keeps its index for ever."""

from .format import SAMPLE_BYTES


class Ring:
    """The last seconds of the microphone, read by sample index."""

    def __init__(self, capacity: int) -> None:
        """Hold `capacity` samples."""
        self._capacity = capacity
        self._bytes = bytearray(capacity * SAMPLE_BYTES)
        self._end = 0

    @property
    def start(self) -> int:
        """Return the index of the oldest sample that is still held."""
        return max(0, self._end - self._capacity)

    @property
    def end(self) -> int:
        """Return the index that the next sample will get."""
        return self._end

    def append(self, pcm: bytes) -> None:
        """Add samples; the oldest fall out."""
        whole = pcm[: len(pcm) // SAMPLE_BYTES * SAMPLE_BYTES]
        kept = whole[-self._capacity * SAMPLE_BYTES :]
        self._end += len(whole) // SAMPLE_BYTES
        at = ((self._end - len(kept) // SAMPLE_BYTES) % self._capacity) * SAMPLE_BYTES
        first = min(len(kept), len(self._bytes) - at)
        self._bytes[at : at + first] = kept[:first]
        self._bytes[: len(kept) - first] = kept[first:]

    def read(self, start: int, end: int) -> bytes:
        """Return the samples from `start` up to `end`, without what is gone or not yet there."""
        start, end = max(start, self.start), min(end, self._end)
        if end <= start:
            return b""
        at = (start % self._capacity) * SAMPLE_BYTES
        length = (end - start) * SAMPLE_BYTES
        head = bytes(self._bytes[at : at + length])
        return head + bytes(self._bytes[: length - len(head)])
