"""Recognising column headers: Italian, English and those of open-government lists."""

import re
from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from atlas.base.columns import ALL_COLUMNS, READABLE_COLUMNS
from atlas.base.said import Said, said
from atlas.base.text import fold
from atlas.intake.cells.report import MessageLog
from atlas.intake.cells.values import clean_text
from atlas.intake.columns.kinds import fits, is_short_number, names_municipalities
from atlas.intake.formats.refusal import FileColumn, RefusedFileError, shorten
from atlas.intake.formats.sheet import MAX_COLUMNS, SEARCHED_RECORDS, Cell, Record, Sheet, is_empty

SIMILAR = 80
SAMPLES = 3
# Fewer values say little about a column.
FEW = 2
# The share of bodies named after municipalities that makes their column one of municipalities.
ALL_BUT_FEW = 0.8
_AS_NUMBERS = {"municipality": "istat_code", "province": "province_part"}

# The owner's choices: header as written → field, or "" for a column to ignore.
Chosen = Mapping[str, str]

# Fields that are enough to locate an initiative.
PLACE_FIELDS = ("istat_code", "cadastral_code", "municipality", "places", "lead_place")
# Substitutes for the title, best first: open-government lists often have only the call, the measure or the body.
TITLE_FIELDS = (
    "title_it", "title_en", "call", "measure", "summary_it", "summary_en", "body", "lead_organisation"
)  # fmt: skip
# Fields of bodies, which may be called after a municipality.
ORGANISATION_FIELDS = ("lead_organisation", "body")
COORDINATE_FIELDS = ("latitude", "longitude", "point", "crs")
# Several fields of one column, as a choice writes them: "municipality+title_it".
AND = "+"

