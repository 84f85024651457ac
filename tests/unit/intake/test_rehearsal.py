import pandas as pd
import pytest

from atlas.base.model import Selection
from atlas.catalogue.catalogue import build_catalogue
from atlas.catalogue.selection import select
from atlas.catalogue.source.bundle import published_catalogue, published_world
from atlas.intake.cells.report import IntakeReport
from atlas.intake.reader import read_upload
from atlas.intake.rehearsal import Look, Rehearsal, to_rows
from atlas.publish.export import to_csv
from tests.factories import make_initiatives, real_territory, real_vocabulary

ID = "street-store-napoli"
FILE = f"id;titolo;comune;tema\n{ID};Street store;Napoli;Casa\nnuova;Nuova;Torino;Lavoro\n".encode()


@pytest.fixture
def rehearsal():
    return Rehearsal(read_upload(FILE, "a.csv"), published_world())


def test_rows_of_a_catalogue_make_the_same_catalogue():
    published = published_catalogue()
    again = build_catalogue(to_rows(published), real_territory(), real_vocabulary())
    pd.testing.assert_frame_equal(again.initiatives, published.initiatives)
    pd.testing.assert_frame_equal(again.placements, published.placements)


def test_the_file_alone_keeps_its_ids(rehearsal):
    assert list(rehearsal.catalogue(Look.ALONE).initiatives.index) == [ID, "nuova"]


def test_beside_the_catalogue_nothing_is_replaced(rehearsal):
    added = rehearsal.catalogue(Look.ADDED)
    assert len(added) == len(published_catalogue()) + 2
    assert rehearsal.new_ids == {ID: f"{ID}-file"}
    assert list(added.initiatives.index[-2:]) == [f"{ID}-file", "nuova"]
    assert added.initiatives.at[ID, "title_it"] == published_catalogue().initiatives.at[ID, "title_it"]


def test_a_new_id_is_free_in_the_file_too():
    data = f"id;titolo;comune\n{ID};a;Napoli\n{ID}-file;b;Napoli\n".encode()
    rehearsal = Rehearsal(read_upload(data, "a"), published_world())
    assert rehearsal.new_ids == {ID: f"{ID}-file-2"}
    assert len(rehearsal.catalogue(Look.ADDED)) == len(published_catalogue()) + 2


def test_looking_at_a_file_never_changes_what_is_published(rehearsal):
    before = to_rows(published_catalogue())
    rehearsal.catalogue(Look.ADDED), rehearsal.catalogue(Look.ALONE)
    pd.testing.assert_frame_equal(to_rows(published_catalogue()), before)
    assert rehearsal.catalogue(Look.PUBLISHED) is published_catalogue()


def test_a_file_written_out_by_the_atlas_is_its_own_twin(rehearsal):
    published = published_catalogue()
    written = Rehearsal(read_upload(to_csv(published, published_world()), "a.csv"), published_world())
    assert {twins.row: twins.other for twins in written.twins} == dict(enumerate(published.initiatives.index))
    assert all(twins.is_published and twins.likeness == 100 for twins in written.twins)
    assert not rehearsal.twins


def test_large_files_that_differ_in_one_cell_get_their_own_answers():
    """A cache that looked at a sample of the rows would give the second file the answers of the first."""
    rows = make_initiatives(60_000, 7_000)
    other = rows.copy()
    other.loc[43_211, "title_it"] = "Zanzibar"
    catalogues = []
    for frame in (rows, other):
        one = Rehearsal(IntakeReport(frame), published_world())
        catalogues.append(one.catalogue(Look.ALONE))
    assert [len(select(one, Selection(text="zanzibar"))) for one in catalogues] == [0, 1]
