import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atlas.base.columns import UNKNOWN
from atlas.base.i18n import translator
from atlas.base.model import CountingRule, Face, Language, Measure, Selection, View, ViewOptions
from atlas.catalogue.selection import select, understand
from atlas.indicators.comparison import compare
from atlas.words.description import describe_view
from atlas.words.findings import say_sides_title
from atlas.words.headline import HEADLINE_LENGTH
from atlas.words.phrases import describe_rule, describe_selection, option_label, say_understood
from atlas.words.window import name_window
from tests import factories
from tests.factories import make_row

IT, EN = Language.IT, Language.EN
EVERYTHING = Selection()
SMALL = factories.small_catalogue()
SMALL_WORLD = factories.small_world()


def _rows(*places, **cells):
    return [make_row(f"i{number}", places=place, **cells) for number, place in enumerate(places)]


def _describe(rows, selection=EVERYTHING, language=IT, **options):
    """Describe invented rows over the real territory, where names and prepositions are real too."""
    world = factories.real_world(*rows)
    selected = select(world.catalogue, selection)
    return describe_view(selected, selection, ViewOptions(**options), world, translator(language))


TORINO, MILANO, ROMA, BARI, VENEZIA = "001272", "015146", "058091", "072006", "027042"


def test_the_whole_catalogue_in_italian():
    rows = [*_rows(ROMA, ROMA, MILANO), make_row("n", places="IT", scale="national", undisclosed_partners="16")]
    description = _describe(rows)
    assert description.headline == "Iniziative sociali dei Comuni: 3 in 2 regioni, più 1 nazionale"
    assert description.sentences == (
        "Il catalogo raccoglie 4 iniziative: 3 in 2 Comuni di 2 regioni, "
        "più 16 amministrazioni partner di cui la fonte non dà il nome; una è nazionale e non è sulla mappa.",
        "Sono 2 nel Lazio e una in Lombardia; il catalogo non ne ha nelle altre 18 regioni.",
        "I numeri sono troppo piccoli per confrontare le regioni, e un vuoto non vuol dire che non si sia fatto nulla.",
    )
    assert description.text == " ".join(description.sentences)


def test_the_whole_catalogue_in_english():
    rows = [*_rows(ROMA, ROMA, MILANO), make_row("n", places="IT", scale="national", undisclosed_partners="16")]
    assert _describe(rows, language=EN).text == (
        "The catalogue has 4 initiatives: 3 in 2 municipalities across 2 regions, plus 16 partner authorities "
        "not named in the source; one is national and is not on the map. There are 2 in Lazio and one in Lombardy; "
        "the catalogue has none in the other 18 regions. The numbers are too small to compare the regions, "
        "and a blank does not mean that nothing was done."
    )


@pytest.mark.parametrize(
    ("language", "n", "first"),
    [
        (IT, 0, "Nessuna delle 9 iniziative del catalogo riguarda il digitale."),
        (IT, 1, "Un'iniziativa su 9 riguarda il digitale, a Milano, in Lombardia."),
        (IT, 2, "2 iniziative su 9 riguardano il digitale, tutte a Milano, in Lombardia."),
        (EN, 0, "None of the 9 initiatives in the catalogue concerns digital tools."),
        (EN, 1, "One of 9 initiatives concerns digital tools, in Milan, Lombardy."),
        (EN, 2, "2 of 9 initiatives concern digital tools, all in Milan, Lombardy."),
    ],
)
def test_none_one_and_many(language, n, first):
    rows = [make_row(f"i{k}", places=MILANO, themes="digital" if k < n else "work") for k in range(9)]
    assert _describe(rows, Selection(themes=("digital",)), language).sentences[0] == first


@pytest.mark.parametrize(
    ("language", "n", "first"),
    [
        (IT, 0, "Il catalogo non contiene iniziative."),
        (IT, 1, "Il catalogo raccoglie un'iniziativa, a Milano, in Lombardia."),
        (EN, 0, "The catalogue has no initiatives."),
        (EN, 1, "The catalogue has one initiative, in Milan, Lombardy."),
    ],
)
def test_catalogues_of_none_and_one(language, n, first):
    assert _describe(_rows(*[MILANO] * n), language=language).sentences[0] == first


