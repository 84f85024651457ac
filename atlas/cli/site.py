"""The command `site`: the whole atlas as plain files."""

import argparse
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from atlas.base.model import Language, Level, View, ViewOptions
from atlas.base.settings import SettingsError
from atlas.catalogue.source import bundle
from atlas.catalogue.world import World
from atlas.publish.areas.csv_types import to_csvt
from atlas.publish.site.writing import SiteError, write_site
from atlas.server.api import tables
from atlas.server.api.query import Query


def add_command(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `site`."""
    site = commands.add_parser("site", help="scrive l'atlante come pagine, da pubblicare con qualsiasi server web")
    site.add_argument("out", metavar="CARTELLA", type=Path, help="nuova, vuota, o con un sito scritto prima")
    site.add_argument(
        "--base", metavar="INDIRIZZO", default="", help="dove starà; senza, niente anteprime, sitemap e novità"
    )
    site.add_argument("--live", metavar="INDIRIZZO", default="", help="dove sta l'atlante interattivo, se c'è")
    site.set_defaults(run=_write)


def _write(arguments: argparse.Namespace) -> int:
    for name in ("base", "live"):
        parts = urlsplit(given := getattr(arguments, name))
        if given and (parts.scheme not in ("http", "https") or not parts.netloc or parts.query or parts.fragment):
            raise SettingsError(f"--{name}: {given!r} non è un indirizzo come https://atlante.example.org/")
    begun = time.monotonic()
    edition = bundle.published_edition()
    world = bundle.world_of(edition.catalogue)
    data = dict(build_open_data(world, edition.digest[:12]))
    try:
        done = write_site(
            arguments.out, world, edition.date, arguments.base, data, arguments.live, _tell, os.cpu_count() or 1
        )
    except SiteError as error:
        raise SettingsError(str(error)) from error
    if not arguments.base:
        print(
            "Senza --base non ci sono anteprime, sitemap.xml e novita.atom: dicono indirizzi interi.", file=sys.stderr
        )
    seconds, size = time.monotonic() - begun, done.size / 1_000_000
    print(f"{arguments.out}: {done.pages} pagine, {done.files} file, {size:.1f} MB, {seconds:.0f} secondi.")
    return 0


def _tell(done: int, total: int) -> None:
    if sys.stderr.isatty() and done % 50 == 0:
        print(f"\r{done} di {total}", end="", file=sys.stderr)


def build_open_data(world: World, version: str) -> Iterator[tuple[str, bytes]]:
    """Yield the open data as files by name: what the server answers under api, for the whole catalogue."""
    whole = Query(View(), limit=len(world.catalogue))
    yield from _typed("iniziative", tables.initiatives_csv(whole, world, version))
    yield from _typed("initiatives", tables.initiatives_csv(Query(View(language=Language.EN)), world, version))
    yield "iniziative.json", tables.initiatives_json(whole, world, version)
    yield "iniziative.geojson", tables.initiatives_geojson(whole, world, version)
    names = {Level.REGION: "regioni", Level.PROVINCE: "province", Level.MUNICIPALITY: "comuni"}
    for level, name in names.items():
        query = Query(View(options=ViewOptions(level=level)), limit=10_000)
        yield from _typed(f"indicatori-{name}", tables.indicators_csv(query, world, version))
        yield f"indicatori-{name}.json", tables.indicators_json(query, world, version)
        if level is not Level.MUNICIPALITY:  # 7,895 outlines are a file of the boundaries, not of the atlas
            yield f"territori-{name}.geojson", tables.areas("geojson", query, world, version)


def _typed(name: str, data: bytes) -> Iterator[tuple[str, bytes]]:
    yield f"{name}.csv", data
    yield f"{name}.csvt", to_csvt(data)
