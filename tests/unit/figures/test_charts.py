"""Charts as specifications: asserted as data, validated by altair, compiled by Vega-Lite itself."""

import json
import warnings

import altair
import pytest
import vl_convert

from atlas.figures.charts import (
    BAR,
    CELL,
    WHISKER_REACH,
    Bar,
    Cell,
    Part,
    RankingWords,
    build_bar_chart,
    build_heatmap,
    build_profile_chart,
    build_ranking_chart,
    to_picture,
)
from atlas.figures.vega import GROUNDS, TINTS, paint_of
from atlas.indicators.classes import PALETTES

WORDS = RankingWords("Iniziative", "valore", "posti", ",", ".")
BARS = [
    Bar("08", "Emilia-Romagna", 6.0, "6", "Emilia-Romagna: 6.", "1º–3º", 2.2, 13.06),
    Bar("02", "Valle d'Aosta \"1\" \\ '", 1.0, "1", "", "1º–3º", 0.03, 40.0, is_small=True),
    Bar("06", "Friuli", 0.0, "0", "", "nessuna nel catalogo", 0.0, 3.69),
    Bar("07", "Liguria", None, "", "", "dato non disponibile"),
]
CELLS = [
    Cell("youth", "work", "Giovani", "Lavoro", "2", "Giovani, Lavoro: 2", 1, True),
    Cell("youth", "home", "Giovani", "Casa", "", "Giovani, Casa: nessuna"),
    Cell("staff", "work", "Operatori", "Lavoro", "", "Operatori, Lavoro: nessuna"),
    Cell("staff", "home", "Operatori", "Casa", "9", "Operatori, Casa: 9", 2),
]
PARTS = [Part(0, "Casa", 0.5, "2", "x", False), Part(1, "Casa", 1.0, "1", "y", True), Part(0, "Lavoro", 0, "0", "z")]
SPECS = {
    "bars": lambda theme: build_bar_chart(BARS, theme),
    "ranking": lambda theme: build_ranking_chart(BARS, WORDS, theme),
    "heatmap": lambda theme: build_heatmap(CELLS, theme),
    "profile": lambda theme: build_profile_chart(PARTS, ["Emilia-Romagna", "Valle d'Aosta"], theme),
}


def rows(spec):
    return {row.get("code", row.get("hint")): row for row in spec["data"]["values"]}


def domain(spec, channel="y"):
    return spec["encoding"][channel]["scale"]["domain"]


@pytest.mark.parametrize("theme", PALETTES)
@pytest.mark.parametrize("name", SPECS)
def test_a_specification_is_valid_vega_lite(name, theme):
    spec = json.loads(json.dumps(SPECS[name](theme)))
    altair.Chart.from_dict(spec).to_dict()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert vl_convert.vegalite_to_vega(spec, vl_version="6.4")["marks"]


@pytest.mark.parametrize("name", SPECS)
def test_nothing_to_show_is_still_a_chart(name):
    empty = {
        "bars": build_bar_chart([]),
        "ranking": build_ranking_chart([], WORDS),
        "heatmap": build_heatmap([]),
        "profile": build_profile_chart([], []),
    }[name]
    assert vl_convert.vegalite_to_vega(empty, vl_version="6.4")["marks"]


@pytest.mark.parametrize("name", ["bars", "ranking"])
def test_every_row_stands_in_the_order_given_also_without_a_bar(name):
    spec = SPECS[name]("light")
    assert domain(spec) == [bar.label for bar in BARS]
    assert spec["data"]["values"][3]["value"] is None  # unknown is not zero
    assert spec["params"][0]["name"] == BAR and spec["params"][0]["select"]["fields"] == ["code"]


def test_small_numbers_are_hollow_with_a_dashed_outline():
    solid, hollow = SPECS["ranking"]("light")["layer"][:2]
    assert "!datum.is_small" in solid["transform"][0]["filter"]
    assert hollow["mark"]["fill"] == "transparent" and hollow["mark"]["strokeDash"]
    assert "strokeDash" not in solid["mark"]


