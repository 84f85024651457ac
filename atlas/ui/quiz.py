"""Guess first: the question, the guess, then the answer with its chart. Guesses are kept in the session only."""

import zlib
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from urllib.parse import urlencode

import pandas as pd
import streamlit as st

from atlas.base.i18n import Translator
from atlas.base.model import Level, Question, Selection
from atlas.catalogue.drill import municipality_of
from atlas.catalogue.links import to_query
from atlas.figures.answer_map import build_answer_map
from atlas.figures.charts import Bar, build_bar_chart
from atlas.figures.vega import Spec
from atlas.indicators.indicators import SMALL_COUNT
from atlas.indicators.quiz import DIMENSIONS, RATES, Problem, Riddle, Verdict, ask
from atlas.territory.places.names import in_place, title_of_place
from atlas.ui.catalogue.cards import show_titles
from atlas.ui.choices.finder import show_finder
from atlas.ui.map.map_panel import show_choosing_map
from atlas.ui.parts.charts import Figure, show_figure
from atlas.ui.parts.heard import tell
from atlas.ui.parts.labels import label_of, name_of
from atlas.ui.parts.markdown_escape import to_plain
from atlas.ui.regions.ranking import build_figure, say_legend
from atlas.ui.session import state
from atlas.ui.session.state import Screen
from atlas.words.phrases import describe_selection

_MAP = "quiz_map"
# The questions that can be answered on a map.
ON_MAP = (Question.REGION_RATE, Question.REGION_COUNT, Question.NEAREST)
_LOOKS = {Verdict.BEST: (st.success, "check_circle"), Verdict.ACCEPTED: (st.success, "balance"),
          Verdict.CLOSE: (st.info, "balance"), Verdict.WRONG: (st.warning, "cancel")}  # fmt: skip


def show_choice(screen: Screen) -> Riddle | None:
    """Draw the questions as cards or, when one is chosen, the way back to them; return the one to ask, or None."""
    words, chosen = screen.words, screen.view.question
    if chosen is None:
        every = list(Question)
        with st.container(key="quiz_cards"):
            for start in range(0, len(every), 3):
                for place, question in zip(st.columns(3, gap="medium"), every[start : start + 3], strict=False):
                    with place, st.container(border=True, height="stretch", key=f"quiz_card_{question.value}"):
                        _show_question_card(words, question)
        return None
    with st.container(horizontal=True, gap="small"):
        st.button(words("quiz.all"), key="quiz_all", icon=":material/apps:", on_click=state.ask, args=(None,))
        _show_next(words, chosen, "quiz_next")
    return ask(chosen, screen.catalogue, screen.selection, screen.territory, _start_of(screen))


def _show_next(words: Translator, question: Question, key: str) -> None:
    every = list(Question)
    after = every[(every.index(question) + 1) % len(every)]
    st.button(words("quiz.next"), key=key, icon=":material/skip_next:", on_click=state.ask, args=(after,))


def _show_question_card(words: Translator, question: Question) -> None:
    """Draw a question, how it is answered and the button that asks it."""
    st.header(to_plain(words(f"quiz.name.{question.value}")), anchor=False)
    st.caption(words(f"quiz.way.{_way_of(question)}"))
    st.button(
        words("quiz.play"),
        key=f"quiz_play_{question.value}",
        on_click=state.ask,
        args=(question,),
        icon=":material/play_arrow:",
    )


def _way_of(question: Question) -> str:
    """Return how a question is answered, a name under `quiz.way`."""
    if question is Question.EMPTY_REGIONS:
        return "number"
    return "map" if question in ON_MAP else "list"


