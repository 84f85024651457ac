"""Guess first: no page may give the answer away before it is asked for, ties are right, and not everything is."""

import pytest

from atlas.base.i18n import translator
from atlas.base.model import Language, Question, Selection
from atlas.catalogue.source.bundle import bundled_territory, published_edition
from atlas.indicators.quiz import ask
from tests.app.reading import page_text, query_of, read

pytestmark = pytest.mark.fast

IT = translator(Language.IT)


def guess_of(app):
    widgets = (*app.pills, *app.selectbox, *app.number_input)
    return next(widget for widget in widgets if str(widget.key).startswith("quiz_guess_"))


def answer(app, guess):
    guess_of(app).set_value(guess).run()
    assert not app.exception
    app.button(key="quiz_reveal").click().run()
    assert not app.exception
    return " ".join(read(box.value) for box in (*app.success, *app.info, *app.warning))


def ask_for(app, question):
    app.button(key="quiz_all").click().run()
    app.button(key=f"quiz_play_{question}").click().run()


def test_without_a_question_the_page_is_cards_of_them(open_page):
    app = open_page("indovina")
    assert not app.exception and len(app.title) == 1
    assert {read(head.value) for head in app.main.header} == {IT(f"quiz.name.{question}") for question in Question}
    app.button(key="quiz_play_rarest_theme").click().run()
    assert query_of(app)["question"] == "rarest_theme"
    assert read(app.main.header[0].value) == IT("quiz.name.rarest_theme")
    app.button(key="quiz_all").click().run()
    assert "question" not in app.query_params


def test_the_next_question_follows_and_after_the_last_the_first(open_page):
    app = open_page("indovina", question="rarest_target")
    for question in (Question.NEAREST, Question.REGION_RATE):
        app.button(key="quiz_next").click().run()
        assert query_of(app)["question"] == question.value
    app.button(key="quiz_reveal").click().run()
    app.button(key="quiz_next_end").click().run()
    assert query_of(app)["question"] == Question.REGION_COUNT.value


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("question", [q.value for q in Question])
def test_a_link_asks_and_nothing_answers_before(open_page, question, language):
    app = open_page("indovina", question=question, lang=language.value, municipality="001001")
    words, text = translator(language), page_text(app)
    assert not app.exception
    assert not app.success and not app.info and not app.warning and not app.get("vega_lite_chart")
    assert not [option for widget in app.multiselect for option in widget.options if "(" in option]
    assert words("filter.counts_note") not in text
    assert words(f"quiz.caution.{question}") not in text
    app.button(key="quiz_reveal").click().run()
    assert not app.exception and app.get("vega_lite_chart")
    assert words(f"quiz.caution.{question}") in page_text(app)


def test_only_the_first_is_right_and_whoever_could_be_first_is_told(open_page):
    said = answer(open_page("indovina", question="region_rate"), "02")
    assert said == f"Giusto: Valle d'Aosta, con 8,1 iniziative per milione di abitanti. {IT('quiz.unsure.region')}"
    app = open_page("indovina", question="region_rate")
    said = answer(app, "12")
    assert said.startswith(
        "Sbagliato. Hai scelto Lazio, con 0,87 iniziative per milione di abitanti. Prima nel catalogo: "
    )
    assert "Valle d'Aosta, con 8,1 " in said and said.endswith(IT("quiz.unsure.close"))
    assert "Risposte giuste in questa sessione: 0 su 1." in page_text(app)
    said = answer(open_page("indovina", question="region_rate"), "07")
    assert said.startswith(
        "Sbagliato. Hai scelto Liguria, senza iniziative nel catalogo. Prima nel catalogo: Valle d'Aosta"
    )


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("question", ["region_rate", "region_count"])
@pytest.mark.parametrize("guess", ["03", "07", "12", None])
def test_chance_is_named_once_and_no_later_question_is_answered(open_page, question, guess, language):
    app = open_page("indovina", question=question, lang=language.value)
    answer(app, guess)
    text, words = page_text(app).casefold(), translator(language)
    chance = {"it": "il caso", "en": "chance"}[language.value]
    assert text.count(chance) == 1
    catalogue, territory = published_edition().catalogue, bundled_territory()
    empty = ask(Question.EMPTY_REGIONS, catalogue, Selection(), territory).number
    assert words.plural("ranking.empty", empty).casefold() not in text
    assert f" {empty} region" not in text and f" {empty} regioni" not in text


@pytest.mark.parametrize("question", ["region_rate", "region_count", "rarest_theme", "rarest_target", "nearest"])
def test_no_question_is_right_whatever_one_answers(open_page, question):
    app = open_page("indovina", question=question, municipality="001001")
    options = guess_of(app).proto.options if hasattr(guess_of(app), "proto") else guess_of(app).options
    riddle = ask(Question(question), published_edition().catalogue, Selection(), bundled_territory(), "001001")
    right = sum(riddle.judge(option).is_right for option in riddle.values)
    assert 0 < right <= len(riddle.values) / 2 and len(options) == len(riddle.values)


def test_tied_answers_are_all_right(open_page):
    for theme in ("reception", "justice", "culture", "environment"):
        assert answer(open_page("indovina", question="rarest_theme"), theme).endswith("alla pari con altre 3 risposte.")
    said = answer(open_page("indovina", question="rarest_theme"), "digital")
    assert (
        said.startswith("Sbagliato. Hai scelto Digitale, con ")
        and "I meno presenti, alla pari, con 3 iniziative: " in said
    )


