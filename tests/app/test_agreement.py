"""A stop says the same on the stage, in the slides, on paper and in the offline page: every number and sentence."""

import io
import itertools
import re
from dataclasses import replace

import pypdfium2
import pytest
from lxml import html
from pptx import Presentation
from streamlit.testing.v1 import AppTest

from atlas.base.i18n import translator
from atlas.base.model import Face, Language, Selection, View
from atlas.publish.decks import handout, slide_page, slides
from atlas.publish.decks.handout import to_pdf
from atlas.publish.decks.slides import to_pptx
from atlas.publish.decks.standalone import to_html
from atlas.publish.stills import stills
from atlas.publish.stops.gathering import build_contents
from atlas.publish.stops.story import Stop, StopKind, Story
from atlas.ui.present.stage import build_stop_chart
from tests.app.reading import read
from tests.forbidden import find_forbidden
from tests.sheets import BASE, TODAY, world

# One pixel: what maps show is compared elsewhere, and a thousand pictures would take minutes.
_PNG = (
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89\0\0\0\rIDATx\x9cc\xf8\xff\xff?"
    b"\0\x05\xfe\x02\xfe\xa75\x81\x84\0\0\0\0IEND\xaeB`\x82"
)
_READ = ("title", "markdown", "caption")
_SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'


def _selections():
    vocabulary, territory = world().vocabulary, world().territory
    for theme in vocabulary.themes:
        yield Selection(themes=(theme,))
    for target in vocabulary.targets:
        yield Selection(targets=(target,))
    for region in territory.regions.index:
        yield Selection(regions=(str(region),))
    yield from (
        Selection(),
        Selection(text="zzzz"),
        Selection(scales=("national",)),
        Selection(channels=("digital",)),
        Selection(years=("2019",)),
        Selection(place="037006"),
        Selection(place="073013"),
        Selection(place="072"),
        Selection(themes=("housing", "poverty"), regions=("03", "18")),
        Selection(regions=("16",), targets=("families",)),
    )


SELECTIONS = tuple(_selections())


def _stops(selection, language, nth):
    """Return a third of the kinds and faces of stops, another third at the next selection.

    Cards and municipalities are other ones at every selection.
    """
    ids = world().catalogue.store.initiatives.index
    places = world().territory.municipalities.index
    view = View(language=language, selection=selection, compared=("08", "20"))
    card = replace(view, initiative=str(ids[nth % len(ids)]))
    place = replace(view, selection=selection.with_(place=str(places[nth * 131 % len(places)]), regions=()))
    every = [Stop(kind, view) for kind in StopKind if kind not in (StopKind.MUNICIPALITY, StopKind.CLOSING)]
    every += [Stop(StopKind.REGIONS, replace(view, face=face)) for face in Face if face is not Face.RANKING]
    every += [Stop(StopKind.MUNICIPALITY, place), Stop(StopKind.CATALOGUE, card)]
    return (*every[nth % 3 :: 3], Stop(StopKind.CLOSING, view))


@pytest.fixture(scope="module", params=list(Language))
def written(request):
    """All the stops in one language: their contents, and the text of each in the four."""
    language = request.param
    stops = [_stops(selection, language, nth) for nth, selection in enumerate(SELECTIONS)]
    decks = [Story("Titolo", one, "Assemblea", "ANCI") for one in stops]
    story = replace(decks[0], stops=tuple(itertools.chain(*stops)))
    with pytest.MonkeyPatch.context() as patch:
        for module in (stills, slides, slide_page):
            patch.setattr(module, "to_png", lambda *_: _PNG)
        patch.setattr(handout, "to_svg", lambda *_: _SVG)
        contents = build_contents(story, world(), TODAY, BASE)
        return (
            contents,
            {
                "stage": _read_stage(contents),
                # Adding slides takes longer the more there are, so there is a deck a selection.
                "pptx": [text for deck in decks for text in _read_slides(deck)],
                "pdf": _read_pages(to_pdf(story, world(), TODAY, BASE), contents),
                "html": _read_page(to_html(View(language=language), story, world(), TODAY, None, BASE)),
            },
        )


def _draw():
    import streamlit as st

    from atlas.ui.parts.markdown_escape import to_plain
    from atlas.ui.present.stage import show_words

    for at, content in enumerate(st.session_state["contents"]):
        with st.container(key=f"stop_{at}"):
            st.title(to_plain(content.title), anchor=False)
            show_words(content, f"stop_{at}")


def _read_stage(contents):
    app = AppTest.from_function(_draw, default_timeout=120)
    app.session_state["contents"] = contents
    app.run()
    assert not app.exception
    blocks = [block for block in app.main.children.values() if getattr(block, "children", None)]
    assert len(blocks) == len(contents)
    texts = []
    for block, content in zip(blocks, contents, strict=True):
        words = [read(str(one.value)).replace("**", "") for one in _leaves(block) if one.type in _READ]
        spec = build_stop_chart(content, "light")
        texts.append("\n".join([*words, *(_read_chart(part) for part in (spec or {}).get("vconcat", ()))]))
    return texts


def _leaves(block):
    """Every element of a block, also of those inside it."""
    for one in block.children.values():
        yield from _leaves(one) if getattr(one, "children", None) else (one,)


