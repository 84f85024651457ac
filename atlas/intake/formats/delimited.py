"""Reading CSV and TXT files: encoding, delimiter, quotes, line breaks."""

import codecs
import csv
import itertools
import re
from collections.abc import Callable, Iterator

from atlas.base.said import said
from atlas.intake.formats.refusal import RefusedFileError
from atlas.intake.formats.sheet import MAX_ROWS, SEARCHED_RECORDS, Record, Sheet

DELIMITERS = (";", ",", "\t", "|")
# With more unclosed quotes the file is refused.
MAX_REPAIRS = 20
MAX_LINES_IN_RECORD = 200
_END = "\ue000"  # a private character after the last line: if it comes back inside a cell, a quote is open
_SEP_LINE = re.compile(r'"?sep=([;,\t|])"?[ \t]*\n', re.IGNORECASE)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")
# Italian accents of UTF-8 text decoded as CP1252.
_MOJIBAKE = re.compile("Ã[\u00a0\u00a8\u00a9\u00ac\u00b2\u00b9\u0080-\u00bf]|â€[™œ\u009d“”]")

# Italian accents after a letter of the same case, which a wrong encoding rarely produces.
_ACCENTS = re.compile("(?<=[a-z])[àèéìòù]|(?<=[A-Z])[ÀÈÉÌÒÙ]")
# A stray escape character does not make a text binary.
FEW_CONTROLS = 5

HeaderScore = Callable[[list[Record]], int]


def read_delimited(data: bytes, score: HeaderScore) -> Sheet:
    """Read a text table. `score` rates whether the first records contain a known header.

    Rows are numbered as a spreadsheet shows them: a line break inside quotes does not count, an empty row does, the
    `sep=;` line does not. RefusedFileError if the text is binary, too long or its quotes cannot be matched.
    """
    text, encoding = decode_text(data)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text, was_wrapped = _unwrap_lines(text)
    separator_line = _SEP_LINE.match(text)
    if separator_line:
        text, delimiter = text[separator_line.end() :], separator_line.group(1)
    else:
        delimiter = _find_delimiter(text, score)
    sheet = Sheet([], 0, encoding=encoding, delimiter=delimiter)
    _read_records(text, sheet)
    if was_wrapped:
        sheet.warnings.append((0, said("wrapped"), said("save_again")))
    if _MOJIBAKE.search(text):
        sheet.warnings.append((0, said("mojibake"), said("open_and_save")))
    if lost := text.count("\ufffd"):
        sheet.warnings.append((0, said("lost_letters", n=lost), said("open_and_save")))
    return sheet


def _unwrap_lines(text: str) -> tuple[str, bool]:
    """Repair a CSV that was opened as one column and saved again, so that each line is one quoted cell."""
    lines = text.rstrip("\n").split("\n")
    head = lines[0][1:-1]
    is_wrapped = (
        all(len(line) > 1 and line[0] == line[-1] == '"' for line in lines)
        and any(mark in head for mark in DELIMITERS)
        and '"' not in head.replace('""', "")
    )
    return ("\n".join(line[1:-1].replace('""', '"') for line in lines), True) if is_wrapped else (text, False)


