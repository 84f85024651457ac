"""What must never enter: shifted cells, eaten zeros, half-read lists of places, far-fetched words, damaged letters."""

import pytest

from atlas.intake.reader import read_upload
from tests.unit.intake.told import tell


def upload(text, encoding="utf-8", **choices):
    return read_upload(text.encode(encoding), "elenco.csv", **choices)


def places(report):
    return list(report.rows["places"])


def test_a_quote_out_of_place_never_moves_a_value():
    head = '"N","titolo","comune","provincia","anno"\n'
    rows = '"7,"Sportello","Crema","CR","2021"\n"8,"Casa, prima","Lodi","LO","2020"\n"9","Mensa","Asti","AT","2019"\n'
    report = upload(head + rows)
    assert places(report) == ["019035", "005005"]
    assert list(report.rows["title_it"]) == ["Sportello", "Mensa"] and list(report.rows["start_year"]) == [
        "2021",
        "2019",
    ]
    assert "le celle della riga sono 6 invece di 5" in tell(report)


def test_quotes_inside_a_cell_without_quotes_are_text():
    report = upload('titolo;comune\nil "grande" piano;Torino\n')
    assert list(report.rows["title_it"]) == ['il "grande" piano'] and report.verdict == "accept"


@pytest.mark.parametrize(("code", "choices"), [("16", {"16", "016"}), ("9", {"09", "009"}), ("12", {"12", "012"})])
def test_a_code_that_may_have_lost_its_zero_is_a_doubt(code, choices):
    report = upload(f"titolo;luoghi\na;{code}\nb;1272\n")
    (doubt,) = report.doubts
    assert (set(doubt.choices), doubt.sure, report.loaded) == (choices, "", 1)
    answered = upload(f"titolo;luoghi\na;{code}\nb;1272\n", answers={("places", code): f"0{code.zfill(2)}"})
    assert places(answered)[0] == f"0{code.zfill(2)}"


def test_codes_with_their_zeros_are_believed():
    assert places(upload("titolo;luoghi\na;16\nb;09\nc;016\n")) == ["16", "09", "016"]


@pytest.mark.parametrize(
    ("cell", "province", "codes"),
    [
        ("Crema, Offanengo e Madignano", "CR", "019035;019062;019055"),
        ("Crema - Offanengo", "CR", "019035;019062"),
        ("Crema/Offanengo/Madignano", "CR", "019035;019062;019055"),
        ("Crema (CR), Lodi (LO)", "", "019035;098031"),
        ("Presicce-Acquarica", "LE", "075098"),
        ("Torre de' Picenardi", "CR", "019107"),
        ("Crema & Offanengo", "CR", "019035;019062"),
        ("Comune di Crema, Comune di Offanengo", "CR", "019035;019062"),
    ],
)
def test_every_part_of_a_cell_of_several_places_is_read(cell, province, codes):
    report = upload(f'titolo;comune;provincia\na;"{cell}";{province}\n')
    assert places(report) == [codes], tell(report)


@pytest.mark.parametrize("cell", ["Crema, Offanengho", "Crema e dintorni", "Crema, Lodi", "Crema - frazione Sabbioni"])
def test_one_part_that_is_none_keeps_the_row_out_and_offers_no_half(cell):
    report = upload(f'titolo;comune;provincia\na;"{cell}";CR\n')
    assert report.loaded == 0 and report.doubts
    assert all(doubt.value != cell or not doubt.sure for doubt in report.doubts)
    accepted = {(doubt.field, doubt.value): doubt.sure for doubt in report.doubts if doubt.sure}
    again = upload(f'titolo;comune;provincia\na;"{cell}";CR\n', answers=accepted)
    assert again.loaded == 0 or places(again) == ["019035;019062"]


@pytest.mark.parametrize("words", ["clienti di Udine", "utenti dell'ospedale", "San Martino di Lupari", "associati"])
def test_no_word_is_suggested_as_sure_that_is_not_alike(words):
    report = upload(f"titolo;comune;destinatari\na;Udine;{words}\n")
    assert [doubt.sure for doubt in report.doubts] == [""]


