"""Territories wider than a municipality by name: the country, a region, a province, "all municipalities of it"."""

import re
from collections.abc import Iterable, Mapping

from atlas.base.model import Language
from atlas.territory.places.names import place_name
from atlas.territory.places.spelling import content_key, fold
from atlas.territory.territory import COUNTRY, Territory

_COUNTRY = frozenset({
    "it", "ita", "italia", "italy", "tutta italia", "in tutta italia", "tutta l italia", "in italia", "whole country",
    "territorio nazionale", "tutto il territorio nazionale", "intero territorio nazionale", "nazionale", "nazione",
    "ambito nazionale", "livello nazionale", "scala nazionale", "national", "all of italy", "tutto il paese",
})  # fmt: skip
# Everything in the territory that the other columns name.
_EVERYTHING = frozenset({
    "tutti i comuni", "tutti", "tutte le province", "tutte le regioni", "tutti i territori", "tutto il territorio",
    "intero territorio", "territorio regionale", "tutto il territorio regionale", "intero territorio regionale",
    "territorio provinciale", "tutto il territorio provinciale", "intera regione", "tutta la regione",
    "intera provincia", "tutta la provincia", "ambito regionale", "ambito provinciale", "regionale", "provinciale",
    "tutti i comuni della regione", "tutti i comuni della provincia", "000", "all municipalities",
})  # fmt: skip
_OF = r"(?: (?:di|del|della|dell|delle|dei|d|of))*"
_PROVINCE = re.compile(
    r"(?:in |nella |tutta la |intera )?(?:citta metropolitana|metropolitan city|libero consorzio comunale|"
    r"provincia regionale|provincia|province|prov)" + _OF + r" (?=\w)"
)
_AUTONOMOUS = re.compile(r"(?:provincia autonoma|prov autonoma|prov aut|provincia aut|p aut|p a|pa)" + _OF + r" (?=\w)")
_REGION = re.compile(r"(?:in |nella |tutta la |intera )?(?:regione autonoma|regione|region)" + _OF + r" (?=\w)")
_AUTONOMOUS_CODES = frozenset({"021", "022"})


def is_country(text: str) -> bool:
    """Tell whether a text names the whole country: "Italia", "ambito nazionale"."""
    return fold(text) in _COUNTRY


def is_everything(text: str) -> bool:
    """Tell whether a text says "all of it" without a name: "tutti i comuni", "intera regione"."""
    return fold(text) in _EVERYTHING


class WideNames:
    """Names of regions and provinces → their codes, and how they are announced."""

    def __init__(self, territory: Territory) -> None:
        self._regions = _index((str(code), self._names(territory, str(code))) for code in territory.regions.index)
        provinces = territory.provinces
        self._provinces = _index(
            (str(code), {*self._names(territory, str(code)), str(abbr)}) for code, abbr in provinces["abbr"].items()
        )
        # "Provincia di Monza": the beginning of a name of several, where it begins only one.
        heads: dict[str, set[str]] = {}
        for code, name in provinces["name"].items():
            heads.setdefault(fold(re.split(r"-| e |/", str(name))[0]), set()).add(str(code))
        self._provinces = {
            head: next(iter(codes)) for head, codes in heads.items() if len(codes) == 1
        } | self._provinces

    @staticmethod
    def _names(territory: Territory, code: str) -> set[str]:
        name = territory.name_of(code)
        return {name, *name.split("/"), *(place_name(code, territory, language) for language in Language)}

    def find(self, text: str) -> str:
        """Return the code of the territory that a text announces, or of the region that it is; empty otherwise.

        The bare name of a province is that of its capital and finds nothing.
        """
        folded = fold(text)
        if folded in _COUNTRY:
            return COUNTRY
        for pattern, names in ((_PROVINCE, self._provinces), (_REGION, self._regions), (_AUTONOMOUS, self._provinces)):
            bare = pattern.sub("", folded, count=1) if pattern.match(folded) else ""
            code = self._look_up(bare, names) if bare else ""
            if code and (pattern is not _AUTONOMOUS or code in _AUTONOMOUS_CODES):
                return code
        return self._look_up(folded, self._regions)

    def find_beside(self, text: str, is_province: bool) -> str:
        """Return the code of what stands in a column of provinces, or of regions."""
        folded = fold(text)
        names = self._provinces if is_province else self._regions
        return self.find(text) or self._look_up(folded, names)

    @staticmethod
    def _look_up(folded: str, names: Mapping[str, str]) -> str:
        return names.get(folded) or names.get(content_key(folded), "")


def _index(entries: Iterable[tuple[str, set[str]]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for code, names in entries:
        for name in names:
            found[fold(name)] = code
            if key := content_key(fold(name)):
                found[key] = code
    return found


# Words that many groups of municipalities have in their names, besides the one that tells which it is.
_COMMON_WORDS = frozenset({
    "ambito", "ambiti", "distrettuale", "distretto", "territoriale", "territorio", "sociale", "sociali", "sanitario",
    "sanitaria", "sociosanitario", "socio", "unione", "comuni", "comune", "dei", "del", "della", "delle", "degli", "di",
    "piano", "zona", "comunita", "montana", "lombarda", "azienda", "speciale", "consortile", "consorzio", "servizi",
    "social", "health", "district", "union", "municipalities", "of", "the",
})  # fmt: skip
_SHORTEST_WORD = 4


class AreaNames:
    """Names of the groups of municipalities that have no code of their own, as people write them."""

    def __init__(self, territory: Territory) -> None:
        self._areas = {fold(name): area for area, name in territory.area_names.items()}
        self._telling: dict[str, dict[str, None]] = {}
        for area, members in territory.areas.items():
            names = [territory.area_names.get(area, ""), territory.area_names_en.get(area, "")]
            for word in [word for name in names for word in _telling_words(name)]:
                self._telling.setdefault(word, {})[area] = None
            for code in members:  # «Distretto di Crema»
                self._telling.setdefault(_stem(fold(territory.name_of(code))), {})[area] = None

    def find(self, text: str) -> str:
        """Return the group of exactly this name, "" if there is none."""
        return self._areas.get(fold(text), "")

    def find_alike(self, text: str) -> tuple[str, ...]:
        """Return the groups that share a telling word with a name of a union or district; never certain."""
        words = _telling_words(text)
        wanted = [*words, " ".join(words)]
        return tuple(dict.fromkeys(area for word in wanted for area in self._telling.get(word, ())))


def _telling_words(name: str) -> list[str]:
    words = re.findall(r"\w+", fold(name))
    return [_stem(word) for word in words if word not in _COMMON_WORDS and len(word) >= _SHORTEST_WORD]


def _stem(word: str) -> str:
    """Return a word without its last vowel: «cremasco» and «cremasca» are one."""
    return word.rstrip("aeio") if len(word) > _SHORTEST_WORD + 1 else word
