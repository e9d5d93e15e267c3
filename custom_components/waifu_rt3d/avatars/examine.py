"""Look through a file before it is stored: what it is, or why it is refused."""

from dataclasses import dataclass
from pathlib import Path

from .container import Container, open_bytes, open_file
from .errors import BadAvatar, Problem
from .humanoid import kind_of
from .kind import FileKind
from .licence import Licence, licence_of
from .names import check_texts
from .pictures import check_pictures
from .soundness import check_soundness, triangles


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """What is in a sound file."""

    kind: FileKind
    is_glb: bool
    triangles: int
    licence: Licence

    @property
    def suffix(self) -> str:
        """Return the ending of such a file's name."""
        match self.kind:
            case FileKind.VRM_0 | FileKind.VRM_1:
                return ".vrm"
            case FileKind.ANIMATION:
                return ".vrma"
            case _:
                return ".glb" if self.is_glb else ".gltf"


def examine(source: Path | bytes) -> Findings:
    """Return what is in a file; raise `BadAvatar` when it is not to be stored.

    Takes a second at most and a bounded multiple of the file in memory; not for the event loop.
    """
    container = open_bytes(source) if isinstance(source, bytes) else open_file(source)
    check_soundness(container)
    check_texts(container.json)
    check_pictures(container)
    kind = kind_of(container.json)
    _check_shown(container, kind)
    return Findings(
        kind=kind,
        is_glb=container.is_glb,
        triangles=triangles(container.json),
        licence=licence_of(container.json, kind),
    )


def _check_shown(container: Container, kind: FileKind) -> None:
    """Refuse a figure in which there is nothing to see."""
    if kind is not FileKind.ANIMATION and not container.json.get("meshes"):
        raise BadAvatar(Problem.BROKEN, "there is nothing to see in it")
