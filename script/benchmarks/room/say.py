"""Speaking into a satellite's microphone."""

from collections.abc import Awaitable, Callable

type Say = Callable[[bytes], Awaitable[float]]
"""Plays samples into the microphone; returns when they began (ms)."""
