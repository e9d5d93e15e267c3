"""Pictures of the card: the mouth shut and open, at times that the timeline tells."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from .card_page import CardPage, weights_of
from .house_client import Json

SHUT = ("PP",)
OPEN = ("aa",)
_MARGIN_PX = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Face:
    """A picture of the face at a time of a reply."""

    path: Path
    audio_ms: int
    shown: dict[str, float]
    """The weights that the page drew."""
    expected: dict[str, float]
    """The weights that the director tells for that time, without a page."""

    @property
    def agrees(self) -> bool:
        """Return whether the page shows what the timeline says."""
        shapes = self.shown.keys() | self.expected.keys()
        return all(
            abs(self.shown.get(shape, 0.0) - self.expected.get(shape, 0.0)) < 1e-3
            for shape in shapes
        )


async def take_pictures(
    page: CardPage, timelines: list[Path], documents: list[list[Json]], out: Path
) -> tuple[Face, Face] | None:
    """Take the shut and the open mouth from the first timeline that has both."""
    for timeline, segments in zip(timelines, documents, strict=True):
        shut_ms, open_ms = _middle_of(segments, SHUT), _middle_of(segments, OPEN)
        if shut_ms is None or open_ms is None:
            continue
        return (
            await _face(page, timeline, segments, shut_ms, out / "avatar-closed.png"),
            await _face(page, timeline, segments, open_ms, out / "avatar-open.png"),
        )
    return None


def openings_px(shut: Path, opened: Path) -> tuple[int, int]:
    """Return how many pixels of the mouth's inside each picture shows.

    The mouth is the solid patch of its inside's colour that only the open picture has; a head that
    moved a little leaves thin lines, which are taken away first.
    """
    first, second = _pixels(shut), _pixels(opened)
    mouth = _without_lines(_inside(second) & ~_inside(first))
    rows, columns = np.flatnonzero(mouth.any(axis=1)), np.flatnonzero(mouth.any(axis=0))
    if not len(rows):
        return 0, 0
    box = (
        slice(max(rows[0] - _MARGIN_PX, 0), rows[-1] + _MARGIN_PX + 1),
        slice(max(columns[0] - _MARGIN_PX, 0), columns[-1] + _MARGIN_PX + 1),
    )
    return int(_inside(first[box]).sum()), int(_inside(second[box]).sum())


def _without_lines(mask: np.ndarray) -> np.ndarray:
    """Keep the pixels all of whose neighbours are set as well."""
    kept = mask.copy()
    for axis in (0, 1):
        for step in (-1, 1):
            kept &= np.roll(mask, step, axis)
    return kept


async def _face(
    page: CardPage, timeline: Path, segments: list[Json], audio_ms: int, path: Path
) -> Face:
    """Hold the face at a time and compare it with the director's own answer."""
    # without its cues, so that the pictures differ by the mouth alone
    mouth_only = [{**segment, "cues": []} for segment in segments]
    frozen = await page.freeze(mouth_only, audio_ms, path)
    return Face(
        path=path,
        audio_ms=audio_ms,
        shown=frozen["weights"],
        expected=await weights_of(timeline, frozen["audio_ms"]),
    )


def _middle_of(segments: list[Json], shapes: tuple[str, ...]) -> int | None:
    """Return the middle of the longest viseme of these shapes."""
    spans = [
        (viseme["end_ms"] - viseme["at_ms"], viseme["at_ms"])
        for segment in segments
        for viseme in segment["visemes"]
        if viseme["shape"] in shapes and viseme["weight"] > 0.7
    ]
    if not spans:
        return None
    length_ms, at_ms = max(spans)
    return int(at_ms + length_ms / 2)


def _pixels(path: Path) -> np.ndarray:
    """Return a picture's colours."""
    with Image.open(path) as picture:
        return np.asarray(picture.convert("RGB"), dtype=np.int16)


def _inside(pixels: np.ndarray) -> np.ndarray:
    """Return which pixels have the colour of the mouth's inside: dark, and a cooler red than hair."""
    red, green, blue = pixels[..., 0], pixels[..., 1], pixels[..., 2]
    return np.asarray((red - green > 50) & (blue > green) & (green < 110))
