"""Awkward files as people really send them, each with what the intake must answer."""

from dataclasses import dataclass
from datetime import date, datetime

from tests.unit.intake.workbooks import HEADER, inline, make_raw_xlsx, make_xlsx, make_zip

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@dataclass(frozen=True)
class Case:
    """`counts` are loaded, rejected, blank; `says` must be in the text, the suggestion or the value of a message."""

    name: str
    data: bytes
    verdict: str
    counts: tuple[int, int, int] = (0, 0, 0)
    says: str = ""
    encoding: str | None = None
    delimiter: str | None = None


def text(name, content, verdict, counts=(0, 0, 0), says="", encoding="utf-8", **expected):
    return Case(name, content.encode(encoding), verdict, counts, says, **expected)


def one(name, header, row, verdict="accept", says="", counts=None):
    """A file of one row."""
    counts = counts or ((0, 1, 0) if verdict == "refuse" else (1, 0, 0))
    return text(name, f"{header}\n{row}\n", verdict, counts, says)


HEAD = "titolo;codice_istat"
FULL = "titolo;comune;provincia"

ENCODINGS = [
    text("utf-8", f"{HEAD}\nCittà;001272\n", "accept", (1, 0, 0)),
    text("utf-8 with mark", f"{HEAD}\nCittà;001272\n", "accept", (1, 0, 0), encoding="utf-8-sig"),
    Case("mark is said", f"{HEAD}\nà;001272\n".encode("utf-8-sig"), "accept", (1, 0, 0), encoding="utf-8-sig"),
    Case("cp1252", f"{HEAD}\nCittà “sì” €;001272\n".encode("cp1252"), "accept", (1, 0, 0), encoding="cp1252"),
    Case("utf-16 little", f"{HEAD}\nCittà;001272\n".encode("utf-16"), "accept", (1, 0, 0), encoding="utf-16"),
    Case("utf-16 big", b"\xfe\xff" + f"{HEAD}\nè;001272\n".encode("utf-16-be"), "accept", (1, 0, 0), encoding="utf-16"),
    Case("utf-16 no mark", f"{HEAD}\nCitta;001272\n".encode("utf-16-le"), "accept", (1, 0, 0), encoding="utf-16-le"),
    Case(
        "undefined cp1252 byte",
        HEAD.encode() + b"\nCitt\x81\xe0;001272\n",
        "warn",
        (1, 0, 0),
        "perse",
        encoding="cp1252",
    ),
    Case("utf-8 mark, cp1252 body", b"\xef\xbb\xbf" + HEAD.encode() + b"\nCitt\xe0;001272\n", "accept", (1, 0, 0)),
    text("mojibake", f"{HEAD}\nCittÃ\u00a0 perchÃ©;001272\n", "warn", (1, 0, 0), "accentate"),
]

