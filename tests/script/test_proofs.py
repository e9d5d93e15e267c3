"""What is promised is proved by tests that are there."""

from benchmarks.proofs import Bullet, card, known_tests, satellite
import pytest


@pytest.mark.parametrize("bullet", [*card.BULLETS, *satellite.BULLETS], ids=lambda each: each.does)
def test_every_promise_names_tests_that_exist(bullet: Bullet) -> None:
    """Who renames a test meets the promise that it proves."""
    assert bullet.tests
    assert [test for test in bullet.tests if test not in known_tests()] == []


def test_name_that_no_test_has_is_not_found() -> None:
    """The look-up finds tests, not any text of a file."""
    known = known_tests()
    assert "browser/voice: works with the space bar alone" in known
    assert "browser/voice: works" not in known
    assert "bench" not in known
