"""Know the persons, characters and rooms by their keys."""

from sqlalchemy import Connection, Table, insert, literal, select, update

from .packing import as_json, listed
from .schema import character, person, room
from .values import Role
from .words import spans


def key_id(connection: Connection, table: Table, key: str) -> int:
    """Return the number of a person or character, who is made known when new."""
    found = connection.execute(select(table.c.id).where(table.c.key == key)).scalar()
    if found is None:
        added = insert(table).values(key=key).returning(table.c.id)
        found = connection.execute(added).scalar_one()
    return int(found)


def person_id(connection: Connection, key: str) -> int:
    """Return the number of a person, the household or a guest."""
    return key_id(connection, person, key)


def room_id(connection: Connection, audience: str, character_key: str) -> int:
    """Return the room of an audience with a character."""
    values = {
        "audience_id": person_id(connection, audience),
        "character_id": key_id(connection, character, character_key),
    }
    query = select(room.c.id).where(
        room.c.audience_id == values["audience_id"],
        room.c.character_id == values["character_id"],
    )
    found = connection.execute(query).scalar()
    if found is None:
        added = insert(room).values(**values).returning(room.c.id)
        found = connection.execute(added).scalar_one()
    return int(found)


def place_of_room(connection: Connection, number: int) -> tuple[str, str]:
    """Return the audience and the character of a room."""
    query = (
        select(person.c.key, character.c.key)
        .join(room, room.c.audience_id == person.c.id)
        .join(character, character.c.id == room.c.character_id)
        .where(room.c.id == number)
    )
    audience, character_key = connection.execute(query).one()
    return str(audience), str(character_key)


def set_name(connection: Connection, table: Table, key: str, name: str) -> None:
    """Keep the name that is shown for a person or a character, also when Home Assistant forgets."""
    key_id(connection, table, key)
    connection.execute(update(table).where(table.c.key == key).values(name=name))


def shown_name(connection: Connection, table: Table, key: str) -> str:
    """Return the name of a person or a character, their key where they have none."""
    found = connection.execute(select(table.c.name).where(table.c.key == key)).scalar()
    return found or key


_NAMES = (
    select(person.c.name, literal("user").label("role"))
    .join(room, room.c.audience_id == person.c.id)
    .where(room.c.id.in_(listed("rooms")), person.c.name.is_not(None))
).union(
    select(character.c.name, literal("assistant"))
    .join(room, room.c.character_id == character.c.id)
    .where(room.c.id.in_(listed("rooms")), character.c.name.is_not(None))
)


def names_in(connection: Connection, rooms: tuple[int, ...]) -> dict[str, Role]:
    """Return the folded names of those who talk in some rooms, and which side they are on."""
    found: dict[str, Role] = {}
    rows = connection.execute(_NAMES, {"rooms": as_json(rooms)}).all()
    # A name that both have means who is listened to: the character.
    for row in sorted(rows, key=lambda row: row.role, reverse=True):
        found |= {word: Role(row.role) for word, _, _ in spans(row.name)}
    return found