SHAPES = [
    text("comma", "titolo,codice_istat\na,001272\n", "accept", (1, 0, 0), delimiter=","),
    text("tab", "titolo\tcodice_istat\na\t001272\n", "accept", (1, 0, 0), delimiter="\t"),
    text("pipe", "titolo|codice_istat\na|001272\n", "accept", (1, 0, 0), delimiter="|"),
    text(
        "semicolons in a comma file",
        'titolo,codice_istat,temi\na,001272,"housing;work;health"\n',
        "accept",
        (1, 0, 0),
        delimiter=",",
    ),
    text(
        "header with commas in quotes",
        '"titolo";"codice_istat";"note, varie, altre, ancora"\na;001272;x\n',
        "warn",
        (1, 0, 0),
        "non riconosciuta",
        delimiter=";",
    ),
    text("sep line", "sep=|\ntitolo|codice_istat\na|001272\n", "accept", (1, 0, 0), delimiter="|"),
    text("sep line in quotes", '"sep=,"\ntitolo,codice_istat\na,001272\n', "accept", (1, 0, 0), delimiter=","),
    text("crlf", f"{HEAD}\r\na;001272\r\nb;015146\r\n", "accept", (2, 0, 0)),
    text("cr", f"{HEAD}\ra;001272\rb;015146\r", "accept", (2, 0, 0)),
    text("mixed line ends", f"{HEAD}\r\na;001272\rb;015146\nc;058091", "accept", (3, 0, 0)),
    text("line break in a cell", f'{HEAD}\n"a\nb";001272\nc;015146\n', "accept", (2, 0, 0)),
    text("unicode line separator in a cell", f"{HEAD}\na\u2028b\x85c;001272\n", "accept", (1, 0, 0)),
    text("quotes in quotes", f'{HEAD}\n"il ""grande"" piano";001272\n', "accept", (1, 0, 0)),
    text("blank rows", f"{HEAD}\na;001272\n\n;;\nb;015146\n", "accept", (2, 0, 2)),
    text("empty rows at the end", f"{HEAD}\na;001272\n;\n;\n", "accept", (1, 0, 2)),
    text("short row", f"{HEAD};anno\na;001272\n", "accept", (1, 0, 0)),
    text("long row", f"{HEAD}\na;b;001272\nc;001272\n", "partial", (1, 1, 0), "più celle"),
    text("separators at the end of rows", f"{HEAD};;\na;001272;;\n", "accept", (1, 0, 0)),
    text("quote never closed", f'{HEAD}\n"a;001272\nb;015146\nc;058091\n', "warn", (3, 0, 0), "mai chiuse"),
    text("quote closed rows later", f'{HEAD}\n"a;001272\nb;015146\nc";058091\n', "warn", (1, 0, 0), "righe intere"),
    text("title above the header", f"Elenco 2023;\n;\n{HEAD}\na;001272\n", "warn", (1, 0, 0), "riga 3"),
    text(
        "whole lines in quotes",
        '"titolo;comune;importo"\n"il ""piano"";Torino;1,5"\n',
        "warn",
        (1, 0, 0),
        "per intero",
        delimiter=";",
    ),
    text("one quoted column", '"titolo"\n"a;b"\n', "refuse", (0, 0, 0)),
    text("all cells in quotes", '"titolo";"comune"\n"a";"Torino"\n', "accept", (1, 0, 0)),
    text("only a header", f"{HEAD}\n", "refuse", (0, 0, 0), "nessuna riga"),
    text("no header", "Mensa;001272\nNido;015146\n", "refuse", (0, 0, 0), "Nell'intestazione manca"),
    text("values without a name", f"{HEAD};\na;001272;boh\n", "warn", (1, 0, 0), "non ha intestazione"),
    text("too long a cell", f"{HEAD}\n{'a' * 10_001};001272\nb;001272\n", "partial", (1, 1, 0), "10.000"),
    text("longest cell", f"{HEAD}\n{'a' * 10_000};001272\n", "accept", (1, 0, 0)),
    text("200 columns", f"{HEAD};{';'.join(f'x{n}' for n in range(198))}\na;001272\n", "warn", (1, 0, 0)),
    text("201 columns", f"{HEAD};{';'.join(f'x{n}' for n in range(199))}\na;001272\n", "refuse", says="200 colonne"),
    text("too many rows", HEAD + "\n" + "a;001272\n" * 50_021, "refuse", says="50.000"),
]

HEADERS = [
    one("english", "Title,ISTAT_code,Summary", "a,001272,b"),
    one("upper case and accents", "TITOLO;Città;PROVINCIA", "a;Torino;TO"),
    one("spaces and signs", " Titolo iniziativa ;Cod. ISTAT;Importo (€)", "a;001272;10"),
    one("pro_com_t", "titolo;PRO_COM_T", "a;001272"),
    one(
        "open government",
        "ente;titolo;cod_comune;comune;provincia;regione;importo_finanziamento;data_finanziamento",
        "COMUNE DI TORINO;a;001272;TORINO;TO;Piemonte;1234,5;2022-05-31",
        "warn",
        "giorno e mese",
    ),
    one("call as title", "avviso;cod_comune;misura", "Avviso 1.2;001272;M1C1", "warn", "avviso"),
    one("code in two parts", "titolo;cod_provincia;cod_comune", "a;1;272"),
    one("bilingual", "titolo;title;codice_istat", "a;b;001272"),
    one("unknown column", f"{HEAD};cup", "a;001272;X1", "warn", "cup"),
    one("misspelt column", f"{HEAD};descrizzione", "a;001272;X1", "warn", "«descrizione»"),
    one("repeated column", "titolo;titolo;codice_istat", "a;b;001272", "warn", "stessa cosa"),
    one("two names of a column", "titolo;oggetto;codice_istat", "a;b;001272", "warn", "stessa cosa"),
    one("no place", "titolo;descrizione", "a;b", "refuse", "il luogo", (0, 0, 0)),
    one("no title", "comune;provincia", "Torino;TO", "refuse", "il titolo", (0, 0, 0)),
    one("misspelt title", "titlo;codice_istat", "a;001272", "refuse", "«titolo»", (0, 0, 0)),
]

