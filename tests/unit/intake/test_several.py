"""Several files read as one: nothing is lost or renamed in silence, and each message names its file."""

from atlas.base.i18n import translator
from atlas.base.model import Language
from atlas.intake import several
from atlas.intake.cells.report import Verdict
from atlas.intake.reader import read_upload
from atlas.intake.rehearsal_files import rejected_rows, to_report_csv
from atlas.intake.several import join_reports

WORDS = translator(Language.IT)


def join(*texts):
    return join_reports([(f"{at}.csv", read_upload(text.encode(), "")) for at, text in enumerate(texts)])


ONE = "titolo;comune;note\nOrto;Roma;a\nMensa;Castro;b\nSpesa;Lodi;c\n"
TWO = "note;comune;titolo;zona\nd;Castro;Mensa;nord\ne;Bari;Orto;sud\n"


def test_rows_doubts_and_columns_add_up():
    report = join(ONE, TWO)
    assert (report.source_rows, report.loaded, report.rejected, report.verdict) == (5, 3, 2, Verdict.PARTIAL)
    assert report.rows["places"].tolist() == ["058091", "098031", "072006"]
    assert report.rows["id"].is_unique
    (doubt,) = report.doubts
    assert (doubt.value, doubt.n_rows) == ("Castro", 2)
    assert report.extra == {"note": ("a", "c", "e"), "zona": ("", "", "sud")}
    assert {message.file for message in report.messages} == {"0.csv", "1.csv"}


def test_rejected_rows_stand_under_their_own_columns():
    header, first, second = rejected_rows(join(ONE, TWO), WORDS)
    assert header[3:] == ["titolo", "comune", "note", "zona"]
    assert (first[:2], first[3:]) == (["0.csv", 3], ["Mensa", "Castro", "b", ""])
    assert (second[:2], second[3:]) == (["1.csv", 2], ["Mensa", "Castro", "d", "nord"])
    assert to_report_csv(join(ONE, TWO), WORDS).decode("utf-8-sig").startswith(WORDS("data.message.file_name"))


def test_an_id_that_two_files_write_is_changed_and_said():
    report = join("id;titolo;comune\nx;Orto;Roma\n", "id;titolo;comune\nx;Mensa;Bari\nx-2;Spesa;Lodi\n")
    assert report.rows["id"].tolist() == ["x", "x-3", "x-2"]
    assert [message.text.key for message in report.messages] == ["taken_id"] and report.verdict is Verdict.WARN


def test_a_file_that_cannot_be_read_does_not_take_the_others_with_it():
    report = join(ONE, "%PDF-1.7")
    assert report.loaded == 2 and report.verdict is Verdict.PARTIAL
    assert [message.text.key for message in report.messages if message.file == "1.csv"] == ["pdf"]
    assert join("", "%PDF-1.7").verdict is Verdict.REFUSE


def test_rows_of_all_files_have_a_limit(monkeypatch):
    monkeypatch.setattr(several, "MAX_ALL_ROWS", 4)
    report = join(ONE, TWO)
    assert report.source_rows == 3 and "too_many_rows_all" in [message.text.key for message in report.messages]


def test_one_file_is_itself():
    report = read_upload(ONE.encode(), "")
    assert join_reports([("a.csv", report)]) is report
