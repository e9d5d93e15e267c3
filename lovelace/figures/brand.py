"""Draw the project's mark: a smiling house that is a speech bubble.

`python -m figures.brand --out DIR` writes icon.png, icon@2x.png, logo.png and logo@2x.png.
"""

import argparse
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from figures.curve import Array

OVERSAMPLE = 8
UNIT = 512
"""The mark is drawn on a square of this many units."""

TEAL, CREAM, AMBER, CORAL = "#1f5f66", "#fff4e2", "#ffc55c", "#e8735a"

HOUSE = (
    (256, 40),
    (478, 226),
    (478, 250),
    (430, 250),
    (430, 420),
    (82, 420),
    (82, 250),
    (34, 250),
    (34, 226),
)
CORNER = 34
CHIMNEY = ((356, 84), (412, 84), (412, 220), (356, 220))
TAIL = ((150, 400), (246, 400), (128, 486))


def draw(size_px: int) -> Image.Image:
    """Draw the mark on a transparent square."""
    big = size_px * OVERSAMPLE
    image = Image.new("RGBA", (big, big), (0, 0, 0, 0))
    pen = ImageDraw.Draw(image)
    scale = big / UNIT
    _voice(pen, scale)
    _house(pen, scale)
    _eyes(pen, scale)
    _smile(pen, scale)
    return image.resize((size_px, size_px), Image.Resampling.LANCZOS)


def write(folder: Path) -> list[Path]:
    """Write icon and logo in both sizes."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, size_px in (("icon", 256), ("icon@2x", 512), ("logo", 256), ("logo@2x", 512)):
        file = folder / f"{name}.png"
        draw(size_px).save(file, optimize=True)
        written.append(file)
    return written


def _house(pen: ImageDraw.ImageDraw, scale: float) -> None:
    """Fill the house, its corners rounded, with the tail of a speech bubble."""
    for corners, radius in ((HOUSE, CORNER), (TAIL, 12), (CHIMNEY, 12)):
        outline = _rounded(np.asarray(corners, float), radius)
        pen.polygon([tuple(p) for p in outline * scale], fill=TEAL)


def _eyes(pen: ImageDraw.ImageDraw, scale: float) -> None:
    """Light two windows: the eyes."""
    for x in (176, 336):
        box = np.array([x - 30, 206, x + 30, 284]) * scale
        pen.rounded_rectangle(box.tolist(), radius=26 * scale, fill=AMBER)
        shine = np.array([x - 14, 218, x + 4, 236]) * scale
        pen.ellipse(shine.tolist(), fill=CREAM)


def _smile(pen: ImageDraw.ImageDraw, scale: float) -> None:
    """Draw the smile with a warm cheek at each end."""
    for x in (140, 372):
        box = np.array([x - 30, 304, x + 30, 346]) * scale
        pen.ellipse(box.tolist(), fill=CORAL)
    u = np.linspace(-1, 1, 241)
    line = np.stack([256 + 66 * u, 356 - 40 * np.abs(u) ** 2.2], axis=1) * scale
    radius = 13 * scale
    for x, y in line:
        pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=CREAM)


def _voice(pen: ImageDraw.ImageDraw, scale: float) -> None:
    """Let two waves of a voice leave the chimney."""
    for radius in (34, 66):
        box = np.array([404 - radius, 96 - radius, 404 + radius, 96 + radius]) * scale
        pen.arc(box.tolist(), 285, 355, fill=AMBER, width=round(17 * scale))


def _rounded(corners: Array, radius: float) -> Array:
    """Round the corners of an outline."""
    parts = []
    for before, corner, after in zip(
        np.roll(corners, 1, axis=0), corners, np.roll(corners, -1, axis=0), strict=True
    ):
        ways = [before - corner, after - corner]
        lengths = [float(np.hypot(*way)) for way in ways]
        reach = min(radius, lengths[0] / 2, lengths[1] / 2)
        start, end = (
            corner + way / length * reach for way, length in zip(ways, lengths, strict=True)
        )
        u = np.linspace(0, 1, 12)[:, None]
        parts.append(start * (1 - u) ** 2 + corner * 2 * u * (1 - u) + end * u**2)
    return np.vstack(parts)


def main() -> None:
    """Write the files."""
    parser = argparse.ArgumentParser(prog="figures.brand", description="Draw the mark.")
    parser.add_argument("--out", type=Path, required=True, help="folder for the pictures")
    for file in write(parser.parse_args().out):
        print(file)


if __name__ == "__main__":
    main()
