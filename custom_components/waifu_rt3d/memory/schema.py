"""Define the tables and indexes of the store as this version has them.

A *room* is one audience together with one character: what is said there is for that audience
alone. Sessions belong to a room, so a reader's rights are a set of rooms.

Full-text rows carry their room in the upper bits of their row id (`room << 40 | message`), so a
search touches only the rooms it may see. They hold no text of their own; triggers keep them equal
to the messages, in the same transaction.
"""

import sqlite3

from sqlalchemy import (
    Column,
    ColumnElement,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    or_,
)

SCHEMA_VERSION = 5
# "wrt3" in ASCII: `file` and a person with a hex viewer can tell whose database this is.
APPLICATION_ID = 0x77727433
ROOM_SHIFT = 40

metadata = MetaData()

person = Table(
    "person",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", Text, nullable=False, unique=True),
    Column("name", Text),
)

character = Table(
    "character",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", Text, nullable=False, unique=True),
    Column("name", Text),
)

room = Table(
    "room",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("audience_id", ForeignKey("person.id", ondelete="CASCADE"), nullable=False),
    Column("character_id", ForeignKey("character.id", ondelete="CASCADE"), nullable=False),
    UniqueConstraint("audience_id", "character_id"),
)

session = Table(
    "session",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("uid", Text, nullable=False, unique=True),
    Column("room_id", ForeignKey("room.id"), nullable=False),
    Column("title", Text, nullable=False, server_default=""),
    Column("titled_by_person", Integer, nullable=False, server_default="0"),
    Column("created_ms", Integer, nullable=False),
    Column("updated_ms", Integer, nullable=False),
    Column("pinned", Integer, nullable=False, server_default="0"),
    Column("archived", Integer, nullable=False, server_default="0"),
    Column("deleted_ms", Integer),
    Column("head_id", Integer),
    Column("messages", Integer, nullable=False, server_default="0"),
    # Message ids are given to a session in blocks: neighbours in talk are neighbours in number.
    Column("next_id", Integer, nullable=False, server_default="0"),
    Column("block_end", Integer, nullable=False, server_default="0"),
    Column("extra", Text),
    # Where it stands among the others: the time of its last word, but never before what was said
    # earlier, whatever was done to the clock meanwhile.
    Column("order_ms", Integer, nullable=False, server_default="0"),
    # Wide enough that a list is put in order without reading a session.
    Index(
        "session_by_room",
        *("room_id", "order_ms", "updated_ms", "messages", "deleted_ms", "pinned", "archived"),
    ),
    Index("session_by_order", "order_ms"),
)

id_block = Table(
    "id_block",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("next_id", Integer, nullable=False),
)

conversation = Table(
    "conversation",
    metadata,
    Column("conversation_id", Text, primary_key=True),
    Column("room_id", ForeignKey("room.id", ondelete="CASCADE"), primary_key=True),
    Column("device", Text, primary_key=True),
    Column("session_id", ForeignKey("session.id", ondelete="CASCADE"), nullable=False),
    Column("seen_ms", Integer, nullable=False),
    Index("conversation_by_session", "session_id"),
    sqlite_with_rowid=False,
)

turn = Table(
    "turn",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("uid", Text, nullable=False, unique=True),
    Column("session_id", ForeignKey("session.id", ondelete="CASCADE"), nullable=False),
    Column("person_id", ForeignKey("person.id"), nullable=False),
    Column("origin", Text, nullable=False),
    Column("device", Text),
    Column("started_ms", Integer, nullable=False),
    Column("ended_ms", Integer),
    Column("error", Text),
    Column("stages", Text),
    # What was said in a turn that has not ended: it becomes a message with the answer, or after a restart.
    Column("asked", Text),
    Index("turn_by_session", "session_id"),
    Index("turn_by_person", "person_id"),
)

