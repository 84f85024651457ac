"""What reaches folium is codes, numbers and words of the interface; everything else is refused."""

import ast
import json
import re
from dataclasses import replace
from itertools import accumulate
from pathlib import Path

import folium
import numpy as np
import pytest
from branca.element import CssLink, Element, Figure, JavascriptLink
from hypothesis import given
from hypothesis import strategies as st

from atlas.base.model import Level
from atlas.base.settings import TileSettings
from atlas.figures import maps
from atlas.figures.maps import MapMessage, build_base_map, build_layer, to_class_marks, to_runs, to_sparse
from atlas.figures.marks import Marks, SharedMark

NAMES = ("leaflet_js", "leaflet_css", "layout_js", "map_js", "map_css", "names", "outlines", "municipalities")
ADDRESSES = {name: f"../../map/{name}.0123456789ab.x" for name in NAMES}
MESSAGE = MapMessage(
    language="it", level=Level.PROVINCE, kind="circles", n=np.array([0, 0, 3, 0, 1]), words={"map": "Mappa"}
)


def read_message(script):
    assert script.startswith("atlasMap.paint(") and script.endswith(");")
    return json.loads(script.removeprefix("atlasMap.paint(").removesuffix(");"))


@given(st.lists(st.integers(0, 3_000_000) | st.just(0)))
def test_sparse_numbers_are_read_back_as_they_were(values):
    steps, numbers = to_sparse(np.array(values, dtype=int))
    read = [0] * len(values)
    for position, number in zip(accumulate(steps), numbers, strict=True):
        read[position] = number
    assert read == values


@given(st.lists(st.booleans()))
def test_runs_are_read_back_as_they_were(members):
    runs = to_runs(np.array(members, dtype=bool))
    assert len(runs) % 2 == 0
    seen = {start + i for start, length in zip(runs[::2], runs[1::2], strict=True) for i in range(length)}
    assert seen == {i for i, member in enumerate(members) if member}


def test_marks_say_none_class_few_and_missing():
    assert to_class_marks([-1, 0, 3, -1], [False, False, True, True], [False, False, False, True]) == ".0d-"


def test_the_message_carries_codes_numbers_and_words():
    message = read_message(replace(MESSAGE, regions=("08",), place="037006", lead="037006").to_script())
    assert (message["regions"], message["place"], message["lead"]) == (["08"], "037006", "037006")
    assert (message["where"], message["n"], message["level"]) == ([2, 2], [3, 1], "province")
    assert not {"v", "classes", "d", "foot", "marks", "picked"} & set(message)


def test_missing_values_and_denominators_travel_with_their_territory():
    value, people = np.array([np.nan, 0, 2.5, 0, 1]), np.array([np.nan, 0, 10, 0, 20])
    message = read_message(replace(MESSAGE, kind="fills", v=value, denominators=people, classes="-.1.a").to_script())
    assert message["where"] == [0, 2, 2]
    assert (message["n"], message["v"], message["d"], message["classes"]) == (
        [0, 3, 1],
        [0, 2.5, 1],
        [0, 10, 20],
        "-1a",
    )


def test_marks_travel_as_positions_and_numbers():
    area = np.array([False, True, True, False])
    marks = Marks(np.array([0, 2]), np.array([0, 2.0]), (SharedMark(7, 1, True, 1.0, 0),), (area,))
    plain = read_message(replace(MESSAGE, marks=marks).to_script())["marks"]
    assert plain == {"where": [1], "n": [2], "shared": [[7, 1, 1, 1, 0]], "areas": [[1, 2]]}
    halves = replace(marks, value=np.array([0, 0.5]))
    assert read_message(replace(MESSAGE, marks=halves).to_script())["marks"]["v"] == [0.5]


PAYLOADS = ["{{7*7}}", "{# x", "<script>", "${1+1}", "Cremona", "08'", "0", "1234", "0370061", "037006\n", "٠٨"]


@pytest.mark.parametrize("text", PAYLOADS)
@pytest.mark.parametrize("field", ["place", "lead", "picked", "regions"])
def test_what_is_not_a_code_is_refused(field, text):
    with pytest.raises(ValueError, match="not a territory code"):
        replace(MESSAGE, **{field: (text,) if field == "regions" else text}).to_script()


