"""A sheet of the show: its frames side by side, in their order."""

from collections.abc import Sequence
from pathlib import Path

from PIL import Image

COLUMNS = 3
WIDTH_PX = 560
GAP_PX = 8
PAPER = (17, 15, 27)


def make_sheet(frames: Sequence[Path], path: Path) -> None:
    """Write the sheet; each frame has its scene's caption in it."""
    pictures = [_small(file) for file in frames]
    height = max(picture.height for picture in pictures)
    columns, rows = min(COLUMNS, len(pictures)), -(-len(pictures) // COLUMNS)
    size = (columns * (WIDTH_PX + GAP_PX) + GAP_PX, rows * (height + GAP_PX) + GAP_PX)
    sheet = Image.new("RGB", size, PAPER)
    for number, picture in enumerate(pictures):
        row, column = divmod(number, COLUMNS)
        sheet.paste(
            picture, (GAP_PX + column * (WIDTH_PX + GAP_PX), GAP_PX + row * (height + GAP_PX))
        )
    sheet.save(path, quality=86)


def _small(file: Path) -> Image.Image:
    """Return a picture in the sheet's size."""
    with Image.open(file) as picture:
        height = picture.height * WIDTH_PX // picture.width
        return picture.convert("RGB").resize((WIDTH_PX, height), Image.Resampling.LANCZOS)