PLACES = [
    one("zeros lost", HEAD, "a;1272", "warn", "zeri"),
    one("code with decimals", HEAD, "a;1272.0", "warn", "zeri"),
    one("code as formula", HEAD, 'a;="001272"'),
    one("code as formula in quotes", HEAD, 'a;"=""001272"""'),
    one("code with apostrophe", HEAD, "a;'001272"),
    one("code in scientific notation", HEAD, 'a;"1,272E+03"', "warn", "zeri"),
    one("merged code", HEAD, "a;005079", "warn", "Moransengo-Tonengo"),
    one("renumbered code", HEAD, "a;041033", "warn", "099030"),
    one("sardinia 2026", HEAD, "a;112001"),
    one("sardinia 2025", HEAD, "a;090003", "warn", "112001"),
    one("unknown code", HEAD, "a;999999", "refuse", "999999"),
    one("province instead of a municipality", HEAD, "a;080", "refuse", "places"),
    one(
        "code and province disagree", "titolo;codice_istat;comune;provincia", "a;015146;Milano;RM", "warn", "provincia"
    ),
    one("country as a municipality", "titolo;comune", "a;Italia"),
    one("unknown code, good name", "titolo;codice_istat;comune", "a;999999;Torino", "warn", "sconosciuto"),
    one("code and name disagree", "titolo;codice_istat;comune", "a;001272;Milano", "warn", "vale il codice"),
    one("name in capitals", FULL, "a;COMUNE DI TORINO;TO"),
    one("name without accent", FULL, "a;Forli';FC"),
    one("the municipality called None", FULL, "a;None;TO"),
    one("sigla NA", FULL, "a;Napoli;NA"),
    one("homonym told by the province", FULL, "a;Castro;LE"),
    one("homonym told by the region", "titolo;comune;regione", "a;Castro;Puglia"),
    one("homonym", "titolo;comune", "a;Castro", "refuse", "Castro (BG)"),
    one("misspelt name", "titolo;comune", "a;Tornio", "refuse", "Torino"),
    one("name in another province", FULL, "a;Milano;RM", "refuse", "Milano"),
    one("unknown province", FULL, "a;Torino;Boh", "warn", "Boh"),
    one("no municipality", FULL, "a;;TO", "refuse", "manca il luogo"),
    one("several codes", "titolo;luoghi", 'a;"001272;015146"'),
    one("one of several codes unknown", "titolo;luoghi", 'a;"001272;999999"', "warn", "999999"),
    one("a province and an area", "titolo;places", 'a;"080;ambito-cremasco"'),
    one("the country", "titolo;places", "a;IT"),
    one("national without a place", "titolo;comune;scala", "a;;nazionale"),
    one("cadastral code", "titolo;codice_catastale", "a;L219"),
    one("endless name", "titolo;comune", f"a;{'Torino ' * 1_000}", "refuse"),
]