def test_a_word_with_a_letter_wrong_is_sure():
    (doubt,) = upload("titolo;comune;destinatari\na;Udine;disocupati\n").doubts
    assert doubt.sure == "unemployed"


def test_a_source_is_a_link_or_nothing_and_never_who_pays():
    report = upload("titolo;comune;fonte\na;Udine;https://notizie.example/1\nb;Udine;Il Gazzettino\n")
    assert list(report.rows["funding_source"]) == ["", ""]
    assert list(report.rows["documents"]) == ["https://notizie.example/1", ""] and "fonte" in tell(report)


def test_a_link_with_a_password_is_not_kept():
    who = ":".join(("io", "segreto"))
    report = upload(f"titolo;comune;link\na;Udine;https://{who}@notizie.example/1\n")
    assert list(report.rows["documents"]) == [""] and "segreto" not in tell(report)


@pytest.mark.parametrize("encoding", ["mac_roman", "cp850", "cp1252", "utf-8"])
def test_accents_come_through_in_every_encoding_of_italian_offices(encoding):
    report = upload(
        "titolo;comune\nPerché la città è più bella: attività così però\nCITTÀ;Forlì\n".replace("\nC", ";Forlì\nC"),
        encoding,
    )
    assert list(report.rows["title_it"]) == ["Perché la città è più bella: attività così però", "CITTÀ"]
    assert places(report) == ["040012", "040012"]


def test_lost_letters_are_said_and_stand_for_any_letter_inside_the_province():
    report = upload("titolo;comune;provincia\nAttivit\ufffd;Pant\ufffd;VI\nb;Cant\ufffd;CO\nc;Cant\ufffd;\n")
    assert "2 lettere" not in tell(report) and "perse" in tell(report)
    assert "013041" in places(report)
    assert all(doubt.sure == "" for doubt in report.doubts)


def test_one_escape_character_is_no_binary_file():
    assert upload("titolo;comune\nMensa\x1b calda;Torino\n").loaded == 1


def test_rows_that_differ_in_a_column_that_is_not_read_are_not_equal():
    text = "titolo;comune;cup\nNido;Torino;A1\nNido;Torino;A2\nNido;Torino;A2\n"
    report = upload(text)
    assert [message.line for message in report.messages if message.text.key == "same_row"] == [4]


def test_a_name_and_a_region_that_agree_against_the_code_are_a_doubt():
    text = "titolo;codice_istat;comune;regione\na;016065;Castro;Puglia\n"
    (doubt,) = upload(text).doubts
    assert doubt.choices == ("075096", "016065") and not doubt.sure
    assert places(upload(text, answers={(doubt.field, doubt.value): "075096"})) == ["075096"]


@pytest.mark.parametrize("cell", ["N/D", "n.d.", "-", "null"])
def test_what_says_that_there_is_no_code_is_an_empty_cell(cell):
    report = upload(f"titolo;cod_comune;comune;provincia\na;{cell};Crema;CR\n")
    assert report.verdict == "accept" and places(report) == ["019035"]


def test_a_name_that_exists_with_and_without_accent_needs_a_hint():
    text = "titolo;comune;provincia\na;Paterno;\nb;Paterno;PZ\nc;Paterno;CT\nd;Paternò;\n"
    report = upload(text)
    assert places(report) == ["076100", "087033", "087033"]
    assert set(report.doubts[0].choices) == {"076100", "087033"}


def test_a_name_with_words_after_it_is_a_doubt_with_the_name_as_its_choice():
    (doubt,) = upload("titolo;comune;provincia\na;Crema sul Serio;CR\n").doubts
    assert doubt.choices[0] == "019035" and not doubt.sure


def test_an_id_that_becomes_the_one_of_a_later_row_gets_a_number_and_says_which_row_has_it():
    report = upload("id;titolo;comune\nCasa Mia;A;Crema\n;Casa mia;Asti\ncasa-mia;B;Lodi\nCASA MIA;C;Roma\n")
    assert list(report.rows["id"]) == ["casa-mia-2", "casa-mia-3", "casa-mia", "casa-mia-4"]
    assert (report.loaded, report.verdict) == (4, "warn")
    assert "È alla riga 4; qui diventa casa-mia-2." in tell(report)
