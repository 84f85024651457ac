import io
import json
import zipfile
from urllib.parse import urlencode
from xml.etree import ElementTree

import pybtex.database
import pytest
from PIL import Image
from pypdf import PdfReader

from atlas.base.formats import FORMATS
from atlas.base.i18n import translator
from atlas.base.model import Language
from atlas.catalogue.selection import select
from atlas.cli import main
from atlas.publish.decks.making import KINDS
from atlas.publish.stops.story import Story, to_json
from atlas.publish.writing import VIEW_FORMS, publish_story, publish_view
from tests.sheets import BASE, TODAY, make_view, prepared, world

SHORT = "theme=digital&region=08&level=region"


def test_every_form_is_written_and_no_other():
    assert {*KINDS, *VIEW_FORMS} <= set(FORMATS)
    with pytest.raises(ValueError, match="not docx"):
        publish_story("docx", None, make_view(""), world(), TODAY)
    with pytest.raises(ValueError, match="not pdf"):
        publish_view("pdf", make_view(""), world(), TODAY)


def test_a_citation_says_what_when_where_and_the_licence():
    text = publish_view("txt", make_view(SHORT), world(), TODAY, BASE).decode()
    assert len(select(world().catalogue, make_view(SHORT).selection)) == 1
    for part in ("Tema: Digitale; Regione: Emilia-Romagna", " 1 iniziativa.", "22 novembre 2026", BASE, "CC BY 4.0"):
        assert part in text


def _fields(entry):
    lines = entry.splitlines()
    assert lines[0].startswith("@misc{") and lines[-1] == "}"
    return dict(line.strip().removesuffix(",").split(" = ", 1) for line in lines[1:-1])


def test_bibtex_keeps_its_braces_whatever_was_searched():
    entry = publish_view("bib", make_view("q=50%25 {a}\\b_c $x$ &amp%3B&lang=en"), world(), TODAY).decode()
    fields = _fields(entry)
    assert r"50\% \textbraceleft{}a\textbraceright{}\textbackslash{}b\_c \$x\$" in fields["title"]
    assert fields["year"] == "{2026}"
    assert entry.count("{") == entry.count("}")


@pytest.mark.parametrize("text", ["{", "}", "}{", "a}b", "\\{", '"', "@x{", "% {", "}}}"])
def test_another_reader_parses_an_entry_whatever_was_searched(text):
    query = urlencode({"q": f"x {text} y", "lang": "en"})
    entry = publish_view("bib", make_view(query), world(), TODAY, BASE).decode()
    (read,) = pybtex.database.parse_string(entry, "bibtex").entries.values()
    assert read.fields["year"] == "2026" and read.fields["url"].startswith(BASE.rstrip("/"))
    assert "x " in read.fields["title"] and " y" in read.fields["title"]


def test_an_initiative_is_cited_by_its_title():
    id_ = world().catalogue.initiatives.index[0]
    title = world().catalogue.initiatives.loc[id_, "title_it"]
    view = make_view(f"id={id_}")
    assert f"«{title}», scheda n. 1" in publish_view("txt", view, world(), TODAY, BASE).decode()
    entry = publish_view("bib", view, world(), TODAY, BASE).decode()
    assert title in _fields(entry)["title"]
    fields = _fields(entry)
    assert fields["url"] == f"{{{BASE.rstrip('/')}/catalogo?id={id_}}}" and fields["date"] == "{2026-11-22}"
    assert "I Comuni italiani e la crisi pandemica" in fields["note"] and "22 novembre 2026" in fields["note"]


def test_the_whole_catalogue_is_cited_by_its_name_and_not_by_the_absence_of_filters():
    entry = publish_view("bib", make_view(""), world(), TODAY, BASE).decode()
    assert _fields(entry)["title"] == "{{Atlante delle iniziative sociali dei Comuni: tutto il catalogo}}"
    assert _fields(entry)["url"].startswith(f"{{{BASE.rstrip('/')}")


@pytest.fixture
def run(tmp_path):
    def run(form, *options):
        path = tmp_path / f"atlante.{form}"
        assert main(["export", "--format", form, "-o", str(path), *options]) == 0
        return path.read_bytes()

    return run


def test_the_command_line_writes_every_form_without_a_browser(run, tmp_path):
    story = tmp_path / "story.json"
    story.write_text(to_json(Story("Due tappe", prepared(SHORT).stops[:2])), encoding="utf-8")
    options = ("--story", str(story), "--address", BASE)
    assert len(PdfReader(io.BytesIO(run("pdf", *options))).pages) == 3
    with zipfile.ZipFile(io.BytesIO(run("pptx", *options))) as deck:
        assert sum(name.startswith("ppt/slides/slide") for name in deck.namelist()) == 3
    page = run("html", "--query", SHORT, *options).decode()
    data = json.loads(page.split('id="data">')[1].split("</script>")[0])
    assert [one["id"] for one in data["initiatives"]]
    assert page.count('<section class="slide') == 3
    assert Image.open(io.BytesIO(run("png", "--query", SHORT, "--paper", "16:9"))).size == (4000, 2250)
    assert ElementTree.fromstring(run("svg", "--query", SHORT)).tag.endswith("svg")
    assert run("txt").decode().startswith(translator(Language.IT)("app.title"))


def test_without_a_story_the_atlas_proposes_one(run):
    assert len(PdfReader(io.BytesIO(run("pdf", "--query", "q=zzzz"))).pages) == len(prepared("q=zzzz").stops)


@pytest.mark.parametrize(
    "content", ["{", "[]", '{"format": "altro"}', '{"format": "atlante-presentazione", "version": 9}']
)
def test_a_damaged_story_is_one_sentence(content, tmp_path, capsys):
    path = tmp_path / "story.json"
    path.write_text(content)
    assert main(["export", "--format", "pdf", "--story", str(path), "-o", str(tmp_path / "x.pdf")]) == 2
    said = capsys.readouterr().err.strip()
    assert said.startswith(str(path)) and "\n" not in said
    assert not (tmp_path / "x.pdf").exists()


def test_a_story_serves_presentations_only(tmp_path, capsys):
    assert main(["export", "--format", "png", "--story", "x.json", "-o", str(tmp_path / "x.png")]) == 2
    assert "--story" in capsys.readouterr().err
