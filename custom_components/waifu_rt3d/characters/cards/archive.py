"""ZIP files from strangers: unpacked with a bound on everything, packed the same way each time."""

from collections.abc import Mapping
import io
from pathlib import PurePosixPath
import zipfile
import zlib

from .errors import CardError, CardProblem

MAX_FILES = 2000
MAX_TOTAL = 256 * 1024 * 1024
"""Bytes of all files, unpacked."""
_MAX_RATIO = 200
_TIME = (1980, 1, 1, 0, 0, 0)
"""The same card gives the same bytes."""


def unpacked(data: bytes) -> dict[str, bytes]:
    """Return the files of an archive by path; something else may stand in front of it."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise CardError(CardProblem.ARCHIVE_DAMAGED) from error
    with archive:
        return {name: _read(archive, entry) for name, entry in _checked(archive).items()}


def packed(files: Mapping[str, bytes], *, front: bytes = b"") -> bytes:
    """Return an archive of files, in their order, behind something else."""
    out = io.BytesIO(front)
    with zipfile.ZipFile(out, "a" if front else "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name, _TIME), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _checked(archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """Return the files of an archive that can be unpacked without harm."""
    entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    if len(entries) > MAX_FILES:
        raise CardError(CardProblem.ARCHIVE_TOO_MANY)
    for entry in entries:
        if not _is_plain(entry.filename):
            raise CardError(CardProblem.ARCHIVE_OUTSIDE)
        if entry.flag_bits & 1:
            raise CardError(CardProblem.ARCHIVE_ENCRYPTED)
        if entry.file_size > _MAX_RATIO * max(1024, entry.compress_size):
            raise CardError(CardProblem.ARCHIVE_BOMB)
    if sum(entry.file_size for entry in entries) > MAX_TOTAL:
        raise CardError(CardProblem.ARCHIVE_TOO_LARGE)
    return {entry.filename.replace("\\", "/"): entry for entry in entries}


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
        raise CardError(CardProblem.ARCHIVE_DAMAGED) from error
    if len(data) != entry.file_size:
        raise CardError(CardProblem.ARCHIVE_DAMAGED)
    return data