def show_question(screen: Screen, riddle: Riddle) -> None:
    """Draw the question, its filters, the field for the guess and the buttons."""
    words = screen.words
    st.header(to_plain(_say_question(screen, riddle)), anchor=False)
    st.caption(to_plain(_say_filters(screen, riddle)))
    if riddle.problem is Problem.NO_PLACE:
        st.markdown(words("quiz.no_place"))
    elif riddle.problem is Problem.NO_INITIATIVES:
        st.info(words("quiz.no_initiatives"), icon=":material/info:")
    if riddle.question is Question.NEAREST:
        show_finder(screen, "quiz_place", (Level.MUNICIPALITY,), choose=state.show_municipality)
    if riddle.problem:
        return
    key = _key(riddle, screen)
    is_revealed = key in _revealed()
    has_map = riddle.question in ON_MAP and not is_revealed
    # Beside the answer, and over the map: after a click there it is seen what to do next.
    is_row = riddle.question not in DIMENSIONS  # in a row, options by name would stand in one line and be cut
    with st.container(horizontal=is_row, vertical_alignment="bottom", key="quiz_step"):
        _show_guess(screen, riddle, key, is_revealed)
        if not is_revealed:
            st.button(
                words("quiz.reveal"),
                key="quiz_reveal",
                type="primary",
                icon=":material/visibility:",
                on_click=_reveal,
                args=(key, riddle),
            )
    if has_map:
        _show_answer_map(screen, riddle, key)
    if is_revealed:
        _show_answer(screen, riddle, key)
        with st.container(horizontal=True, gap="small"):
            _show_next(words, riddle.question, "quiz_next_end")
            st.button(words("quiz.again"), key="quiz_again", icon=":material/replay:", on_click=_forget, args=(key,))


def show_link(screen: Screen) -> None:
    """Draw the link to the question with its filters, and the score of this session."""
    words = screen.words
    revealed = [verdict for verdict in _revealed().values() if verdict]
    if revealed:
        right = sum(verdict.is_right for verdict in revealed)
        st.markdown(words("quiz.score", n=words.number(len(revealed)), right=words.number(right)))
    if screen.view.question is not None:
        st.caption(words("quiz.link"))
        st.code(f"{st.context.url or ''}?{urlencode(to_query(screen.view))}", language=None, wrap_lines=True)
    st.caption(words("quiz.private"))


def _say_filters(screen: Screen, riddle: Riddle) -> str:
    """Say the filters of the question and, of those chosen, the ones that it does not use."""
    words, asked, chosen = screen.words, riddle.selection, screen.selection
    among = chosen.regions if riddle.question in RATES and len(chosen.regions) > 1 else asked.regions
    unused = Selection(
        themes=() if asked.themes == chosen.themes else chosen.themes,
        targets=() if asked.targets == chosen.targets else chosen.targets,
        regions=() if among == chosen.regions else chosen.regions,
        place=chosen.place,
    )
    said = []
    if not asked.is_empty or unused.is_empty:
        filters = describe_selection(asked, screen.world, words)
        said.append(filters if asked.is_empty else words("quiz.filters", filters=filters))
    if not unused.is_empty:
        said.append(words("quiz.unused", filters=describe_selection(unused, screen.world, words)))
    return " ".join(said)


def _say_question(screen: Screen, riddle: Riddle) -> str:
    words, place = screen.words, _start_of(screen)
    if riddle.question is Question.NEAREST and riddle.problem is not Problem.NO_PLACE:
        where = in_place(place, screen.territory, screen.view.language)
        name = name_of(screen, place)
        return words("quiz.ask.nearest", where=where, where_name=name)
    return words(f"quiz.name.{riddle.question.value}")


def _show_guess(screen: Screen, riddle: Riddle, key: str, is_revealed: bool) -> None:
    """Draw the options by name, as a list beside a map, or a field for a number; disabled after the answer."""
    words = screen.words
    widget = f"quiz_guess_{zlib.crc32(key.encode())}"
    guess = _guesses().get(key)
    state.place_widgets([(widget, guess)])
    if riddle.number is not None:
        st.number_input(
            words("quiz.number"),
            min_value=0,
            max_value=len(riddle.values),
            value=None,
            step=1,
            key=widget,
            on_change=_on_guess,
            args=(key, widget),
            disabled=is_revealed,
            width=220,
        )
        return
    options = sorted(riddle.values, key=partial(_label, screen, riddle))
    if riddle.question in ON_MAP:
        st.selectbox(
            words("quiz.options" if is_revealed else "quiz.options_or_map"),
            options,
            index=None,
            key=widget,
            format_func=partial(_label, screen, riddle),
            placeholder=words("quiz.choose"),
            on_change=_on_guess,
            args=(key, widget),
            disabled=is_revealed,
            width=460,
        )
        return
    st.pills(
        words("quiz.options"),
        options,
        key=widget,
        format_func=lambda option: to_plain(_label(screen, riddle, option)),
        on_change=_on_guess,
        args=(key, widget),
        disabled=is_revealed,
    )