@pytest.mark.parametrize("marks", ["k", "A", ".. ", "<", "{{", "0\n"])
def test_classes_that_mean_nothing_are_refused(marks):
    with pytest.raises(ValueError, match="classes"):
        replace(MESSAGE, classes=marks).to_script()


@given(st.text(alphabet="{%#}<>$`\\'\"& /scripta\u2028", max_size=30))
def test_no_template_and_no_tag_survives_whatever_the_words(text):
    message = replace(MESSAGE, words={"map": text}, legend={"items": [{"label": text}]})
    try:
        script = message.to_script()
    except ValueError:
        assert "{{" in text
        return
    assert not re.search(r"\{\{|\{%|\{#|[<>]", script)
    shown = read_message(script)["words"]["map"]
    assert re.sub(r"\{ (?=[%#])", "{", shown) == re.sub(r"\{ (?=[%#])", "{", text)


def walk(element):
    yield element
    for child in element._children.values():
        yield from walk(child)


def is_allowed(element):
    """The map, an empty layer, links to our own files, and lines of our own script: nothing that holds a text."""
    ours = (maps._Script, JavascriptLink, CssLink, Figure)
    plain = type(element) is Element or type(element) in (folium.Map, folium.FeatureGroup)
    return plain or isinstance(element, ours)


@pytest.mark.parametrize("build", [lambda: build_base_map(ADDRESSES), lambda: build_layer(MESSAGE)])
def test_nothing_on_the_map_can_hold_a_text(build):
    elements = list(walk(build()))
    assert any(isinstance(element, maps._Script) for element in elements)
    assert [type(element).__name__ for element in elements if not is_allowed(element)] == []


@pytest.mark.parametrize("added", [folium.Tooltip("x"), folium.Popup("x"), folium.Marker((42, 12), tooltip="x")])
def test_the_check_above_sees_a_tooltip(added):
    layer = build_layer(MESSAGE)
    added.add_to(layer)
    assert not all(is_allowed(element) for element in walk(layer))


def test_only_the_map_and_the_empty_layer_of_folium_are_used():
    tree = ast.parse(Path(maps.__file__).read_text(encoding="utf-8"))
    used = {n.attr for n in ast.walk(tree) if isinstance(n, ast.Attribute) and getattr(n.value, "id", "") == "folium"}
    assert used <= {"Map", "FeatureGroup", "template"}


def render(base):
    figure = Figure()
    figure.add_child(base)
    return figure.render()


def test_the_base_map_asks_no_other_host_and_is_the_same_each_time():
    first, second = (render(build_base_map(ADDRESSES)) for _ in range(2))
    assert re.findall(r"""(?:https?:)?//[\w.-]+\.\w+""", first) == []
    assert re.sub(r"map_[0-9a-f]{32}|[0-9a-f]{32}", "", first) == re.sub(r"map_[0-9a-f]{32}|[0-9a-f]{32}", "", second)
    assert all(ADDRESSES[name] in first for name in NAMES)


def test_the_tiles_of_an_operator_are_named_and_nothing_else():
    tiles = TileSettings("https://tiles.example.org/{z}/{x}/{y}.png", "© <a href='x'>Esempio</a>")
    text = render(build_base_map(ADDRESSES, tiles))
    assert set(re.findall(r"https?://[\w.-]+", text)) == {"https://tiles.example.org"}
    assert "<a href='x'>" not in text


def test_a_position_travels_as_numbers_and_only_in_front_of_an_audience():
    assert '"at"' not in MESSAGE.to_script()
    assert '"at":[]' in replace(MESSAGE, at=()).to_script()
    assert '"at":[44.4949,11.3426,8.25]' in replace(MESSAGE, at=(44.494912, 11.34261, 8.25)).to_script()


def test_where_the_map_was_moved_travels_with_the_time_it_said_so():
    assert '"theme"' not in MESSAGE.to_script() and '"theme":"dark"' in replace(MESSAGE, theme="dark").to_script()
    assert '"framing"' not in MESSAGE.to_script() and '"heard"' not in MESSAGE.to_script()
    message = read_message(replace(MESSAGE, framing=(44.4949, 11.3426, 8.25), heard=1_700_000_000_000).to_script())
    assert (message["framing"], message["heard"]) == ([44.4949, 11.3426, 8.25], 1_700_000_000_000)