def test_all_bars_have_the_colour_of_the_maps_circles():
    for theme, palette in PALETTES.items():
        for spec in (build_bar_chart(BARS, theme), build_ranking_chart(BARS, WORDS, theme, is_rate=True)):
            assert {row["fill"] for row in rows(spec).values()} == {palette["circle"]}


def test_a_whisker_that_goes_far_is_cut_and_says_so():
    spec = build_ranking_chart(BARS, WORDS, is_rate=True)
    row = rows(spec)
    top = spec["layer"][0]["encoding"]["x"]["scale"]["domain"][1]
    assert top == pytest.approx(1.02 * 6 * WHISKER_REACH)
    assert row["08"]["end"] == 13.06 and not row["08"]["is_cut"]
    assert row["02"]["end"] == top and row["02"]["is_cut"]
    assert row["06"]["end"] is None and row["07"]["end"] is None


def test_a_whisker_of_a_count_is_never_cut():
    bars = [Bar("08", "Emilia-Romagna", 1.0, "1", low=0.03, high=5.57)]
    row = rows(build_ranking_chart(bars, WORDS))
    assert row["08"]["end"] == 5.57 and not row["08"]["is_cut"]


def test_chosen_rows_stand_out_and_the_others_step_back():
    assert {row["fade"] for row in SPECS["bars"]("light")["data"]["values"]} == {1}
    chosen = [Bar("08", "Emilia", 2, "2", is_chosen=True), Bar("01", "Piemonte", 1, "1")]
    spec = build_bar_chart(chosen)
    assert rows(spec)["08"]["fade"] == 1 > rows(spec)["01"]["fade"]
    assert "Emilia" in spec["encoding"]["y"]["axis"]["labelFontWeight"]["condition"]["test"]


def test_a_name_cannot_leave_its_quotes():
    spec = build_bar_chart([Bar("1", "x' || alert(1) || \"", 1, "1", is_chosen=True)])
    test = spec["encoding"]["y"]["axis"]["labelFontWeight"]["condition"]["test"]
    assert json.loads(test.removeprefix("datum.label === ")) == "x' || alert(1) || \""
    assert vl_convert.vegalite_to_svg(spec, vl_version="6.4", allowed_base_urls=[])


def test_white_spots_are_drawn_on_purpose_and_can_be_clicked():
    spec = SPECS["heatmap"]("light")
    empty, *_ = spec["layer"]
    assert empty["mark"]["strokeDash"] and empty["mark"]["fill"] == "transparent"
    assert empty["transform"][0]["filter"] == "datum.tint < 0"
    assert len(spec["data"]["values"]) == 4
    assert (domain(spec), domain(spec, "x")) == (["Giovani", "Operatori"], ["Lavoro", "Casa"])
    assert spec["params"][0] == {
        "name": CELL,
        "select": {"type": "point", "fields": ["row", "column"], "toggle": False},
        "views": ["hit"],
    }
    assert "transform" not in next(layer for layer in spec["layer"] if layer.get("name") == "hit")


def _luminance(colour):
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one, other):
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", PALETTES)
@pytest.mark.parametrize("tint", [-1, *range(len(TINTS))])
def test_numbers_in_cells_can_be_read(theme, tint):
    paint = paint_of(tint, theme)
    ground = GROUNDS[theme] if tint < 0 else paint["fill"]
    assert _contrast(paint["ink"], ground) >= 4.5


def test_profiles_share_one_scale():
    spec = SPECS["profile"]("light")
    lengths = {row["hint"]: row["end"] - row["start"] for row in spec["data"]["values"]}
    assert lengths["y"] == pytest.approx(2 * lengths["x"]) and lengths["z"] == 0
    assert rows(spec)["y"]["start"] > rows(spec)["x"]["end"]


def test_a_picture_says_what_it_shows_and_takes_no_clicks():
    line = "Tema: Digitale; " * 30
    picture = to_picture(SPECS["ranking"]("light"), "Iniziative", [line, "Fonti"], 760)
    assert "params" not in picture and picture["width"] == 760
    assert picture["title"]["text"] == "Iniziative"
    assert " ".join(picture["title"]["subtitle"]).count("Digitale") == 30
    assert max(map(len, picture["title"]["subtitle"])) < 140
