"""Small territories, vocabularies and catalogues for tests, and large invented ones for benchmarks."""

import datetime
import json
import math
from dataclasses import asdict
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

from atlas.base.columns import COLUMNS, OPTIONAL_COLUMNS
from atlas.base.model import Channel, Language, Scale, ServiceType
from atlas.base.tables import read_text
from atlas.catalogue.catalogue import Catalogue, build_catalogue, parse_initiatives
from atlas.catalogue.vocabulary import Synonym, Term, Vocabulary, read_vocabulary
from atlas.catalogue.world import World
from atlas.territory.history import History
from atlas.territory.territory import Territory, build_territory, read_territory
from atlas.territory.territory_files import (
    AGE_BANDS,
    AREA_COLUMNS,
    NUMBER_PROPERTIES,
    TEXT_PROPERTIES,
    Dates,
    OtherName,
)

DATA_DIR = Path(__file__).resolve().parents[1] / "data"
# What every test of the program takes for the bundled catalogue: 35 rows that never change, whatever data/ becomes.
CATALOGUE = Path(__file__).resolve().parent / "fixed" / "initiatives.csv"

_COLUMNS = [
    "istat_code", "name", "name_other", "province_code", "province", "province_abbr", "region_code", "region",
    "macro_area", "is_capital", "population", "lon", "lat",
]  # fmt: skip
_MUNICIPALITIES = [
    ("001168", "None", "", "001", "Torino", "TO", "01", "Piemonte", "Nord-ovest", False, 8_000, 7.54, 44.93),
    ("001272", "Torino", "", "001", "Torino", "TO", "01", "Piemonte", "Nord-ovest", True, 840_000, 7.68, 45.07),
    ("021008", "Bolzano", "Bozen", "021", "Bolzano", "BZ", "04", "Trentino-Alto Adige/Südtirol", "Nord-est", True,
     106_000, 11.35, 46.50),
    ("037006", "Bologna", "", "037", "Bologna", "BO", "08", "Emilia-Romagna", "Nord-est", True, 390_000, 11.34, 44.49),
    ("037020", "Castel Maggiore", "", "037", "Bologna", "BO", "08", "Emilia-Romagna", "Nord-est", False,
     18_000, 11.36, 44.57),
    ("034027", "Parma", "", "034", "Parma", "PR", "08", "Emilia-Romagna", "Nord-est", True, 196_000, 10.33, 44.80),
    ("099030", "Montecopiolo", "", "099", "Rimini", "RN", "08", "Emilia-Romagna", "Nord-est", False,
     None, 12.36, 43.84),
]  # fmt: skip


def small_territory() -> Territory:
    """Seven municipalities, five provinces, three regions, one area; 099030 has no population, Rimini no capital."""
    frame = pd.DataFrame(_MUNICIPALITIES, columns=_COLUMNS).set_index("istat_code")
    frame = frame.assign(nuts3="", belfiore="", area_km2=10.0).astype({"population": float})
    frame = frame[[*TEXT_PROPERTIES, "is_capital", *NUMBER_PROPERTIES]]
    shares = np.array([0.02, 0.03, 0.06, 0.04, 0.17, 0.44, 0.12, 0.12])
    bands = pd.DataFrame(np.outer(frame["population"], shares), index=frame.index, columns=list(AGE_BANDS))
    other_names = (OtherName("037006", "Bononia", True), OtherName("037006", "Felsina", False))
    dates = Dates(datetime.date(2026, 2, 21), datetime.date(2022, 1, 1))
    rows = [("cintura-bologna", "Cintura", "Belt", code) for code in ("037020", "037006")]
    areas = pd.DataFrame(rows, columns=list(AREA_COLUMNS))
    return build_territory(frame, bands, dates, areas, other_names, History({}))


def small_vocabulary() -> Vocabulary:
    """Three themes, three targets, three synonyms; elderly has a population group."""
    themes = [Term("theme", id_, id_.title(), id_.upper()) for id_ in ("poverty", "housing", "digital")]
    targets = [
        Term("target", "elderly", "Anziani", "Older people", population_group="65-74;75+"),
        Term("target", "youth", "Giovani", "Young people", population_group="14-17;18-34"),
        Term("target", "everyone", "Tutti", "Everyone"),
    ]
    synonyms = (
        Synonym(Language.IT, "nonni", "target", "elderly"),
        Synonym(Language.IT, "asilo nido", "words", "nido"),
        Synonym(Language.EN, "seniors", "target", "elderly"),
    )
    return Vocabulary({term.id: term for term in themes}, {term.id: term for term in targets}, synonyms)


