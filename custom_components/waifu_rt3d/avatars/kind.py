"""What a file is, by what stands in it and never by its name."""

from enum import StrEnum


class FileKind(StrEnum):
    """The files that the card can show or play."""

    VRM_0 = "vrm0"
    VRM_1 = "vrm1"
    GLTF = "gltf"
    """GLB or glTF without VRM data: a mapped skeleton, or a still figure."""
    ANIMATION = "vrma"

    @property
    def is_figure(self) -> bool:
        """Return whether it can stand on the stage."""
        return self is not FileKind.ANIMATION