# field → headers, folded and with `_` for everything that is not a letter or a digit; the first are preferred when
# a file has several. Our own column names are added below.
_ALIASES: dict[str, str] = {
    "id": "codice_iniziativa identificativo id_iniziativa slug",
    "title_it": "titolo title titolo_iniziativa titolo_progetto nome_iniziativa iniziativa initiative "
    "nome_progetto denominazione_progetto denominazione_iniziativa progetto project project_title "
    "name_of_initiative oggetto titolo_it titolo_italiano titolo_intervento denominazione_intervento "
    "nome_intervento intervento nome_servizio oggetto_intervento denominazione_servizio titolo_del_progetto "
    "descrizione_intervento_breve",
    "title_en": "titolo_en titolo_inglese english_title title_english",
    "summary_it": "descrizione sintesi summary description abstract descrizione_progetto descrizione_iniziativa "
    "sintesi_progetto riassunto summary_italian sintesi_it descrizione_it descrizione_sintetica "
    "descrizione_intervento descrizione_del_progetto descrizione_attivita cosa_fa",
    "summary_en": "sintesi_en descrizione_en description_en english_summary",
    "scale": "scala livello_territoriale territorial_scale scala_territoriale",
    "lead_place": "capofila codice_capofila comune_capofila",
    "places": "luoghi codici_territori territori comuni_coinvolti codici_comuni",
    "istat_code": "codice_istat pro_com_t cod_comune pro_com cod_istat codice_comune codice_istat_comune "
    "cod_istat_comune codice_istat_del_comune istat codice_comune_istat comune_codice_istat municipality_code "
    "codice_istat_ente comune_istat lau lau_code procom codice_istat_comune_formato_alfanumerico "
    "codice_comune_alfanumerico codistat codcomune codicecomune cod_com codice_istat_alfanumerico",
    "cadastral_code": "codice_catastale cod_catastale belfiore codice_belfiore cod_belfiore",
    "municipality": "comune municipality nome_comune denominazione_comune comune_nome nome_del_comune city town "
    "citta localita denominazione_in_italiano comune_sede den_comune descrizione_comune desc_comune nomecomune "
    "denominazione_italiano comune_di_intervento comune_beneficiario",
    "province": "provincia province sigla sigla_provincia sigla_automobilistica prov province_abbr "
    "nome_provincia denominazione_provincia pv descrizione_provincia desc_provincia den_provincia provincia_sigla",
    "region": "regione region nome_regione denominazione_regione den_reg descrizione_regione desc_regione "
    "codice_regione",
    "province_part": "cod_provincia codice_provincia cod_prov province_code",
    "undisclosed_partners": "altri_comuni_non_nominati",
    "themes": "tema temi theme area_tematica aree_tematiche ambito settore topic categoria ambito_tematico tag "
    "tags tema_sintetico temi_trattati categoria_servizio",
    "targets": "destinatari target beneficiari_tipo gruppi_destinatari target_groups target_group utenza utenti "
    "a_chi_si_rivolge destinatari_finali",
    "service_type": "tipo_servizio tipologia_servizio tipo_di_servizio",
    "channel": "canale modalita modalita_erogazione",
    "start_year": "anno year anno_inizio anno_avvio anno_di_avvio anno_di_inizio starting_year",
    "end_year": "anno_fine anno_di_fine anno_conclusione anno_termine",
    "start_date": "data_avvio start_date data_inizio data_di_avvio data_di_inizio data_finanziamento data date "
    "inizio avvio data_avvio_progetto data_inizio_progetto data_inizio_progetto_prevista data_inizio_prevista "
    "data_inizio_effettiva data_inizio_lavori data_inizio_intervento",
    "end_date": "data_fine end_date data_di_fine data_conclusione data_termine fine data_fine_progetto "
    "data_fine_progetto_prevista data_fine_prevista data_fine_effettiva data_fine_lavori data_fine_intervento",
    "lead_organisation": "ente_capofila organizzazione_capofila lead_organization soggetto_attuatore "
    "soggetto_titolare soggetto_proponente organizzazione organisation organization promotore beneficiario chi "
    "promotore_iniziativa ente_attuatore soggetto_gestore gestore ente_gestore soggetto_beneficiario",
    "body": "ente amministrazione denominazione_ente ente_beneficiario nome_ente",
    "partners": "partner partenariato partnership soggetti_partner enti_partner",
    "funding_eur": "importo importo_finanziamento finanziamento funding costo budget importo_euro "
    "importo_finanziato importo_in_euro finanziamento_euro costo_totale contributo funding_euro amount amount_eur "
    "importo_totale finanziamento_totale valore_euro contributo_concesso costo_euro importo_ammesso "
    "finanziamento_concesso finanziamento_totale_pubblico_netto finanziamento_totale_pubblico finanziamento_pnrr "
    "contributo_spettante costo_complessivo importo_assegnato contributo_assegnato importo_contributo "
    "costo_progetto importo_totale_intervento",
    "funding_source": "fonte_finanziamento fonte_di_finanziamento fondo programma programma_finanziamento "
    "source_of_funding",
    "measure": "misura misura_pnrr measure linea_di_finanziamento",
    "call": "avviso bando call avviso_pubblico",
    "beneficiaries": "beneficiari numero_beneficiari n_beneficiari numero_destinatari beneficiari_raggiunti "
    "persone_raggiunte people_reached number_of_beneficiaries utenti_raggiunti persone_servite",
    "documents": "documenti documento allegati",
    "url": "link sito sito_web website web indirizzo_web collegamento pagina_web url_progetto link_progetto "
    "url_scheda link_scheda scheda",
    "source": "fonte fonti fonte_notizia fonte_dati fonte_informazione link_fonte",
    "latitude": "lat latitudine latitude lat_wgs84 y_wgs84 coord_lat y coord_y coordinata_y nord",
    "longitude": "lon lng long longitudine longitude lon_wgs84 x_wgs84 coord_lon x coord_x coordinata_x est",
    "point": "geo_point geopoint geo_point_2d coordinate coordinates coordinate_geografiche wkt geom geometry "
    "geometria point punto the_geom",
    "crs": "epsg srid sistema_di_riferimento",
    "source_order": "ordine",
    "places_date": "data_dei_luoghi anno_dei_luoghi anno_dei_codici",
}  # fmt: skip
_IN_ENGLISH = {"title": "title_en", "summary": "summary_en", "description": "summary_en"}