def make_row(id_: str = "sportello", **cells: str) -> dict[str, str]:
    """One row of initiatives.csv, complete and valid in the small territory; `cells` replace its values."""
    row = dict.fromkeys(COLUMNS, "") | {
        "id": id_,
        "title_it": f"Titolo {id_}",
        "title_en": f"Title {id_}",
        "summary_it": "Uno sportello per chi ha bisogno.",
        "summary_en": "A desk for those in need.",
        "scale": "municipality",
        "places": "037006",
        "themes": "poverty",
        "targets": "everyone",
        "service_type": "new",
        "channel": "in_person",
        "start_year": "2020",
    }
    return row | cells


def make_frame(*rows: dict[str, str]) -> pd.DataFrame:
    """Rows as the canonical frame that build_catalogue takes."""
    columns = [*COLUMNS, *(name for name in OPTIONAL_COLUMNS if any(name in row for row in rows))]
    return pd.DataFrame(list(rows), columns=columns, dtype="str").fillna("")


# One of each kind: a municipality, an area, a whole region, a metropolitan city, several regions, the country.
SMALL_ROWS = (
    make_row("bologna", lead_place="037006", targets="elderly", start_year="2018", summary_it="Caffè di comunità"),
    make_row("cintura", places="cintura-bologna", scale="intermunicipal", themes="housing;poverty", channel="",
             targets="elderly;youth", lead_organisation="Unione dei Comuni", start_year="2019"),
    make_row("emilia", places="08", scale="intermunicipal", themes="digital", service_type="established",
             partners="Università di Ferrara;ACLI", start_year=""),
    make_row("torino", places="001", lead_place="001", scale="metropolitan_city", themes="digital;housing"),
    make_row("tre-citta", places="001272;037006;021008", lead_place="021008", scale="intermunicipal", themes="housing",
             undisclosed_partners="4", targets="youth", channel="digital", service_type="reshaped", start_year="2020"),
    make_row("italia", places="IT", scale="national", themes="housing", channel="both", start_year="2001"),
)  # fmt: skip


def read_initiatives(path: Path, territory: Territory, vocabulary: Vocabulary) -> Catalogue:
    """The catalogue of a file like data/initiatives.csv; DataError with every fault."""
    return parse_initiatives(read_text(path), path.name, territory, vocabulary)


def small_catalogue() -> Catalogue:
    """The six initiatives of SMALL_ROWS in the small territory."""
    return build_catalogue(make_frame(*SMALL_ROWS), small_territory(), small_vocabulary())


@cache
def small_world() -> World:
    """The small catalogue in the small territory."""
    return World(small_territory(), small_vocabulary(), small_catalogue())


def real_world(*rows: dict[str, str]) -> World:
    """Invented initiatives in the territory and the vocabulary of the data folder."""
    territory, vocabulary = real_territory(), real_vocabulary()
    return World(territory, vocabulary, build_catalogue(make_frame(*rows), territory, vocabulary))


@cache
def real_territory() -> Territory:
    """The territory of the data folder, read once for the whole run."""
    return read_territory(DATA_DIR)


@cache
def real_vocabulary() -> Vocabulary:
    """The vocabulary of the data folder, read once for the whole run."""
    return read_vocabulary(DATA_DIR)


def make_catalogue(n_initiatives: int, n_municipalities: int, seed: int = 0) -> Catalogue:
    """Return invented initiatives over that many real municipalities; the same seed gives the same catalogue."""
    frame = make_initiatives(n_initiatives, n_municipalities, seed)
    return build_catalogue(frame, real_territory(), real_vocabulary())


