"""A hub of models on a real socket: the layout and the answers of Hugging Face, and its accidents."""

from collections.abc import Iterator
import contextlib
import hashlib
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
import json
from pathlib import Path
import threading
from typing import Any
from urllib.parse import urlsplit

VOICES = "/rhasspy/piper-voices/resolve/main"
LARGE = ".bin", ".onnx"


class Hub:
    """What the hub holds, what goes wrong with it, and what it was asked."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.asked: list[tuple[str, str | None]] = []
        self.cuts: list[int] = []
        """After how many bytes the next answers with a model's main file break off."""
        self.ranges = True
        self.address = ""

    def add_voice(self, file: Path) -> None:
        """Offer a voice: its files, its card and its entry in `voices.json`."""
        key = file.stem
        code, name, quality = key.split("-")
        folder = f"{code[:2]}/{code}/{name}/{quality}"
        paths = [file, Path(f"{file}.json")]
        contents = {f"{folder}/{path.name}": path.read_bytes() for path in paths}
        contents[f"{folder}/MODEL_CARD"] = b"# Toy\n\n* License: public domain\n"
        entry = {
            "key": key,
            "files": {
                path: {
                    "size_bytes": len(content),
                    "md5_digest": hashlib.md5(content, usedforsecurity=False).hexdigest(),
                }
                for path, content in contents.items()
            },
            "aliases": [f"{code}-{name}-old"],
        }
        self.files |= {f"{VOICES}/{path}": content for path, content in contents.items()}
        voices = json.loads(self.files.get(f"{VOICES}/voices.json", b"{}")) | {key: entry}
        self.files[f"{VOICES}/voices.json"] = json.dumps(voices).encode()

    def add_whisper(self, folder: Path, repository: str) -> None:
        """Offer a Whisper model."""
        contents = {path.name: path.read_bytes() for path in folder.iterdir()}
        contents["README.md"] = b"hello"
        commit = "c" * 40
        answer = {
            "_id": "1",
            "id": repository,
            "sha": commit,
            "cardData": {"license": "mit"},
            "siblings": [_sibling(name, content) for name, content in contents.items()],
        }
        self.files[f"/api/models/{repository}"] = json.dumps(answer).encode()
        for name, content in contents.items():
            self.files[f"/{repository}/resolve/{commit}/{name}"] = content

    def asked_for(self, ending: str) -> list[str | None]:
        """Return the ranges that were asked for of a file."""
        return [wanted for path, wanted in self.asked if path.endswith(ending)]


def _sibling(name: str, content: bytes) -> dict[str, Any]:
    """Return a file as the hub describes it, large ones with their SHA-256."""
    blob = hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False)
    entry = {"rfilename": name, "size": len(content), "blobId": blob.hexdigest()}
    if name.endswith(LARGE):
        sha256 = hashlib.sha256(content).hexdigest()
        entry["blobId"] = "0" * 40
        entry["lfs"] = {"sha256": sha256, "size": len(content), "pointerSize": 133}
    return entry


@contextlib.contextmanager
def serving() -> Iterator[Hub]:
    """Serve a hub at an address of its own."""
    hub = Hub()

    class Handler(BaseHTTPRequestHandler):
        """Answer GET."""

        def do_GET(self) -> None:
            path = urlsplit(self.path).path
            wanted = self.headers.get("Range")
            hub.asked.append((path, wanted))
            if (content := hub.files.get(path)) is None:
                self.send_error(401)
                return
            start = int(wanted[6:].rstrip("-")) if wanted and hub.ranges else 0
            self.send_response(206 if start else 200)
            if start:
                self.send_header(
                    "Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}"
                )
            self.send_header("Content-Length", str(len(content) - start))
            self.end_headers()
            cut = hub.cuts.pop(0) if hub.cuts and path.endswith(LARGE) else None
            self.wfile.write(content[start:][:cut])

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    hub.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield hub
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