def fold_header(text: object) -> str:
    """Return a header normalised as in the table of aliases: «Cod. ISTAT (6 cifre)» → cod_istat_6_cifre."""
    return re.sub(r"[^a-z0-9]+", "_", fold(str(text))).strip("_")


_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_FILLERS = frozenset({
    "di", "del", "della", "dell", "dei", "delle", "il", "lo", "la", "l", "in", "per", "formato", "alfanumerico",
    "numerico", "oc", "of", "the", "storico", "valore", "euro", "eur",
})  # fmt: skip
_SYNONYMS = {
    "cod": "codice", "den": "nome", "denominazione": "nome", "desc": "descrizione", "descr": "descrizione",
    "com": "comune", "prov": "provincia", "reg": "regione", "dt": "data", "finanz": "finanziamento", "tot": "totale",
    "pub": "pubblico", "imp": "importo", "num": "numero", "nr": "numero", "n": "numero",
}  # fmt: skip


def loose_header(text: object) -> str:
    """Return a header as a set of words, abbreviations written out: «DEN_COMUNE», «nomeComune» → comune_nome."""
    words = (_SYNONYMS.get(word, word) for word in fold_header(_CAMEL.sub("_", str(text))).split("_"))
    return "_".join(sorted({word for word in words if word not in _FILLERS and not word.isdigit()}))


def _build_fields() -> Mapping[str, tuple[str, int]]:
    names = {field: [field, *aliases.split()] for field, aliases in _ALIASES.items()}
    names |= {field: [field] for field in ALL_COLUMNS if field not in names}
    return {alias: (field, rank) for field, aliases in names.items() for rank, alias in enumerate(aliases)}


_FIELDS = _build_fields()


def _build_loose() -> Mapping[str, tuple[str, int]]:
    """Return loose header → field, and a rank behind every header that is known letter for letter."""
    found: dict[str, set[str]] = {}
    ranks: dict[str, int] = {}
    for alias, (name, rank) in _FIELDS.items():
        found.setdefault(loose_header(alias), set()).add(name)
        ranks.setdefault(loose_header(alias), 1_000 + rank)
    return {key: (next(iter(names)), ranks[key]) for key, names in found.items() if key and len(names) == 1}


_LOOSE = _build_loose()
FIELDS = tuple(dict.fromkeys(field for field, _ in _FIELDS.values()))


@dataclass(frozen=True)
class Header:
    """The header: its position among the records, its line, its texts, and the column position of each field."""

    position: int
    line: int
    texts: list[str]
    positions: Mapping[str, int]

    def __contains__(self, name: object) -> bool:
        return name in self.positions

    def text(self, name: str) -> str:
        """Return the header of a field as written; empty if the file does not have it."""
        return self.texts[self.positions[name]] if name in self.positions else ""

    def fields(self) -> dict[str, str]:
        """Return header → the fields that it fills, joined by AND."""
        found: dict[str, list[str]] = {}
        for name in self.positions:
            found.setdefault(self.text(name), []).append(name)
        return {text: AND.join(names) for text, names in found.items()}


# Tells whether a text is the name of a municipality.
IsPlace = Callable[[str], bool]


def _is_no_place(_: str) -> bool:
    return False


def score_records(records: list[Record], chosen: Chosen) -> int:
    """Score whether records contain a header: the largest number of fields named by one of them."""
    return max((len(_find_fields(cells, [], chosen)) for _, cells in records), default=0)


def find_header(sheet: Sheet, chosen: Chosen, is_place: IsPlace) -> Header | None:
    """Return the first usable header among the first records; None if there is none.

    A header is usable if it has a title and a place. Headers in `chosen` are taken from there, the others are
    recognised by name and by the values below. Bodies called after municipalities are places if nothing else is.
    """
    is_placed = sheet.geometries is not None
    for position, (line, cells) in enumerate(sheet.records[:SEARCHED_RECORDS]):
        found = _find_fields(cells, _below(sheet, position), chosen, is_place)
        if _has_title(found) and (is_placed or _has_place(found, cells, _below(sheet, position), chosen)):
            return Header(position, line, [_text_of(cell) for cell in cells], found)
    return None