@pytest.mark.parametrize(
    ("selection", "first"),
    [
        (
            Selection(themes=("poverty",)),
            "L'unica iniziativa del catalogo riguarda la povertà, a Milano, in Lombardia.",
        ),
        (Selection(themes=("work",)), "L'unica iniziativa del catalogo non risponde ai filtri scelti."),
    ],
)
def test_a_catalogue_of_one_is_not_one_of_one(selection, first):
    assert _describe(_rows(MILANO), selection).sentences[0] == first


def test_nothing_found_gives_one_sentence_and_the_way_out():
    description = _describe(_rows(MILANO, ROMA), Selection(themes=("digital",), regions=("14",)))
    assert description.headline == "Il digitale in Molise: nessuna iniziativa nel catalogo"
    assert description.sentences == (
        "Nessuna delle 2 iniziative del catalogo riguarda il digitale e si svolge in Molise.",
        "Non vuol dire che non si sia fatto nulla: togli un filtro per vederne altre.",
    )


@pytest.mark.parametrize(
    ("places", "second"),
    [
        ((ROMA, ROMA, MILANO, MILANO, BARI), "Sono 2 in Lombardia, 2 nel Lazio e una in Puglia"),
        ((ROMA, ROMA, MILANO, MILANO, BARI, VENEZIA), "Lombardia e Lazio ne hanno 2 ciascuna"),
        ((ROMA, ROMA, MILANO, BARI, VENEZIA), "Nel Lazio ce ne sono 2"),
        ((ROMA, MILANO, BARI), "Lombardia, Lazio e Puglia ne hanno una ciascuna"),
        ((ROMA, MILANO, BARI, VENEZIA), "Le 4 regioni ne hanno una ciascuna"),
        (
            (TORINO, ROMA, ROMA, MILANO, MILANO, BARI, BARI, VENEZIA, VENEZIA),
            "4 regioni ne hanno 2 ciascuna",
        ),
    ],
)
def test_ties_are_named_up_to_three_and_then_counted(places, second):
    assert _describe(_rows(*places)).sentences[1].split(";")[0] == second


@pytest.mark.parametrize(
    ("regions", "second"),
    [
        (("03", "12", "07"), "il catalogo non ne ha in Liguria."),
        (("03", "12", "07", "11"), "il catalogo non ne ha in Liguria e nelle Marche."),
        (
            ("03", "12", "07", "11", "14", "02"),
            "il catalogo non ne ha in Liguria, nelle Marche e in altre 2 regioni.",
        ),
    ],
)
def test_where_none_is_names_a_few_of_the_regions_looked_at(regions, second):
    description = _describe(_rows(ROMA, ROMA, MILANO), Selection(regions=regions))
    assert description.sentences[1].split("; ")[1] == second


def test_one_region_needs_no_ranking():
    description = _describe(_rows(ROMA, ROMA, MILANO), Selection(regions=("12",)))
    assert description.headline == "Iniziative sociali nel Lazio: 2 su 3"
    assert description.sentences == (
        "2 iniziative su 3 si svolgono nel Lazio, tutte a Roma.",
        "Il catalogo è una raccolta, non un censimento: possono esserci altre iniziative che non registra.",
    )


@pytest.mark.parametrize(
    ("place", "first"),
    [
        (MILANO, "Un'iniziativa su 2 si svolge a Milano."),
        ("015", "Un'iniziativa su 2 si svolge in provincia di Milano, a Milano."),
        ("001", "Un'iniziativa su 2 si svolge in provincia di Torino, in 312 Comuni."),
    ],
)
def test_a_chosen_place_is_not_repeated(place, first):
    assert _describe(_rows(MILANO, "001"), Selection(place=place)).sentences[0] == first


def test_a_municipality_is_looked_for_only_inside_the_chosen_territory():
    # 037 contains the digits of no region, but "03" is inside it as text: codes are compared whole.
    rows = _rows(f"{MILANO};037006")
    assert "in provincia di Bologna, a Bologna." in _describe(rows, Selection(place="037")).text


