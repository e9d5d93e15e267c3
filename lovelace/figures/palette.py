"""The one picture that colours a figure: narrow columns and the painted eye.

A column runs from its light tone (top) to its dark tone. A column can be recoloured in
place; where each one lies is written into the model (`extras.palette`).
"""

from dataclasses import dataclass
import io
from typing import Any

import numpy as np
from PIL import Image

from figures.curve import Array, smoothstep
from figures.iris import paint_iris
from figures.parameters import Colour, Design

COLUMN_PX = 8
HEIGHT_PX = 256
WIDTH_PX = 512
EYE_X_PX = 256
BLUSH_X_PX = 208
BLUSH_PX = 48
LIDSHADE_X_PX = 200
MAX_COLUMNS = LIDSHADE_X_PX // COLUMN_PX
GLOSS_AT = 0.34


def rgb(code: str) -> Array:
    """Read a colour written as #rrggbb."""
    return np.array([int(code[i : i + 2], 16) for i in (1, 3, 5)], float)


@dataclass(frozen=True, slots=True, kw_only=True)
class Palette:
    """The finished picture and where its columns are."""

    picture: bytes
    columns: tuple[str, ...]
    groups: tuple[str, ...]
    bases: tuple[str, ...]
    iris: str

    def uv(self, column: str, tone: Array | float, count: int = 0) -> Array:
        """Give texture places in a column; tone 0 is light, 1 is dark."""
        v = np.clip(
            np.broadcast_to(np.asarray(tone, float), (count,) if count else np.shape(tone)),
            0.01,
            0.99,
        )
        u = (self.columns.index(column) + 0.5) * COLUMN_PX / WIDTH_PX
        return np.stack([np.full(v.shape, u), v], axis=-1)

    def describe(self) -> dict[str, Any]:
        """Tell a program that recolours where everything lies, in pixels."""
        columns = [
            {"name": n, "group": g, "color": c, "x": i * COLUMN_PX, "width": COLUMN_PX}
            for i, (n, g, c) in enumerate(zip(self.columns, self.groups, self.bases, strict=True))
        ]
        eye = {
            "color": self.iris,
            "x": EYE_X_PX,
            "y": 0,
            "width": WIDTH_PX - EYE_X_PX,
            "height": HEIGHT_PX,
        }
        return {"image": 0, "columns": columns, "eye": {"group": "eyes", **eye}}


def paint(design: Design) -> Palette:
    """Paint the picture of a figure."""
    picture = np.zeros((HEIGHT_PX, WIDTH_PX, 4))
    picture[..., 3] = 255
    if len(design.palette) > MAX_COLUMNS:
        raise ValueError(f"{design.name} has more than {MAX_COLUMNS} colours.")
    for i, colour in enumerate(design.palette.values()):
        picture[:, i * COLUMN_PX : (i + 1) * COLUMN_PX, :3] = _column(colour)[:, None]
    picture[:, EYE_X_PX:, :3] = paint_iris(design.iris, HEIGHT_PX)
    _paint_blush(picture, design.head.blush)
    _paint_lid_shade(picture)
    return Palette(
        picture=_png(picture),
        columns=tuple(design.palette),
        groups=tuple(c.group for c in design.palette.values()),
        bases=tuple(c.base for c in design.palette.values()),
        iris=design.iris.bottom,
    )


def blush_uv(x: Array, y: Array) -> Array:
    """Give texture places of the blush for x and y from -1 to 1."""
    u = (BLUSH_X_PX + BLUSH_PX * (0.5 + 0.49 * x)) / WIDTH_PX
    return np.stack([u, (BLUSH_PX * (0.5 - 0.49 * y)) / HEIGHT_PX], axis=-1)


def lid_shade_uv(depth: Array) -> Array:
    """Give texture places of the lid's shadow, 0 dark at the lid to 1 clear."""
    u = np.full(np.shape(depth), (LIDSHADE_X_PX + 4) / WIDTH_PX)
    return np.stack([u, 0.02 + 0.96 * np.asarray(depth)], axis=-1)


def eye_uv(x: Array, y: Array, span: float) -> Array:
    """Give texture places in the painted eye, metres from its centre."""
    half = 0.5 * (WIDTH_PX - EYE_X_PX) / WIDTH_PX
    u = EYE_X_PX / WIDTH_PX + half + x / span * 2 * half
    return np.stack([u, 0.5 - y / span], axis=-1)


def _column(colour: Colour) -> Array:
    """Run from light over base to dark, with a band of gloss where wanted."""
    v = np.linspace(0, 1, HEIGHT_PX)[:, None]
    light, base, dark = rgb(colour.light), rgb(colour.base), rgb(colour.dark)
    tone = np.where(v < 0.5, light + (base - light) * v * 2, base + (dark - base) * (v * 2 - 1))
    if colour.gloss:
        # Sharp above, fading below: light that runs down the hair.
        band = smoothstep(GLOSS_AT - 0.05, GLOSS_AT - 0.034, v)
        band = band * smoothstep(GLOSS_AT + 0.075, GLOSS_AT - 0.01, v) * 0.72
        tone = tone * (1 - band) + rgb(colour.gloss) * band
    return np.asarray(tone)


def _paint_blush(picture: Array, strength: float) -> None:
    """Paint a soft round of red that fades to nothing."""
    g = np.linspace(-1, 1, BLUSH_PX)
    x, y = np.meshgrid(g, g)
    alpha = np.clip(1 - np.sqrt(x * x + y * y), 0, 1) ** 1.2 * 120 * strength
    box = picture[:, BLUSH_X_PX : BLUSH_X_PX + BLUSH_PX]
    box[..., :3] = (246, 112, 104)
    box[..., 3] = 0
    box[:BLUSH_PX, :, 3] = alpha


def _paint_lid_shade(picture: Array) -> None:
    """Paint the shadow that the upper lid throws on the eyeball."""
    v = np.linspace(0, 1, HEIGHT_PX)[:, None]
    box = picture[:, LIDSHADE_X_PX:BLUSH_X_PX]
    box[..., :3] = (74, 48, 84)
    box[..., 3] = 115 * (1 - smoothstep(0.45, 1.0, v))


def _png(picture: Array) -> bytes:
    """Compress a picture."""
    out = io.BytesIO()
    Image.fromarray(np.round(picture).clip(0, 255).astype(np.uint8), "RGBA").save(
        out, "PNG", optimize=True
    )
    return out.getvalue()
