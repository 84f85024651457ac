"""Words of a file converted into ids: themes, target groups, scale, service type, channel."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from functools import cache

from rapidfuzz import fuzz, process

from atlas.base.i18n import translator
from atlas.base.model import Channel, Language, Scale, ServiceType
from atlas.base.said import Bilingual, Said, said
from atlas.base.text import fold
from atlas.catalogue.vocabulary import Term, Vocabulary
from atlas.intake.cells.report import Answers
from atlas.intake.cells.values import split_list

# Similarity threshold (0-100): a letter or two wrong, but not merely some letters in common.
SIMILAR, SURE = 80, 88
# Shorter words occur in too many texts to be significant.
_TELLING = 5
# Twice the number of terms; a longer list is not a list of terms.
MAX_PARTS = 40

# Synonyms of the terms of data/vocabulary.csv; ambiguous words are left to the suggestions.
_THEMES = {
    "poverty": "contrasto alla povertà",
    "housing": "abitare;abitazione;alloggio;politiche abitative;emergenza abitativa",
    "work": "occupazione;inserimento lavorativo;employment",
    "education": "istruzione;scuola;servizi educativi",
    "participation": "cittadinanza attiva;partecipazione civica",
    "digital": "digitalizzazione;innovazione digitale;transizione digitale",
    "health": "sanità;servizi sanitari",
    "autonomy": "vita indipendente;accessibilità;barriere architettoniche",
    "reception": "immigrazione;migrazioni;asilo;integrazione;intercultura",
    "justice": "carcere;reinserimento",
    "culture": "cultura;sport;tempo libero;turismo",
    "environment": "ambiente;verde pubblico;rigenerazione urbana",
    "community": "comunità;famiglie;vicinato;volontariato",
}
_TARGETS = {
    "children": "minori;bambini;minorenni;infanzia",
    "youth": "ragazzi e giovani;under 35",
    "families": "nuclei familiari;famiglia;genitori",
    "elderly": "anziani;terza eta;over 65;elderly people",
    "disabilities": "disabili;disabilità;persone disabili;disabled people",
    "homeless": "senza dimora;senza fissa dimora;senzatetto",
    "low_income": "adulti in difficoltà;persone in povertà;persone fragili",
    "unemployed": "disoccupati;inoccupati;persone in cerca di lavoro",
    "migrants": "migranti;stranieri;immigrati;rifugiati;richiedenti asilo",
    "prisoners": "detenuti;ex detenuti",
    "women_violence": "donne vittime di violenza di genere;vittime di violenza",
    "schools": "scuola;insegnanti;docenti",
    "staff": "operatori sociali;personale;workers in services",
    "everyone": "cittadini;tutti;cittadinanza;popolazione;tutta la popolazione",
}
_SCALES: Mapping[StrEnum, str] = {
    Scale.MUNICIPALITY: "un comune;comunale;comune;singolo comune;municipal;locale",
    Scale.INTERMUNICIPAL: "piu comuni;intercomunale;sovracomunale;unione di comuni;ambito territoriale;distretto",
    Scale.METROPOLITAN_CITY: "citta metropolitana;metropolitana;metropolitano;metropolitan city",
    Scale.NATIONAL: "nazionale;italia;tutta italia;intero territorio nazionale",
}
_SERVICE_TYPES: Mapping[StrEnum, str] = {
    ServiceType.NEW: "nuovo;nuova;nuovo servizio;nuova attivazione;attivato",
    ServiceType.RESHAPED: "ripensato per l'emergenza;rimodulato;riformulato;adattato;ripensato;trasformato",
    ServiceType.ESTABLISHED: (
        "esistente;consolidato;gia attivo;già attivo o concluso;already running or ended;in corso;proseguito"
    ),
}
_CHANNELS: Mapping[StrEnum, str] = {
    Channel.DIGITAL: "digitale;online;on line;a distanza;da remoto;telematico",
    Channel.IN_PERSON: "in presenza;presenza;in person;di persona;fisico",
    Channel.BOTH: (
        "digitale e di persona;digital and in person;entrambi;entrambe;misto;ibrido;digitale e in presenza;hybrid"
    ),
}


class Terms:
    """A look-up of terms by id or any label, ignoring case and accents."""

    def __init__(self, names: Mapping[str, Iterable[str]], labels: Mapping[str, Bilingual]) -> None:
        self._ids = {_fold_words(name): id_ for id_, labels in names.items() for name in (id_, *labels)}
        self._labels = labels

    def find(self, text: str) -> str:
        """Return the id of a word; empty if unknown."""
        return self._ids.get(_fold_words(text), "")

    def find_all(self, text: str) -> tuple[list[str], list[str]]:
        """Return (distinct ids, unknown words) of a cell.

        A label may contain a comma, so commas separate only text that is not a label as a whole.
        """
        known: list[str] = []
        unknown: list[str] = []
        whole = self.find(text)
        for part in [text] if whole else split_list(text)[:MAX_PARTS]:
            for word in [part] if self.find(part) else split_list(part, commas=True)[:MAX_PARTS]:
                id_ = self.find(word)
                if id_ and id_ not in known:
                    known.append(id_)
                elif not id_:
                    unknown.append(word)
        return known, unknown

    def with_names(self, names: Mapping[str, str]) -> "Terms":
        """Return a look-up with additional words (word → id), which do not override existing ones."""
        known = set(self._ids.values())
        more = {_fold_words(word): id_ for word, id_ in names.items() if id_ in known}
        terms = Terms({}, self._labels)
        terms._ids = more | self._ids
        return terms

    def near(self, text: str) -> tuple[str, ...]:
        """Return the ids of words spelt almost like a text, then of those contained in it."""
        folded = _fold_words(text)
        alike = process.extract(folded, self._ids.keys(), scorer=fuzz.ratio, score_cutoff=SIMILAR, limit=3)
        inside = [name for name in self._ids if len(name) >= _TELLING and f" {name} " in f" {folded} "]
        inside.sort(key=len, reverse=True)
        return tuple(dict.fromkeys(self._ids[name] for name in (*(name for name, _, _ in alike), *inside)))[:3]

    def sure(self, text: str) -> str:
        """Return the id of the only word that differs from a text by one letter; empty if there is none, or several."""
        near = process.extract(
            _fold_words(text), self._ids.keys(), scorer=fuzz.ratio, score_cutoff=SURE, processor=None, limit=5
        )
        ids = {self._ids[name] for name, _, _ in near}
        return ids.pop() if len(ids) == 1 else ""

    def suggest(self, text: str) -> Said:
        """Return a sentence with the nearest words, or with all words if none is near."""
        ids = self.near(text)
        if ids:
            return said("perhaps", what=self._label(ids))
        return said("allowed", what=self._label(self._labels))

    def _label(self, ids: Iterable[str]) -> Bilingual:
        pairs = [self._labels[id_] for id_ in ids]
        return Bilingual("; ".join(pair.it for pair in pairs), "; ".join(pair.en for pair in pairs))


def build_terms(terms: Mapping[str, Term], synonyms: Mapping[str, str]) -> Terms:
    """Return the look-up of the themes or the target groups of a vocabulary."""
    return Terms(
        {
            id_: (term.label_it, term.label_en, *synonyms.get(id_, term.label_it).split(";"))
            for id_, term in terms.items()
        },
        {id_: Bilingual(term.label_it, term.label_en) for id_, term in terms.items()},
    )


@cache
def build_enum_terms() -> Mapping[str, Terms]:
    """Return the look-up of each column with values fixed by the model, including their labels."""
    labels = [translator(language) for language in Language]
    return {
        column: Terms(
            {
                str(option): (*words.split(";"), *(say(f"{column}.{option}") for say in labels))
                for option, words in names.items()
            },
            {str(option): Bilingual(*(say(f"{column}.{option}") for say in labels)) for option in names},
        )
        for column, names in (("scale", _SCALES), ("service_type", _SERVICE_TYPES), ("channel", _CHANNELS))
    }


def build_term_columns(vocabulary: Vocabulary, answers: Answers | None = None) -> Mapping[str, Terms]:
    """Return the look-up of every column with a closed list of values, including the words in `answers`."""
    columns = {
        "themes": build_terms(vocabulary.themes, _THEMES),
        "targets": build_terms(vocabulary.targets, _TARGETS),
        **build_enum_terms(),
    }
    return {
        column: terms.with_names({value: id_ for (field, value), id_ in (answers or {}).items() if field == column})
        for column, terms in columns.items()
    }


def _fold_words(text: str) -> str:
    # Most words are ASCII, where folding only means lower case.
    folded = text.casefold() if text.isascii() else fold(text)
    return " ".join(folded.replace("_", " ").replace("-", " ").split())
