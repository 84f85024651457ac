import io
from dataclasses import replace

import pypdfium2
import pytest
import segno
import zxingcpp
from PIL import Image
from pypdf import PdfReader

from atlas.indicators.indicators import count_by
from atlas.publish.decks.branding import Branding
from atlas.publish.decks.handout import to_pdf
from atlas.publish.decks.qr import to_qr
from atlas.publish.stops.gathering import build_contents
from atlas.publish.stops.story import Stop, StopKind, Story
from tests.payloads import PAYLOADS
from tests.sheets import BASE, TODAY, make_content, make_view, prepared, world


def _read(data):
    return PdfReader(io.BytesIO(data), strict=True)


def _words(text):
    """Text without the spaces and hyphens that a line break adds or removes."""
    return "".join(text.split()).replace("-", "").replace("\u00ad", "")


@pytest.fixture(scope="module")
def handout():
    return _read(to_pdf(prepared(), world(), TODAY, BASE))


@pytest.fixture(scope="module")
def sheets():
    return build_contents(prepared(), world(), TODAY, BASE)


def test_one_stop_a_page_of_a4(handout):
    assert len(handout.pages) == len(prepared().stops)
    for page in handout.pages:
        assert (round(page.mediabox.width), round(page.mediabox.height)) == (595, 842)


def test_the_words_are_text_and_each_page_says_where_they_come_from(handout, sheets):
    for page, sheet in zip(handout.pages, sheets, strict=True):
        text = _words(page.extract_text())
        assert _words(sheet.title) in text
        for _, words in sheet.about:
            assert _words(words) in text
    assert _words(sheets[1].lines[0]) in _words(handout.pages[1].extract_text())


def test_it_is_tagged_and_says_its_language_and_title(handout):
    root = handout.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/StructTreeRoot"]["/K"]
    assert root["/Lang"].startswith("it")
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert handout.metadata.title == build_contents(prepared(), world(), TODAY)[0].title
    assert b"pdfuaid" in root["/Metadata"].get_data()


def _tags(node, found):
    node = node.get_object()
    if isinstance(node, list):
        for one in node:
            _tags(one, found)
    elif isinstance(node, dict):
        if "/S" in node:
            found.append((node["/S"], node.get("/Alt")))
        if "/K" in node:
            _tags(node["/K"], found)
    return found


def test_headings_tables_and_pictures_are_what_they_are(handout):
    tags = _tags(handout.trailer["/Root"]["/StructTreeRoot"], [])
    kinds = [tag for tag, _ in tags]
    assert kinds.count("/H1") == 8
    assert kinds.count("/Table") == 3
    assert kinds.count("/TH") > 4
    pictures = [alt for tag, alt in tags if tag == "/Figure"]
    assert len(pictures) == 3 + 8  # three maps, a code on every page
    assert all(pictures)


def test_each_page_leads_to_its_live_view(handout, sheets):
    for page, sheet in zip(handout.pages, sheets, strict=True):
        links = {note.get_object()["/A"]["/URI"] for note in page.get("/Annots", [])}
        assert links == {sheet.address}


@pytest.mark.parametrize("sharpness", [150, 300])
def test_a_camera_reads_from_every_printed_page_the_address_of_its_live_view(sheets, sharpness):
    """The pages as pdfium paints them, the code as zxing reads it: neither has written anything of it."""
    document = pypdfium2.PdfDocument(to_pdf(prepared(), world(), TODAY, BASE))
    for at, sheet in enumerate(sheets):
        picture = document[at].render(scale=sharpness / 72, grayscale=True).to_numpy()
        assert [code.text for code in zxingcpp.read_barcodes(picture)] == [sheet.address]


def test_without_an_address_there_is_neither_link_nor_code():
    handout = _read(to_pdf(Story("", prepared().stops[3:4]), world(), TODAY))
    assert all("/Annots" not in page for page in handout.pages)


def test_the_numbers_are_those_of_the_selected_frame(handout):
    sheet = make_content(page="temi")
    text = handout.pages[3].extract_text()
    for id_, n in count_by(sheet.selected, "themes").items():
        assert f"{sheet.label('themes', str(id_))}\n{n}" in text or f"{sheet.label('themes', str(id_))} {n}" in text


def test_the_code_is_the_address():
    address = make_content("theme=digital&region=08", page="regioni").address
    assert address == BASE + "regioni?theme=digital&region=08"
    size = segno.make(address, error="m", micro=False).symbol_size(scale=4, border=2)[0]
    assert f'width="{size}"' in to_qr(address, "svg").decode()
    assert to_qr(address, "svg") != to_qr(address.replace("08", "09"), "svg")


def test_hostile_text_stays_text():
    payloads = [*PAYLOADS.values(), '#panic(1) #read("/etc/passwd") @x <y> $z$ \\u{1F600}']
    stops = tuple(Stop(StopKind.METHOD, make_view(""), payload) for payload in payloads)
    handout = _read(to_pdf(Story(payloads[0], stops), world(), TODAY))
    for page, payload in zip(handout.pages, payloads, strict=True):
        assert _words(payload) in _words(page.extract_text())


def test_a_search_is_quoted_letter_for_letter():
    handout = _read(to_pdf(prepared('q=<b>#let "x"'), world(), TODAY))
    assert _words("<b>#let") in _words(handout.pages[0].extract_text())


def test_the_language_of_the_view_is_the_language_of_the_file():
    handout = _read(to_pdf(prepared("lang=en&theme=digital&level=region&measure=per_million"), world(), TODAY))
    assert handout.trailer["/Root"]["/Lang"].startswith("en")
    assert "Theme: Digital" in handout.pages[0].extract_text()


def test_long_words_and_titles_do_not_break_it():
    stop = Stop(StopKind.MAP, make_view("level=region"), "w" * 200)
    assert len(_read(to_pdf(Story("", (stop,)), world(), TODAY, BASE)).pages) == 2


def test_nothing_runs_over_the_margins_or_the_foot_however_long_a_title_is():
    titles = ("W" * 200, "Un titolo che vuole dire tutto in una volta sola " * 4)
    stops = tuple(replace(stop, title=titles[at % 2]) for at, stop in enumerate(prepared("theme=housing").stops))
    story = Story(titles[0], stops, "Assemblea " * 20, "W" * 200)
    document = pypdfium2.PdfDocument(to_pdf(story, world(), TODAY, BASE))
    assert len(document) == len(stops)
    for page in document:
        text = page.get_textpage()
        boxes = [text.get_charbox(at) for at in range(text.count_chars())]
        assert max(right for _, _, right, _ in boxes) < 595 - 50
        assert min(bottom for _, bottom, _, _ in boxes) > 15


def test_the_cover_says_what_when_who_and_shows_the_logo(tmp_path):
    logo = tmp_path / "logo.png"
    Image.new("RGB", (900, 100), "#b35900").save(logo)
    story = replace(prepared("theme=housing"), occasion="Assemblea annuale", author="Ufficio studi")
    handout = _read(to_pdf(story, world(), TODAY, BASE, branding=Branding(logo=logo)))
    content = build_contents(story, world(), TODAY, BASE)[0]
    cover = handout.pages[0]
    for text in content.texts():
        assert _words(text) in _words(cover.extract_text())
    assert "Logo" in [alt for _, alt in _tags(handout.trailer["/Root"]["/StructTreeRoot"], [])]
    assert len(cover.images) == 1
    assert not handout.pages[1].images
