"""Names of places in sentences, with prepositions and articles, in two languages."""

from collections.abc import Iterable

from atlas.base.i18n import Translator
from atlas.base.model import Language, Level
from atlas.territory.territory import COUNTRY, Territory

# Names in common use that differ from ISTAT's Italian names. In English: the English names of regions and of cities
# with a common English name; every other place keeps its Italian name.
_SPOKEN = {"02": "Valle d'Aosta", "04": "Trentino-Alto Adige", "007": "Valle d'Aosta", "021": "Bolzano"}
_CITIES = {
    "001272": "Turin", "010025": "Genoa", "015146": "Milan", "027042": "Venice", "048017": "Florence",
    "058091": "Rome", "063049": "Naples",
}  # fmt: skip
_REGIONS = {
    "01": "Piedmont", "02": "Aosta Valley", "03": "Lombardy", "04": "Trentino-South Tyrol", "09": "Tuscany",
    "16": "Apulia", "19": "Sicily", "20": "Sardinia",
}  # fmt: skip
_NAMES = {
    Language.IT: _SPOKEN,
    Language.EN: {
        **_SPOKEN, **_REGIONS, **_CITIES, **{code[:3]: name for code, name in _CITIES.items()}, "007": "Aosta Valley",
        COUNTRY: "Italy",
    },
}  # fmt: skip

_IN_REGION = {"11": "nelle ", "12": "nel "}
_OF_REGION = (
    dict.fromkeys(("01", "04", "05", "06", "12", "14"), "del ")
    | dict.fromkeys(("08", "10", "13"), "dell'")
    | {"11": "delle "}
)
# Provinces and municipalities whose name takes an article in use: "all'Aquila", but "a La Morra".
_OF_PROVINCE = {
    "011": "della Spezia",
    "066": "dell'Aquila",
    "103": "del Verbano-Cusio-Ossola",
    "105": "dell'Ogliastra",
    "106": "del Medio Campidano",
    "111": "del Sud Sardegna",
    "113": "della Gallura Nord-Est Sardegna",
    "116": "dell'Ogliastra",
    "117": "del Medio Campidano",
    "119": "del Sulcis Iglesiente",
}
_WITH_ARTICLE = {"011015": ("lla ", "Spezia"), "066049": ("ll'", "Aquila"), "113012": ("lla ", "Maddalena")}
# Aosta is both a region and a province, and nobody says "in the province of".
_REGIONS_AS_PROVINCES = {"007": "02"}


def place_name(code: str, territory: Territory, language: Language) -> str:
    """Return the name of a code of any level, an area or the country for use in a sentence: "Lombardia", "Lombardy"."""
    name = _NAMES[language].get(code)
    if language is Language.EN:
        name = name or territory.area_names_en.get(code)
    return name or territory.name_of(code)


def special_names(code: str) -> tuple[str, ...]:
    """Return the names of a place, in either language, other than ISTAT's Italian name."""
    return tuple(names[code] for names in _NAMES.values() if code in names)


def title_of_place(code: str, territory: Territory, language: Language) -> str:
    """Return the name for use on its own, as in a heading: "Lombardia", "Provincia di Cremona", "Crema (CR)"."""
    name, level = place_name(code, territory, language), territory.level_of(code)
    if level is Level.MUNICIPALITY:
        return name + f" ({territory.municipalities.at[code, 'province_abbr']!s})"
    if level is Level.PROVINCE and code not in _REGIONS_AS_PROVINCES:
        return f"Provincia {_of_province(code, name)}" if language is Language.IT else f"Province of {name}"
    return name


def in_place(code: str, territory: Territory, language: Language) -> str:
    """Return the place after its preposition: "nelle Marche", "in provincia di Cremona", "ad Aosta"; "in Marche"."""
    code = _REGIONS_AS_PROVINCES.get(code, code) if territory.level_of(code) is Level.PROVINCE else code
    name, level = place_name(code, territory, language), territory.level_of(code)
    if level is Level.PROVINCE:
        return in_province(code, name, language)
    if language is Language.EN:
        return f"in {name}"
    if level is Level.MUNICIPALITY:
        ending, bare = _WITH_ARTICLE.get(code, ("d " if name[0] in "AÀÁ" else " ", name))
        return f"a{ending}{bare}"
    return f"{_IN_REGION.get(code, 'in ')}{name}"


def of_place(code: str, territory: Territory, language: Language) -> str:
    """Return the place after "of": "della Lombardia", "della provincia di Cremona", "di Crema"; "of Lombardy"."""
    code = _REGIONS_AS_PROVINCES.get(code, code) if territory.level_of(code) is Level.PROVINCE else code
    name, level = place_name(code, territory, language), territory.level_of(code)
    if level is Level.PROVINCE:
        return of_province(code, name, language)
    if language is Language.EN:
        return f"of {name}"
    if level is Level.MUNICIPALITY:
        article, bare = _WITH_ARTICLE.get(code, ("", name))
        return f"de{article}{bare}" if article else f"di {name}"
    return f"{_OF_REGION.get(code, 'della ')}{name}"


def in_province(code: str, name: str, language: Language) -> str:
    """Return a province, also one that has ended, after its preposition: "in provincia del Sud Sardegna"."""
    return f"in provincia {_of_province(code, name)}" if language is Language.IT else f"in the province of {name}"


def of_province(code: str, name: str, language: Language) -> str:
    """Return a province, also one that has ended, after "of": "della provincia di Olbia-Tempio"."""
    return f"della provincia {_of_province(code, name)}" if language is Language.IT else f"of the province of {name}"


def to_place(code: str, territory: Territory, language: Language) -> str:
    """Return the place after "to": "alla Sicilia", "alla provincia di Roma", "a Roma"; "to Sicily"; "" is Italy."""
    if language is Language.EN:
        return f"to {of_place(code, territory, language).removeprefix('of ')}" if code else "to Italy"
    if not code:
        return "all'Italia"
    if territory.level_of(code) is Level.MUNICIPALITY:
        return in_place(code, territory, language)
    return f"a{of_place(code, territory, language).removeprefix('de')}"


def in_places(codes: Iterable[str], territory: Territory, translator: Translator, more: str = "") -> str:
    """Return several regions after their prepositions: "in Liguria e nelle Marche"; "in Liguria and Marche".

    `more` is the last item of the list, such as "in altre 4 regioni"; in English without its preposition.
    """
    language = translator.language
    name = in_place if language is Language.IT else place_name
    items = [name(code, territory, language) for code in codes]
    places = translator.sequence([*items, more] if more else items)
    return places if language is Language.IT else f"in {places}"


def _of_province(code: str, name: str) -> str:
    return _OF_PROVINCE.get(code, f"di {name}")
