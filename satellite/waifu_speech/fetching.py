"""Fetch a model's files: resumed where a connection broke, checked, and put in place all at once."""

from collections.abc import Callable, Iterator, Sequence
import contextlib
from dataclasses import dataclass
import errno
import fcntl
import hashlib
import http.client
import os
from pathlib import Path
import shutil
from typing import BinaryIO, Final
import urllib.error
from urllib.parse import urlsplit
import urllib.request

from . import VERSION
from .errors import SpeechError

TIMEOUT_S: Final = 30.0
# How often in a row a connection may break without one new byte.
_FRUITLESS: Final = 3
_BLOCK_BYTES: Final = 1 << 16
_STAGING: Final = ".fetching"
_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})

type Progress = Callable[[int, int], None]
"""Called with the bytes that are here and the bytes that there are in all."""


class FetchError(SpeechError):
    """A file can't be fetched; the message says why and what to do."""


class NotThereError(FetchError):
    """The server has no such file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """What a file's content must come to."""

    kind: str
    """"md5", "sha256" or "git": SHA-1 of the file as a blob of git."""
    hex: str

    def fits(self, path: Path) -> bool:
        """Return whether a file is the one that is meant."""
        start = b""
        if self.kind == "git":
            start = b"blob %d\0" % path.stat().st_size
        kind = "sha1" if self.kind == "git" else self.kind
        # It finds damage, which is all that md5 and SHA-1 are still good for.
        digest = hashlib.new(kind, start, usedforsecurity=False)
        with path.open("rb") as file:
            while block := file.read(_BLOCK_BYTES):
                digest.update(block)
        return digest.hexdigest() == self.hex


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteFile:
    """A file to fetch."""

    url: str
    path: Path
    """Where it will be."""
    size: int
    """Bytes."""
    digest: Digest


def fetch_all(files: Sequence[RemoteFile], folder: Path, progress: Progress) -> None:
    """Fetch files, then put all of them in place, the last of them last.

    What is there and right is not fetched again. `folder` holds what is not whole yet.
    """
    total = sum(file.size for file in files)
    staging = folder / _STAGING
    with _told(folder), _alone(staging):
        missing = [file for file in files if not _is_right(file)]
        _check_room(missing, staging, folder)
        done = total - sum(file.size for file in missing)
        for file in missing:
            _fetch(file, _part(file, staging), _after(done, total, progress))
            done += file.size
        for file in missing:
            file.path.parent.mkdir(parents=True, exist_ok=True)
            _part(file, staging).replace(file.path)
        progress(total, total)


def read_url(url: str, *, most_bytes: int = 16 << 20) -> bytes:
    """Return a small document."""
    try:
        with _open(url, start=0) as response:
            content: bytes = response.read(most_bytes + 1)
    except (OSError, http.client.HTTPException) as err:
        raise _network_error(url, err) from err
    if len(content) > most_bytes:
        raise FetchError(f"{url} is larger than it can be")
    return content


def _after(done: int, total: int, progress: Progress) -> Callable[[int], None]:
    """Return what takes the bytes of one file and tells those of all."""
    return lambda here: progress(done + here, total)


def _is_right(file: RemoteFile) -> bool:
    """Return whether a file is in its place and whole."""
    path = file.path
    return path.is_file() and path.stat().st_size == file.size and file.digest.fits(path)


def _part(file: RemoteFile, staging: Path) -> Path:
    """Return where a file grows; another version of it grows elsewhere."""
    return staging / f"{file.path.name}.{file.digest.hex}"


def _fetch(file: RemoteFile, part: Path, progress: Callable[[int], None]) -> None:
    """Fetch what is missing of one file, over as many connections as it takes, and check it."""
    fruitless = 0
    if part.exists() and part.stat().st_size > file.size:
        part.unlink()
    with part.open("ab") as out:
        while out.tell() < file.size:
            before = out.tell()
            problem = _read_on(file, out, progress)
            fruitless = 0 if out.tell() > before else fruitless + 1
            if fruitless == _FRUITLESS:
                raise problem or _broken(file, out.tell())
        out.flush()
        os.fsync(out.fileno())
    if not file.digest.fits(part):
        part.unlink()
        raise FetchError(
            f"{file.path.name} from {host_of(file.url)} is not what its list says (the {file.digest.kind}"
            " hash is wrong) and was thrown away; try again, or another mirror with --hub"
        )