message = Table(
    "message",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("session_id", ForeignKey("session.id", ondelete="CASCADE"), nullable=False),
    Column("parent_id", ForeignKey("message.id")),
    Column("turn_id", ForeignKey("turn.id", ondelete="SET NULL")),
    Column("author_id", ForeignKey("person.id")),
    Column("edit_of", ForeignKey("message.id", ondelete="SET NULL")),
    # The child that was walked last: switching back to a branch returns to its end.
    Column("chosen_child", Integer),
    Column("role", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("display", Text),
    Column("heard", Text),
    Column("cut_ms", Integer),
    Column("created_ms", Integer, nullable=False),
    Column("words", Integer, nullable=False, server_default="0"),
    # What else a message is found by: its scripts without spaces cut up, its emoji, its pictures'
    # captions.
    Column("found_by", Text),
    Column("model", Text),
    Column("tokens_in", Integer),
    Column("tokens_out", Integer),
    Column("first_token_ms", Integer),
    Column("duration_ms", Integer),
    Column("extra", Text),
    # The text as the indexes take it, where their tokenizer would keep a letter otherwise.
    Column("folded", Text),
    # Wide enough that counting needs no other page.
    Index("message_by_session", "session_id", "id", "created_ms", "role", "words"),
    Index("message_by_parent", "parent_id"),
)
# Most messages are no edit and belong to a turn of one person; these stay small.
Index("message_roots", message.c.session_id, sqlite_where=message.c.parent_id.is_(None))
Index("message_by_edit", message.c.edit_of, sqlite_where=message.c.edit_of.is_not(None))
Index("turn_asked", turn.c.id, sqlite_where=turn.c.asked.is_not(None))
Index("message_by_turn", message.c.turn_id, sqlite_where=message.c.turn_id.is_not(None))
Index("message_by_author", message.c.author_id, sqlite_where=message.c.author_id.is_not(None))

sent = Table(
    "sent",
    metadata,
    Column("message_id", ForeignKey("message.id", ondelete="CASCADE"), primary_key=True),
    Column("bytes", LargeBinary, nullable=False),
)

speech = Table(
    "speech",
    metadata,
    Column("message_id", ForeignKey("message.id", ondelete="CASCADE"), primary_key=True),
    Column("cues", Text, nullable=False),
    Column("timeline", LargeBinary),
)

tool_call = Table(
    "tool_call",
    metadata,
    Column("message_id", ForeignKey("message.id", ondelete="CASCADE"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("call_id", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("arguments", Text, nullable=False),
    Column("result", Text),
    Column("error", Text),
    Column("started_ms", Integer),
    Column("ended_ms", Integer),
    sqlite_with_rowid=False,
)

attachment = Table(
    "attachment",
    metadata,
    Column("message_id", ForeignKey("message.id", ondelete="CASCADE"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("reference", Text, nullable=False),
    Column("mime_type", Text),
    Column("name", Text),
    Column("size_bytes", Integer),
    Column("caption", Text),
    sqlite_with_rowid=False,
)

embedding_model = Table(
    "embedding_model",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", Text, nullable=False, unique=True),
)

embedding = Table(
    "embedding",
    metadata,
    Column("message_id", ForeignKey("message.id", ondelete="CASCADE"), primary_key=True),
    Column("model_id", ForeignKey("embedding_model.id", ondelete="CASCADE"), nullable=False),
    # One signed byte for each dimension; only its direction means anything.
    Column("vector", LargeBinary, nullable=False),
    Index("embedding_by_model", "model_id", "message_id"),
)

note = Table(
    "note",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("uid", Text, nullable=False, unique=True),
    Column("audience_id", ForeignKey("person.id", ondelete="CASCADE"), nullable=False),
    # No character: every character may know it.
    Column("character_id", ForeignKey("character.id", ondelete="CASCADE")),
    Column("text", Text, nullable=False),
    Column("created_ms", Integer, nullable=False),
    Column("changed_ms", Integer, nullable=False),
    Column("source_id", ForeignKey("message.id", ondelete="SET NULL")),
    Column("pinned", Integer, nullable=False, server_default="0"),
    Index("note_by_audience", "audience_id", "character_id"),
    Index("note_by_source", "source_id"),
)

recalled = Table(
    "recalled",
    metadata,
    Column("turn_id", ForeignKey("turn.id", ondelete="CASCADE"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("message_id", ForeignKey("message.id", ondelete="CASCADE")),
    Column("note_id", ForeignKey("note.id", ondelete="CASCADE")),
    Column("score", Integer, nullable=False),
    Column("reasons", Text, nullable=False),
    Index("recalled_by_message", "message_id"),
    Index("recalled_by_note", "note_id"),
    sqlite_with_rowid=False,
)

setting = Table(
    "setting",
    metadata,
    Column("key", Text, primary_key=True),
    Column("value", Text),
    sqlite_with_rowid=False,
)

WORDS = "message_words"
STEMS = "message_stems"
FULL_TEXT = (WORDS, STEMS)

_TOKENIZERS = {
    WORDS: "unicode61 remove_diacritics 2",
    STEMS: "porter unicode61 remove_diacritics 2",
}
# The beginnings of words are searched too; without this, each would gather all words it begins.
_PREFIXES = {WORDS: ", prefix='3'", STEMS: ""}
_TEXT = "coalesce({row}.folded, {row}.text)"
_INDEXED = "{row}.role IN ('user', 'assistant') AND {row}.text <> ''"


def is_spoken(role: ColumnElement[str]) -> ColumnElement[bool]:
    """Return the rule that a person or a character said something.

    Behind IN the two would be written into the text of the query each time it is asked.
    """
    return or_(role == "user", role == "assistant")


def full_text_tables() -> list[str]:
    """Return the statements that create the full-text indexes."""
    made = [
        f"CREATE VIRTUAL TABLE {name} "
        f"USING fts5(text, found_by, content='', tokenize='{tokenizer}'{_PREFIXES[name]})"
        for name, tokenizer in _TOKENIZERS.items()
    ]
    if sqlite3.sqlite_version_info >= (3, 42):
        # Without it a deleted word stays in the file until its part of the index is rewritten.
        made += [
            f"INSERT INTO {name}({name}, rank) VALUES('secure-delete', 1)" for name in _TOKENIZERS
        ]
    return made


def full_text_triggers() -> list[str]:
    """Return the triggers that keep every full-text index equal to the messages."""
    return [
        _trigger("insert", "AFTER INSERT ON message", ("new",)),
        _trigger("delete", "AFTER DELETE ON message", ("old",)),
        _trigger(
            "update", "AFTER UPDATE OF text, folded, found_by, role ON message", ("old", "new")
        ),
        *(_move_trigger(name) for name in _TOKENIZERS),
    ]


HEAD_TRIGGERS = [
    """
    CREATE TRIGGER session_head BEFORE UPDATE OF head_id ON session
    WHEN new.head_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM message WHERE id = new.head_id AND session_id = new.id
    )
    BEGIN SELECT RAISE(ABORT, 'a session stands on a message of its own'); END
    """,
    """
    CREATE TRIGGER session_new_head BEFORE INSERT ON session WHEN new.head_id IS NOT NULL
    BEGIN SELECT RAISE(ABORT, 'a new session has no message to stand on'); END
    """,
    """
    CREATE TRIGGER message_delete_head AFTER DELETE ON message BEGIN
        UPDATE session SET head_id = NULL WHERE id = old.session_id AND head_id = old.id;
        UPDATE message SET chosen_child = NULL WHERE id = old.parent_id AND chosen_child = old.id;
    END
    """,
]
"""A session never stands on a message that is not there, whoever writes."""


def _trigger(name: str, event: str, rows: tuple[str, ...]) -> str:
    """Return one trigger that removes the old row from every index and adds the new one."""
    body = "".join(_index_statement(index, row) for row in rows for index in _TOKENIZERS)
    return f"CREATE TRIGGER message_{name}_index {event} BEGIN {body} END"


def _index_statement(index: str, row: str) -> str:
    """Return the statement that adds (`new`) or removes (`old`) a message in one index."""
    place = (
        f"((SELECT room_id FROM session WHERE id = {row}.session_id) << {ROOM_SHIFT}) | {row}.id"  # noqa: S608 - only names and numbers of our own
    )
    columns, values = "rowid, text, found_by", f"{place}, {_TEXT.format(row=row)}, {row}.found_by"
    if row == "old":
        columns, values = f"{index}, {columns}", f"'delete', {values}"
    # Nothing in these statements comes from outside this file.
    return f"INSERT INTO {index}({columns}) SELECT {values} WHERE {_INDEXED.format(row=row)};"


def _move_trigger(index: str) -> str:
    """Return the trigger that moves a session's messages to another room in one index."""
    text = _TEXT.format(row="m")
    source = f"FROM message m WHERE m.session_id = old.id AND {_INDEXED.format(row='m')}"
    return (
        f"CREATE TRIGGER {index}_move AFTER UPDATE OF room_id ON session "
        "WHEN old.room_id <> new.room_id BEGIN "
        f"INSERT INTO {index}({index}, rowid, text, found_by) "
        f"SELECT 'delete', (old.room_id << {ROOM_SHIFT}) | m.id, {text}, m.found_by {source};"
        f"INSERT INTO {index}(rowid, text, found_by) "
        f"SELECT (new.room_id << {ROOM_SHIFT}) | m.id, {text}, m.found_by {source}; END"
    )
