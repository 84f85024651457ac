"""The command line for people who keep the catalogue: validate, match, resolve, export, add, db.

Results go to standard output, everything else to standard error. Wrong use is one sentence and exit code 2.
"""

import argparse
import contextlib
import csv
import errno
import json
import os
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from io import StringIO, TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from atlas.base.columns import About
from atlas.base.folders import DATA_DIR
from atlas.base.i18n import translator
from atlas.base.model import DataError, Language, View
from atlas.base.said import word, word_all
from atlas.base.settings import SettingsError, read_settings
from atlas.catalogue.catalogue import Catalogue
from atlas.catalogue.links import from_query, to_query
from atlas.catalogue.selection import select
from atlas.catalogue.source.bundle import bundled_territory, published_world
from atlas.catalogue.source.copies import replace_file
from atlas.catalogue.source.source import SourceError
from atlas.cli.add import add_command
from atlas.cli.database import add_commands
from atlas.cli.site import add_command as add_site
from atlas.intake.cells.report import IntakeReport, Verdict
from atlas.intake.formats.delimited import decode_text
from atlas.intake.formats.refusal import RefusedFileError
from atlas.intake.publication import publish_what_is_read, say_needs
from atlas.intake.reader import read_upload
from atlas.intake.rehearsal_files import from_choices
from atlas.intake.report_lines import to_lines
from atlas.publish.areas.csv_types import to_csvt
from atlas.publish.export import to_csv, to_geojson, to_xlsx
from atlas.territory.codes import CodeBook, Resolution, read_code_changes
from atlas.territory.places.answers import MatchStatus, PlaceMatch
from atlas.territory.places.matching import PlaceIndex, read_place_index
from atlas.words.phrases import describe_rule, describe_selection
from atlas.words.sources import say_sources

if TYPE_CHECKING:
    from atlas.publish.stops.story import Story

OK, SOME_REJECTED, NOTHING_DONE = 0, 1, 2
_TABLES = ("csv", "xlsx", "geojson")
# Beside these goes a .csvt, so that GDAL and QGIS read codes as text.
_TYPED = ("csv", "areas-csv")
_AREAS = ("areas-csv", "areas-xlsx", "areas-geojson", "areas-gpkg")
_STORIES, _VIEWS = ("html", "pptx", "pdf"), ("png", "svg", "txt", "bib")
_REASONS = {
    errno.ENOSPC: "il disco è pieno",
    errno.EDQUOT: "lo spazio assegnato è finito",
    errno.ENOENT: "la cartella non esiste",
    errno.EACCES: "manca il permesso",
    errno.EISDIR: "è una cartella",
    errno.EROFS: "il disco è di sola lettura",
}


class CommandError(Exception):
    """An error that the caller can correct; carries one sentence."""