VALUES = [
    one("no title in a row", HEAD, ";001272", "refuse", "manca il titolo"),
    one("italian number", f"{HEAD};importo", "a;001272;1.234,56"),
    one("euro", f"{HEAD};importo", "a;001272;€ 700.000"),
    one("not a number", f"{HEAD};importo", "a;001272;tanti", "warn", "non è un numero"),
    one("negative", f"{HEAD};importo", "a;001272;-5", "warn", "negativo"),
    one("missing number", f"{HEAD};importo", "a;001272;n.d."),
    one("italian date", f"{HEAD};data_avvio", "a;001272;31/12/2020", "warn", "giorno e mese"),
    one("serial date", f"{HEAD};data_avvio", "a;001272;44196", "warn", "giorno e mese"),
    one("date that does not exist", f"{HEAD};data_avvio", "a;001272;31/02/2020", "warn", "non esiste"),
    one("year out of reach", f"{HEAD};anno", "a;001272;20200", "warn", "anno"),
    one("end before start", f"{HEAD};anno;anno_fine", "a;001272;2020;2019", "warn", "prima"),
    one("theme by label", f"{HEAD};temi", "a;001272;Casa, Lavoro"),
    one("theme with a suggestion", f"{HEAD};temi", "a;001272;housin", "warn", "Forse: Casa"),
    one("one theme unknown", f"{HEAD};temi", "a;001272;housing|alieni", "warn", "alieni"),
    one("targets in english", f"{HEAD};targets", "a;001272;Older people"),
    one("unknown scale", f"{HEAD};scala", "a;001272;galattica", "warn", "galattica"),
    one("spreadsheet error", f"{HEAD};importo", "a;001272;#RIF!", "warn", "formula"),
    one("formula as text", HEAD, '"=HYPERLINK(""http://x"")";001272'),
    one("script as link", f"{HEAD};link", "a;001272;javascript:alert(1)", "warn", "http"),
    text("repeated id", "id;titolo;codice_istat\nx;a;001272\nx;b;001272\n", "warn", (2, 0, 0), "già usato"),
    one("id that is no slug", "id;titolo;codice_istat", "Ab c!;a;001272", "warn", "ab-c"),
    text("same title in two places", f"{HEAD}\na;001272\na;015146\n", "accept", (2, 0, 0)),
    text("same row twice", f"{HEAD}\na;001272\na;001272\n", "warn", (2, 0, 0), "uguale"),
    text(
        "made-up id before a written one",
        "id;titolo;codice_istat\nx;a;001272\nx;b;001272\nx-2;c;001272\n",
        "warn",
        (3, 0, 0),
        "diventa x-3",
    ),
    one("synonym", f"{HEAD};destinatari", "a;001272;Anziani, minori"),
    one("month in words", f"{HEAD};data", "a;001272;15/gen/21", "warn", "giorno e mese"),
]

