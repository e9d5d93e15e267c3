"""The show is data: every scene can be played, and a mistake in the file is told before it begins."""

from pathlib import Path

from demo_home.custom_components.demo_agent.book import read_book
from demo_run.places import DemoError
from demo_run.show.play import ORDER, Show
from demo_run.show.scenes import FIELDS, lines, read_scenes
from demo_run.show.stage import AREAS
import pytest


def test_show_lasts_ninety_seconds_and_leaves_twelve_frames() -> None:
    """What the scenes take at least is a minute and a half; the sheet is three by four."""
    scenes = read_scenes()
    assert 80 <= sum(scene.seconds for scene in scenes) <= 100
    assert sum(act.do == "frame" for scene in scenes for act in scene.acts) == 12
    assert all(scene.caption for scene in scenes)
    assert scenes[-1].caption == "Your turn."


def test_every_act_of_the_show_can_be_played() -> None:
    """Rooms, states and words are known where they are used."""
    for scene in read_scenes():
        for act in scene.acts:
            assert hasattr(Show, f"_do_{act.do}")
            assert act.fields.get("room", "Kitchen") in AREAS
            assert act.fields.get("state", "heard") in ORDER
    assert all(hasattr(Show, f"_do_{do}") for do in FIELDS)


def test_show_has_what_it_promises() -> None:
    """Asleep, wake word, feelings, two rooms, timer, doorbell, a killed server that comes back."""
    acts = [act for scene in read_scenes() for act in scene.acts]
    assert "turn on the kitchen light" in lines(read_scenes())
    assert {act.fields["room"] for act in acts if act.do == "speak"} == set(AREAS)
    actions = {act.fields["action"] for act in acts if act.do == "call"}
    assert {"waifu_rt3d.sleep", "input_button.press"} <= actions
    order = [act.do for act in acts]
    assert order.index("kill") < order.index("start")
    day = next(topic for topic in read_book().topics if topic.name == "her_day")
    (answer,) = day.answers
    assert all(tag in answer for tag in ("[happy]", "[sad]", "[surprised]", "[gesture:wave]"))
    assert any(day.matches(str(act.fields["text"]).lower()) for act in acts if act.do == "type")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("not toml =", "can't be read"),
        ('[[scene]]\nname = "a"\n', "The scene a lacks something: 'caption'"),
        (
            '[[scene]]\nname = "a"\ncaption = "b"\nseconds = 1\nacts = [{ do = "dance" }]',
            "nobody knows: dance",
        ),
        (
            '[[scene]]\nname = "a"\ncaption = "b"\nseconds = 1\nacts = [{ do = "wait" }]',
            "wrong at seconds",
        ),
        (
            '[[scene]]\nname = "a"\ncaption = "b"\nseconds = 1\nacts = [{ do = "frame", of = 1 }]',
            "wrong at of",
        ),
        ('[[scene]]\nname = "a"\ncaption = "b"\nseconds = "long"\nacts = []', "lacks something"),
    ],
)
def test_mistake_in_the_scenes_is_told(tmp_path: Path, text: str, told: str) -> None:
    """One sentence with the scene's name."""
    path = tmp_path / "scenes.toml"
    path.write_text(text)
    with pytest.raises(DemoError, match=told):
        read_scenes(path)
