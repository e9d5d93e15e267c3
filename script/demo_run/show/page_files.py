"""The show's page, where Home Assistant serves it."""

from pathlib import Path
import shutil

PAGE = Path(__file__).parent / "page"
PAGE_PATH = "/local/show/index.html"


def place_page(config: Path) -> None:
    """Put the page into a configuration folder; it must be there before the start."""
    shutil.copytree(PAGE, config / "www" / "show", dirs_exist_ok=True)
