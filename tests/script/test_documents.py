"""The documentation: links lead somewhere, commands say whether they are tried, and are."""

from pathlib import Path
import re

from documents.blocks import ROOT, blocks, pages
import pytest

LINK = re.compile(r"!?\[[^\]]*\]\(([^)#\s]+)(?:#[^)]*)?\)")


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.name)
def test_links_lead_to_files(page: Path) -> None:
    """A link inside the repository names a file that is there."""
    for target in LINK.findall(page.read_text("utf-8")):
        if "://" not in target:
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_every_page_can_be_found() -> None:
    """The first page of the documentation leads to all others."""
    listed = set(LINK.findall((ROOT / "docs" / "README.md").read_text("utf-8")))
    assert {path.name for path in (ROOT / "docs").glob("*.md")} - {"README.md"} <= listed


def test_blocks_are_found_with_their_reasons(tmp_path: Path) -> None:
    """A reason belongs to the block below it only; blocks in lists lose their indent."""
    (tmp_path / "docs").mkdir()
    (tmp_path / "page.md").write_text(
        "- a\n\n  <!-- not run: it rings -->\n  ```console\n  ring bell\n  ```\n\n"
        "```console\necho 1\necho 2\n```\n"
    )
    first, second = blocks(tmp_path)
    assert (first.commands, first.reason, first.place) == ("ring bell\n", "it rings", "page.md:4")
    assert (second.commands, second.reason) == ("echo 1\necho 2\n", None)


def test_console_blocks_are_not_forgotten() -> None:
    """Every block of the documentation is found: none is hidden by how it is written."""
    written = sum(path.read_text("utf-8").count("```console") for path in pages())
    assert len(list(blocks())) == written
