"""Avatars that people bring: what is in the files, and where they are kept (pure Python)."""

from .errors import BadAvatar, Problem
from .examine import Findings, examine
from .kind import FileKind
from .library import AvatarFile, AvatarLibrary
from .licence import Licence

__all__ = [
    "AvatarFile",
    "AvatarLibrary",
    "BadAvatar",
    "FileKind",
    "Findings",
    "Licence",
    "Problem",
    "examine",
]
