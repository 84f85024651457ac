"""Words of a file converted into ids: themes, target groups, scale, service type, channel."""

from collections.abc import Iterable, Mapping

from rapidfuzz import fuzz, process

from atlas.base.i18n import translator
from atlas.base.model import Channel, Language, Scale, ServiceType
from atlas.base.said import Bilingual, Said, said
from atlas.base.text import fold
from atlas.catalogue.vocabulary import Vocabulary
from atlas.intake.cells.report import Answers
from atlas.intake.cells.values import split_list

# Similarity threshold (0-100): a letter or two wrong, but not merely some letters in common.
SIMILAR, SURE = 80, 88
# Shorter words occur in too many texts to be significant.
_TELLING = 5
# Twice the number of terms; a longer list is not a list of terms.
MAX_PARTS = 40

# For an unknown word: hints, the ids of the nearest words, the id that it is but for a letter.
Help = tuple[tuple[Said, ...], tuple[str, ...], str]
NO_HELP: Help = ((), (), "")

# Synonyms of the terms of data/vocabulary.csv and of the model; ambiguous words are left to the suggestions.
_SYNONYMS: Mapping[str, Mapping[str, str]] = {
    "themes": {
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
    },
    "targets": {
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
    },
    "scale": {
        Scale.MUNICIPALITY: "un comune;comunale;comune;singolo comune;municipal;locale",
        Scale.INTERMUNICIPAL: "piu comuni;intercomunale;sovracomunale;unione di comuni;ambito territoriale;distretto",
        Scale.METROPOLITAN_CITY: "citta metropolitana;metropolitana;metropolitano;metropolitan city",
        Scale.NATIONAL: "nazionale;italia;tutta italia;intero territorio nazionale",
    },
    "service_type": {
        ServiceType.NEW: "nuovo;nuova;nuovo servizio;nuova attivazione;attivato",
        ServiceType.RESHAPED: "ripensato per l'emergenza;rimodulato;riformulato;adattato;ripensato;trasformato",
        ServiceType.ESTABLISHED: (
            "esistente;consolidato;gia attivo;già attivo o concluso;already running or ended;in corso;proseguito"
        ),
    },
    "channel": {
        Channel.DIGITAL: "digitale;online;on line;a distanza;da remoto;telematico",
        Channel.IN_PERSON: "in presenza;presenza;in person;di persona;fisico",
        Channel.BOTH: (
            "digitale e di persona;digital and in person;entrambi;entrambe;misto;ibrido;digitale e in presenza;hybrid"
        ),
    },
}


class Terms:
    """A look-up of terms by id or any label, ignoring case and accents."""

    def __init__(self, labels: Mapping[str, Bilingual], synonyms: Mapping[str, str], more: Mapping[str, str]) -> None:
        """`synonyms` are joined by `;` for each id; `more` are words of the file's owner, word → id."""
        known = {
            _fold_words(name): id_
            for id_, label in labels.items()
            for name in (id_, *label, *synonyms.get(id_, id_).split(";"))
        }
        self._ids = {_fold_words(word): id_ for word, id_ in more.items() if id_ in labels} | known
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

    def explain(self, text: str) -> Help:
        """Return what helps with an unknown word: a sentence with the nearest words or all, and their ids."""
        folded = _fold_words(text)
        near = self._near(folded)
        hint = said("perhaps", what=self._label(near)) if near else said("allowed", what=self._label(self._labels))
        return (hint,), near, self._sure(folded)

    def _near(self, folded: str) -> tuple[str, ...]:
        """Return the ids of words spelt almost like a text, then of those contained in it."""
        alike = process.extract(folded, self._ids.keys(), scorer=fuzz.ratio, score_cutoff=SIMILAR, limit=3)
        inside = [name for name in self._ids if len(name) >= _TELLING and f" {name} " in f" {folded} "]
        inside.sort(key=len, reverse=True)
        return tuple(dict.fromkeys(self._ids[name] for name in (*(name for name, _, _ in alike), *inside)))[:3]

    def _sure(self, folded: str) -> str:
        """Return the id of the only word that differs from a text by one letter; empty if there is none, or several."""
        near = process.extract(folded, self._ids.keys(), scorer=fuzz.ratio, score_cutoff=SURE, limit=5)
        ids = {self._ids[name] for name, _, _ in near}
        return ids.pop() if len(ids) == 1 else ""

    def _label(self, ids: Iterable[str]) -> Bilingual:
        pairs = [self._labels[id_] for id_ in ids]
        return Bilingual("; ".join(pair.it for pair in pairs), "; ".join(pair.en for pair in pairs))


def build_term_columns(vocabulary: Vocabulary, answers: Answers) -> Mapping[str, Terms]:
    """Return the look-up of every column with a closed list of values, including the words in `answers`."""
    languages = [translator(language) for language in Language]
    labels = {
        name: {id_: Bilingual(term.label_it, term.label_en) for id_, term in terms.items()}
        for name, terms in (("themes", vocabulary.themes), ("targets", vocabulary.targets))
    } | {
        column: {str(id_): Bilingual(*(say(f"{column}.{id_}") for say in languages)) for id_ in _SYNONYMS[column]}
        for column in ("scale", "service_type", "channel")
    }
    return {
        column: Terms(
            labels[column], synonyms, {value: id_ for (field, value), id_ in answers.items() if field == column}
        )
        for column, synonyms in _SYNONYMS.items()
    }


def _fold_words(text: str) -> str:
    # Most words are ASCII, where folding only means lower case.
    folded = text.casefold() if text.isascii() else fold(text)
    return " ".join(folded.replace("_", " ").replace("-", " ").split())
