"""The catalogue's own files, read with the csv module alone, so that no bug of the atlas can hide a fault in them.

The only tests that a new row of initiatives.csv asks to change.
"""

import csv
import json
import re
import unicodedata
from pathlib import Path

import pytest

from tests.factories import read_initiatives, real_territory, real_vocabulary

DATA = Path(__file__).resolve().parents[2] / "data"
COLUMNS = [
    "id", "title_it", "title_en", "summary_it", "summary_en", "scale", "lead_place", "places",
    "undisclosed_partners", "themes", "targets", "service_type", "channel", "start_year", "end_year",
    "lead_organisation", "partners", "funding_eur", "funding_source", "beneficiaries", "documents",
    "source_order",
]  # fmt: skip
THEMES = [
    "poverty", "housing", "work", "education", "participation", "digital", "health", "autonomy", "reception",
    "justice", "culture", "environment", "community",
]  # fmt: skip
TARGETS = [
    "children", "youth", "families", "elderly", "disabilities", "homeless", "low_income", "unemployed",
    "migrants", "prisoners", "women_violence", "schools", "staff", "everyone",
]  # fmt: skip
BANDS = {
    "children": "0-2;3-5;6-13;14-17",
    "youth": "14-17;18-34",
    "elderly": "65-74;75+",
}
WITHOUT_INITIATIVES = {"06", "07", "11", "13", "17", "20"}
METROPOLITAN_CITY = "080"
# A tag, a Markdown link, picture, emphasis, heading or code, an address, or a template that a renderer would run.
MARKUP = re.compile(r"<[^>]*>|\]\(|\*\*|__|`|^#+ |https?:|www\.|\{\{|\{%|\$\{")


def read(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


INITIATIVES = {row["id"]: row for row in read("initiatives.csv")}
VOCABULARY = read("vocabulary.csv")
each_initiative = pytest.mark.parametrize("row", INITIATIVES.values(), ids=INITIATIVES)


@pytest.fixture(scope="module")
def region_of() -> dict[str, str]:
    features = json.loads((DATA / "comuni.geojson").read_text(encoding="utf-8"))["features"]
    return {f["properties"]["istat_code"]: f["properties"]["region_code"] for f in features}


@pytest.fixture(scope="module")
def areas() -> dict[str, list[str]]:
    members: dict[str, list[str]] = {}
    for row in read("areas.csv"):
        members.setdefault(row["area_id"], []).append(row["istat_code"])
    return members


def test_all_35_are_here_once_in_the_order_of_the_source() -> None:
    rows = read("initiatives.csv")
    assert len(rows) == len(INITIATIVES) == 35
    assert [row["source_order"] for row in rows] == [str(n) for n in range(1, 36)]


def test_what_introduces_the_project_says_how_many_there_are() -> None:
    for name, said in (
        ("README.md", r"(\d+) (?:iniziative di|initiatives from)"),
        ("publiccode.yml", r" (\d+) ini(?:ziative|tiatives)"),
    ):
        found = re.findall(said, (DATA.parent / name).read_text(encoding="utf-8"))
        assert len(found) == 2 and set(found) == {str(len(INITIATIVES))}, name


def test_the_program_reads_each_of_them() -> None:
    """The other tests of the program look at a catalogue of their own."""
    catalogue = read_initiatives(DATA / "initiatives.csv", real_territory(), real_vocabulary())
    assert list(catalogue.initiatives.index) == list(INITIATIVES)
    assert list(catalogue.initiatives["title_it"]) == [row["title_it"] for row in INITIATIVES.values()]


@pytest.mark.parametrize("name", ["initiatives.csv", "vocabulary.csv"])
def test_files_are_plain_csv(name: str) -> None:
    content = (DATA / name).read_bytes()
    assert b"\r" not in content
    assert not content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(content.decode("utf-8").splitlines(), strict=True))
    assert {len(row) for row in rows} == {len(rows[0])}


def test_columns_stand_as_the_contract_lists_them() -> None:
    with (DATA / "initiatives.csv").open(encoding="utf-8") as file:
        assert file.readline().rstrip("\n").split(",") == COLUMNS


def test_vocabulary_has_the_agreed_terms_in_order() -> None:
    ids = {kind: [row["id"] for row in VOCABULARY if row["kind"] == kind] for kind in ("theme", "target")}
    assert ids == {"theme": THEMES, "target": TARGETS}
    assert len(VOCABULARY) == len(THEMES) + len(TARGETS)


@pytest.mark.parametrize("term", VOCABULARY, ids=lambda term: f"{term['kind']}-{term['id']}")
def test_term_is_complete_in_both_languages(term: dict[str, str]) -> None:
    for column in ("label", "description"):
        assert term[f"{column}_it"]
        assert term[f"{column}_en"]
        assert term[f"{column}_it"] != term[f"{column}_en"]
    expected = BANDS.get(term["id"], "") if term["kind"] == "target" else ""
    assert term["population_group"] == expected


@each_initiative
def test_terms_come_from_the_vocabulary(row: dict[str, str]) -> None:
    for column, known in (("themes", THEMES), ("targets", TARGETS)):
        terms = row[column].split(";")
        assert set(terms) <= set(known)
        assert len(terms) == len(set(terms))
    assert len(row["themes"].split(";")) <= 3


@each_initiative
def test_enumerations(row: dict[str, str]) -> None:
    assert row["scale"] in {"municipality", "intermunicipal", "metropolitan_city", "national"}
    assert row["service_type"] in {"new", "reshaped", "established"}
    assert row["channel"] in {"digital", "in_person", "both", ""}