def _show_answer_map(screen: Screen, riddle: Riddle, key: str) -> None:
    """Draw the map for clicking the same options, without any numbers."""
    start = _start_of(screen) if riddle.question is Question.NEAREST else ""
    chosen = str(_guesses().get(key) or "")
    message = build_answer_map(riddle.values, chosen, start, screen.territory, screen.words)
    show_choosing_map(message, _MAP, partial(_on_place, key, frozenset(riddle.values)))


def _show_answer(screen: Screen, riddle: Riddle, key: str) -> None:
    """Draw the verdict, the answer with its chart and table, and the limits of the numbers."""
    guess, verdict = _guesses().get(key), _revealed()[key]
    if verdict:
        show, icon = _LOOKS[verdict]
        said = _say_verdict(screen, riddle, guess, verdict)
        tell("quiz", said)
        show(to_plain(said), icon=f":material/{icon}:")
    else:
        said = " ".join(filter(None, (_say_right(screen, riddle), _say_unsure(screen, riddle, None))))
        st.info(to_plain(said), icon=":material/info:")
    show_figure(screen, _build_figure(screen, riddle))
    for option in riddle.best:
        show_titles(screen, riddle.initiatives.get(option, ()), "quiz")
    st.caption(screen.words(f"quiz.caution.{riddle.question.value}"))


def _say_verdict(screen: Screen, riddle: Riddle, guess: str | int | None, verdict: Verdict) -> str:
    """Say whether the guess is right, what it has, the right answer if it is another, and once what chance allows."""
    words = screen.words
    if riddle.number is not None:
        said = words(f"quiz.verdict.number_{verdict.value}", n=words.number(float(guess or 0)))
        return f"{said} {_say_right(screen, riddle)}"
    option, ties = str(guess), len(riddle.best) - 1
    named = {"guess": _label(screen, riddle, option), "value": _say_value(screen, riddle, riddle.values[option])}
    if verdict is Verdict.BEST:
        said = words.plural("quiz.verdict.tied", ties, **named) if ties else words("quiz.verdict.best", **named)
    else:
        said = words(f"quiz.verdict.{'best' if verdict.is_right else 'wrong'}", **named)
        said = f"{said} {_say_right(screen, riddle)}"
    return " ".join(filter(None, (said, _say_unsure(screen, riddle, verdict))))


def _say_unsure(screen: Screen, riddle: Riddle, verdict: Verdict | None) -> str:
    """Say that others could be the answer too; "" where the numbers tell the answer from all others."""
    if set(riddle.accepted) <= set(riddle.best):
        return ""
    if riddle.question is Question.NEAREST:
        return screen.words("quiz.unsure.place")
    return screen.words("quiz.unsure.close" if verdict is Verdict.CLOSE else "quiz.unsure.region")


def _say_right(screen: Screen, riddle: Riddle) -> str:
    """Say the right answer with its value; all of them if several tie."""
    words = screen.words
    if riddle.number is not None:
        return words.plural("quiz.right.number", riddle.number, total=words.number(len(riddle.values)))
    kind = "rarest" if riddle.question in DIMENSIONS else "nearest" if riddle.question is Question.NEAREST else "most"
    names = words.sequence(_label(screen, riddle, option) for option in riddle.best)
    value = _say_value(screen, riddle, riddle.values[riddle.best[0]])
    return words.plural(f"quiz.right.{kind}", len(riddle.best), names=names, value=value)


