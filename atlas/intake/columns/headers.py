"""Recognising column headers: Italian, English and those of open-government lists."""

import itertools
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from rapidfuzz import fuzz, process

from atlas.base.columns import COLUMNS, READABLE_COLUMNS
from atlas.base.said import Said, said
from atlas.base.text import fold
from atlas.intake.formats.refusal import FileColumn, RefusedFileError, shorten
from atlas.intake.formats.sheet import MAX_COLUMNS, SEARCHED_RECORDS, Cell, Record, Sheet, is_empty
from atlas.intake.report import MessageLog

SIMILAR = 80
SAMPLES = 3

# The owner's choices: header as written → field, or "" for a column to ignore.
Chosen = Mapping[str, str]
_NOTHING_CHOSEN: Chosen = {}

# Fields that are enough to locate an initiative.
PLACE_FIELDS = ("istat_code", "cadastral_code", "municipality", "places", "lead_place")
# Substitutes for the title, best first: open-government lists often have only the call, the measure or the body.
TITLE_FIELDS = ("title_it", "title_en", "call", "measure", "body")

# field → headers, folded and with `_` for everything that is not a letter or a digit; the first are preferred when
# a file has several. Our own column names are added below.
_ALIASES: dict[str, str] = {
    "id": "codice_iniziativa identificativo id_iniziativa slug",
    "title_it": "titolo title titolo_iniziativa titolo_progetto nome_iniziativa iniziativa initiative nome_progetto "
    "denominazione_progetto denominazione_iniziativa progetto project project_title name_of_initiative oggetto "
    "titolo_it titolo_italiano",
    "title_en": "titolo_en titolo_inglese english_title title_english",
    "summary_it": "descrizione sintesi summary description abstract descrizione_progetto descrizione_iniziativa "
    "sintesi_progetto riassunto summary_italian sintesi_it descrizione_it descrizione_sintetica",
    "summary_en": "sintesi_en descrizione_en description_en english_summary",
    "scale": "scala livello_territoriale territorial_scale scala_territoriale",
    "lead_place": "capofila codice_capofila comune_capofila",
    "places": "luoghi codici_territori territori comuni_coinvolti codici_comuni",
    "istat_code": "codice_istat pro_com_t cod_comune pro_com cod_istat codice_comune codice_istat_comune "
    "cod_istat_comune codice_istat_del_comune istat codice_comune_istat comune_codice_istat municipality_code "
    "codice_istat_ente comune_istat lau lau_code procom codice_istat_comune_formato_alfanumerico",
    "cadastral_code": "codice_catastale cod_catastale belfiore codice_belfiore cod_belfiore",
    "municipality": "comune municipality nome_comune denominazione_comune comune_nome nome_del_comune city town citta "
    "localita denominazione_in_italiano comune_sede",
    "province": "provincia province sigla sigla_provincia sigla_automobilistica prov province_abbr nome_provincia "
    "denominazione_provincia pv",
    "region": "regione region nome_regione denominazione_regione den_reg",
    "province_part": "cod_provincia codice_provincia cod_prov province_code",
    "undisclosed_partners": "altri_comuni_non_nominati",
    "themes": "tema temi theme area_tematica aree_tematiche ambito settore topic categoria ambito_tematico",
    "targets": "destinatari target beneficiari_tipo gruppi_destinatari target_groups target_group utenza utenti "
    "a_chi_si_rivolge destinatari_finali",
    "service_type": "tipo_servizio tipologia_servizio tipo_di_servizio",
    "channel": "canale modalita modalita_erogazione",
    "start_year": "anno year anno_inizio anno_avvio anno_di_avvio anno_di_inizio starting_year",
    "end_year": "anno_fine anno_di_fine anno_conclusione anno_termine",
    "start_date": "data_avvio start_date data_inizio data_di_avvio data_di_inizio data_finanziamento data date "
    "inizio avvio data_avvio_progetto",
    "end_date": "data_fine end_date data_di_fine data_conclusione data_termine fine data_fine_progetto",
    "lead_organisation": "ente_capofila organizzazione_capofila lead_organization soggetto_attuatore soggetto_titolare "
    "soggetto_proponente organizzazione organisation organization promotore beneficiario",
    "body": "ente amministrazione denominazione_ente ente_beneficiario nome_ente",
    "partners": "partner partenariato partnership soggetti_partner enti_partner",
    "funding_eur": "importo importo_finanziamento finanziamento funding costo budget importo_euro importo_finanziato "
    "importo_in_euro finanziamento_euro costo_totale contributo funding_euro amount amount_eur importo_totale "
    "finanziamento_totale valore_euro contributo_concesso costo_euro importo_ammesso finanziamento_concesso",
    "funding_source": "fonte_finanziamento fonte_di_finanziamento fondo programma programma_finanziamento "
    "source_of_funding",
    "measure": "misura misura_pnrr measure linea_di_finanziamento",
    "call": "avviso bando call avviso_pubblico",
    "beneficiaries": "beneficiari numero_beneficiari n_beneficiari numero_destinatari beneficiari_raggiunti "
    "persone_raggiunte people_reached number_of_beneficiaries utenti_raggiunti",
    "documents": "documenti documento allegati",
    "url": "link sito sito_web website web indirizzo_web collegamento pagina_web url_progetto",
    "source": "fonte fonti fonte_notizia fonte_dati fonte_informazione link_fonte",
    "source_order": "ordine",
}  # fmt: skip
_IN_ENGLISH = {"title": "title_en", "summary": "summary_en", "description": "summary_en"}