def test_only_national_initiatives_are_in_no_municipality():
    rows = [*_rows(ROMA), make_row("n", places="IT", scale="national", themes="reception")]
    by_theme = _describe(rows, Selection(themes=("reception",)))
    assert by_theme.headline == "L'accoglienza nei Comuni: 1 iniziativa nazionale"
    assert by_theme.sentences[0] == "Un'iniziativa su 2 riguarda l'accoglienza: è nazionale e non è sulla mappa."
    by_scale = _describe(rows, Selection(scales=("national",)), EN)
    assert by_scale.sentences[0] == "One of 2 initiatives is national and is not on the map."


def test_a_region_is_not_in_the_headline_of_what_is_also_national():
    rows = [*_rows(ROMA, themes="work"), make_row("n", places="IT", scale="national", themes="work")]
    assert _describe(rows, Selection(themes=("work",))).headline == "Il lavoro nei Comuni: 2 iniziative"


@pytest.mark.parametrize(
    ("rule", "second"),
    [
        (CountingRule.PRESENCE, "Lombardia, Veneto e Puglia ne hanno 3 ciascuna"),
        (CountingRule.SHARE, "Divise tra i Comuni, nel Lazio ce ne sono 2;"),
        (CountingRule.LEAD, "La fonte non dice quale Comune è il capofila"),
    ],
)
def test_where_most_follows_the_counting_rule(rule, second):
    rows = [*_rows(ROMA, ROMA), *(make_row(f"m{k}", places=f"{MILANO};{BARI};{VENEZIA}") for k in range(3))]
    assert _describe(rows, rule=rule).sentences[1].startswith(second)


@pytest.mark.parametrize(
    ("places", "selection", "first"),
    [
        ((f"{MILANO};{BARI}", ROMA), EVERYTHING, "in 3 Comuni di 3 regioni; una è condivisa da 2 Comuni."),
        ((f"{MILANO};{BARI}", f"{BARI};{ROMA}", ROMA), EVERYTHING, "di 3 regioni; 2 sono condivise da 3 Comuni."),
        ((f"{MILANO};{BARI}", f"{BARI};{ROMA}"), EVERYTHING, "di 3 regioni; sono tutte condivise da più Comuni."),
        ((f"{MILANO};{BARI}",), EVERYTHING, "un'iniziativa in 2 Comuni di 2 regioni."),
        ((f"{MILANO};{BARI}", ROMA), Selection(regions=("16",)), "si svolge in Puglia, a Bari."),
    ],
)
def test_shared_initiatives_are_told_from_their_municipalities(places, selection, first):
    assert _describe(_rows(*places), selection).sentences[0].endswith(first)


def test_a_share_is_written_with_its_decimals():
    text = _describe(_rows(f"{MILANO};{BARI};{VENEZIA}", MILANO), rule=CountingRule.SHARE).text
    assert "Divise tra i Comuni, sono 1,3 in Lombardia, 0,33 in Veneto e 0,33 in Puglia" in text


@pytest.mark.parametrize(
    ("n_rome", "n_milan", "measure", "caution"),
    [
        (4, 4, Measure.COUNT, "I numeri sono troppo piccoli per confrontare le regioni"),
        (5, 5, Measure.COUNT, "Il catalogo è una raccolta, non un censimento: un vuoto"),
        (4, 4, Measure.PER_MILLION, "I numeri sono piccoli: un'iniziativa in più o in meno cambia l'ordine"),
    ],
)
def test_few_cases_are_said(n_rome, n_milan, measure, caution):
    assert _describe(_rows(*[ROMA] * n_rome, *[MILANO] * n_milan), measure=measure).sentences[2].startswith(caution)


def test_mostly_few_cases_are_counted():
    caution = _describe(_rows(*[ROMA] * 5, MILANO, BARI)).sentences[2]
    assert caution.startswith("In 2 regioni su 3 le iniziative sono meno di 5: numeri troppo piccoli")


def test_several_filters_are_said_in_order_and_euphonically():
    selection = Selection(text="sportello", themes=("poverty", "housing"), targets=("youth",), service_types=("new",))
    first = _describe(_rows(ROMA, MILANO, targets="youth"), selection).sentences[0]
    assert first.startswith(
        "2 iniziative su 2 riguardano la povertà o la casa, sono pensate per i giovani, sono servizi nuovi e "
        "corrispondono alla ricerca «sportello», in 2 Comuni di 2 regioni"
    )
    one = _describe(_rows(ROMA), Selection(themes=("poverty",), service_types=("new",))).sentences[0]
    assert "riguarda la povertà ed è un servizio nuovo" in one


