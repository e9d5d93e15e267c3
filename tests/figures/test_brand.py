"""The mark: sizes, transparency, and the shipped files are the drawn ones."""

from pathlib import Path

from PIL import Image
import pytest

from figures import brand

SHIPPED = Path(__file__).parents[2] / "custom_components" / "waifu_rt3d" / "brand"


@pytest.mark.parametrize(
    ("name", "size_px"), [("icon", 256), ("icon@2x", 512), ("logo", 256), ("logo@2x", 512)]
)
def test_shipped_picture_is_the_drawn_one(name: str, size_px: int) -> None:
    """The files in the component are what the code draws."""
    with Image.open(SHIPPED / f"{name}.png") as shipped:
        assert shipped.size == (size_px, size_px)
        assert shipped.convert("RGBA").tobytes() == brand.draw(size_px).tobytes()


def test_corners_are_clear_and_the_wall_is_not() -> None:
    """The mark stands on a transparent ground."""
    image = brand.draw(256)
    assert image.getpixel((1, 1)) == (0, 0, 0, 0)
    pixel = image.getpixel((128, 100))
    assert isinstance(pixel, tuple)
    assert pixel[3] == 255
