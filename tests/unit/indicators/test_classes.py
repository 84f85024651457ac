"""Classes hold every value that they name, and their colours can be told apart."""

import colorsys
import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from atlas.indicators.classes import MAX_CLASSES, PALETTES, Classes, build_classes

values = st.lists(st.floats(1e-6, 1e9), max_size=60)
themes = pytest.mark.parametrize("theme", sorted(PALETTES))


def linear(colour):
    channels = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def luminance(colour):
    return float(linear(colour) @ (0.2126, 0.7152, 0.0722))


def contrast(one, other):
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_contrast_is_measured_as_wcag_does():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@given(values, st.integers(1, MAX_CLASSES))
def test_bounds_rise_and_every_value_is_in_the_class_that_names_it(numbers, k):
    classes = build_classes(numbers, k)
    assert classes.k <= k
    assert all(low < high for low, high in itertools.pairwise(classes.bounds[1:]))
    for value, position in zip(numbers, classes.of(numbers), strict=True):
        assert 0 <= position < classes.k
        # The legend has two figures: the ninth may be noise.
        assert value <= classes.bounds[position + 1] * (1 + 1e-8)
        assert value >= classes.bounds[position] * (1 - 1e-8)


def test_an_upper_bound_belongs_to_its_class():
    assert Classes((1.0, 2.0, 4.0)).of([1, 2, 2.5, 4, 9]).tolist() == [0, 0, 1, 1, 1]


@given(values)
def test_a_higher_value_is_never_in_a_lower_class(numbers):
    positions = build_classes(numbers).of(sorted(numbers))
    assert (np.diff(positions) >= 0).all()


def test_zero_and_missing_have_no_class():
    assert build_classes([1, 2, 3]).of([0, float("nan"), 2]).tolist()[:2] == [-1, -1]


def test_no_values_no_classes():
    for nothing in ([], [0.0, 0.0], [float("nan")]):
        assert build_classes(nothing).bounds == ()
        assert build_classes(nothing).of([1.0, 0.0]).tolist() == [-1, -1]


def test_ties_share_a_class():
    assert build_classes([3.0] * 9).k == 1
    assert len(set(build_classes([1, 1, 1, 1, 1, 9]).of([1, 1, 1]).tolist())) == 1


def test_classes_hold_about_as_many_values_each():
    counts = np.bincount(build_classes(np.linspace(1, 97, 400)).of(np.linspace(1, 97, 400)))
    assert len(counts) == MAX_CLASSES
    assert counts.max() - counts.min() <= 10


@themes
def test_every_class_and_mark_stands_out_from_the_land(theme):
    palette = PALETTES[theme]
    marks = [*palette["classes"], palette["circle"], palette["missing"], palette["few"], palette["highlight"]]
    assert [colour for colour in marks if contrast(colour, palette["land"]) < 3] == []
    assert len(palette["classes"]) == MAX_CLASSES


@themes
def test_numbers_on_circles_can_be_read(theme):
    palette = PALETTES[theme]
    assert contrast(palette["onCircle"], palette["circle"]) >= 4.5
    assert contrast(palette["text"], palette["area"]) >= 4.5
    assert contrast(palette["text"], palette["sea"]) >= 7


@themes
def test_lightness_alone_carries_the_order(theme):
    classes, land = PALETTES[theme]["classes"], PALETTES[theme]["land"]
    distances = [contrast(colour, land) for colour in classes]
    assert distances == sorted(distances)
    assert all(contrast(one, other) >= 1.25 for one, other in itertools.pairwise(classes))


# Vienot, Brettel, Mollon 1999: what the two common kinds of colour blindness leave of linear RGB.
BLINDNESS = {
    "protan": [[0.1124, 0.8876, 0], [0.1124, 0.8876, 0], [0.004, -0.004, 1]],
    "deutan": [[0.2928, 0.7072, 0], [0.2928, 0.7072, 0], [-0.0223, 0.0223, 1]],
}


@themes
@pytest.mark.parametrize("kind", sorted(BLINDNESS))
def test_the_order_holds_for_colour_blind_readers(theme, kind):
    seen = [np.clip(np.array(BLINDNESS[kind]) @ linear(colour), 0, 1) for colour in PALETTES[theme]["classes"]]
    lights = [float(rgb @ (0.2126, 0.7152, 0.0722)) for rgb in seen]
    steps = np.diff(lights) * (-1 if theme == "light" else 1)
    assert (steps > 0).all()


@themes
def test_the_highlight_is_of_another_hue_than_the_circles(theme):
    def hue(colour):
        return colorsys.rgb_to_hls(*(int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)))[0]

    assert abs(hue(PALETTES[theme]["highlight"]) - hue(PALETTES[theme]["circle"])) > 0.25
