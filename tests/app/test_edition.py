"""A catalogue that changes while people look: the next run shows the new one, each run one and the same."""

import pytest

from atlas.base import settings
from atlas.catalogue.source import bundle
from atlas.intake.rehearsal import Look
from tests.app.conftest import PAGES
from tests.app.reading import page_text
from tests.factories import SMALL_ROWS, make_row, write_initiatives

BOLOGNA = SMALL_ROWS[0]
OWN = ";".join(("titolo", "codice_istat")) + "\nMensa;001272\n"


@pytest.fixture
def catalogue(data_dir, tmp_path, monkeypatch):
    """The file of an operator; what is returned writes rows into it and has them read, as the watch does."""
    file = write_initiatives(tmp_path / "operatore.csv", *SMALL_ROWS)
    monkeypatch.setenv("ATLAS_CATALOGUE", str(file))
    settings.read_settings.cache_clear()

    def publish(*rows):
        write_initiatives(file, *rows)
        look(2)  # two looks: a file is taken when it stands still

    yield publish
    settings.read_settings.cache_clear()


def look(n=1):
    for _ in range(n):
        bundle.bundled_keeper().look()


def shown(app):
    assert not app.exception and not app.error, page_text(app)
    return [metric.value for metric in app.metric]


def test_a_change_is_on_the_page_at_the_next_run(open_page, catalogue):
    app = open_page()
    assert "6" in shown(app)
    catalogue(BOLOGNA, make_row("nuova"))
    assert "6" in shown(app)
    assert "2" in shown(app.run())
    assert "2" in shown(open_page())


@pytest.mark.parametrize("page", PAGES)
def test_a_run_asks_once_which_version_is_published(open_page, catalogue, monkeypatch, page):
    asked = []
    real = bundle.published_edition

    def ask():
        asked.append(real())
        return asked[-1]

    monkeypatch.setattr(bundle, "published_edition", ask)
    app = open_page(page)
    assert not app.exception and len(asked) == 1
    app.run()
    assert len(asked) == 2


def test_between_two_runs_the_old_version_answers(open_page, catalogue):
    """What somebody presses was drawn from the version before: a filter that is gone in the new one is no error."""
    app = open_page(theme="digital")
    catalogue(make_row("bologna", themes="poverty", start_year="2021"))
    app.sidebar.multiselect(key="filter_targets").set_value(["everyone"]).run()
    assert not app.exception


def test_a_card_that_is_open_when_its_initiative_goes(open_page, catalogue):
    app = open_page("catalogo", id="bologna", year="2018")
    assert "Titolo bologna" in page_text(app)
    catalogue(make_row("altra"), make_row("terza", start_year="2021"))
    app.run()
    assert not app.exception
    assert "id" not in app.query_params and "year" not in app.query_params
    assert "Titolo bologna" not in page_text(app)


def test_a_stop_whose_initiative_goes_keeps_its_title(open_page, catalogue):
    app = open_page("catalogo", id="bologna")
    app.button(key="stop_add").click().run()
    catalogue(make_row("altra"))
    app.switch_page("pages/presenta.py").run()
    assert not app.exception
    assert app.text_input(key="stop_title_0").value == "Titolo bologna"
    app.button(key="stop_present_0").click().run()
    assert not app.exception and "Titolo bologna" in page_text(app)


def test_a_bad_version_leaves_the_good_one_and_says_so_on_the_method_page(open_page, catalogue):
    app = open_page()
    catalogue(make_row("rotta", start_year="duemila"))
    assert "6" in shown(app.run())
    text = page_text(open_page("metodo"))
    assert "ha errori e non è pubblicata" in text and "duemila" not in text
    assert "has errors and is not published" in page_text(open_page("metodo", lang="en"))
    catalogue(BOLOGNA)
    assert "non è pubblicata" not in page_text(open_page("metodo"))


@pytest.mark.parametrize("page", PAGES)
def test_a_file_that_disappears_changes_nothing_but_a_sentence(open_page, catalogue, tmp_path, page):
    before = page_text(open_page(page)).splitlines()
    (tmp_path / "operatore.csv").unlink()
    look()
    more = [line for line in page_text(open_page(page)).splitlines() if line not in before]
    assert len(more) == (1 if page == "metodo" else 0)
    assert all("non risponde" in line and "operatore.csv" not in line for line in more)


def test_boundaries_that_disappear_after_the_start_change_nothing(open_page, data_dir):
    assert "6" in shown(open_page())
    for name in ("comuni.geojson", "population.csv", "vocabulary.csv", "areas.csv"):
        (data_dir / name).unlink()
    assert "6" in shown(open_page())


def test_the_date_is_on_every_page_of_an_operators_catalogue(open_page, catalogue):
    for page in PAGES:
        assert "Catalogo aggiornato al " in page_text(open_page(page))
    assert "Catalogue as of " in page_text(open_page(lang="en"))


def test_the_bundled_catalogue_has_no_date(open_page, data_dir):
    assert "aggiornato al" not in page_text(open_page())


def test_an_own_file_is_added_to_the_new_version(open_page, catalogue):
    app = open_page("dati")
    app.segmented_control(key="own_source").set_value("paste").run()
    app.text_area(key="own_paste").set_value(OWN).run()
    app.button(key="own_paste_read").click().run()
    app.session_state["atlas_look"] = Look.ADDED
    app.switch_page("pages/mappa.py").run()
    assert "7" in shown(app)
    catalogue(BOLOGNA)
    assert "2" in shown(app.run())