def test_options_without_words_of_their_own_are_only_mentioned():
    rows = _rows(ROMA, MILANO)
    assert "2 iniziative su 2 rispondono ai filtri scelti" in _describe(rows, Selection(years=("2019", "2020"))).text
    both = Selection(themes=("poverty",), years=("2019", "2020"))
    assert "riguardano la povertà e rispondono agli altri filtri scelti" in _describe(rows, both).text


def test_more_than_two_themes_are_counted():
    description = _describe(_rows(ROMA, MILANO), Selection(themes=("poverty", "work", "digital")))
    assert description.headline == "Iniziative scelte: 2 su 2"
    assert description.sentences[0].startswith("2 iniziative su 2 riguardano uno dei 3 temi scelti, in 2 Comuni")


@pytest.mark.parametrize(
    ("theme", "said"),
    [(UNKNOWN, "riguarda un tema che la fonte non indica"), ("gardening", "riguarda il tema «gardening»")],
)
def test_a_theme_without_words_of_its_own_is_quoted(theme, said):
    selection = Selection(themes=(theme,))
    nothing = select(SMALL, Selection(themes=(UNKNOWN,)))
    described = describe_view(nothing, selection, ViewOptions(), SMALL_WORLD, translator(IT))
    assert said in described.text


@pytest.mark.parametrize("dimension", ["themes", "targets"])
@pytest.mark.parametrize("language", Language)
def test_every_term_of_the_vocabulary_has_its_words(dimension, language):
    terms = getattr(factories.real_vocabulary(), dimension)
    assert [term for term in terms if f"words.{dimension}.{term}" not in translator(language).catalogue] == []


def test_a_search_is_quoted_without_closing_the_quotation():
    described = _describe(_rows(ROMA, BARI), Selection(text="casa »\n{x} <b>" + "z" * 100))
    assert re.search(r'corrisponde alla ricerca «casa " \{x\} <b>z{30,45}…»\.$', described.sentences[0])
    assert len(described.headline) <= HEADLINE_LENGTH
    line = describe_selection(Selection(text="a » b"), factories.real_world(), translator(IT))
    assert line == 'Ricerca: «a " b»'


def test_the_filters_in_one_line():
    world = factories.real_world()
    selection = Selection(
        text="nido", themes=("digital", "work"), targets=("elderly",), regions=("03", "11"), place="019",
        scales=("national",), channels=(UNKNOWN,), years=("2019",),
    )  # fmt: skip
    assert describe_selection(selection, world, translator(EN)).split("; ")[:5] == [
        "Search: “nido”",
        "Theme: Digital tools, Work",
        "Target group: Older people",
        "Region: Lombardy, Marche",
        "Place: Province of Cremona",
    ]
    italian = describe_selection(selection, world, translator(IT))
    assert "Regione: Lombardia, Marche; Luogo: Provincia di Cremona; Scala territoriale: Nazionale" in italian
    assert describe_selection(EVERYTHING, world, translator(IT)) == "Nessun filtro attivo"


def test_labels_of_options():
    arguments = (factories.real_world(), translator(IT))
    assert option_label("regions", "04", *arguments) == "Trentino-Alto Adige"
    assert option_label("themes", "digital", *arguments) == "Digitale"
    assert option_label("channels", "in_person", *arguments) == "Di persona"
    assert option_label("years", "2019", *arguments) == "2019"


@pytest.mark.parametrize("language", Language)
def test_every_rule_is_described(language):
    assert len({describe_rule(rule, translator(language)) for rule in CountingRule}) == len(CountingRule)


def _some(*options):
    return st.lists(st.sampled_from(options), unique=True, max_size=3).map(tuple)