def fold_header(text: object) -> str:
    """Return a header normalised as in the table of aliases: «Cod. ISTAT (6 cifre)» → cod_istat_6_cifre."""
    return re.sub(r"[^a-z0-9]+", "_", fold(str(text))).strip("_")


def _build_fields() -> Mapping[str, tuple[str, int]]:
    names = {field: [field, *aliases.split()] for field, aliases in _ALIASES.items()}
    names |= {field: [field] for field in COLUMNS if field not in names}
    return {alias: (field, rank) for field, aliases in names.items() for rank, alias in enumerate(aliases)}


_FIELDS = _build_fields()
FIELDS = tuple(dict.fromkeys(field for field, _ in _FIELDS.values()))


@dataclass(frozen=True)
class Header:
    """The header: its line, its texts as written, and the column position of each field."""

    line: int
    texts: list[str]
    positions: Mapping[str, int]
    names: Mapping[str, str] = field(default_factory=dict)

    def __contains__(self, name: object) -> bool:
        return name in self.positions

    def text(self, name: str) -> str:
        """Return the header of a field as written; empty if the file does not have it."""
        return self.names.get(name, "")


def score_records(records: list[Record], chosen: Chosen = _NOTHING_CHOSEN) -> int:
    """Score whether records contain a header: the largest number of fields named by one of them."""
    return max((len(_find_fields(cells, chosen)) for _, cells in records), default=0)


def find_header(sheet: Sheet, chosen: Chosen = _NOTHING_CHOSEN) -> tuple[Header, int] | None:
    """Return the first usable header among the first records and its position in the sheet's records; None if none.

    A header is usable if it has a title and a place. Headers in `chosen` are taken from there, the others are
    recognised by name.
    """
    for position, (line, cells) in enumerate(sheet.records[:SEARCHED_RECORDS]):
        found = _find_fields(cells, chosen)
        if _has_title(found) and _has_place(found):
            texts = [_text_of(cell) for cell in cells]
            return Header(line, texts, found, {name: texts[at] for name, at in found.items()}), position
    return None


def describe_columns(sheet: Sheet, position: int, chosen: Chosen = _NOTHING_CHOSEN) -> tuple[FileColumn, ...]:
    """Return the named columns of the record at `position`: which field each fills, and its first values."""
    _, cells = sheet.records[position]
    fields = {at: name for name, at in _find_fields(cells, chosen).items()}
    below = [record for _, record in sheet.records[position + 1 : position + 1 + SEARCHED_RECORDS]]
    columns: dict[str, FileColumn] = {}
    for at, text in enumerate(_text_of(cell) for cell in cells):
        values = (record[at] for record in below if at < len(record) and not is_empty(record[at]))
        samples = tuple(shorten(str(value)) for value in itertools.islice(values, SAMPLES))
        if text:
            columns.setdefault(text, FileColumn(text, fields.get(at, ""), samples))
    return tuple(columns.values())


