import io
import itertools
import zipfile
from dataclasses import replace

import pytest
from lxml import etree
from PIL import Image
from pptx import Presentation
from pptx.enum.shapes import MSO_SHAPE_TYPE
from python_calamine import CalamineWorkbook

from atlas.base.model import Face
from atlas.indicators.indicators import count_by
from atlas.indicators.ranking import build_ranking
from atlas.publish.decks import slides
from atlas.publish.decks.branding import Branding, TemplateError
from atlas.publish.decks.deck_template import open_design
from atlas.publish.decks.slides import to_pptx
from atlas.publish.stills.still_words import text_width, wrap
from atlas.publish.stops.gathering import build_content, build_contents
from atlas.publish.stops.story import Stop, StopKind, Story
from tests.payloads import PAYLOADS
from tests.sheets import BASE, TODAY, make_content, make_view, prepared, world

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
        """Every paragraph of a slide; that a number cannot leave its noun does not matter here."""
        return ["".join(t.text or "" for t in p.iter(f"{A}t")).replace("\u00a0", " ") for p in part.iter(f"{A}p")]

    def workbooks(self):
        names = sorted(n for n in self.zip.namelist() if n.startswith("ppt/embeddings/"))
        sheets = [CalamineWorkbook.from_filelike(io.BytesIO(self.zip.read(n))).get_sheet_by_index(0) for n in names]
        return [{row[0]: row[1] for row in sheet.to_python()[1:]} for sheet in sheets]


@pytest.fixture(scope="module")
def deck():
    return Deck(to_pptx(prepared(), world(), TODAY, BASE))


def test_one_slide_a_stop_and_the_closing_once(deck):
    contents = build_contents(prepared(), world(), TODAY, BASE)
    assert len(deck.slides()) == len(contents)
    for slide, content in zip(deck.slides(), contents, strict=True):
        assert content.title in deck.texts(slide)
    short = Deck(to_pptx(Story("Una", prepared().stops[:1]), world(), TODAY))
    assert len(short.slides()) == 2
    assert any("35" in text for text in short.texts(short.slides()[1]))


def test_every_slide_says_selection_rule_date_and_sources(deck):
    for slide, content in zip(deck.slides(), build_contents(prepared(), world(), TODAY), strict=True):
        foot = " ".join(deck.texts(slide))
        for _, words in content.about:
            assert words.rstrip(".") in foot


def test_charts_are_native_and_their_numbers_are_those_of_the_selected_frame(deck):
    charts = [n for n in deck.parts if n.startswith("ppt/charts/chart")]
    assert len(charts) == len(deck.workbooks()) == 3
    content = make_content(page="regioni")
    ranking = build_ranking(content.selected, world().territory, content.shown.rule, content.shown.measure, None)
    totals = sorted([ranking.frame["value"].sum(), count_by(content.selected, "themes").sum(),
                     count_by(content.selected, "targets").sum()])  # fmt: skip
    assert sorted(sum(book.values()) for book in deck.workbooks()) == totals
    themes = {
        content.label("themes", str(id_)): float(n) for id_, n in count_by(content.selected, "themes").items() if n
    }
    assert themes in deck.workbooks()


def _boxes(slide):
    """Return (name, left, top, width, height) of every shape that stands on a slide itself."""
    for shape in slide.shapes:
        yield shape.name, shape.left, shape.top, shape.width, shape.height


@pytest.mark.parametrize(
    "query", ["", "theme=housing", "region=16&target=families", "lang=en&target=elderly", "q=zzzz"]
)
def test_nothing_overlaps_lies_outside_or_is_smaller_than_twelve_points(query):
    file = Presentation(io.BytesIO(to_pptx(prepared(query), world(), TODAY, BASE)))
    for slide in file.slides:
        boxes = list(_boxes(slide))
        for name, left, top, width, height in boxes:
            assert left >= 0 and top >= 0, name
            assert left + width <= file.slide_width and top + height <= file.slide_height, name
        for one, other in itertools.combinations(boxes, 2):
            apart = (
                one[1] + one[3] <= other[1] + 9_525 or other[1] + other[3] <= one[1] + 9_525
                or one[2] + one[4] <= other[2] + 9_525 or other[2] + other[4] <= one[2] + 9_525
            )  # fmt: skip
            assert apart, (one, other)
        for run in slide.element.iter(f"{A}rPr"):
            size, is_foot = int(run.get("sz", 1200)), False
            shape = next(run.iterancestors(f"{P}sp"), None)
            if shape is not None and shape.find(f".//{P}ph") is not None:
                is_foot = shape.find(f".//{P}ph").get("type") == "ftr"
            assert size >= (1_000 if is_foot else 1_200)