def _read_on(file: RemoteFile, out: BinaryIO, progress: Callable[[int], None]) -> FetchError | None:
    """Read one connection to its end; return what went wrong with it, if that is known."""
    try:
        response = _open(file.url, start=out.tell())
    except (OSError, http.client.HTTPException) as err:
        if isinstance(err, urllib.error.HTTPError) and err.code < 500:
            raise _network_error(file.url, err) from err
        return _network_error(file.url, err)
    with response:
        if out.tell() and not _goes_on_at(response, out.tell()):
            out.truncate(0)
            out.seek(0)
        for block in _blocks(response):
            if out.tell() + len(block) > file.size:
                Path(out.name).unlink()
                raise FetchError(
                    f"{host_of(file.url)} sends more for {file.path.name} than the"
                    f" {file.size} bytes of its list; try again, or another mirror with --hub"
                )
            out.write(block)
            progress(out.tell())
    return None


def _blocks(response: http.client.HTTPResponse) -> Iterator[bytes]:
    """Yield what comes; a connection that breaks only ends it."""
    while True:
        try:
            block = response.read1(_BLOCK_BYTES)
        except (OSError, http.client.HTTPException):
            return
        if not block:
            return
        yield block


def _open(url: str, *, start: int) -> http.client.HTTPResponse:
    """Open a file, from a byte on."""
    headers = {"User-Agent": f"waifu-speech/{VERSION}", "Accept-Encoding": "identity"}
    if start:
        headers["Range"] = f"bytes={start}-"
    request = urllib.request.Request(url, headers=headers)
    response: http.client.HTTPResponse = urllib.request.urlopen(request, timeout=TIMEOUT_S)
    return response


def _goes_on_at(response: http.client.HTTPResponse, start: int) -> bool:
    """Return whether a server sends the rest alone (RFC 9110 §14.4); some send all anew."""
    content_range = str(response.headers.get("Content-Range", ""))
    return response.status == 206 and content_range.startswith(f"bytes {start}-")


def _network_error(url: str, err: Exception) -> FetchError:
    """Return what went wrong between us and a server, as a sentence."""
    host = host_of(url)
    if isinstance(err, urllib.error.HTTPError):
        # Hugging Face hides what does not exist behind "unauthorized".
        if err.code in {401, 403, 404, 410}:
            return NotThereError(f"{host} has no {urlsplit(url).path}")
        return FetchError(f"{host} answers {err.code} {err.reason}; try again later")
    reason = getattr(err, "reason", err)
    said = getattr(reason, "strerror", None) or str(reason) or type(err).__name__
    return FetchError(f"Can't reach {host}: {said}; is there a network?")


def _broken(file: RemoteFile, here: int) -> FetchError:
    """Return that a connection breaks again and again."""
    return FetchError(
        f"The connection to {host_of(file.url)} breaks after {here} of {file.size} bytes of"
        f" {file.path.name}; the same command goes on from there"
    )


def host_of(url: str) -> str:
    """Return whom we talk to, without a password that stands before it."""
    return urlsplit(url).netloc.rpartition("@")[2]


def _check_room(files: Sequence[RemoteFile], staging: Path, folder: Path) -> None:
    """Raise before anything is fetched where it will not fit."""
    parts = [_part(file, staging) for file in files]
    here = sum(part.stat().st_size for part in parts if part.exists())
    needed = sum(file.size for file in files) - here
    if needed > (free := shutil.disk_usage(staging).free):
        raise FetchError(
            f"There is no room in {folder}: {needed / 1e6:.0f} MB are needed and"
            f" {free / 1e6:.0f} MB are free"
        )


@contextlib.contextmanager
def _alone(staging: Path) -> Iterator[None]:
    """Hold the folder of what is not whole yet, and remove it when nothing is left in it."""
    staging.mkdir(parents=True, exist_ok=True)
    lock = staging / "lock"
    with lock.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as err:
            raise FetchError("Another download into the same folder is under way") from err
        try:
            yield
        finally:
            if [entry.name for entry in staging.iterdir()] == [lock.name]:
                shutil.rmtree(staging)


@contextlib.contextmanager
def _told(folder: Path) -> Iterator[None]:
    """Turn what goes wrong with the disk into a sentence; what is fetched stays for another time."""
    try:
        yield
    except OSError as err:
        if err.errno in _FULL:
            raise FetchError(
                f"The disk of {folder} is full; make room, the same command goes on from there"
            ) from err
        raise FetchError(f"Can't write to {folder}: {err.strerror}") from err