def _read_chart(part):
    rows = part["data"]["values"]
    names = ("label", "text") if "label" in rows[0] else ("row_label", "column_label", "text")
    return "\n".join([str(part["title"]), *(str(row[name]) for row in rows for name in names)])


def _read_slides(deck):
    contents = build_contents(deck, world(), TODAY, BASE)
    deck = Presentation(io.BytesIO(to_pptx(deck, world(), TODAY, BASE)))
    return _join_pages([_read_slide(slide, contents[0].say) for slide in deck.slides], [one.title for one in contents])


def _read_slide(slide, say):
    lines = []
    for shape in slide.shapes:
        if shape.is_placeholder and "sldNum" in shape.element.xpath("string(.//p:ph/@type)"):
            continue
        if shape.has_text_frame:
            lines += [paragraph.text for paragraph in shape.text_frame.paragraphs]
        elif shape.has_table:
            lines += [shape._element.xpath("string(.//p:cNvPr/@descr)")]
            lines += [cell.text for row in shape.table.rows for cell in row.cells]
        elif shape.has_chart:
            chart = shape.chart
            lines += [chart.chart_title.text_frame.text, *chart.plots[0].categories]
            values = chart.plots[0].series[0].values
            lines += [say("ranking.missing") if value is None else say.number(value) for value in values]
    return "\n".join(lines)


def _join_pages(pages, titles):
    """Join the pages that continue a stop: the next stop begins where its title opens a page."""
    texts, at = [], 0
    for title, following in itertools.pairwise([*titles, None]):
        assert _squeeze(title) in _squeeze(pages[at])[: len(_squeeze(title)) + 400], title
        text, at = pages[at], at + 1
        left = len(titles) - len(texts) - 1
        while len(pages) - at > left and (
            following is None or not _opens(pages[at], following) or _goes_on(pages[at], title)
        ):
            text, at = f"{text}\n{pages[at]}", at + 1
        texts.append(text)
    assert at == len(pages)
    return texts


def _opens(page, title):
    return _squeeze(page).startswith(_squeeze(title))


def _goes_on(page, title):
    return re.match(re.escape(_squeeze(title)) + r"\(\d\)", _squeeze(page)) is not None


def _read_pages(data, contents):
    document = pypdfium2.PdfDocument(data)
    pages = [page.get_textpage().get_text_range() for page in document]
    return _join_pages(pages, [content.title for content in contents])


def _read_page(data):
    return [
        "\n".join(section.itertext()) for section in html.fromstring(data).xpath("//section[contains(@class, 'slide')]")
    ]


def _squeeze(text):
    """Text without what a line break adds or removes."""
    return re.sub(r"[\s\u00ad\u2060\ufffe-]", "", text)


def test_there_are_fifty_selections_and_every_kind_of_stop(written):
    contents, texts = written
    assert len(SELECTIONS) >= 50
    assert {content.stop.kind for content in contents} == set(StopKind)
    assert {len(one) for one in texts.values()} == {len(contents)}


def test_every_sentence_and_number_is_in_all_four(written):
    contents, texts = written
    missing = [
        (form, content.stop.kind.value, content.about[0][1], said)
        for form, pages in texts.items()
        for content, page in zip(contents, map(_squeeze, pages), strict=True)
        for said in content.texts()
        if _squeeze(said) not in page
    ]
    assert missing[:5] == []


def _numbers(text):
    return {token.strip(".,") for token in re.findall(r"\d[\d.,]*", text)}


def test_no_number_is_in_one_of_the_four_alone(written):
    contents, texts = written
    total = str(len(contents))
    extra = []
    for form, pages in texts.items():
        for at, (content, page) in enumerate(zip(contents, pages, strict=True)):
            known = " ".join([*content.texts(), content.caption, content.address, content.caption])
            known += " " + " ".join(words for _, words in content.about) + f" {at + 1} {total} (2) (3)"
            lost = {n for n in _numbers(page) if _squeeze(n) not in _squeeze(known)}
            if form == "pdf":  # pages are numbered, and one stop may take two
                lost = {n for n in lost if not n.isdigit() or int(n) > 2 * len(contents)}
            extra += [(form, content.stop.kind.value, n) for n in lost]
    assert extra[:5] == []


def test_no_stop_says_what_no_output_may_say(written):
    contents, _ = written
    language = contents[0].say.language
    found = {
        (content.stop.kind.value, phrase)
        for content in contents
        if content.card is None  # a card is the catalogue's own text
        for phrase in find_forbidden("\n".join(content.texts()), language)
    }
    assert found == set()


def test_an_english_stop_names_regions_in_english(written):
    contents, _ = written
    if contents[0].say.language is not Language.EN:
        return
    names = {
        "Lombardia",
        "Sicilia",
        "Toscana",
        "Piemonte",
        "Puglia",
        "Sardegna",
        "Valle d'Aosta",
        "Trentino-Alto Adige",
    }
    found = {
        (content.stop.kind.value, name)
        for content in contents
        if content.card is None and content.stop.kind is not StopKind.CATALOGUE
        for text in (*content.texts(), content.about[0][1])
        for name in names
        if re.search(rf"\b{name}\b(?! \()", text)
    }
    assert translator(Language.EN).language is Language.EN
    assert found == set()
