"""Bring a database file to the schema of this version: made new, or changed step by step.

A migration is a function that gets the connection inside the one transaction of the whole
upgrade. It is written once and never changed, so it names its columns itself and does not use
`schema.py`, which always shows the newest version.
"""

from collections.abc import Callable

from sqlalchemy import Connection, text

from .errors import StoreDamaged, StoreTooNew
from .ids import number_ids
from .schema import APPLICATION_ID, SCHEMA_VERSION, full_text_tables, full_text_triggers, metadata

type Migration = Callable[[Connection], None]

# Version after the step → the step.
MIGRATIONS: dict[int, Migration] = {}


def upgrade(connection: Connection, *, private: bool = False) -> int:
    """Create or migrate the database; return the version it had before (0 for a new one)."""
    found = version_of(connection)
    if found > SCHEMA_VERSION:
        raise StoreTooNew(
            f"The conversations were written by a later version (schema {found}, this version "
            f"knows up to {SCHEMA_VERSION}). Update the integration; nothing was changed."
        )
    if found == 0:
        _create(connection)
        number_ids(connection, private=private)
    for version in range(max(found, 1) + 1, SCHEMA_VERSION + 1):
        if found:
            MIGRATIONS[version](connection)
    if found != SCHEMA_VERSION:
        connection.execute(text(f"PRAGMA user_version = {SCHEMA_VERSION}"))
    return found


def version_of(connection: Connection) -> int:
    """Return the schema version of the file; refuse a file that is another program's."""
    found = int(connection.execute(text("PRAGMA user_version")).scalar_one())
    owner = int(connection.execute(text("PRAGMA application_id")).scalar_one())
    tables = connection.execute(text("SELECT count(*) FROM sqlite_master")).scalar_one()
    if tables and owner != APPLICATION_ID:
        raise StoreDamaged("The file is a database of another program")
    return found


def _create(connection: Connection) -> None:
    """Make the newest schema in an empty file."""
    connection.execute(text(f"PRAGMA application_id = {APPLICATION_ID}"))
    metadata.create_all(connection, checkfirst=False)
    for statement in (*full_text_tables(), *full_text_triggers()):
        connection.execute(text(statement))
