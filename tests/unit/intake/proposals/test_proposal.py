"""A proposal is checked as a file is: what it needs, what it becomes, what it may already be."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atlas.base.columns import COLUMNS
from atlas.base.i18n import translator
from atlas.base.model import Language
from atlas.base.said import word, word_all
from atlas.catalogue.source.bundle import published_world
from atlas.intake.proposals.proposal import (
    FIELDS,
    LONGEST,
    check_proposal,
    clean_proposal,
    find_address_fault,
    is_contact,
    world_with,
)
from atlas.intake.publication import read_publication
from atlas.intake.rehearsal import to_rows
from atlas.publish.writing import write_proposal
from atlas.words.proposal_text import LONGEST_MAIL, address_mail, describe_proposal

WORLD = published_world()
IT, EN = translator(Language.IT), translator(Language.EN)
TODAY = date(2026, 11, 28)
WHOLE = {
    "title_it": "Biblioteca di sera",
    "title_en": "Library in the evening",
    "summary_it": "Ad Aosta una biblioteca apre la sera.\n\nPer chi studia; e per chi lavora.",
    "summary_en": "In Aosta a library opens in the evening.",
    "places": "007003;007020",
    "lead_place": "007003",
    "themes": "culture;digital",
    "targets": "youth;elderly",
    "service_type": "new",
    "channel": "both",
    "start_year": "2022",
    "end_year": "2024",
    "lead_organisation": "Comune di Aosta",
    "partners": "ACLI\nUniversità della Valle d'Aosta",
    "funding_eur": "12.500,50 euro",
    "funding_source": "Fondi propri",
    "beneficiaries": "1.200",
    "documents": "Avviso pubblico https://www.comune.aosta.it/avviso?a=1;b=2\nRegolamento",
}  # fmt: skip
HOSTILE = (
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "=HYPERLINK(\"https://x.example\",\"y\")", "'=1+1",
    "![x](https://x.example/a.png)", "[a](javascript:alert(1))", "{{ 7*7 }}", "$x^2$ :smile: :red[a]", "\x00\x1b[31m",
    "\u202egnp.exe", "a;b|c:::d", "../../etc/passwd", "'; drop table initiatives; --", "\ud800", "@SUM(A1)", "+1", "-1",
)  # fmt: skip


def rows_of(data):
    return to_rows(read_publication(data, "proposta"))


def test_a_whole_proposal_is_clean_and_reads_as_a_file_does():
    checked = check_proposal(WHOLE, WORLD)
    assert checked.is_clean and not checked.notes and not checked.twins
    row = checked.row
    assert set(row) == set(COLUMNS)
    assert (row["id"], row["scale"], row["funding_eur"], row["beneficiaries"]) == (
        "biblioteca-di-sera", "intermunicipal", "12500.5", "1200",
    )  # fmt: skip
    assert row["partners"] == "ACLI;Università della Valle d'Aosta"
    assert row["documents"] == "Avviso pubblico https://www.comune.aosta.it/avviso?a=1%3Bb=2;Regolamento"
    assert row["summary_it"] == WHOLE["summary_it"]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("language", list(Language))
def test_its_files_give_the_same_row_again(kind, language):
    row = check_proposal(WHOLE, WORLD).row
    data = write_proposal(kind, row["id"], world_with(row, WORLD), TODAY, translator(language))
    assert rows_of(data).to_dict("records") == [row]


@pytest.mark.parametrize("hostile", HOSTILE)
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_hostile_text_in_every_field_stays_text(hostile, kind):
    given_ = dict.fromkeys(FIELDS, hostile) | {"title_it": f"a{hostile}", "places": "007003"}
    checked = check_proposal(given_, WORLD)
    assert checked.row is not None and not checked.row["funding_eur"].startswith("=")
    assert checked.row["themes"] == checked.row["channel"] == checked.row["start_year"] == ""
    data = write_proposal(kind, checked.row["id"], world_with(checked.row, WORLD), TODAY, IT)
    again = rows_of(data).to_dict("records")[0]
    words = [name for name in FIELDS if name.startswith(("title", "summary")) or name in ("partners", "documents")]
    assert [again[name].split() for name in words] == [checked.row[name].split() for name in words]


def test_what_is_missing_is_said_at_its_field():
    checked = check_proposal({"summary_it": "Una cosa."}, WORLD)
    assert not checked.is_clean and checked.row is None
    assert [message.column for message in checked.needs] == ["title_it", "places"]
    assert [word(message.text, IT) for message in checked.needs] == ["manca il titolo.", "manca il luogo."]
    assert "pulsante" in word_all(checked.about("places")[0].hints, IT)
    assert check_proposal({}, WORLD).needs == check_proposal({"title_it": "  "}, WORLD).needs == checked.needs


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("start_year", "duemilaventi"),
        ("beneficiaries", "tante"),
        ("funding_eur", "molto"),
        ("themes", "culture;magic"),
        ("places", "999999"),
        ("documents", "http://www.example.org/a"),
        ("documents", "Avviso https://user" + ":secret" + "@example.org/a"),
        ("documents", "https://localhost/a"),
        ("documents", "ftp://example.org/a"),
    ],
)
def test_what_would_be_lost_is_a_need_at_its_field(field, text):
    checked = check_proposal(WHOLE | {field: text}, WORLD)
    assert not checked.is_clean
    assert [message.column for message in checked.needs] == [field]
    assert "secret" not in repr(checked.needs)


def test_years_in_the_wrong_order_are_a_need():
    assert not check_proposal(WHOLE | {"start_year": "2024", "end_year": "2022"}, WORLD).is_clean


def test_only_english_leaves_the_italian_empty():
    row = check_proposal({"title_en": "Library in the evening", "places": "007003"}, WORLD).row
    assert (row["title_it"], row["title_en"], row["id"]) == ("", "Library in the evening", "library-in-the-evening")


@pytest.mark.parametrize(
    ("places", "scale", "lead"),
    [
        ("007003", "municipality", "007003"),
        ("001", "", "001"),
        ("10", "", ""),
        ("IT", "national", ""),
        ("007003;001272", "intermunicipal", ""),
    ],
)
def test_scale_and_lead_follow_from_the_places(places, scale, lead):
    row = check_proposal({"title_it": "Una cosa nuova", "places": places}, WORLD).row
    assert (row["places"], row["scale"], row["lead_place"]) == (places, scale, lead)


def test_what_it_may_already_be_is_named_and_itself_is_not():
    known = WORLD.catalogue.store.initiatives.iloc[0]
    given_ = {"title_it": known["title_it"].upper() + "!", "places": known["places"]}
    assert [twins.other for twins in check_proposal(given_, WORLD).twins] == [known.name]
    assert check_proposal(given_, WORLD, own_id=known.name).twins == ()


def test_only_known_fields_of_bounded_length_are_taken():
    given_ = {"title_it": "a" * 9999, "id": "mine", "source_order": "1", "places": ";".join(["007003"] * 99), "x": 1}
    cleaned = clean_proposal(given_)
    assert cleaned == {"title_it": "a" * LONGEST["title_it"], "places": "007003"}
    assert clean_proposal({"title_it": 3, "themes": None}) == {}


@pytest.mark.parametrize("text", ["a@b.it", "nome.cognome+x@comune.example.it"])
def test_an_address_of_e_mail(text):
    assert is_contact(text)


@pytest.mark.parametrize(
    "text", ["", "a", "a@b", "a@b.it\nbcc: c@d.it", "<a@b.it>", "a@b.it?subject=x", "a" * 200 + "@b.it"]
)
def test_no_address_of_e_mail(text):
    assert not is_contact(text)


@pytest.mark.parametrize(
    "address", ["javascript://x.it/%0aalert(1)", "https://", "https://[x", "https://a.it:port/", "data://x.it"]
)
def test_addresses_that_nobody_should_follow(address):
    assert find_address_fault(address)


def test_its_text_names_all_that_is_known_and_nothing_else():
    row = check_proposal(WHOLE, WORLD).row
    text = describe_proposal(row["id"], world_with(row, WORLD), IT)
    for said in (
        "Biblioteca di sera",
        "12.500,5",
        "Aosta",
        "ACLI",
        "Regolamento",
        "In inglese\nLibrary in the evening",
    ):
        assert said in text
    bare = check_proposal({"title_it": "Una cosa nuova", "places": "007003"}, WORLD).row
    text = describe_proposal(bare["id"], world_with(bare, WORLD), IT)
    assert "Finanziamento" not in text and "Documenti" not in text and "In inglese" not in text


def test_the_e_mail_has_one_recipient_and_a_bounded_text():
    address = address_mail("a@b.it", "x&bcc=c@d.it\r\nBcc: e@f.it", "parola " * 9999, IT)
    assert address.startswith("mailto:a@b.it?subject=")
    assert address.count("&") == 1 and "@d.it" not in address and "\n" not in address
    assert len(address) < 3 * LONGEST_MAIL


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.sampled_from(FIELDS), st.text(max_size=60), max_size=8))
def test_whatever_is_written_is_checked_and_what_is_clean_can_be_published(written):
    checked = check_proposal(written | {"places": "007003"}, WORLD)
    if checked.is_clean:
        data = write_proposal("csv", checked.row["id"], world_with(checked.row, WORLD), TODAY, IT)
        assert len(rows_of(data)) == 1