def describe_columns(
    sheet: Sheet, position: int, chosen: Chosen, is_place: IsPlace = _is_no_place
) -> tuple[FileColumn, ...]:
    """Return the named columns of the record at `position`: which fields each fills, and its first values."""
    _, cells = sheet.records[position]
    below = _below(sheet, position)
    fields: dict[int, list[str]] = {}
    for name, at in _find_fields(cells, below, chosen, is_place).items():
        fields.setdefault(at, []).append(name)
    columns: dict[str, FileColumn] = {}
    for at, text in enumerate(_text_of(cell) for cell in cells):
        samples = tuple(shorten(value) for value in _values(below, at)[:SAMPLES])
        if text:
            columns.setdefault(text, FileColumn(text, AND.join(fields.get(at, [])), samples))
    return tuple(columns.values())


def _below(sheet: Sheet, position: int) -> list[list[Cell]]:
    return [record for _, record in sheet.records[position + 1 : position + 1 + SEARCHED_RECORDS]]


def _values(below: list[list[Cell]], at: int) -> list[str]:
    return [clean_text(record[at]) for record in below if at < len(record) and not is_empty(record[at])]


def refuse_header(sheet: Sheet, chosen: Chosen) -> RefusedFileError:
    """Return the refusal of a sheet without a usable header: what is missing, what was found, what is similar."""
    records = sheet.records[:SEARCHED_RECORDS]
    if not records:
        return RefusedFileError(said("no_rows"), said("need_header"))
    position = max(range(len(records)), key=lambda at: len(_find_fields(records[at][1], [], chosen)))
    line, cells = records[position]
    below = _below(sheet, position)
    found = _find_fields(cells, below, chosen)
    has_place = sheet.geometries is not None or _has_place(found, cells, below, chosen)
    missing = "_".join(["no_title"] * (not _has_title(found)) + ["no_place"] * (not has_place))
    texts = {at: shorten(str(cell)) for at, cell in enumerate(cells) if not is_empty(cell)}
    guesses = [guess for at, text in texts.items() for guess in _suggest(text, _values(below, at))]
    hints = (*guesses, said("first_line"))
    refusal = RefusedFileError(said(missing), *hints, line=line, value=" | ".join(list(texts.values())[:12]))
    refusal.columns = describe_columns(sheet, position, chosen)
    return refusal


def check_header(header: Header, sheet: Sheet, log: MessageLog, chosen: Chosen) -> None:
    """Report the unused columns; RefusedFileError if there are too many columns."""
    if len(list(filter(None, header.texts))) > MAX_COLUMNS:
        raise RefusedFileError(said("columns"), said("remove_columns"))
    title = next(name for name in TITLE_FIELDS if name in header)
    if title not in ("title_it", "title_en"):
        log.warning(header.line, header.text(title), "", said("stand_in"), said("add_title"))
    places = {header.positions[name] for name in PLACE_FIELDS if name in header}
    bodies = [name for name in ORGANISATION_FIELDS if name in header and places <= {header.positions[name]}]
    if (
        bodies
        and not has_coordinates(header)
        and sheet.geometries is None
        and not {"province", "region"} & set(chosen.values())
    ):
        log.warning(header.line, header.text(bodies[0]), "", said("place_of_body"), said("add_place"))
    used = set(header.positions.values())
    below = _below(sheet, header.position)
    for at, text in enumerate(header.texts):
        name = fold_header(text)
        if at in used or not text or name in READABLE_COLUMNS or chosen.get(text) == "":
            continue
        field = _FIELDS.get(name, _LOOSE.get(loose_header(text), ("", 0)))[0]
        if field in header:
            log.warning(header.line, text, "", said("same_column", kept=header.text(field)), said("keep_one"))
        else:
            log.warning(header.line, text, "", said("unknown_column"), *_suggest(text, _values(below, at)))


def _text_of(cell: Cell) -> str:
    return "" if is_empty(cell) else shorten(str(cell))


