import pytest

from atlas.base.i18n import translator
from atlas.base.model import Language
from atlas.territory.places.names import in_place, in_places, of_place, place_name, title_of_place, to_place
from tests.factories import real_territory

IT, EN = Language.IT, Language.EN

REGIONS = [
    ("01", "in Piemonte", "del Piemonte", "Piedmont"),
    ("02", "in Valle d'Aosta", "della Valle d'Aosta", "Aosta Valley"),
    ("03", "in Lombardia", "della Lombardia", "Lombardy"),
    ("04", "in Trentino-Alto Adige", "del Trentino-Alto Adige", "Trentino-South Tyrol"),
    ("05", "in Veneto", "del Veneto", "Veneto"),
    ("06", "in Friuli-Venezia Giulia", "del Friuli-Venezia Giulia", "Friuli-Venezia Giulia"),
    ("07", "in Liguria", "della Liguria", "Liguria"),
    ("08", "in Emilia-Romagna", "dell'Emilia-Romagna", "Emilia-Romagna"),
    ("09", "in Toscana", "della Toscana", "Tuscany"),
    ("10", "in Umbria", "dell'Umbria", "Umbria"),
    ("11", "nelle Marche", "delle Marche", "Marche"),
    ("12", "nel Lazio", "del Lazio", "Lazio"),
    ("13", "in Abruzzo", "dell'Abruzzo", "Abruzzo"),
    ("14", "in Molise", "del Molise", "Molise"),
    ("15", "in Campania", "della Campania", "Campania"),
    ("16", "in Puglia", "della Puglia", "Apulia"),
    ("17", "in Basilicata", "della Basilicata", "Basilicata"),
    ("18", "in Calabria", "della Calabria", "Calabria"),
    ("19", "in Sicilia", "della Sicilia", "Sicily"),
    ("20", "in Sardegna", "della Sardegna", "Sardinia"),
]


def test_the_table_has_every_region():
    assert [code for code, *_ in REGIONS] == list(real_territory().regions.index)


@pytest.mark.parametrize(("code", "inside", "of", "english"), REGIONS)
def test_regions_take_their_prepositions(code, inside, of, english):
    territory = real_territory()
    assert in_place(code, territory, IT) == inside
    assert of_place(code, territory, IT) == of
    assert in_place(code, territory, EN) == f"in {english}"
    assert of_place(code, territory, EN) == f"of {english}"
    assert title_of_place(code, territory, EN) == english
    assert inside.endswith(place_name(code, territory, IT))


@pytest.mark.parametrize(
    ("code", "inside", "of", "title"),
    [
        ("019", "in provincia di Cremona", "della provincia di Cremona", "Provincia di Cremona"),
        ("011", "in provincia della Spezia", "della provincia della Spezia", "Provincia della Spezia"),
        ("066", "in provincia dell'Aquila", "della provincia dell'Aquila", "Provincia dell'Aquila"),
        (
            "113",
            "in provincia della Gallura Nord-Est Sardegna",
            "della provincia della Gallura Nord-Est Sardegna",
            "Provincia della Gallura Nord-Est Sardegna",
        ),
        ("116", "in provincia dell'Ogliastra", "della provincia dell'Ogliastra", "Provincia dell'Ogliastra"),
        ("118", "in provincia di Cagliari", "della provincia di Cagliari", "Provincia di Cagliari"),
        ("021", "in provincia di Bolzano", "della provincia di Bolzano", "Provincia di Bolzano"),
        ("007", "in Valle d'Aosta", "della Valle d'Aosta", "Valle d'Aosta"),
        ("019036", "a Cremona", "di Cremona", "Cremona (CR)"),
        ("042002", "ad Ancona", "di Ancona", "Ancona (AN)"),
        ("007003", "ad Aosta", "di Aosta", "Aosta (AO)"),
        ("014001", "ad Albaredo per San Marco", "di Albaredo per San Marco", "Albaredo per San Marco (SO)"),
        ("086009", "a Enna", "di Enna", "Enna (EN)"),
        ("066049", "all'Aquila", "dell'Aquila", "L'Aquila (AQ)"),
        ("011015", "alla Spezia", "della Spezia", "La Spezia (SP)"),
        ("113012", "alla Maddalena", "della Maddalena", "La Maddalena (OT)"),
        ("004105", "a La Morra", "di La Morra", "La Morra (CN)"),
    ],
)
def test_italian_provinces_and_municipalities(code, inside, of, title):
    territory = real_territory()
    assert in_place(code, territory, IT) == inside
    assert of_place(code, territory, IT) == of
    assert title_of_place(code, territory, IT) == title


@pytest.mark.parametrize(
    ("code", "inside", "title"),
    [
        ("058091", "in Rome", "Rome (RM)"),
        ("058", "in the province of Rome", "Province of Rome"),
        ("007", "in Aosta Valley", "Aosta Valley"),
        ("066049", "in L'Aquila", "L'Aquila (AQ)"),
        ("019036", "in Cremona", "Cremona (CR)"),
    ],
)
def test_english_provinces_and_municipalities(code, inside, title):
    territory = real_territory()
    assert in_place(code, territory, EN) == inside
    assert title_of_place(code, territory, EN) == title


@pytest.mark.parametrize(
    ("code", "italian", "english"),
    [
        ("", "all'Italia", "to Italy"),
        ("19", "alla Sicilia", "to Sicily"),
        ("12", "al Lazio", "to Lazio"),
        ("11", "alle Marche", "to Marche"),
        ("10", "all'Umbria", "to Umbria"),
        ("058", "alla provincia di Roma", "to the province of Rome"),
        ("066", "alla provincia dell'Aquila", "to the province of L'Aquila"),
        ("007", "alla Valle d'Aosta", "to Aosta Valley"),
        ("058091", "a Roma", "to Rome"),
        ("066049", "all'Aquila", "to L'Aquila"),
        ("007003", "ad Aosta", "to Aosta"),
    ],
)
def test_the_way_to_a_place(code, italian, english):
    assert to_place(code, real_territory(), IT) == italian
    assert to_place(code, real_territory(), EN) == english


def test_areas_and_the_country_have_an_english_name():
    territory = real_territory()
    assert place_name("ambito-cremasco", territory, IT) == "Ambito distrettuale Cremasco"
    assert place_name("ambito-cremasco", territory, EN) == "Cremasco social district"
    assert (place_name("IT", territory, IT), place_name("IT", territory, EN)) == ("Italia", "Italy")


def test_a_list_repeats_the_preposition_only_in_italian():
    territory = real_territory()
    codes = ["07", "11", "12"]
    assert in_places(codes, territory, translator(IT)) == "in Liguria, nelle Marche e nel Lazio"
    assert in_places(codes, territory, translator(EN)) == "in Liguria, Marche and Lazio"
    assert in_places(codes[:1], territory, translator(IT), "in altre 4 regioni") == "in Liguria e in altre 4 regioni"