def refuse_header(sheet: Sheet, chosen: Chosen = _NOTHING_CHOSEN) -> RefusedFileError:
    """Return the refusal of a sheet without a usable header: what is missing, what was found, what is similar."""
    records = sheet.records[:SEARCHED_RECORDS]
    if not records:
        hint = said("need_header")
        return RefusedFileError(said("no_rows"), hint)
    position = max(range(len(records)), key=lambda at: len(_find_fields(records[at][1], chosen)))
    line, cells = records[position]
    found = _find_fields(cells, chosen)
    missing = "_".join(["no_title"] * (not _has_title(found)) + ["no_place"] * (not _has_place(found)))
    texts = [shorten(str(cell)) for cell in cells if not is_empty(cell)]
    guesses = [guess for text in texts for guess in _suggest(text)]
    hints = (*guesses, said("first_line"))
    refusal = RefusedFileError(said(missing), *hints, line=line, value=" | ".join(texts[:12]))
    refusal.columns = describe_columns(sheet, position, chosen)
    return refusal


def check_header(header: Header, log: MessageLog, chosen: Chosen = _NOTHING_CHOSEN) -> None:
    """Report the unused columns; RefusedFileError if there are too many columns."""
    if len(list(filter(None, header.texts))) > MAX_COLUMNS:
        raise RefusedFileError(said("columns"), said("remove_columns"))
    title = next(name for name in TITLE_FIELDS if name in header)
    if title not in ("title_it", "title_en"):
        log.warning(header.line, header.text(title), "", said("stand_in"), said("add_title"))
    used = set(header.positions.values())
    for at, text in enumerate(header.texts):
        name = fold_header(text)
        if at in used or not text or name in READABLE_COLUMNS or chosen.get(text) == "":
            continue
        if name in _FIELDS and _FIELDS[name][0] in header:
            kept = header.text(_FIELDS[name][0])
            reason = said("same_column", kept=kept)
            log.warning(header.line, text, "", reason, said("keep_one"))
        else:
            log.warning(header.line, text, "", said("unknown_column"), *_suggest(text))


def _text_of(cell: Cell) -> str:
    return "" if is_empty(cell) else shorten(str(cell))


def _find_fields(cells: list[Cell], chosen: Chosen) -> dict[str, int]:
    """Return field → position; choices come first, then the preferred header, then the leftmost one."""
    best: dict[str, tuple[int, int]] = {}
    for at, cell in enumerate(cells):
        if chosen and _text_of(cell) in chosen:
            name, rank = chosen[_text_of(cell)], -1
        elif not isinstance(cell, str) or len(cell) > 200:
            continue
        else:
            name, rank = _FIELDS.get(fold_header(cell), ("", 0))
        if name:
            best[name] = min(best.get(name, (rank, at)), (rank, at))
    found = {name: at for name, (_, at) in best.items()}
    # A file with «titolo» and «title» is bilingual; alone, «title» is the title.
    for at, cell in enumerate(cells):
        name = _IN_ENGLISH.get(fold_header(cell), "") if isinstance(cell, str) and len(cell) < 20 else ""
        if name and name not in found and at not in found.values() and _text_of(cell) not in chosen:
            found[name] = at
    return found


def _has_title(found: Mapping[str, int]) -> bool:
    return any(name in found for name in TITLE_FIELDS)


def _has_place(found: Mapping[str, int]) -> bool:
    return any(name in found for name in PLACE_FIELDS)


def guess_field(text: str) -> str:
    """Return the field with the most similar header; empty if none is similar."""
    near = _find_near(text)
    return _FIELDS[near][0] if near else ""


def _suggest(text: str) -> tuple[Said, ...]:
    near = _find_near(text)
    return (said("perhaps_header", text=text, near=near),) if near else ()


def _find_near(text: str) -> str:
    name = fold_header(text)
    if not name or name in _FIELDS:
        return ""
    close = process.extractOne(name, _FIELDS.keys(), scorer=fuzz.ratio, score_cutoff=SIMILAR)
    return close[0] if close else ""