def main(argv: Sequence[str]) -> int:
    """Run one command and return its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")
    arguments = _build_parser().parse_args(argv)
    publish_what_is_read()
    run: Callable[[argparse.Namespace], int] = arguments.run
    try:
        code = run(arguments)
        sys.stdout.flush()
        return code
    except BrokenPipeError:
        # The reader closed the pipe (`| head`): not an error. Nothing may be left to flush.
        with contextlib.suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK
    except (CommandError, DataError, SettingsError, SourceError) as error:
        print(error, file=sys.stderr)
        return NOTHING_DONE


def _build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m atlas", description="Atlante delle iniziative sociali dei Comuni.")
    commands = parser.add_subparsers(required=True, metavar="COMANDO")

    validate = commands.add_parser("validate", help="controlla un file di iniziative: CSV, XLSX, ODS o dati geografici")
    validate.add_argument("file", metavar="FILE", type=Path)
    validate.add_argument("--format", choices=("text", "json"), default="text", help="forma della risposta")
    validate.add_argument(
        "--mapping", metavar="FILE", type=Path, help="scelte salvate dalla pagina «I tuoi dati» (JSON): colonne e dubbi"
    )
    validate.add_argument("--sheet", metavar="NOME", default="", help="foglio della cartella di lavoro da leggere")
    validate.set_defaults(run=_validate)

    match = commands.add_parser("match", help="dal nome di un comune al suo codice ISTAT")
    match.add_argument("name", metavar="NOME", nargs="?")
    match.add_argument("--within", metavar="LUOGO", default="", help="provincia o regione in cui cercare")
    match.add_argument("--file", metavar="FILE", type=Path, help="CSV con le colonne query e within")
    match.set_defaults(run=_match)

    resolve = commands.add_parser("resolve", help="da codici vecchi o rovinati a quelli di oggi")
    resolve.add_argument("codes", metavar="CODICE", nargs="+")
    resolve.set_defaults(run=_resolve)

    export = commands.add_parser("export", help="scrive in un file le iniziative o i numeri per territorio")
    export.add_argument("--format", choices=(*_TABLES, *_AREAS, *_STORIES, *_VIEWS), required=True, help="formato")
    export.add_argument(
        "--query", default="", help='filtri come in un indirizzo, per esempio "theme=housing&region=08"'
    )
    export.add_argument(
        "--story",
        metavar="FILE",
        type=Path,
        help="presentazione salvata (JSON), per html, pptx e pdf; senza, la propone",
    )
    export.add_argument("--address", default="", help="dove sta l'atlante, per collegamenti e codici QR")
    export.add_argument("--crs", choices=("4326", "32632"), default="4326", help="coordinate di areas-gpkg")
    export.add_argument("--paper", choices=("a4", "16:9"), default="a4", help="foglio dell'immagine")
    export.add_argument("-o", "--output", metavar="FILE", type=Path, required=True)
    export.set_defaults(run=_export)

    add_command(commands)
    add_site(commands)
    add_commands(commands)
    return parser


def _validate(arguments: argparse.Namespace) -> int:
    columns, answers = _read_mapping(arguments.mapping) if arguments.mapping else ({}, {})
    data, name = _read_bytes(arguments.file), arguments.file.name
    report = read_upload(data, name, columns=columns, answers=answers, sheet=arguments.sheet)
    if arguments.format == "json":
        print(json.dumps(_to_json(report), ensure_ascii=False, indent=2))
    else:
        for line in to_lines(report, arguments.file.name, translator(Language.IT)):
            print(line)
    if report.verdict is Verdict.REFUSE:
        return NOTHING_DONE
    needs = [] if columns or answers or arguments.sheet else say_needs(data, name)
    for line in [translator(Language.IT)("message.needs"), *needs] if needs else []:
        print(line, file=sys.stderr)
    return SOME_REJECTED if report.rejected or needs else OK


def _read_mapping(path: Path) -> tuple[dict[str, str], dict[tuple[str, str], str]]:
    try:
        return from_choices(_read_bytes(path))
    except ValueError as error:
        raise CommandError(f"{path}: non è un file di scelte salvato dalla pagina «I tuoi dati».") from error


def _to_json(report: IntakeReport) -> dict[str, object]:
    words = translator(Language.IT)
    return {
        "verdict": report.verdict,
        "encoding": report.encoding,
        "delimiter": report.delimiter,
        "sheet": report.sheet,
        "rows": report.source_rows,
        "loaded": report.loaded,
        "rejected": report.rejected,
        "blank": report.blank,
        "columns": report.headers,
        "messages": [
            {
                "severity": message.severity,
                "line": message.line,
                "column": message.column,
                "value": message.value,
                "text": word(message.text, words),
                "suggestion": word_all(message.hints, words),
            }
            for message in report.messages
        ],
    }


def _match(arguments: argparse.Namespace) -> int:
    if (arguments.name is None) == (arguments.file is None):
        raise CommandError("Serve un NOME oppure --file, non tutti e due.")
    index = read_place_index(DATA_DIR, bundled_territory())
    if arguments.file:
        return _match_file(arguments.file, index)
    found = index.match(arguments.name, arguments.within)
    if found.status is MatchStatus.MATCH:
        print(found.code)
        return OK
    options = _describe_options(found)
    print(f"{found.status.upper()} {options}".rstrip())
    print(word(found.explanation, translator(Language.IT)), file=sys.stderr)
    return OK


def _match_file(path: Path, index: PlaceIndex) -> int:
    """Write the columns of the file with result, name and suggestions as CSV; result is a code, AMBIGUOUS or NONE."""
    header, rows = _read_pairs(path)
    at = {name: header.index(name) for name in ("query", "within") if name in header}
    if "query" not in at:
        raise CommandError(f"{path.name}: manca la colonna query. La prima riga deve essere: query,within.")
    pairs = [(row[at["query"]], row[at["within"]] if "within" in at else "") for row in rows]
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow([*header, "result", "name", "suggestions"])
    for row, found in zip(rows, index.match_many(pairs), strict=True):
        options = "" if found.status is MatchStatus.MATCH else _describe_options(found)
        writer.writerow([*row, found.code or found.status.upper(), found.name, options])
    return OK


def _read_pairs(path: Path) -> tuple[list[str], list[list[str]]]:
    """Return the header and the rows of a CSV, padded to the header; empty lines are skipped."""
    try:
        text, _ = decode_text(_read_bytes(path))
    except RefusedFileError as refusal:
        raise CommandError(f"{path.name}: {word(refusal.message.text, translator(Language.IT))}") from refusal
    delimiter = max(",;\t|", key=text.partition("\n")[0].count)
    rows = [row for row in csv.reader(StringIO(text, newline=""), delimiter=delimiter) if row]
    if not rows:
        raise CommandError(f"{path.name}: il file è vuoto.")
    header = [cell.strip().lower() for cell in rows[0]]
    return header, [(row + [""] * len(header))[: len(header)] for row in rows[1:]]


def _describe_options(found: PlaceMatch) -> str:
    """Return the candidates, or the suggestions, as `code name (sigla)` joined by `; `."""
    territory = bundled_territory()
    if found.candidates:
        places = territory.municipalities.loc[list(found.candidates)]
        names = zip(places.index, places["name"], places["province_abbr"], strict=True)
        return "; ".join(f"{code} {name} ({abbr})" for code, name, abbr in names)
    return "; ".join(f"{code} {label}" for code, label in found.suggestions)


def _resolve(arguments: argparse.Namespace) -> int:
    codes = CodeBook(bundled_territory().municipalities, read_code_changes(DATA_DIR))
    for code in arguments.codes:
        print(_describe_resolution(code, codes.resolve(code)))
    return OK


def _describe_resolution(written: str, answer: Resolution) -> str:
    """Return `written → code name (reasons)`, or `written → UNKNOWN` and why."""
    why = word_all(answer.notes, translator(Language.IT))
    if answer.code is None:
        return f"{written} → UNKNOWN {why}".rstrip()
    name, reasons = bundled_territory().name_of(answer.code), ", ".join(answer.reasons)
    return f"{written} → {answer.code} {name} ({reasons}) {why}".rstrip()


def _export(arguments: argparse.Namespace) -> int:
    world, view = published_world(), _read_view(arguments.query)
    selected = select(world.catalogue, view.selection)
    language, today = view.language, datetime.now(UTC).date()
    if arguments.format in _TABLES and to_query(view).keys() & {"level", "measure"}:
        note = "level e measure non cambiano l'elenco delle iniziative: i numeri per territorio sono in --format"
        print(f"{note} {', '.join(_AREAS)}.", file=sys.stderr)
    if arguments.story and arguments.format not in _STORIES:
        raise CommandError(f"--story serve solo con --format {', '.join(_STORIES)}.")
    try:
        if arguments.format in _AREAS:
            data = _publish_areas(arguments, selected, view, today)
        elif arguments.format not in _TABLES:
            data = _publish(arguments, view, today)
        elif arguments.format == "csv":
            data = to_csv(selected, world, language)
        elif arguments.format == "xlsx":
            data = to_xlsx(selected, world, _describe(view, today), today, language)
        else:
            data = to_geojson(selected, world.territory, _describe(view, today), language)
        _write(arguments.output, data)
        if arguments.format in _TYPED and arguments.output.is_file():
            _write(arguments.output.with_suffix(".csvt"), to_csvt(data))
    except OSError as error:  # some formats are built on disk, so building can fail like writing
        reason = _REASONS.get(error.errno or 0, error.strerror or type(error).__name__)
        raise CommandError(f"{arguments.output}: non si può scrivere ({reason}).") from error
    print(f"{arguments.output}: {len(selected)} iniziative su {len(world.catalogue)}.", file=sys.stderr)
    return OK


def _write(path: Path, data: bytes) -> None:
    """Replace the whole file or, with an OSError, leave it unchanged; devices are written to directly."""
    if path.exists() and not path.is_file():
        path.write_bytes(data)
    else:
        replace_file(path.resolve(), data)


def _publish_areas(arguments: argparse.Namespace, selected: Catalogue, view: View, today: date) -> bytes:
    from atlas.publish.areas.writing import publish_areas

    kind, crs = arguments.format.removeprefix("areas-"), f"EPSG:{arguments.crs}"
    about = _describe(view, today)[:-1]  # the last line is about the columns of initiatives
    return publish_areas(kind, selected, view, published_world(), about, today, crs)


def _publish(arguments: argparse.Namespace, view: View, today: date) -> bytes:
    """Return a presentation or a picture; the libraries are imported here because they are slow to load."""
    from atlas.publish.decks.branding import Branding, TemplateError
    from atlas.publish.writing import PAPERS, publish_story, publish_view

    world = published_world()
    if arguments.format in _STORIES:
        story = _read_story(arguments.story) if arguments.story else None
        settings = read_settings()
        branding = Branding(settings.pptx_template, settings.logo)
        try:
            return publish_story(arguments.format, story, view, world, today, arguments.address, branding=branding)
        except TemplateError as error:
            raise CommandError(f"ATLAS_PPTX_TEMPLATE: {error}.") from error
    return publish_view(arguments.format, view, world, today, arguments.address, PAPERS[arguments.paper])


def _read_story(path: Path) -> "Story":
    from atlas.publish.stops.story import StoryError, from_json

    try:
        return from_json(_read_bytes(path), published_world())
    except StoryError as error:
        words = translator(Language.IT).catalogue.get(f"story.fault.{error.reason}", error.reason)
        raise CommandError(f"{path}: {words.partition(':')[0]}.".replace("..", ".")) from error


def _read_view(query: str) -> View:
    """Return the view of a query and print on standard error which parts were ignored."""
    given = dict(parse_qsl(query.lstrip("?"), keep_blank_values=True))
    view = from_query(given, published_world())
    kept = to_query(view, whole=True)
    for name, value in given.items():
        lost = sorted(set(value.split(",")) - set(kept.get(name, "").split(",")))
        if lost and kept.get(name) != value and not (name == "q" and name in kept):
            print(f"Filtro non capito, non viene usato: {name}={','.join(lost)}", file=sys.stderr)
    return view


def _describe(view: View, today: date) -> About:
    """Return the metadata of an exported file."""
    say = translator(view.language)
    return [
        (say("files.about"), say("app.title")),
        (say("files.selection"), describe_selection(view.selection, published_world(), say)),
        (say("files.counting_rule"), describe_rule(view.options.rule, say)),
        (say("files.date"), say.date(today)),
        (say("files.sources"), say_sources(published_world(), say)),
        (say("files.columns"), say("files.columns_note")),
    ]


def _read_bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise CommandError(f"{path}: il file non esiste.") from None
    except OSError as error:
        raise CommandError(f"{path}: il file non si può leggere ({error.strerror}).") from error
