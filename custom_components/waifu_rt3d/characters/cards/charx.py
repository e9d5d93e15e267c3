"""Cards in archives: CHARX, a ZIP file with `card.json` and the files of its assets."""

import io
from pathlib import PurePosixPath
import zipfile
import zlib

from .card import MAX_JSON, Card, Spec, card_from_json
from .errors import CardError

MAX_FILES = 2000
MAX_TOTAL = 256 * 1024 * 1024
"""Bytes of all files, unpacked."""
_MAX_RATIO = 200
_CARD = "card.json"
_TIME = (1980, 1, 1, 0, 0, 0)
"""The same card gives the same bytes."""


def read_charx(data: bytes) -> Card:
    """Return the card in an archive; a picture may stand in front of it."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError) as error:
        raise CardError("The archive is damaged.") from error
    with archive:
        entries = _checked(archive)
        if _CARD not in entries:
            raise CardError("The archive has no card.json.")
        if entries[_CARD].file_size > MAX_JSON:
            raise CardError("The card's text is longer than 4 MB.")
        card = card_from_json(_read(archive, entries[_CARD]))
        files = {name: _read(archive, e) for name, e in entries.items() if name != _CARD}
    return Card(spec=card.spec, raw=card.raw, assets=files)


def write_charx(card: Card) -> bytes:
    """Return an archive with the card, in version 3 as the format wants."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        document = card.as_spec(Spec.V3).to_json().encode()
        for name, data in ((_CARD, document), *sorted(card.assets.items())):
            archive.writestr(zipfile.ZipInfo(name, _TIME), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _checked(archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """Return the files of an archive that can be unpacked without harm."""
    entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    if len(entries) > MAX_FILES:
        raise CardError("The archive has too many files.")
    for entry in entries:
        if not _is_plain(entry.filename):
            raise CardError("The archive has a file that points outside of it.")
        if entry.flag_bits & 1:
            raise CardError("The archive is encrypted.")
        if entry.file_size > _MAX_RATIO * max(1024, entry.compress_size):
            raise CardError("The archive unpacks to far more than it is.")
    if sum(entry.file_size for entry in entries) > MAX_TOTAL:
        raise CardError("The archive is larger than 256 MB.")
    return {entry.filename: entry for entry in entries}


def _is_plain(name: str) -> bool:
    """Return whether a path stays inside the archive."""
    path = PurePosixPath(name.replace("\\", "/"))
    return (
        not path.is_absolute() and ".." not in path.parts and ":" not in name and "\0" not in name
    )


def _read(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """Return a file of the archive, never more of it than its entry says."""
    try:
        with archive.open(entry) as file:
            data = file.read(entry.file_size + 1)
    except (
        zipfile.BadZipFile,
        ValueError,
        zlib.error,
        EOFError,
        NotImplementedError,
        OSError,
        RuntimeError,
    ) as error:
        raise CardError("The archive is damaged.") from error
    if len(data) != entry.file_size:
        raise CardError("The archive is damaged.")
    return data
