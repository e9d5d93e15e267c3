"""The documentation: links lead somewhere, its labels and sentences are the product's, commands are tried."""

from collections.abc import Iterator
import json
from pathlib import Path
import re

from documents.__main__ import try_block
from documents.blocks import ROOT, Block, blocks, pages
import hass_frontend
import pytest

LINK = re.compile(r"!?\[[^\]]*\]\(([^)#\s]*)(?:#([^)\s]*))?\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
FENCE = re.compile(r"^( *)```(\w*)\n.*?^\1```$", re.DOTALL | re.MULTILINE)
LABEL = re.compile(r"(?<![*\w])\*([A-Z…][^*]*?)\*(?![*\w])")
QUOTED = re.compile(r"“([^“”]*(?:“…”[^“”]*)*)”")
HIS = ROOT / "custom_components" / "waifu_rt3d" / "translations" / "en.json"
TROUBLE = ROOT / "docs" / "troubleshooting.md"
HERS = (ROOT / "lovelace" / "src" / "ui" / "translations").rglob("en.ts")
OTHERS_LABELS = {
    *("HACS", "⋮", "Custom repositories", "waifu-rt3d", "waifu-rt3d speech", "Fetch"),
    *("Web Content Settings", "Autoplay Audio", "Enable Microphone Access"),
    *("Troubleshooting", "Report a vulnerability", "Security"),
}
"""What HACS, GitHub, the app of Home Assistant, Fully Kiosk and our app for Home Assistant OS say."""
OTHERS_SENTENCES = {"Custom element doesn't exist", "openWakeWord is not installed", "yes"}


def _words(tree: object) -> Iterator[str]:
    """Yield every text of a translation."""
    if isinstance(tree, dict):
        for one in tree.values():
            yield from _words(one)
    elif isinstance(tree, str):
        yield tree


@pytest.fixture(scope="module")
def ours() -> set[str]:
    """Return every English text of the integration, the card and the page; what is filled in is “…”."""
    texts = set(_words(json.loads(HIS.read_text("utf-8"))))
    for path in HERS:
        texts |= set(re.findall(r"[\"']((?:[^\"'\\\n]|(?<=\w)')*)[\"']", path.read_text("utf-8")))
    return {re.sub(r"\{\w+\}", "…", text).replace("’", "'") for text in texts}


@pytest.fixture(scope="module")
def labels(ours: set[str]) -> set[str]:
    """Return what may be pressed: ours, and what the frontend of Home Assistant shows."""
    folder = Path(hass_frontend.where()) / "static" / "translations"
    files = [path for path in folder.rglob("en-*.json") if not path.name.startswith("en-GB")]
    assert files
    theirs = {text for path in files for text in _words(json.loads(path.read_text("utf-8")))}
    return ours | theirs | OTHERS_LABELS


def _anchors(page: Path) -> set[str]:
    """Return the places of a page that a link may name, as GitHub makes them."""
    headings = HEADING.findall(FENCE.sub("", page.read_text("utf-8")))
    return {re.sub(r"[^\w\- ]", "", each.lower()).strip().replace(" ", "-") for each in headings}


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    """A link inside the repository names a file that is there, and a heading in it."""
    for target, anchor in LINK.findall(page.read_text("utf-8")):
        if "://" in target:
            continue
        path = page.parent / target if target else page
        assert path.exists(), f"{page.name}: {target}"
        if anchor:
            assert anchor in _anchors(path), f"{page.name}: {target}#{anchor}"


def test_every_page_can_be_found() -> None:
    """The first page of the documentation leads to all others."""
    text = (ROOT / "docs" / "README.md").read_text("utf-8")
    listed = {target for target, _anchor in LINK.findall(text)}
    assert {path.name for path in (ROOT / "docs").glob("*.md")} - {"README.md"} <= listed


def test_every_picture_is_shown() -> None:
    """A picture that no page shows is not kept."""
    shown = {
        (page.parent / target).resolve()
        for page in pages()
        for target, _ in LINK.findall(page.read_text("utf-8"))
    }
    pictures = [path for path in (ROOT / "docs" / "images").rglob("*.*") if path.is_file()]
    assert [path.name for path in pictures if path not in shown] == []


# The figures name what was measured, not what can be pressed.
TOLD = [page for page in pages() if page.name != "figures.md"]


@pytest.mark.parametrize("page", TOLD, ids=lambda page: page.name)
def test_labels_are_those_of_the_product(page: Path, labels: set[str]) -> None:
    """What stands in *italics* with a capital can be pressed, word by word, as it is shown."""
    text = FENCE.sub("", page.read_text("utf-8"))
    unknown = {
        part
        for label in LABEL.findall(text)
        for part in " ".join(label.split()).removesuffix(".").split(" → ")
        if part not in labels
    }
    assert unknown == set()


def test_symptoms_are_sentences_of_the_product(ours: set[str]) -> None:
    """What stands in quotes under the symptoms is said by the product, at the beginning of a sentence."""
    quoted = {" ".join(each.split()) for each in QUOTED.findall(TROUBLE.read_text("utf-8"))}
    unknown = {
        each
        for each in quoted - OTHERS_SENTENCES - {"…"}
        if not any(text.startswith(each) for text in ours)
    }
    assert unknown == set()


def test_every_repair_has_its_line() -> None:
    """Who searches for the title of a repair finds it."""
    issues = json.loads(HIS.read_text("utf-8"))["issues"]
    titles = {re.sub(r"\{\w+\}", "…", issue["title"]) for issue in issues.values()}
    text = TROUBLE.read_text("utf-8")
    assert {title for title in titles if f"“{title}”" not in text} == set()


def test_repairs_lead_to_their_documents() -> None:
    """“Learn more” of every repair opens a heading that is there, or a page of the companion."""
    sources = {
        path: path.read_text("utf-8")
        for path in (ROOT / "custom_components" / "waifu_rt3d").rglob("*.py")
    }
    for path, text in sources.items():
        assert text.count("ir.async_create_issue(") == text.count("learn_more_url="), path.name
    links = re.findall(r"\{DOCUMENTS\}/([\w-]+\.md)(?:#([\w-]+))?", "".join(sources.values()))
    assert len(links) > 5
    for page, anchor in links:
        assert not anchor or anchor in _anchors(ROOT / "docs" / page), f"{page}#{anchor}"


def test_blocks_are_found_with_their_reasons(tmp_path: Path) -> None:
    """A reason belongs to the block below it only; blocks in lists lose their indent."""
    (tmp_path / "docs").mkdir()
    (tmp_path / "page.md").write_text(
        "- a\n\n  <!-- not run: it rings -->\n  ```console\n  ring bell\n  ```\n\n"
        "```console\necho 1\necho 2\n```\n"
    )
    (tmp_path / "docs" / "later.md").write_text(
        "<!-- ended at: it rings -->\n```console\nring bell\n```\n"
    )
    (tmp_path / "docs" / "models.md").write_text(
        "<!-- with a stand-in: a hub here -->\n```console\nfetch\n```\n"
    )
    first, second, third, fourth = blocks(tmp_path)
    assert (first.commands, first.reason, first.place) == ("ring bell\n", "it rings", "page.md:4")
    assert (second.commands, second.reason) == ("echo 1\necho 2\n", None)
    assert (third.reason, third.last_words) == (None, "it rings")
    assert (fourth.reason, fourth.stand_in) == (None, "a hub here")


@pytest.mark.parametrize(
    ("commands", "last_words", "well"),
    [
        ("echo done", None, True),
        ("echo done; false", None, False),
        ("echo ready; sleep 600", "ready", True),
        ("trap 'exit 3' INT; echo ready; read -r _ < <(sleep 600)", "ready", False),
        ("echo left too early", "ready", False),
    ],
)
def test_blocks_are_tried(
    tmp_path: Path, commands: str, last_words: str | None, well: bool
) -> None:
    """What fails is told; what stays up is ended as a person would, and has to end by that."""
    block = Block(page="p.md", line=1, commands=commands, reason=None, last_words=last_words)
    assert try_block(block, tmp_path, cold=False) is well


def test_console_blocks_are_not_forgotten() -> None:
    """Every block of the documentation is found: none is hidden by how it is written."""
    written = sum(path.read_text("utf-8").count("```console") for path in pages())
    assert len(list(blocks())) == written


def test_no_block_of_commands_goes_by_another_name() -> None:
    """A shell's commands stand in blocks that are tried; others name their language, or are drawings."""
    kinds = {kind for page in pages() for _, kind in FENCE.findall(page.read_text("utf-8"))}
    assert kinds <= {"console", "yaml", "json", ""}