def decode_text(data: bytes) -> tuple[str, str]:
    """Return the text and the name of its encoding: byte order mark, then strict UTF-8, then one of 8 bits."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", errors="replace"), "utf-16"
    if data.startswith(codecs.BOM_UTF8):
        body = data[len(codecs.BOM_UTF8) :]
        try:
            return body.decode("utf-8"), "utf-8-sig"
        except UnicodeDecodeError:
            return _decode_8_bits(body)
    for encoding, zeros in (("utf-16-le", data[1:200:2]), ("utf-16-be", data[0:200:2])):
        if zeros and zeros.count(0) > 0.8 * len(zeros):
            return data.decode(encoding, errors="replace"), encoding
    try:
        text, encoding = data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        text, encoding = _decode_8_bits(data)
    n_control = len(_CONTROL.findall(text, 0, 100_000))
    if "\0" in text or n_control > max(FEW_CONTROLS, 0.01 * min(len(text), 100_000)):
        raise RefusedFileError(said("binary"), said("upload_table"))
    return text, encoding


def _decode_8_bits(data: bytes) -> tuple[str, str]:
    """Return the text in the encoding with the most plausible Italian accents; CP1252 if in doubt."""
    texts = {encoding: data.decode(encoding, errors="replace") for encoding in ("cp1252", "mac_roman", "cp850")}
    best = max(texts, key=lambda encoding: len(_ACCENTS.findall(texts[encoding], 0, 500_000)))
    return texts[best], best


def _find_delimiter(text: str, score: HeaderScore) -> str:
    """Return the delimiter under which the first records look most like a header; ties go to the most frequent."""
    head = _lines(text[:200_000])[: 10 * SEARCHED_RECORDS]
    first = next((line for line in head if line.strip()), "")

    def merit(delimiter: str) -> tuple[int, int]:
        split = itertools.islice(_split(head, delimiter), SEARCHED_RECORDS)
        records: list[Record] = [(line, list(cells)) for line, (cells, _, _) in enumerate(split, start=1)]
        return score(records), first.count(delimiter)

    return max(DELIMITERS, key=merit)


def _read_records(text: str, sheet: Sheet) -> None:
    """Fill the sheet with the non-empty records."""
    repairs = 0
    lines = _lines(text)
    at = 0
    for number, (cells, height, repaired) in enumerate(_split(lines, sheet.delimiter), start=1):
        line, at = lines[at], at + height
        sheet.last_line = number
        if not any(map(str.strip, cells)):
            continue
        if height == 1 and not repaired and any('"' in cell for cell in cells) and _is_misquoted(line, sheet.delimiter):
            cells = [cell.strip(' "').replace('""', '"') for cell in line.rstrip("\n").split(sheet.delimiter)]
            sheet.misquoted.add(number)
        sheet.records.append((number, list(cells)))
        if len(sheet.records) > MAX_ROWS + SEARCHED_RECORDS:
            raise RefusedFileError(said("more_rows"), said("split_file"))
        if repaired:
            repairs += 1
            if repairs > MAX_REPAIRS:
                raise RefusedFileError(said("quotes"), said("quotes_close"), line=number)
            sheet.warnings.append((number, said("quotes_open"), said("quotes_hint")))
        elif height > 1 and _holds_whole_rows(cells, sheet.delimiter):
            sheet.warnings.append((number, said("swallowed"), said("check_rows")))


def _split(lines: list[str], delimiter: str) -> Iterator[tuple[list[str], int, bool]]:
    """Yield (cells, number of physical lines, repaired) for each record.

    An unclosed quote would put the rest of the file into one cell: the line where it opens is split without quotes,
    and reading continues below it.
    """
    start = 0
    while start < len(lines):
        rest = itertools.chain(itertools.islice(lines, start, None), [_END])
        reader = csv.reader(rest, delimiter=delimiter)
        done = start
        try:
            for cells in reader:
                reached = start + reader.line_num
                if reached > len(lines):
                    if cells == [_END]:
                        return
                    break
                if reached - done > MAX_LINES_IN_RECORD:
                    break
                yield cells, reached - done, False
                done = reached
        except csv.Error:
            pass  # a cell longer than the csv module allows: handled the same way
        yield [cell.strip(' "') for cell in lines[done].rstrip("\n").split(delimiter)], 1, True
        start = done + 1


def _is_misquoted(line: str, delimiter: str) -> bool:
    """Tell whether a quote closes in the middle of a cell (`"12,"Title","Town"`): the cells may be shifted."""
    try:
        next(csv.reader([line], delimiter=delimiter, strict=True))
    except csv.Error:
        return True
    return False


def _holds_whole_rows(cells: list[str], delimiter: str) -> bool:
    width = len(cells) - 1
    return width > 0 and any(
        line.count(delimiter) >= width for cell in cells if "\n" in cell for line in cell.split("\n")
    )


def _lines(text: str) -> list[str]:
    # Not str.splitlines: it also breaks at U+2028, form feeds and other characters that are part of a cell.
    lines = text.split("\n")
    if not lines[-1]:
        lines.pop()
    return [line + "\n" for line in lines]