SELECTIONS = st.builds(
    Selection,
    text=st.sampled_from(["", "", "", "caffe", "bologna", "  x \n y ", "niente"]),
    themes=_some("poverty", "housing", "digital"),
    targets=_some("elderly", "youth", "everyone"),
    regions=_some("01", "04", "08"),
    place=st.sampled_from(["", "", "", "001", "037", "099", "037006", "021008"]),
    scales=_some("municipality", "intermunicipal", "metropolitan_city", "national"),
    service_types=_some("new", "reshaped", "established"),
    channels=_some("digital", "in_person", "both", UNKNOWN),
    years=_some("2001", "2018", "2020", UNKNOWN),
)
LIMPING = re.compile(
    r"  |[{}]| ,| \.|\.\.|\b1 (iniziative|Comuni|regioni|initiatives|municipalities|regions)\b| e è|,,|:,"
)


@settings(deadline=None, max_examples=150)
@given(
    SELECTIONS,
    st.builds(ViewOptions, rule=st.sampled_from(CountingRule), measure=st.sampled_from(Measure)),
    st.sampled_from(Language),
)
def test_whatever_is_chosen_the_text_stands(selection, options, language):
    selected = select(SMALL, selection)
    description = describe_view(selected, selection, options, SMALL_WORLD, translator(language))
    assert 1 <= len(description.sentences) <= 3
    for sentence in description.sentences:
        assert sentence.endswith(".")
        assert sentence[0].isupper() or sentence[0].isdigit()
    assert not LIMPING.search(description.text), description.text
    assert not LIMPING.search(description.headline), description.headline
    assert len(description.headline) <= HEADLINE_LENGTH


@given(SELECTIONS)
@settings(deadline=None, max_examples=50)
def test_the_first_sentence_and_the_selected_frame_agree(selection):
    selected = select(SMALL, selection)
    description = describe_view(selected, selection, ViewOptions(), SMALL_WORLD, translator(EN))
    number = re.match(r"(?:The catalogue has )?(\d+|None|One|one)\b", description.sentences[0])
    assert number is not None
    assert {"None": 0, "One": 1, "one": 1}.get(number[1], number[1]) in (len(selected), str(len(selected)))


def test_words_cost_little():
    selected = select(SMALL, EVERYTHING)
    arguments = (selected, EVERYTHING, ViewOptions(), SMALL_WORLD, translator(IT))
    describe_view(*arguments)
    durations = []
    for _ in range(20):
        start = time.perf_counter()
        describe_view(*arguments)
        durations.append(time.perf_counter() - start)
    assert min(durations) < 0.005


@pytest.mark.parametrize(
    ("text", "language", "said"),
    [
        ("nonni", Language.IT, "«nonni»: cercato anche il gruppo Anziani."),
        ("seniors", Language.EN, "“seniors”: searched also as group Older people."),
        ("asilo nido", Language.IT, "«asilo nido»: cercato anche «nido»."),
        ("Parma", Language.IT, "«Parma»: cercato come luogo (Parma (PR) e Provincia di Parma) e come parola."),
        ("sportello", Language.IT, ""),
    ],
)
def test_what_a_search_was_understood_as_is_said(text, language, said):
    selection = View(language=language, selection=Selection(text=text)).selection
    assert say_understood(understand(SMALL, selection), factories.small_world(), translator(language)) == said


def test_what_stands_side_by_side_names_the_window_and_the_filters_the_title():
    world = factories.real_world(*_rows(ROMA, MILANO, MILANO, themes="housing"), make_row("d", places=ROMA))
    view = View(face=Face.COMPARE, compared=("03", "12", "IT"))
    assert name_window("regioni", view, "tutto", world, translator(IT)) == (
        "Lombardia, Lazio e Italia · Regioni · Atlante"
    )
    assert name_window("mappa", view, "tutto", world, translator(IT)) == "tutto · Mappa · Atlante"
    for selection, title in (
        (EVERYTHING, "Iniziative nel catalogo: 2 in Lombardia, 2 nel Lazio e 4 in Italia"),
        (Selection(themes=("housing",)), "La casa nei Comuni: 2 in Lombardia, una nel Lazio e 3 in Italia"),
        (Selection(channels=("digital",)), "Iniziative scelte: 0 in Lombardia, 0 nel Lazio e 0 in Italia"),
    ):
        sides = compare(select(world.catalogue, selection), view.compared, world.territory)
        for regions in ((), ("12",)):  # they do not count
            assert say_sides_title(sides, selection.with_(regions=regions), world, translator(IT)) == title
