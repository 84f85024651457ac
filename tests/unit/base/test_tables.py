import pytest

from atlas.base.model import DataError
from atlas.base.tables import read_table


def _read(tmp_path, content, required=("id", "name")):
    path = tmp_path / "table.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_table(path, required)


def _fault_of(tmp_path, content):
    with pytest.raises(DataError) as caught:
        _read(tmp_path, content)
    return caught.value.faults[0]


def test_text_stays_text(tmp_path):
    table = _read(tmp_path, "id,name\n001168,None\n080,NA\n,null\n")
    assert table.frame["id"].tolist() == ["001168", "080", ""]
    assert table.frame["name"].tolist() == ["None", "NA", "null"]


def test_lines_are_those_of_a_sheet(tmp_path):
    table = _read(tmp_path, 'id,name\n1,"due\nrighe"\n2,b\n\n3,c\n')
    assert table.frame["id"].tolist() == ["1", "2", "3"]
    assert table.lines == [2, 3, 5]


def test_only_line_ends_end_a_row(tmp_path):
    table = _read(tmp_path, "id,name\n1,a\u2028b\x0bc\x85d\n2,e\n")
    assert table.frame["name"].tolist() == ["a\u2028b\x0bc\x85d", "e"]


def test_byte_order_mark_and_carriage_returns_do_not_matter(tmp_path):
    table = _read(tmp_path, b"\xef\xbb\xbfid,name\r\n1,a\r\n")
    assert table.frame.to_dict("list") == {"id": ["1"], "name": ["a"]}


def test_header_alone_is_a_table_without_rows(tmp_path):
    assert _read(tmp_path, "id,name\n").frame.empty


def test_a_row_of_the_wrong_width_is_reported_and_the_others_are_read(tmp_path):
    table = _read(tmp_path, "id,name\n1,a,b\n2,c\n")
    assert [fault.line for fault in table.faults] == [2]
    assert table.frame["id"].tolist() == ["2"]


def test_missing_file_says_where_it_should_be(tmp_path):
    with pytest.raises(DataError, match=r"nothere\.csv: il file non esiste"):
        read_table(tmp_path / "nothere.csv", ("id",))


def test_a_folder_in_place_of_the_file_is_an_error_in_words(tmp_path):
    with pytest.raises(DataError, match="non si può leggere"):
        read_table(tmp_path, ("id",))


def test_other_encodings_are_refused_with_the_line(tmp_path):
    fault = _fault_of(tmp_path, "id,name\n1,a\n2,città\n".encode("cp1252"))
    assert (fault.line, "UTF-8" in fault.message) == (3, True)


def test_every_missing_column_is_named(tmp_path):
    with pytest.raises(DataError) as caught:
        _read(tmp_path, "code,label\n1,a\n")
    assert [fault.column for fault in caught.value.faults] == ["id", "name"]


def test_repeated_column(tmp_path):
    assert "più di una volta" in _fault_of(tmp_path, "id,name,name\n1,a,b\n").message


def test_semicolons_in_place_of_commas(tmp_path):
    assert "virgole" in _fault_of(tmp_path, "id;name\n1;a\n").message


def test_empty_file(tmp_path):
    assert "vuoto" in _fault_of(tmp_path, "").message


def test_a_quote_left_open_gives_the_line(tmp_path):
    fault = _fault_of(tmp_path, 'id,name\n1,a\n2,"b\n3,c\n')
    assert (fault.line, "virgolette" in fault.suggestion) == (3, True)
