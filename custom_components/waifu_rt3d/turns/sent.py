"""What the owner's own model was sent in a turn, byte for byte."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """The bytes of a turn that a model has seen; kept, so that its cache stays warm."""

    question: bytes
    answer: bytes | None
    history_from: str
    """The turn with which its history began."""
