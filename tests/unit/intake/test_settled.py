"""What the owner of a file can settle: which column is which, which place or word is meant."""

import pytest

from atlas.intake.reader import read_upload
from tests.unit.intake.workbooks import make_xlsx

UNKNOWN_HEADERS = b"Che cosa;Dove;Boh\nSpesa a casa;015146;x\nSportello;058091;y\n"
DOUBTS = "titolo;comune;provincia;tema\na;Castro;;Casa\nb;Reggio Emilia;;Dimora\nc;Castro;;Dimora\nd;Castro;LE;Casa\n"


def test_a_file_without_known_headers_tells_its_columns():
    report = read_upload(UNKNOWN_HEADERS, "a.csv")
    assert report.verdict == "refuse"
    assert [(c.text, c.field, c.samples) for c in report.columns] == [
        ("Che cosa", "", ("Spesa a casa", "Sportello")),
        ("Dove", "", ("015146", "058091")),
        ("Boh", "", ("x", "y")),
    ]


@pytest.mark.parametrize("make", [lambda rows: rows, None], ids=["text", "workbook"])
def test_what_somebody_says_of_a_column_counts(make):
    table = [line.split(";") for line in UNKNOWN_HEADERS.decode().splitlines()]
    data = UNKNOWN_HEADERS if make else make_xlsx(table)
    report = read_upload(data, "a", columns={"Che cosa": "title_it", "Dove": "istat_code", "Boh": ""})
    assert (report.verdict, report.loaded) == ("accept", 2)
    assert report.headers == {"Che cosa": "title_it", "Dove": "istat_code"}
    assert list(report.rows["places"]) == ["015146", "058091"]


def test_a_choice_wins_over_what_a_header_seems_to_say():
    data = b"titolo;descrizione;comune\nnome;il vero titolo;Roma\n"
    report = read_upload(data, "a.csv", columns={"descrizione": "title_it", "titolo": ""})
    assert list(report.rows["title_it"]) == ["il vero titolo"]
    assert report.verdict == "accept"


def test_a_choice_about_other_files_changes_nothing():
    data = b"titolo;comune\na;Roma\n"
    plain, chosen = read_upload(data, "a"), read_upload(data, "a", columns={"altrove": "title_it"})
    assert plain.headers == chosen.headers


def test_doubts_count_the_rows_that_share_them():
    report = read_upload(DOUBTS.encode(), "a.csv")
    found = {(d.field, d.value): d for d in report.doubts}
    castro, dimora = found["municipality", "Castro"], found["themes", "Dimora"]
    assert (castro.n_rows, castro.line, set(castro.choices)) == (2, 2, {"016065", "075096"})
    assert (dimora.n_rows, dimora.line) == (1, 3)  # the other row that says so has no place yet
    assert (report.loaded, report.rejected) == (2, 2)


def test_answers_apply_only_where_the_file_was_not_understood():
    answers = {("municipality", "Castro"): "016065", ("themes", "Dimora"): "housing"}
    report = read_upload(DOUBTS.encode(), "a.csv", answers=answers)
    assert list(report.rows["places"]) == ["016065", "035033", "016065", "075096"]
    assert set(report.rows["themes"]) == {"housing"}
    assert not report.doubts and report.verdict == "accept"


def test_answers_that_name_nothing_are_not_used():
    answers = {("municipality", "Castro"): "999999", ("themes", "Dimora"): "nothing"}
    assert len(read_upload(DOUBTS.encode(), "a.csv", answers=answers).doubts) == 2


def test_a_list_of_places_can_be_answered_name_by_name():
    data = "titolo;places\na;Castro;Roma\n".replace("Castro;Roma", '"Castro;Roma"').encode()
    report = read_upload(data, "a.csv", answers={("places", "Castro"): "016065"})
    assert list(report.rows["places"]) == ["016065;058091"]


def test_rejected_rows_come_back_as_they_were_written():
    data = b"titolo;comune;nota\na;Nonesiste;tienimi\nb;Roma;x\n"
    report = read_upload(data, "a.csv")
    assert report.left_out == ((2, ("a", "Nonesiste", "tienimi")),)


def test_progress_only_grows_and_ends_at_one():
    seen: list[float] = []
    rows = "".join(f"titolo {n};058091\n" for n in range(3_000))
    read_upload(f"titolo;codice_istat\n{rows}".encode(), "a.csv", on_progress=seen.append)
    assert seen == sorted(seen) and seen[0] == 0.0 and seen[-1] == 1.0 and len(seen) > 4


def test_columns_are_guessed_by_their_name_or_their_values():
    rows = "Che cosa si fa;Dove sta;Quanto\nSpesa a casa per tutti;Torino;12\nSportello del lavoro;Roma;5\n"
    guesses = {c.text: c.guess for c in read_upload(rows.encode(), "a.csv").columns}
    assert guesses == {"Che cosa si fa": "title_it", "Dove sta": "municipality", "Quanto": ""}
    codes = {c.text: c.guess for c in read_upload(UNKNOWN_HEADERS, "a.csv").columns}
    assert codes == {"Che cosa": "title_it", "Dove": "istat_code", "Boh": ""}


def test_kinds_count_what_is_cut_from_the_messages():
    rows = "".join(f"titolo {n};1272\n" for n in range(700))
    report = read_upload(f"titolo;codice_istat\n{rows}".encode(), "a.csv")
    (kind,) = report.kinds
    assert (kind.n_messages, kind.line, kind.column) == (700, 2, "codice_istat")
    assert len(report.messages) == 501