def make_initiatives(n_initiatives: int, n_municipalities: int, seed: int = 0) -> pd.DataFrame:
    """Return the canonical frame behind make_catalogue.

    Four in five are of one municipality, the others of 2 to 17, of a province (1%), of a region (0.2%), national (2%).
    """
    random = np.random.default_rng(seed)
    territory, vocabulary = real_territory(), real_vocabulary()
    pool = random.permutation(territory.municipalities.index.to_numpy(dtype=object))[:n_municipalities]
    places, scales, leads = [], [], []
    kinds = random.choice(5, size=n_initiatives, p=[0.8, 0.168, 0.01, 0.002, 0.02])
    firsts = pool[random.integers(len(pool), size=n_initiatives)]
    for kind, first in zip(kinds, firsts, strict=True):
        several = random.choice(pool, size=min(len(pool), int(random.integers(2, 18)))) if kind == 1 else ()
        place = [
            first,
            ";".join(dict.fromkeys((first, *several))),
            territory.province_of(first),
            territory.region_of(first),
            "IT",
        ][kind]
        places.append(place)
        leads.append("" if kind in (2, 3, 4) or random.random() < 0.1 else first)
        scales.append({0: Scale.MUNICIPALITY, 4: Scale.NATIONAL}.get(int(kind), Scale.INTERMUNICIPAL))

    def pick(options: list[str]) -> np.ndarray:
        return np.array(options, dtype=object)[random.integers(len(options), size=n_initiatives)]

    def pick_several(options: list[str]) -> list[str]:
        return [";".join(dict.fromkeys(pair)) for pair in zip(pick(options), pick(options), strict=True)]

    words = ["sportello", "ascolto", "casa", "orto", "anziani", "digitale", "scuola", "comunità", "lavoro", "rete"]
    title = [" ".join(trio) for trio in zip(pick(words), pick(words), pick(words), strict=True)]
    numbers = [str(number) for number in range(1, n_initiatives + 1)]
    frame = pd.DataFrame(
        {
            "id": [f"iniziativa-{number}" for number in numbers],
            "title_it": title,
            "title_en": title,
            "summary_it": [f"Servizio di {words} per la cittadinanza, con il Terzo settore." for words in title],
            "summary_en": [f"A service of {words} for citizens, run with the third sector." for words in title],
            "scale": [str(scale) for scale in scales],
            "lead_place": leads,
            "places": places,
            "themes": pick_several(list(vocabulary.themes)),
            "targets": pick_several(list(vocabulary.targets)),
            "service_type": pick([*map(str, ServiceType), ""]),
            "channel": pick([*map(str, Channel), ""]),
            "start_year": pick(["", *map(str, range(2010, 2025))]),
            "source_order": numbers,
        }
    )
    return frame.reindex(columns=list(COLUMNS), fill_value="").astype("str")


def write_data(folder: Path) -> Path:
    """Write the small territory, vocabulary and SMALL_ROWS as the files of a data folder; return the folder."""
    territory, vocabulary = small_territory(), small_vocabulary()
    features = []
    for code, properties in territory.municipalities.to_dict("index").items():
        population = None if math.isnan(properties["population"]) else int(properties["population"])
        geometry = {"type": "Point", "coordinates": [properties["lon"], properties["lat"]]}
        properties = {"istat_code": code, **properties, "population": population}
        features.append({"type": "Feature", "properties": properties, "geometry": geometry})
    dates = territory.dates
    metadata = {"reference_date": str(dates.geography), "population": {"date": str(dates.population)}}
    document = {"type": "FeatureCollection", "metadata": metadata, "features": features}
    document = json.dumps(document, ensure_ascii=False, indent=1)
    (folder / "comuni.geojson").write_text(document, encoding="utf-8")
    territory.age_bands.round().astype("Int64").to_csv(folder / "population.csv")
    names = [(area, territory.area_names[area], territory.area_names_en[area]) for area in territory.areas]
    members = [(*name, code) for name in names for code in territory.areas[name[0]]]
    pd.DataFrame(members, columns=list(AREA_COLUMNS)).to_csv(folder / "areas.csv", index=False)
    names = "name,istat_code,kind,within,valid_until,old_code,old_belfiore\n"
    names += "Bononia,037006,short,,,,\nFelsina,037006,former,,,,\nSesto,037020,short,BO,,,\n"
    (folder / "istat_code_changes.csv").write_text("old_code,new_code,old_name,kind,valid_until,note\n")
    (folder / "geography_steps.csv").write_text("date,kind,old_code,new_code,name\n")
    (folder / "place_names.csv").write_text(names, encoding="utf-8")
    hints = "name,codes,kind\nSüdtirol,021,province\nNord,01;04;08,area\n"
    (folder / "place_hints.csv").write_text(hints, encoding="utf-8")
    synonyms = pd.DataFrame([asdict(synonym) for synonym in vocabulary.synonyms])
    synonyms.to_csv(folder / "synonyms.csv", index=False)
    terms = [*vocabulary.themes.values(), *vocabulary.targets.values()]
    pd.DataFrame([asdict(term) for term in terms]).to_csv(folder / "vocabulary.csv", index=False)
    write_initiatives(folder / "initiatives.csv", *SMALL_ROWS)
    return folder


def write_initiatives(path: Path, *rows: dict[str, str]) -> Path:
    """Write rows as an initiatives.csv; return its path."""
    make_frame(*rows).to_csv(path, index=False)
    return path
