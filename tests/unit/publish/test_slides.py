import io
import zipfile
from dataclasses import replace

import pytest
from lxml import etree
from python_calamine import CalamineWorkbook

from atlas.base.model import Face
from atlas.indicators.indicators import count_by_target, count_by_theme
from atlas.indicators.ranking import build_ranking
from atlas.publish.sheets import build_sheets
from atlas.publish.slides import to_pptx
from atlas.publish.story import Stop, Story
from tests.payloads import PAYLOADS
from tests.sheets import BASE, TODAY, make_sheet, make_view, prepared, world

A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
P = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"


class Deck:
    """A presentation as another program reads it: a zip of XML parts, workbooks included."""

    def __init__(self, data):
        self.zip = zipfile.ZipFile(io.BytesIO(data))
        assert self.zip.testzip() is None
        self.parts = {
            n: etree.fromstring(self.zip.read(n)) for n in self.zip.namelist() if n.endswith((".xml", ".rels"))
        }

    def slides(self):
        names = [n for n in self.parts if n.startswith("ppt/slides/slide")]
        return [self.parts[n] for n in sorted(names, key=lambda n: int(n[len("ppt/slides/slide") : -4]))]

    def texts(self, part):
        return ["".join(t.text or "" for t in p.iter(f"{A}t")) for p in part.iter(f"{A}p")]

    def workbooks(self):
        names = sorted(n for n in self.zip.namelist() if n.startswith("ppt/embeddings/"))
        sheets = [CalamineWorkbook.from_filelike(io.BytesIO(self.zip.read(n))).get_sheet_by_index(0) for n in names]
        return [{row[0]: row[1] for row in sheet.to_python()[1:]} for sheet in sheets]


@pytest.fixture(scope="module")
def deck():
    return Deck(to_pptx(prepared(), world(), TODAY, BASE))


def test_one_slide_a_stop_and_the_method_once(deck):
    slides, story = deck.slides(), prepared()
    assert len(slides) == len(story.stops)
    for slide, stop in zip(slides, story.stops, strict=True):
        assert stop.title in deck.texts(slide)
    short = Deck(to_pptx(Story("Una", story.stops[:1]), world(), TODAY))
    assert len(short.slides()) == 2
    assert any("35" in text for text in short.texts(short.slides()[1]))


def test_every_slide_says_selection_rule_date_and_sources(deck):
    for slide, sheet in zip(deck.slides(), build_sheets(prepared(), world(), TODAY), strict=True):
        foot = " ".join(deck.texts(slide))
        for _, words in sheet.about:
            assert words in foot


def test_charts_are_native_and_their_numbers_are_those_of_the_selected_frame(deck):
    charts = [n for n in deck.parts if n.startswith("ppt/charts/chart")]
    assert len(charts) == len(deck.workbooks()) == 3
    sheet = make_sheet(page="regioni")
    ranking = build_ranking(sheet.selected, sheet.world.territory, sheet.shown.rule, sheet.shown.measure, None)
    totals = sorted([ranking.frame["value"].sum(), count_by_theme(sheet.selected).sum(),
                     count_by_target(sheet.selected).sum()])  # fmt: skip
    assert sorted(sum(book.values()) for book in deck.workbooks()) == totals
    themes = {sheet.label("themes", str(id_)): float(n) for id_, n in count_by_theme(sheet.selected).items()}
    assert themes in deck.workbooks()


def test_the_text_of_the_slides_is_in_the_language_of_the_view():
    deck = Deck(to_pptx(prepared("lang=en&theme=digital"), world(), TODAY))
    languages = {run.get("lang") for slide in deck.slides() for run in slide.iter(f"{A}rPr") if run.get("lang")}
    assert languages == {"en-GB"}
    assert any("Theme: " in text for text in deck.texts(deck.slides()[0]))


def test_pictures_charts_and_tables_say_in_words_what_they_show(deck):
    kinds = (f"{P}pic", f"{P}graphicFrame")
    shown = [shape for slide in deck.slides() for kind in kinds for shape in slide.iter(kind)]
    assert len(shown) == 2 + 3 + 1 + 3
    assert all(shape.find(f".//{P}cNvPr").get("descr") for shape in shown)


def test_notes_are_the_presenters_and_links_lead_to_the_live_view(deck):
    notes = [" ".join(deck.texts(p)) for n, p in deck.parts.items() if n.startswith("ppt/notesSlides/notesSlide")]
    assert len(notes) == len(deck.slides())
    for stop in prepared().stops:
        first = stop.notes.split("\n")[0][:40]
        assert any(first in text for text in notes)
    targets = {
        relation.get("Target")
        for name, part in deck.parts.items()
        if name.endswith(".rels")
        for relation in part.iter(RELATION)
        if relation.get("TargetMode") == "External"
    }
    assert targets == {sheet.address for sheet in build_sheets(prepared(), world(), TODAY, BASE)}
    assert all(target.startswith(BASE) for target in targets)


def test_without_an_address_nothing_leads_outside():
    deck = Deck(to_pptx(Story("", prepared().stops[:3]), world(), TODAY))
    assert not [name for name in deck.parts if b"External" in etree.tostring(deck.parts[name])]


def test_hostile_text_stays_text():
    stops = tuple(Stop("metodo", make_view(""), payload, notes=payload) for payload in PAYLOADS.values())
    deck = Deck(to_pptx(Story("".join(PAYLOADS.values()), stops), world(), TODAY))
    notes = [text for n, p in deck.parts.items() if n.startswith("ppt/notesSlides/notes") for text in deck.texts(p)]
    for slide, payload in zip(deck.slides(), PAYLOADS.values(), strict=True):
        assert payload in deck.texts(slide)
        assert payload in notes


def test_control_characters_do_not_break_the_file():
    stop = Stop("metodo", make_view(""), "a\x00b\x0b\x1bc\ud800", notes="\x07")
    deck = Deck(to_pptx(Story("\x00", (stop,)), world(), TODAY))
    assert "a b c" in deck.texts(deck.slides()[0])


def test_a_presentation_can_be_stopped_and_says_how_far_it_is():
    class StoppedError(Exception):
        pass

    seen = []

    def tell(done, total):
        seen.append((done, total))
        if done == 2:
            raise StoppedError

    with pytest.raises(StoppedError):
        to_pptx(prepared(), world(), TODAY, tell=tell)
    assert seen == [(0, 10), (1, 10), (2, 10)]


def test_nothing_found_is_a_slide_that_says_so():
    sheet = make_sheet("q=zzzz")
    deck = Deck(to_pptx(prepared("q=zzzz"), world(), TODAY))
    assert sheet.sentences[0] in deck.texts(deck.slides()[0])


def test_every_face_of_the_regions_page_has_its_slide():
    for face in Face:
        view = replace(make_view(""), face=face)
        deck = Deck(to_pptx(Story("", (Stop("regioni", view, ""),)), world(), TODAY))
        assert list(deck.slides()[0].iter(f"{P}graphicFrame")), face