CODES, NAMES = ["titolo", "codice_istat"], ["titolo", "comune"]
ROW = f'<row r="2">{inline("A2", "a")}{inline("B2", "001272")}</row>'
WORKBOOKS = [
    Case("xlsx", make_xlsx([CODES, ["a", "001272"]]), "accept", (1, 0, 0), encoding="", delimiter=""),
    Case("xlsx numbers", make_xlsx([[*CODES, "importo"], ["a", 1272, 1234.567]]), "warn", (1, 0, 0), "zeri"),
    Case("xlsx dates", make_xlsx([[*CODES, "data_avvio", "data_fine"],
                                  ["a", "001272", date(2020, 1, 2), datetime(2021, 5, 6, 7, 8)]]),
         "warn", (1, 0, 0), "giorno e mese"),
    Case("xlsx blank rows", make_xlsx([CODES, ["a", "001272"], [], [None, " "], ["b", "001272"]]), "accept", (2, 0, 2)),
    Case("xlsx second sheet", make_xlsx([["Copertina"]], [NAMES, ["a", "Torino"]]), "warn", (1, 0, 0), "Foglio2"),
    Case("xlsx hidden first sheet", make_xlsx([NAMES, ["x", "Roma"]], [NAMES, ["a", "Torino"]], hidden=("Foglio1",)),
         "warn", (1, 0, 0), "Foglio2"),
    Case("xlsx no header", make_xlsx([["a", "b"], ["c", "d"]]), "refuse", says="intestazione"),
    Case("xlsx empty", make_xlsx([]), "refuse", says="nessuna riga"),
    Case("xlsx notes beside", make_xlsx([CODES, ["a", "001272", None, "nota"]]), "warn", (1, 0, 0), "a destra"),
    Case("xlsx strict", make_raw_xlsx(f"{HEADER}{ROW}", strict=True), "accept", (1, 0, 0)),
    Case("xlsx without references", make_raw_xlsx(HEADER + "<row><c t='s'><v>0</v></c><c><v>15146</v></c></row>",
                                                  "<si><r><t>a</t></r><r><t>b</t></r></si>"), "warn", (1, 0, 0)),
    Case("xlsx stray space in the last cell",
         make_raw_xlsx(f'{HEADER}{ROW}<row r="1048576">{inline("XFD1048576", " ")}</row>'), "accept", (1, 0, 0)),
    Case("xlsx stray value in the last cell",
         make_raw_xlsx(f'{HEADER}{ROW}<row r="1048576">{inline("XFD1048576", "x")}</row>'),
         "warn", (1, 0, 1_048_574), "a destra"),
    Case("xlsx entities", make_raw_xlsx(HEADER, head='<!DOCTYPE x [<!ENTITY a "b">]>'), "refuse", says="XML"),
    Case("xlsx entities in utf-16", make_raw_xlsx("", extra={"xl/worksheets/sheet1.xml": (
        '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>').encode("utf-16")}),
         "refuse", says="XML"),
    Case("xlsx broken xml", make_raw_xlsx("<row>"), "refuse", says="danneggiata"),
    Case("xlsx string that is not there", make_raw_xlsx(HEADER + "<row><c t='s'><v>99</v></c></row>"), "refuse",
         says="danneggiata"),
    Case("xlsx row number zero", make_raw_xlsx('<row r="0"><c><v>1</v></c></row>'), "refuse", says="danneggiata"),
    Case("xlsx bomb", make_raw_xlsx("", extra={"xl/media/x.bin": b"\0" * 60_000_000}), "refuse", says="50 MB"),
    Case("xlsx cells without end", make_raw_xlsx("<row>" + "<c/>" * 6_000_001 + "</row>"), "refuse", says="50 MB"),
    Case("xlsx truncated", make_xlsx([CODES, ["a", "001272"]])[:3000], "refuse", says="danneggiata"),
    Case("xlsx too many parts", make_raw_xlsx("", extra={f"x{n}": "" for n in range(2_000)}), "refuse", says="50 MB"),
]  # fmt: skip

FOREIGN = [
    Case("nothing", b"", "refuse", says="vuoto"),
    Case("spaces", b" \r\n\t ", "refuse", says="vuoto"),
    Case("only a mark", b"\xef\xbb\xbf", "refuse", says="vuoto"),
    Case("too large", b"a" * (10 * 1024 * 1024 + 1), "refuse", says="10 MB"),
    Case("old xls", OLE + b"\0" * 600, "refuse", says=".xls"),
    Case("password", OLE + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), "refuse", says="password"),
    Case("html as xls", b"\r\n<html><table><tr><td>titolo</td></tr></table>", "refuse", says="HTML"),
    Case("xml spreadsheet", b"<?xml version='1.0'?><Workbook/>", "refuse", says="XML"),
    Case("json", b'{"titolo": "a"}', "refuse", says="JSON"),
    Case("pdf", b"%PDF-1.7\n%\xe2\xe3", "refuse", says="PDF"),
    Case("png", b"\x89PNG\r\n\x1a\n\0\0", "refuse", says="PNG"),
    Case("jpeg", b"\xff\xd8\xff\xe0\0", "refuse", says="JPEG"),
    Case("gzip", b"\x1f\x8b\x08\0", "refuse", says="gzip"),
    Case("binary", bytes(range(256)) * 20, "refuse", says="binari"),
    Case("zip", make_zip({"a.csv": "titolo"}), "refuse", says="ZIP"),
    Case("word", make_zip({"word/document.xml": "<x/>"}), "refuse", says="Word"),
    Case("ods", make_zip({"mimetype": "x", "content.xml": "<x/>"}), "refuse", says="OpenDocument"),
    Case("xlsb", make_zip({"xl/workbook.bin": "x"}), "refuse", says=".xlsb"),
    Case("not a zip", b"PK\x03\x04 and nothing else", "refuse", says="danneggiata"),
]

CASES = [*ENCODINGS, *SHAPES, *HEADERS, *PLACES, *VALUES, *WORKBOOKS, *FOREIGN]
