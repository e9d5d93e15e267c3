"""Try every part of the companion for real, and say what works, at what cost, and what to do."""

from .after_change import async_check_soon
from .finding import Finding, Part, State
from .run import async_run

__all__ = ["Finding", "Part", "State", "async_check_soon", "async_run"]
