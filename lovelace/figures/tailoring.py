"""What every garment is finished with."""

import numpy as np

from figures.body import Tailor
from figures.curve import Array
from figures.mesh import Binding, Part, Shape, Surface, finish


def cloth(tailor: Tailor, column: str, shape: Shape, tone: Array | float, bind: Binding) -> Part:
    """Paint a cloth part."""
    uv = tailor.palette.uv(column, tone, 0 if np.ndim(tone) else len(shape.points))
    return finish(shape, Surface.CLOTH, uv, bind)