def _find_fields(
    cells: list[Cell], below: list[list[Cell]], chosen: Chosen, is_place: IsPlace = _is_no_place
) -> dict[str, int]:
    """Return field → position; choices come first, then the preferred header, then the leftmost one."""
    best: dict[str, tuple[int, int]] = {}
    for at, cell in enumerate(cells):
        if chosen and _text_of(cell) in chosen:
            names, rank = [name for name in chosen[_text_of(cell)].split(AND) if name], -1
        elif not isinstance(cell, str) or len(cell) > 200:
            continue
        else:
            name, rank = _name_field(cell, _values(below, at))
            names = [name] if name else []
        for name in names:
            best[name] = min(best.get(name, (rank, at)), (rank, at))
    found = {name: at for name, (_, at) in best.items()}
    # A file with «titolo» and «title» is bilingual; alone, «title» is the title.
    for at, cell in enumerate(cells):
        name = _IN_ENGLISH.get(fold_header(cell), "") if isinstance(cell, str) and len(cell) < 20 else ""
        if name and name not in found and at not in found.values() and _text_of(cell) not in chosen:
            found[name] = at
    if any(name in found for name in PLACE_FIELDS) or not has_coordinates(found):
        # Coordinates serve whole, and where no column names the place; otherwise theirs are columns like any other.
        found = {
            name: at for name, at in found.items() if name not in COORDINATE_FIELDS or _text_of(cells[at]) in chosen
        }
    if not any(name in found for name in PLACE_FIELDS) and not has_coordinates(found):
        for name in ORGANISATION_FIELDS:
            values = _values(below, found[name]) if name in found else []
            if values and sum(map(is_place, values)) >= ALL_BUT_FEW * len(values):
                return found | {"municipality": found[name]}
    return found


def _name_field(header: str, values: list[str]) -> tuple[str, int]:
    """Return the field of a header and its rank, as far as the values agree; ("", 0) for none.

    A header known letter for letter is believed, except that numbers under «Comune» and «Provincia» are parts of codes.
    """
    folded = fold_header(header)
    if folded in _FIELDS:
        name, rank = _FIELDS[folded]
    else:
        name, rank = _LOOSE.get(loose_header(header), ("", 0))
        if name and not fits(name, values):
            return "", 0
    if name in _AS_NUMBERS and is_short_number(values):
        return _AS_NUMBERS[name], rank
    if name == "region" and is_short_number(values):
        return name, rank + 2_000  # a column with its name is preferred
    return name, rank


def _has_title(found: Mapping[str, int]) -> bool:
    return any(name in found for name in TITLE_FIELDS)


def has_coordinates(found: Container[str]) -> bool:
    """Tell whether some fields are a pair of coordinates, or a point."""
    return "point" in found or ("latitude" in found and "longitude" in found)


def _has_place(found: Mapping[str, int], cells: list[Cell], below: list[list[Cell]], chosen: Chosen) -> bool:
    if any(name in found for name in PLACE_FIELDS) or has_coordinates(found):
        return True
    if any(name in found and names_municipalities(_values(below, found[name])) for name in ORGANISATION_FIELDS):
        return True
    # Whole provinces or regions are a place if the owner says so: the municipality may be in a column not understood.
    return any(_text_of(cell) in chosen and chosen[_text_of(cell)] in ("province", "region") for cell in cells)


def guess_field(text: str) -> str:
    """Return the field with the most similar header; empty if none is similar."""
    near = _find_near(text)
    return _FIELDS[near][0] if near else ""


def _suggest(text: str, values: list[str]) -> tuple[Said, ...]:
    near = _find_near(text)
    if not near or (len(values) >= FEW and not fits(_FIELDS[near][0], values)):
        return ()
    return (said("perhaps_header", text=text, near=near),)


def _find_near(text: str) -> str:
    name = fold_header(text)
    if not name or name in _FIELDS:
        return ""
    close = process.extractOne(name, _FIELDS.keys(), scorer=fuzz.ratio, score_cutoff=SIMILAR)
    return close[0] if close else ""