def test_titles_text_numbers_and_sources_stand_in_placeholders(deck):
    for at, slide in enumerate(deck.slides()):
        kinds = {holder.get("type", "obj") for holder in slide.iter(f"{P}ph")}
        assert kinds >= ({"ctrTitle", "subTitle"} if at == 0 else {"title", "obj"}) | {"ftr", "sldNum"}
        assert slide.find(f".//{A}fld[@type='slidenum']") is not None


def test_colours_and_fonts_are_the_themes_own(deck):
    """Whoever chooses another design in PowerPoint changes all of it: no slide names a colour or a font."""
    for slide in deck.slides():
        assert slide.find(f".//{A}srgbClr") is None
        assert slide.find(f".//{A}latin") is None
    theme = deck.parts["ppt/theme/theme1.xml"]
    assert theme.get("name") == "Atlante"
    assert {font.get("typeface") for font in theme.iterfind(f".//{A}fontScheme//{A}latin")} == {"Arial"}


def test_a_number_stays_in_the_line_of_its_noun():
    title = "La casa nei Comuni: 4 iniziative in 3 regioni, di cui 3 condivise da 145 Comuni nel 2020 e dopo " * 3
    slide = Deck(to_pptx(Story("", (make_content("", title=title).stop,)), world(), TODAY)).slides()[0]
    written = "".join(t.text for t in slide.iter(f"{A}t"))
    assert "4\u00a0iniziative in 3\u00a0regioni" in written
    (line, *_) = wrap("La casa nei Comuni: 4\u00a0iniziative", 12, text_width("La casa nei Comuni: 4", 12) + 1)
    assert line == "La casa nei Comuni:"


def test_a_text_that_would_be_too_small_goes_on_in_another_slide(monkeypatch):
    monkeypatch.setattr(slides, "_SCALES", (1.0,))
    monkeypatch.setattr(slides, "SMALLEST", 40.0)
    content = make_content("", page="catalogo")
    deck = Deck(to_pptx(Story("", (content.stop,)), world(), TODAY))
    texts = [text for slide in deck.slides() for text in deck.texts(slide)]
    assert f"{content.title} (2)" in texts
    for title, _ in content.items:
        assert any(text.startswith(title) for text in texts)


def _save_template(path, names):
    """Save a template with only the layouts of these names, with an example slide in it."""
    file = Presentation()
    file.slides.add_slide(file.slide_layouts[0]).shapes.title.text = "Esempio"
    for layout in list(file.slide_layouts)[1:]:
        if layout.name not in names:
            file.slide_layouts.remove(layout)
    file.save(path)
    return path


def test_an_operators_template_is_used_with_its_own_size_and_without_its_examples(tmp_path):
    path = _save_template(tmp_path / "ente.pptx", {"Title and Content"})
    data = to_pptx(prepared("theme=housing"), world(), TODAY, BASE, branding=Branding(template=path))
    file, deck = Presentation(io.BytesIO(data)), Deck(data)
    assert (file.slide_width, file.slide_height) == (9_144_000, 6_858_000)
    assert len(file.slides) == 8
    assert not any("Esempio" in text for slide in deck.slides() for text in deck.texts(slide))
    assert deck.parts["ppt/theme/theme1.xml"].get("name") != "Atlante"
    for slide in file.slides:
        for name, left, top, width, height in _boxes(slide):
            assert left + width <= file.slide_width and top + height <= file.slide_height, name


def test_a_template_that_lacks_something_is_told_in_a_sentence(tmp_path):
    with pytest.raises(TemplateError, match="un titolo e un riquadro"):
        open_design(_save_template(tmp_path / "senza.pptx", set()))
    (tmp_path / "rotto.pptx").write_bytes(b"no")
    with pytest.raises(TemplateError, match="non è un file PPTX"):
        open_design(tmp_path / "rotto.pptx")