@each_initiative
def test_id_is_a_slug(row: dict[str, str]) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", row["id"])


@each_initiative
def test_numbers_are_numbers_or_empty(row: dict[str, str]) -> None:
    for column in ("undisclosed_partners", "funding_eur", "beneficiaries"):
        assert re.fullmatch(r"([1-9]\d*)?", row[column])
    for column in ("start_year", "end_year"):
        assert re.fullmatch(r"((19|20)\d\d)?", row[column])
    if row["start_year"] and row["end_year"]:
        assert row["start_year"] <= row["end_year"]


@each_initiative
def test_places_exist(row: dict[str, str], region_of: dict[str, str], areas: dict[str, list[str]]) -> None:
    known = {*region_of, *areas, METROPOLITAN_CITY, "IT"}
    places = row["places"].split(";")
    assert set(places) <= known
    assert len(places) == len(set(places))
    assert row["lead_place"] == "" or row["lead_place"] in places


@each_initiative
def test_scale_agrees_with_places(row: dict[str, str]) -> None:
    assert (row["scale"] == "national") == (row["places"] == "IT")
    assert (row["scale"] == "metropolitan_city") == (row["places"] == METROPOLITAN_CITY)
    if row["scale"] == "municipality":
        assert re.fullmatch(r"\d{6}", row["places"])
        assert row["lead_place"] == row["places"]


@each_initiative
def test_both_languages_are_filled_and_differ(row: dict[str, str]) -> None:
    for column in ("title", "summary"):
        assert row[f"{column}_it"]
        assert row[f"{column}_en"]
        assert row[f"{column}_it"] != row[f"{column}_en"]


@each_initiative
def test_summaries_are_one_to_three_sentences(row: dict[str, str]) -> None:
    for column in ("summary_it", "summary_en"):
        # "C.A.P.S." ends with a full stop that ends no sentence.
        text = row[column].replace("C.A.P.S.", "CAPS")
        assert 1 <= len(re.findall(r"[.!?](?= |$)", text)) <= 3
        assert text.endswith(".")


@pytest.mark.parametrize("name", ["initiatives.csv", "vocabulary.csv"])
def test_text_is_plain(name: str) -> None:
    for row in read(name):
        for column, text in row.items():
            where = (name, row["id"], column)
            assert not MARKUP.search(text), where
            assert not [c for c in text if unicodedata.category(c) in {"Cc", "Cf", "Co", "Cn"}], where
            assert text == unicodedata.normalize("NFC", text).strip(), where
            assert "  " not in text, where
            assert not text.startswith(("=", "+", "-", "@")), where


@each_initiative
def test_lists_have_no_empty_or_padded_item(row: dict[str, str]) -> None:
    for column in ("places", "themes", "targets", "partners", "documents"):
        if row[column]:
            assert all(item and item == item.strip() for item in row[column].split(";")), column


def test_six_regions_have_no_initiative(region_of: dict[str, str], areas: dict[str, list[str]]) -> None:
    regions = set()
    for row in INITIATIVES.values():
        for place in row["places"].split(";"):
            if place == METROPOLITAN_CITY:
                regions |= {region for code, region in region_of.items() if code.startswith(METROPOLITAN_CITY)}
            elif place != "IT":
                regions |= {region_of[code] for code in areas.get(place, [place])}
    assert {f"{n:02d}" for n in range(1, 21)} - regions == WITHOUT_INITIATIVES


def filled(column: str) -> dict[str, str]:
    return {row["source_order"]: row[column] for row in INITIATIVES.values() if row[column]}


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        ("funding_eur", {"14": "700000"}),
        ("undisclosed_partners", {"14": "16"}),
        ("beneficiaries", {"35": "30"}),
        ("end_year", {}),
        (
            "start_year",
            {
                "8": "2019", "9": "2014", "11": "2019", "12": "2019", "15": "2018", "16": "2016", "26": "2001",
                "27": "2018", "29": "2016", "30": "2019", "31": "2020", "34": "2016",
            },
        ),
        (
            "funding_source",
            {
                "8": "Fondo Povertà, quota servizi", "14": "Progetto regionale InnovationLab",
                "31": "Regione Veneto", "32": "PON METRO 2014-2020",
            },
        ),
    ],
)  # fmt: skip
def test_rare_facts_stand_only_where_the_source_gives_them(column: str, expected: dict[str, str]) -> None:
    assert filled(column) == expected


def test_leads_that_the_source_does_not_name_stay_empty() -> None:
    assert {row["source_order"] for row in INITIATIVES.values() if not row["lead_place"]} == {"11", "12", "26"}


def test_the_cremasco_projects_cover_the_48_municipalities(areas: dict[str, list[str]]) -> None:
    assert [row["source_order"] for row in INITIATIVES.values() if row["places"] == "ambito-cremasco"] == ["11", "12"]
    assert len(set(areas["ambito-cremasco"])) == 48


def test_every_judgement_is_noted_beside_the_data() -> None:
    text = (DATA / "README.md").read_text(encoding="utf-8")
    assert [f"| {row['source_order']} | `{row['id']}` |" in text for row in INITIATIVES.values()] == [True] * 35


def test_the_data_dictionary_names_every_column() -> None:
    text = (DATA / "README.md").read_text(encoding="utf-8")
    for column in (*COLUMNS, *VOCABULARY[0]):
        assert f"`{column}`" in text
