"""Why a file is not taken."""

from enum import StrEnum


class Problem(StrEnum):
    """What is wrong; each has its sentence in the translations (`avatar_…`)."""

    TOO_BIG = "too_big"
    NOT_GLTF = "not_gltf"
    BROKEN = "broken"
    NO_HUMANOID = "no_humanoid"
    SCRIPT = "script"
    EXTERNAL = "external"
    UNSUPPORTED = "unsupported"
    PICTURE_TOO_LARGE = "picture_too_large"
    TOO_MANY = "too_many"
    NOT_FOUND = "not_found"
    BAD_NAME = "bad_name"
    NOT_STORED = "not_stored"


class BadAvatar(Exception):
    """A file, or a wish about one, that is refused; nothing was stored."""

    def __init__(self, problem: Problem, reason: str = "") -> None:
        """Name the problem; `reason` tells where in the file it lies."""
        super().__init__(reason or problem.value)
        self.problem = problem
        self.reason = reason or problem.value
