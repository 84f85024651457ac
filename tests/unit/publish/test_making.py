"""The file of a presentation is made in a process of its own: the same file, its progress, its end."""

import zipfile
from dataclasses import replace
from datetime import date
from io import BytesIO

import pytest

from atlas.base.apart import FailedError
from atlas.base.model import Language, Selection, View
from atlas.catalogue.source import bundle
from atlas.catalogue.source.bundle import published_world
from atlas.intake.reader import read_upload
from atlas.intake.rehearsal import Look, Rehearsal
from atlas.publish.decks import making
from atlas.publish.decks.making import KINDS, Deck, make_deck
from atlas.publish.stops.story import Stop, StopKind, Story

VIEW = View(selection=Selection(themes=("digital",)), language=Language.EN)
STORY = Story(
    title="Ünder <b>", stops=(Stop(StopKind.COVER, VIEW), Stop(StopKind.MAP, VIEW), Stop(StopKind.METHOD, VIEW))
)
LIST = b"titolo;comune;provincia\n" + b"".join(b"Mensa %d;Roma;RM\n" % at for at in range(5_000))


def ignore(done, total):
    pass


def deck(kind="html"):
    return Deck(kind, VIEW, STORY, published_world(), date(2026, 11, 29), "https://atlante.example.it/")


def contents(kind, data):
    """A file as what it says: the parts of a PPTX without the times at which they were packed."""
    if kind != "pptx":
        return data
    with zipfile.ZipFile(BytesIO(data)) as parts:
        return {name: parts.read(name) for name in parts.namelist() if not name.endswith(("core.xml", ".xlsx"))}


@pytest.mark.parametrize("kind", KINDS)
def test_the_file_is_the_same_as_made_here(kind):
    told = []
    made = make_deck(deck(kind), lambda *pair: told.append(pair))
    assert contents(kind, made) == contents(kind, making.make_here(deck(kind)))
    assert [done for done, total in told if total] == sorted(done for done, total in told if total)
    assert told[-1] == (2, 3)


def test_a_list_of_ones_own_goes_along_and_the_country_does_not():
    published = published_world()
    mine = Rehearsal(read_upload(LIST, "elenco.csv"), published).catalogue(Look.ALONE)
    whole = Deck("html", View(), STORY, replace(published, catalogue=mine), date(2026, 11, 29))
    assert b"Mensa 4999" in make_deck(whole, ignore)
    assert b"belfiore" not in making._pack(whole)


def test_nothing_is_made_with_other_boundaries_than_the_servers(monkeypatch):
    monkeypatch.setattr(making, "bundled_digest", lambda: b"other")
    with pytest.raises(FailedError):
        make_deck(deck(), ignore)


def test_preparing_reads_no_catalogue(monkeypatch, tmp_path):
    """The operator's may be a database, and the file may be in somebody's hands just now."""
    monkeypatch.setenv("ATLAS_CATALOGUE", str(tmp_path / "gone.csv"))
    monkeypatch.setattr(bundle, "BUNDLED", tmp_path / "gone.csv")
    making._prepare()


def test_a_kind_that_cannot_be_prepared_spoils_no_other(monkeypatch, caplog):
    def make(deck, tell=None):
        made.append(deck.kind)
        if deck.kind == "pdf":
            raise OSError("No space left on device")

    made = []
    monkeypatch.setattr(making, "make_here", make)
    making._prepare()
    assert made == list(KINDS) and "pdf is not prepared" in caplog.text


class _LeftError(Exception):
    pass


def test_who_leaves_ends_it():
    def leave(done, total):
        if done:
            raise _LeftError

    with pytest.raises(_LeftError):
        make_deck(deck("pptx"), leave)
