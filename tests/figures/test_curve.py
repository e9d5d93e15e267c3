"""Curves keep their promises."""

import numpy as np

from figures.curve import path, pchip
from figures.gltf import byte_weights
from figures.weights import packed, stops


def test_pchip_meets_points_and_never_overshoots() -> None:
    """The curve passes through its points and stays between neighbours."""
    xs, ys = [0.0, 0.1, 0.5, 0.6, 1.0], [0.0, 1.0, 1.0, 0.2, 0.0]
    curve = pchip(xs, ys)
    np.testing.assert_allclose(curve(np.array(xs)), ys, atol=1e-12)
    fine = curve(np.linspace(0, 1, 400))
    assert fine.min() >= -1e-12
    assert fine.max() <= 1.0 + 1e-12


def test_path_begins_and_ends_at_its_points() -> None:
    """A path keeps both ends."""
    points = np.array([[0.0, 0.0], [1.0, 2.0], [2.0, 0.0]])
    line = path(points, 9)
    np.testing.assert_allclose(line[[0, 4, -1]], points, atol=1e-12)


def test_weights_sum_to_one_in_bytes() -> None:
    """Bytes of every point sum to 255, at most four joints."""
    place = np.linspace(0, 1, 101)
    share = stops(place, [(0, 0.0), (1, 0.2), (2, 0.25), (3, 0.3), (4, 0.35)], 0.2)
    joints, weights = packed(share)
    assert joints.shape == (101, 4)
    assert (byte_weights(weights).astype(int).sum(axis=1) == 255).all()
