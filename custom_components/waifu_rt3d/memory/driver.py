"""Reach SQLite's own connection, on the transaction that SQLAlchemy began.

For pragmas, on which no transaction may begin by itself, and for the few statements of a search or
a turn, whose way through SQLAlchemy costs more than their answer.
"""

import sqlite3

from sqlalchemy import Connection


def driver(connection: Connection) -> sqlite3.Connection:
    """Return the driver's connection."""
    found = connection.connection.driver_connection
    assert isinstance(found, sqlite3.Connection)
    return found
