"""The folder of avatars."""

from pathlib import Path

import pytest

from custom_components.waifu_rt3d.avatars import AvatarLibrary, BadAvatar, Problem
from custom_components.waifu_rt3d.avatars.library import MAX_FILES

from .made import glb, vrm_1

ID = "01jabcdefghjkmnpqrstvwxyz0"


def library(folder: Path) -> AvatarLibrary:
    """Return a library as after a start."""
    made = AvatarLibrary(folder / "avatars")
    made.load()
    return made


def add(to: AvatarLibrary, avatar_id: str = ID, name: str = "") -> None:
    """Put a file into it."""
    to.add(glb(vrm_1()), avatar_id=avatar_id, name=name, now_ms=5)


def test_files_outlive_a_restart(tmp_path: Path) -> None:
    """Name, kind and licence are read again; the name is the file's own where none is given."""
    first = library(tmp_path)
    add(first)
    first.rename(ID, "  New \n name ")
    (file,) = library(tmp_path).all()
    assert file == first.find(ID)
    assert (file.name, file.licence.authors) == ("New name", ("Sam",))
    assert library(tmp_path).path(ID).read_bytes() == glb(vrm_1())


def test_deleted_files_are_gone(tmp_path: Path) -> None:
    """Nothing is left in the folder."""
    made = library(tmp_path)
    add(made)
    made.remove(ID)
    assert ID not in made
    assert list((tmp_path / "avatars").iterdir()) == []
    with pytest.raises(BadAvatar) as refused:
        made.remove(ID)
    assert refused.value.problem is Problem.NOT_FOUND


def test_refused_files_leave_nothing(tmp_path: Path) -> None:
    """A broken file, and one with a bad name."""
    made = library(tmp_path)
    with pytest.raises(BadAvatar):
        made.add(b"nothing", avatar_id=ID, name="", now_ms=5)
    for name in ("<script>", "a\x07"):
        with pytest.raises(BadAvatar):
            add(made, name=name)
    assert not (tmp_path / "avatars").exists()


def test_names_must_be_something(tmp_path: Path) -> None:
    """White space is no name."""
    made = library(tmp_path)
    add(made)
    with pytest.raises(BadAvatar) as refused:
        made.rename(ID, " \n ")
    assert refused.value.problem is Problem.BAD_NAME


def test_ids_are_no_paths(tmp_path: Path) -> None:
    """Nothing is written or read outside of the folder."""
    made = library(tmp_path)
    with pytest.raises(ValueError, match="not an id"):
        add(made, "../../../configuration0000")
    with pytest.raises(BadAvatar):
        made.path("../secrets")


def test_there_is_an_end(tmp_path: Path) -> None:
    """A disk is not filled for ever."""
    made = library(tmp_path)
    for number in range(MAX_FILES):
        add(made, f"{number:026d}")
    with pytest.raises(BadAvatar) as refused:
        add(made)
    assert refused.value.problem is Problem.TOO_MANY


def test_foreign_files_are_left_alone(tmp_path: Path) -> None:
    """A file without its description is not shown, and not deleted."""
    folder = tmp_path / "avatars"
    folder.mkdir()
    (folder / "readme.txt").write_text("mine")
    (folder / f"{ID}.vrm").write_bytes(b"x")
    (folder / f"{ID}.json").write_text('{"name": 1}')
    assert library(tmp_path).all() == []
    assert len(list(folder.iterdir())) == 3


def test_disk_that_can_not_be_written(tmp_path: Path) -> None:
    """The reason is told and nothing is half there."""
    (tmp_path / "avatars").write_text("a file where the folder should be")
    made = AvatarLibrary(tmp_path / "avatars")
    with pytest.raises(BadAvatar) as refused:
        add(made)
    assert refused.value.problem is Problem.NOT_STORED
