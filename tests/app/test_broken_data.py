"""Data that cannot be read: one plain sentence that names file and line, on every page, and no trace."""

import json
import shutil

import pytest

from atlas.figures import map_files
from tests.app.conftest import PAGES
from tests.app.reading import page_text
from tests.factories import CATALOGUE, DATA_DIR, make_row, write_initiatives

pytestmark = pytest.mark.thorough


def say(app):
    """The one message of a page that has nothing else to say."""
    assert not app.exception
    assert len(app.error) == 1 and not app.title and not app.metric
    text = page_text(app)
    assert "Traceback" not in text and "Error" not in text and 'File "' not in text
    return text


def test_the_small_data_are_whole(open_page, data_dir):
    for page in PAGES:
        app = open_page(page)
        assert not app.exception and not app.error
    assert "6" in [metric.value for metric in open_page().metric]


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("name", ["initiatives.csv", "comuni.geojson", "population.csv", "vocabulary.csv", "areas.csv"])
def test_a_missing_file_is_named(open_page, data_dir, name, page):
    (data_dir / name).unlink()
    assert name in say(open_page(page))


@pytest.mark.parametrize("page", PAGES)
def test_a_wrong_cell_is_named_with_line_and_column(open_page, data_dir, page):
    rows = [make_row("primo"), make_row("secondo", start_year="duemila"), make_row("terzo", themes="nonesiste")]
    write_initiatives(data_dir / "initiatives.csv", *rows)
    text = say(open_page(page))
    assert "initiatives.csv, riga 3, colonna start_year" in text and "duemila" in text
    assert "riga 4, colonna themes" in text and "nonesiste" in text


def test_many_faults_are_counted_and_the_first_are_shown(open_page, data_dir):
    write_initiatives(data_dir / "initiatives.csv", *(make_row(f"i{n}", start_year="x") for n in range(30)))
    text = say(open_page())
    assert text.count("initiatives.csv, riga") == 5
    assert "altri 25 errori" in text


@pytest.mark.parametrize("content", ["", "{", "[]", '{"type": "FeatureCollection", "features": []}', "\x00\x01"])
def test_broken_boundaries_are_named(open_page, data_dir, content):
    (data_dir / "comuni.geojson").write_text(content, encoding="utf-8")
    assert "comuni.geojson" in say(open_page())


@pytest.mark.parametrize("content", [b"", b"id\n", b"id,title_it\n\xff\xfe,x\n", b"\x00" * 10, b'id,"a\n'])
def test_a_broken_catalogue_is_named(open_page, data_dir, content):
    (data_dir / "initiatives.csv").write_bytes(content)
    assert "initiatives.csv" in say(open_page())


def test_the_message_speaks_the_language_of_the_link(open_page, data_dir):
    (data_dir / "initiatives.csv").unlink()
    assert "non si possono leggere" in say(open_page())
    assert "cannot be read" in say(open_page(lang="en"))


def test_a_mended_file_is_read_at_the_next_visit(open_page, data_dir):
    good = (data_dir / "initiatives.csv").read_bytes()
    (data_dir / "initiatives.csv").unlink()
    app = open_page()
    say(app)
    (data_dir / "initiatives.csv").write_bytes(good)
    app.run()
    assert not app.error and app.title


def test_a_cut_off_boundary_file_is_named(open_page, data_dir):
    whole = json.loads((data_dir / "comuni.geojson").read_text(encoding="utf-8"))
    del whole["features"][0]["properties"]["istat_code"]
    (data_dir / "comuni.geojson").write_text(json.dumps(whole), encoding="utf-8")
    assert "comuni.geojson" in say(open_page())


def test_the_real_data_copied_elsewhere_are_as_good(open_page, data_dir):
    for file in (
        CATALOGUE,
        *(DATA_DIR / name for name in ("vocabulary.csv", "areas.csv", "population.csv", "comuni.geojson")),
    ):
        shutil.copy(file, data_dir)
    assert "35" in [metric.value for metric in open_page().metric]


@pytest.mark.parametrize("name", ["outlines.topojson", "municipalities.topojson"])
def test_a_missing_map_file_is_named(open_page, monkeypatch, tmp_path, name):
    shutil.copytree(DATA_DIR / "map", tmp_path / "map")
    (tmp_path / "map" / name).unlink()
    monkeypatch.setattr(map_files, "DATA_DIR", tmp_path)
    map_files.published_files.cache_clear()
    try:
        assert f"map/{name}" in say(open_page())
    finally:
        map_files.published_files.cache_clear()
