"""The data of one version of the atlas: territory, vocabulary and catalogue."""

from dataclasses import dataclass

from atlas.catalogue.catalogue import Catalogue
from atlas.catalogue.provenance import UNSAID, Provenance
from atlas.catalogue.vocabulary import Vocabulary
from atlas.territory.territory import Territory


@dataclass(frozen=True)
class World:
    """The country, the themes and target groups, and all the initiatives of one version of a catalogue.

    `sources` is the key of the sentence on the sources of the initiatives; `provenance` is what the published catalogue
    says of itself.
    """

    territory: Territory
    vocabulary: Vocabulary
    catalogue: Catalogue
    sources: str = "app.sources"
    provenance: Provenance = UNSAID