def test_a_logo_stands_on_the_cover(tmp_path):
    Image.new("RGB", (400, 100), "navy").save(tmp_path / "logo.png")
    data = to_pptx(prepared("theme=housing"), world(), TODAY, branding=Branding(logo=tmp_path / "logo.png"))
    first, second = list(Presentation(io.BytesIO(data)).slides)[:2]
    assert sum(shape.shape_type == MSO_SHAPE_TYPE.PICTURE for shape in first.shapes) == 1
    assert not any(shape.name == "Logo" for shape in second.shapes)


def test_the_text_of_the_slides_is_in_the_language_of_the_view():
    deck = Deck(to_pptx(prepared("lang=en&theme=digital"), world(), TODAY))
    languages = {run.get("lang") for slide in deck.slides() for run in slide.iter(f"{A}rPr") if run.get("lang")}
    assert languages == {"en-GB"}
    assert any("Theme: " in text for text in deck.texts(deck.slides()[0]))


def test_pictures_charts_and_tables_say_in_words_what_they_show(deck):
    kinds = (f"{P}pic", f"{P}graphicFrame")
    shown = [shape for slide in deck.slides() for kind in kinds for shape in slide.iter(kind)]
    assert len(shown) == 1 + 3 + 2 + 1  # a map, three charts, two cards, a code
    assert all(shape.find(f".//{P}cNvPr").get("descr") for shape in shown)


def test_notes_are_the_presenters_and_links_lead_to_the_live_view(deck):
    notes = [" ".join(deck.texts(p)) for n, p in deck.parts.items() if n.startswith("ppt/notesSlides/notesSlide")]
    assert len(notes) == len(deck.slides())
    for content in build_contents(prepared(), world(), TODAY, BASE)[1:]:
        assert any(content.notes.split("\n")[0][:40] in text for text in notes)
    targets = {
        relation.get("Target")
        for name, part in deck.parts.items()
        if name.endswith(".rels")
        for relation in part.iter(RELATION)
        if relation.get("TargetMode") == "External"
    }
    assert targets == {sheet.address for sheet in build_contents(prepared(), world(), TODAY, BASE)}
    assert all(target.startswith(BASE) for target in targets)


def test_without_an_address_nothing_leads_outside():
    deck = Deck(to_pptx(Story("", prepared().stops[:3]), world(), TODAY))
    assert not [name for name in deck.parts if b"External" in etree.tostring(deck.parts[name])]


def test_hostile_text_stays_text():
    stops = tuple(Stop(StopKind.METHOD, make_view(""), payload, notes=payload) for payload in PAYLOADS.values())
    deck = Deck(to_pptx(Story("".join(PAYLOADS.values()), stops), world(), TODAY))
    notes = [text for n, p in deck.parts.items() if n.startswith("ppt/notesSlides/notes") for text in deck.texts(p)]
    for slide, payload in zip(deck.slides(), PAYLOADS.values(), strict=True):
        assert payload in deck.texts(slide)
        assert payload in notes


def test_control_characters_do_not_break_the_file():
    stop = Stop(StopKind.METHOD, make_view(""), "a\x00b\x0b\x1bc\ud800", notes="\x07")
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
    assert seen == [(0, 8), (1, 8), (2, 8)]


def test_nothing_found_is_a_slide_that_says_so():
    content = make_content("q=zzzz")
    deck = Deck(to_pptx(prepared("q=zzzz"), world(), TODAY))
    assert content.description.sentences[0] in deck.texts(deck.slides()[1])


def test_every_face_of_the_regions_page_has_its_slide():
    for face in Face:
        view = replace(make_view(""), face=face, compared=("08", "20"))
        stop = Stop(StopKind.REGIONS, view)
        content, deck = build_content(stop, world(), TODAY), Deck(to_pptx(Story("", (stop,)), world(), TODAY))
        native = len(content.bars) + (content.grid is not None)
        assert len(list(deck.slides()[0].iter(f"{P}graphicFrame"))) == native, face
        assert native or content.lines or content.items or content.figures, face
