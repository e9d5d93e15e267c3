"""Keep the order in which sessions were talked in, whatever is done to the clock.

A wall clock is set while it runs: back an hour, ahead a day and back again. What is shown of a session are
the times of that clock; what it is put in order by is this place, which only grows: the clock's time, or one
more than the last place given where the clock is behind that (a hybrid logical clock, Kulkarni et al. 2014).
"""

from sqlalchemy import BindParameter, ColumnElement, func, select

from .schema import session

_other = session.alias("other")
_AFTER_ALL = select(func.coalesce(func.max(_other.c.order_ms), -1) + 1).scalar_subquery()


def first_place(now_ms: int | BindParameter[int]) -> ColumnElement[int]:
    """Return the `order_ms` of a session in which something is said now."""
    return func.max(now_ms, _AFTER_ALL)