def _say_value(screen: Screen, riddle: Riddle, value: float) -> str:
    """Say what an option has, after its name: "con 4 iniziative"."""
    words = screen.words
    if riddle.question is Question.NEAREST:
        return words("quiz.value.nearest", n=words.number(value, 0))
    if not value:
        return words("quiz.value.none")
    if riddle.question is Question.REGION_RATE:
        return words("quiz.value.region_rate", n=words.number(value))
    return words("quiz.value.count", count=words.plural("list.title", value))


def _build_figure(screen: Screen, riddle: Riddle) -> Figure:
    """Return the chart of the answer: the ranking of the regions as on their page, or bars of the options."""
    if riddle.ranking is not None:
        # What the page of the regions says of this ranking answers another question: how many have none.
        finding, note = _say_right(screen, riddle), say_legend(screen, riddle.ranking)
        return replace(build_figure(screen, riddle.ranking), finding=finding, note=note)
    words, is_distance = screen.words, riddle.question is Question.NEAREST
    unit = "km" if is_distance else "initiatives"
    values = {option: words.number(value, 0) for option, value in riddle.values.items()}
    return Figure(
        name=f"indovina-{riddle.question.value}",
        title=words(f"quiz.chart.{riddle.question.value}"),
        finding=_say_right(screen, riddle),
        draw=partial(_draw, screen, riddle, values),
        table=lambda: pd.DataFrame(
            {
                words("column.name"): [_label(screen, riddle, option) for option in riddle.values],
                words(f"quiz.unit.{unit}"): [round(value, 1) for value in riddle.values.values()],
            }
        ),
        about="distance" if is_distance else "options",
        note="" if is_distance else words("quiz.legend", n=words.number(SMALL_COUNT)),
    )


def _draw(screen: Screen, riddle: Riddle, texts: Mapping[str, str], theme: str) -> Spec:
    is_count = riddle.question in DIMENSIONS
    bars = [
        Bar(
            code=option,
            label=_label(screen, riddle, option),
            value=value,
            text=texts[option],
            hint=f"{_label(screen, riddle, option)}: {texts[option]}",
            is_small=is_count and value < SMALL_COUNT,
            is_chosen=option in riddle.best,
        )
        for option, value in riddle.values.items()
    ]
    return build_bar_chart(bars, theme)


def _label(screen: Screen, riddle: Riddle, option: str) -> str:
    if riddle.question is Question.NEAREST:
        return title_of_place(option, screen.territory, screen.view.language)
    return label_of(screen, DIMENSIONS.get(riddle.question, "regions"), option)


def _key(riddle: Riddle, screen: Screen) -> str:
    """Return a key that identifies a question by its filters and options, independent of language."""
    place = _start_of(screen) if riddle.question is Question.NEAREST else ""
    return repr((riddle.question.value, riddle.selection, place, sorted(riddle.values)))


def _start_of(screen: Screen) -> str:
    """Return the municipality to start from, as the page Comune keeps it: it filters nothing. "" if none is chosen."""
    return municipality_of(screen.view, screen.territory)


def _guesses() -> dict[str, str | int | None]:
    kept: dict[str, str | int | None] = st.session_state.setdefault("quiz_guesses", {})
    return kept


def _revealed() -> dict[str, Verdict | None]:
    kept: dict[str, Verdict | None] = st.session_state.setdefault("quiz_revealed", {})
    return kept


def _on_place(key: str, options: frozenset[str], code: str) -> None:
    if code in options:  # other places on the map are not answers
        _guesses()[key] = code


def _on_guess(key: str, widget: str) -> None:
    _guesses()[key] = st.session_state[widget]


def _reveal(key: str, riddle: Riddle) -> None:
    guess = _guesses().get(key)
    _revealed()[key] = None if guess is None else riddle.judge(guess)


def _forget(key: str) -> None:
    _guesses().pop(key, None)
    _revealed().pop(key, None)