def test_a_number_is_guessed_with_a_number(open_page):
    assert answer(open_page("indovina", question="empty_regions"), 6).startswith("Giusto: 6.")
    assert (
        answer(open_page("indovina", question="empty_regions"), 5) == "Sbagliato. Hai risposto 5. Sono 6 regioni su 20."
    )
    assert answer(open_page("indovina", question="empty_regions"), 0).startswith("Sbagliato. Hai risposto 0.")


def test_the_nearest_needs_a_place_and_says_how_far(open_page):
    app = open_page("indovina", question="nearest", target="elderly")
    assert IT("quiz.no_place") in page_text(app) and not [b for b in app.button if b.key == "quiz_reveal"]
    app.text_input(key="quiz_place").set_value("Agliè").run()
    app.button(key="quiz_place_001001").click().run()
    assert read(app.main.header[0].value) == "Dov'è l'iniziativa più vicina ad Agliè?"
    said = answer(app, "015146")
    assert said == "Giusto: Milano (MI), a 109 km in linea d'aria."
    assert "109 km in linea d'aria" in page_text(app)
    assert [b.key for b in app.button if str(b.key).startswith("quiz_informatica")]


def test_the_start_is_no_filter_and_stays_in_the_address(open_page):
    app = open_page("indovina", question="nearest")
    app.text_input(key="quiz_place").set_value("Locorotondo").run()
    app.button(key="quiz_place_072025").click().run()
    assert query_of(app) == {"question": "nearest", "municipality": "072025"}
    assert not [b for b in app.button if str(b.key).startswith("chip_")] and "Nessun filtro attivo" in page_text(app)
    app.button(key="quiz_next").click().run()
    assert not [b for b in app.button if str(b.key).startswith("chip_")]


def test_a_link_with_a_place_starts_there_and_says_that_it_is_not_used_as_a_filter(open_page):
    app = open_page("indovina", question="nearest", place="001001", region="01", theme="digital")
    assert read(app.main.header[0].value) == "Dov'è l'iniziativa più vicina ad Agliè?"
    assert "Filtri della domanda: Tema: Digitale. Fuori dai filtri della domanda: " in page_text(app)
    app = open_page("indovina", question="region_count", region="03,12")
    assert "Fuori dai filtri" not in page_text(app)
    app = open_page("indovina", question="empty_regions", region="03")
    assert "Fuori dai filtri della domanda: " in page_text(app) and "Nessun filtro attivo" not in page_text(app)


def test_the_filters_of_a_link_hold_for_the_question(open_page):
    app = open_page("indovina", question="empty_regions", theme="digital")
    assert "Filtri della domanda: Tema: Digitale." in page_text(app)
    assert answer(app, 6) != answer(open_page("indovina", question="empty_regions"), 6)


def test_guesses_stay_with_their_question_and_can_be_forgotten(open_page):
    app = open_page("indovina", question="rarest_theme")
    answer(app, "justice")
    assert "Risposte giuste in questa sessione: 1 su 1." in page_text(app)
    ask_for(app, Question.EMPTY_REGIONS)
    assert not app.success and guess_of(app).value is None
    answer(app, 3)
    assert "Risposte giuste in questa sessione: 1 su 2." in page_text(app)
    ask_for(app, Question.RAREST_THEME)
    assert app.success and guess_of(app).value == "justice" and guess_of(app).disabled
    app.button(key="quiz_again").click().run()
    assert not app.success and guess_of(app).value is None
    assert "justice" not in str(dict(app.query_params))


def test_a_language_switch_keeps_the_guess(open_page):
    app = open_page("indovina", question="rarest_theme")
    guess_of(app).set_value("justice").run()
    app.segmented_control(key="language").set_value(Language.EN).run()
    assert not app.exception and guess_of(app).value == "justice"


def test_nothing_to_guess_is_said(open_page):
    app = open_page("indovina", question="region_rate", q="parola-che-non-esiste")
    assert not app.exception and IT("quiz.no_initiatives") in page_text(app)


@pytest.mark.parametrize("question", ["", "nonsense", "region_rate,nearest"])
def test_an_unknown_question_is_dropped(open_page, question):
    app = open_page("indovina", question=question)
    assert not app.exception and dict(app.query_params) == {}


def _maps(app):
    return [element for element in app.get("component_instance") if "streamlit_folium" in element.proto.component_name]


@pytest.mark.parametrize(("question", "code"), [("region_rate", "12"), ("region_count", "08"), ("nearest", "015146")])
def test_a_place_is_guessed_on_the_map_too_and_the_map_knows_no_count(open_page, question, code):
    app = open_page("indovina", question=question, municipality="001001", target="elderly")
    (shown,) = _maps(app)
    arguments = str(shown.proto.json_args)
    assert "atlasMap.paint" in arguments and IT("quiz.map_title") in arguments
    assert "iniziativ" not in arguments.split("atlasMap.paint")[-1]
    assert IT("quiz.options_or_map") in page_text(app) or guess_of(app).label == IT("quiz.options_or_map")
    said = answer(app, code)
    assert said and not _maps(app)


@pytest.mark.parametrize("question", ["rarest_theme", "rarest_target", "empty_regions"])
def test_what_is_no_place_has_no_map(open_page, question):
    assert not _maps(open_page("indovina", question=question))
