"""Who had a part in a reply, and what left the house for it."""

import pytest

from custom_components.waifu_rt3d.stage.receipt import Helper, Part, Receipt, host_of, is_inside


@pytest.mark.parametrize(
    "host",
    [
        *("127.0.0.1", "192.168.1.20", "10.0.0.2", "fd00::7", "fe80::1%eth0", "localhost"),
        *("core-piper", "nas.local", "Speech.LAN", "ollama.home.arpa", "box.fritz.box"),
    ],
)
def test_host_is_inside(host: str) -> None:
    """Private addresses and names that only a home knows are in this house."""
    assert is_inside(host)


@pytest.mark.parametrize("host", ["api.openai.com", "8.8.8.8", "2001:4860::8888", "local.example"])
def test_host_is_outside(host: str) -> None:
    """Everything that the public network knows is outside."""
    assert not is_inside(host)


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("https://api.example.com/v1", "api.example.com"),
        ("nas.local:10300", "nas.local"),
        ("http://[fd00::7]:8080", "fd00::7"),
        ("192.168.1.2", "192.168.1.2"),
        ("http://[bad", None),
        ("", None),
    ],
)
def test_host_of_an_address(address: str, host: str | None) -> None:
    """URLs and addresses with ports have a host; nonsense has none."""
    assert host_of(address) == host


def test_receipt_stays_inside_only_where_everybody_does() -> None:
    """One who is outside decides, one of whom nothing is known leaves it open."""
    receipt = Receipt()
    assert receipt.as_dict()["inside"] is True
    receipt.note(Part.SPOKEN, Helper(name="Voice", host="nas.local"))
    assert receipt.as_dict()["inside"] is True
    receipt.note(Part.DONE, Helper(name="A tool", inside=None))
    assert receipt.as_dict()["inside"] is None
    receipt.note(Part.THOUGHT, Helper(name="Cloud", host="api.example.com", inside=False))
    receipt.note(Part.HEARD, Helper(name="Cloud ears", inside=False))
    assert receipt.as_dict()["inside"] is False
    assert receipt.as_dict()["called"] == ["Cloud ears", "api.example.com"]


def test_model_that_was_asked_in_vain_stands_before_the_one_that_answered() -> None:
    """Both have got the words; the last one is who did it, also when it was asked twice."""
    receipt = Receipt()
    first, second = Helper(name="First"), Helper(name="Second")
    for helper in (second, first, second):
        receipt.note(Part.THOUGHT, helper)
    assert [one["name"] for one in receipt.as_dict()["thought"]] == ["First", "Second"]
