"""The comparison of two to four territories on the same scales, printable on one sheet."""

import math
from collections.abc import Callable
from functools import partial
from urllib.parse import urlencode

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from atlas.base.model import COMPARED_AT_MOST, View
from atlas.base.text import fold
from atlas.catalogue.links import comparable_codes, to_query
from atlas.figures.chart_files import to_csv
from atlas.figures.charts import Part, build_profile_chart
from atlas.figures.minimap import draw_marks
from atlas.figures.vega import Spec
from atlas.indicators.comparison import PROFILES, Side
from atlas.indicators.indicators import SMALL_COUNT
from atlas.indicators.peers import similar_regions
from atlas.territory.places.names import title_of_place
from atlas.territory.territory_files import COUNTRY
from atlas.ui.parts.charts import Figure, show_figure, theme_name
from atlas.ui.parts.figures import show_figures
from atlas.ui.parts.heard import tell
from atlas.ui.parts.labels import label_of, name_of
from atlas.ui.parts.markdown_escape import to_plain
from atlas.ui.parts.offer import offer
from atlas.ui.session import state
from atlas.ui.session.state import Screen
from atlas.words.card import row_of, title_of
from atlas.words.findings import say_chance
from atlas.words.phrases import describe_selection

LISTED = 6
_KEY = "compare_pick"
_LARGE = 1_000  # initiatives: beyond, "how many of how many" is wider than its column


def show_side_by_side(screen: Screen, _controls: DeltaGenerator) -> None:
    """Draw the choice of territories, beside it whether they can be told apart, and below it the comparison.

    The list of territories opens below its field: what is beside it stays in sight.
    """
    sides = screen.sides
    choice, answer = st.columns([1, 2], gap="medium")
    with choice, st.container(key="compare_choice"):
        _show_pick(screen)
    with answer:
        if len(sides) < 2:
            _show_examples(screen)
            return
        _show_answer(screen, sides)
    words = screen.words
    with st.container(key="sides"):
        _show_each(screen, sides, "heads", _show_head)
        st.caption(f"{words('compare.map_note')} {words('map.outline')}")
        left, right = st.columns(2, gap="large")
        for dimension in PROFILES:
            with right if dimension == "targets" else left:
                show_figure(screen, build_figure(screen, sides, dimension))
        _show_each(screen, sides, "lists", _show_list)


def _show_each(screen: Screen, sides: tuple[Side, ...], name: str, show: Callable[[Screen, Side], None]) -> None:
    """Draw something of each territory in a column of its own, also on a phone."""
    with st.container(key=f"side_{name}"):
        for place, side in zip(st.columns(len(sides), gap="medium"), sides, strict=True):
            with place:
                show(screen, side)


def _show_answer(screen: Screen, sides: tuple[Side, ...]) -> None:
    """Say whether these territories can be told apart, and with which filters; draw the download."""
    words = screen.words
    chance = say_chance(sides, screen.territory, words)
    st.markdown(to_plain(chance))
    names = words.sequence(_name(screen, side.code) for side in sides)
    tell("compare", f"{names}. {chance}")
    rest = screen.selection.with_(regions=(), place="")
    if not rest.is_empty:
        filters = describe_selection(rest, screen.world, words)
        st.caption(to_plain(words("compare.filtered", filters=filters)))
    name = f"atlante-confronto-{'-'.join(side.code for side in sides)}.csv"
    offer(words("compare.download"), lambda: to_csv(_build_whole_table(screen, sides)), name, "compare_file")


def build_figure(screen: Screen, sides: tuple[Side, ...], dimension: str) -> Figure:
    """Return the profiles of the sides on one scale as a chart, in words and as a table."""
    return Figure(
        name=f"confronto-{dimension}",
        title=screen.words(f"compare.{dimension}_title"),
        finding=" ".join(_say_profile(screen, side, dimension) for side in sides),
        draw=partial(_draw, screen, sides, dimension),
        table=partial(_build_table, screen, sides, dimension),
        about="profile",
        note=screen.words("compare.profile_note", n=screen.words.number(SMALL_COUNT)),
        within=screen.selection.with_(regions=(), place=""),
        follows_rule=False,
    )


def _show_pick(screen: Screen) -> None:
    """Draw the choice; the pair that is shown while nothing is chosen is not in it, so the first choice replaces it."""
    words = screen.words
    labels = {_name(screen, code): code for code in comparable_codes(screen.territory)}
    # A region that is also a province has the same label, which must stand for the region.
    labels |= {_name(screen, code): code for code in screen.territory.regions.index}
    names = {code: label for label, code in labels.items()}
    # The country, then the regions, then the provinces, by name.
    options = sorted(labels, key=lambda label: (labels[label] != COUNTRY, len(labels[label]), fold(label)))
    state.place_widgets([(_KEY, [names[code] for code in screen.view.compared if code in names])])
    st.multiselect(
        words("compare.pick"),
        options,
        key=_KEY,
        placeholder=words("compare.pick_hint"),
        max_selections=COMPARED_AT_MOST,
        on_change=lambda: state.compare(labels[label] for label in st.session_state[_KEY] if label in labels),
        select_all=False,
    )
    if not screen.view.compared:
        shown = words.sequence(_name(screen, code) for code in screen.compared)
        st.caption(to_plain(words("compare.example", names=shown)))


def _show_examples(screen: Screen) -> None:
    """Offer territories to compare with the only chosen one: similar regions, and the country."""
    words, chosen = screen.words, screen.view.compared[0]
    st.info(words("compare.one_more"))
    region = screen.territory.region_of(chosen)
    others = [*similar_regions(region, screen.territory), COUNTRY] if region else [COUNTRY]
    with st.container(horizontal=True, gap="small"):
        for other in others:
            if other != chosen:
                names = " · ".join(_name(screen, code) for code in (chosen, other))
                st.button(
                    to_plain(names), key=f"compare_{chosen}_{other}", on_click=state.compare, args=((chosen, other),)
                )


def _show_head(screen: Screen, side: Side) -> None:
    words, name = screen.words, _name(screen, side.code)
    st.header(to_plain(name), anchor=False)
    text = words.plural("compare.list", len(side.ids))
    st.image(draw_map(screen, side), width="content", alt=words("compare.map_alt", name=name, text=text))
    show_side_figures(screen, side)
    facts = []
    for key, dimension, options in (
        ("only_here", "themes", side.only_here),
        ("targets_only_here", "targets", side.targets_only_here),
        ("missing_here", "themes", side.missing_here),
        ("targets_missing_here", "targets", side.targets_missing_here),
    ):
        if options is not None:
            listed = ", ".join(label_of(screen, dimension, option) for option in options) or words("compare.nothing")
            facts.append(f"**{words(f'compare.{key}')}**: {to_plain(listed)}")
    st.markdown("\n\n".join(facts))
    if side.code == COUNTRY:
        st.caption(words("compare.national"))


def show_side_figures(screen: Screen, side: Side) -> None:
    """Draw the figures of one territory: initiatives, their rate with its interval, municipalities, inhabitants."""
    words = screen.words
    figures = [(words.plural("compare.count", len(side.ids)), words.number(len(side.ids)), "")]
    if not math.isnan(side.per_million):
        figures.append((words("compare.per_million"), words.number(side.per_million), ""))
    show_figures(figures)
    if not math.isnan(side.per_million):
        low, high = (words.number(limit) for limit in (side.low, side.high))
        st.caption(words("compare.interval", low=low, high=high))
    total = words.number(side.n_municipalities)
    facts = [words.plural("compare.municipalities", len(side.municipalities), total=total)]
    facts.append(words("compare.inhabitants", n=words.number(side.inhabitants)))
    st.markdown("\n\n".join(facts))


def _show_list(screen: Screen, side: Side) -> None:
    words, language = screen.words, screen.view.language
    st.markdown(f"**{to_plain(_name(screen, side.code))}: {words.plural('compare.list', len(side.ids))}**")
    lines = []
    for id_ in side.ids[:LISTED]:
        title = title_of(row_of(screen.world, id_), language)
        address = f"catalogo?{urlencode(to_query(View(language=language, initiative=id_)))}"
        lines.append(f"- [{to_plain(title)}]({address})")
    more = len(side.ids) - LISTED
    lines += [f"- {words.plural('compare.more', more)}"] if more > 0 else []
    st.markdown("\n".join(lines))


def draw_map(screen: Screen, side: Side) -> str:
    """Return the small map of one territory as SVG."""
    catalogue = screen.catalogue
    own = catalogue.keep(catalogue.store.initiatives.index.isin(side.ids))
    return draw_marks(own, screen.territory, side.code, theme_name())[0]


def _draw(screen: Screen, sides: tuple[Side, ...], dimension: str, theme: str) -> Spec:
    words = screen.words
    parts = []
    for option in sides[0].profiles[dimension]:
        label = label_of(screen, dimension, option)
        for column, side in enumerate(sides):
            key = "compare.share_text" if len(side.ids) < _LARGE else "compare.share_text_large"
            n = side.profiles[dimension][option]
            share = n / len(side.ids) if side.ids else 0.0
            name, part = _name(screen, side.code), words.number(round(100 * share))
            hint = words("compare.profile_hint", name=name, what=label, n=words.number(n), part=part)
            text = words(key, n=words.number(n), total=words.number(len(side.ids)), part=part)
            parts.append(Part(column, label, share, text, hint, 0 < len(side.ids) < SMALL_COUNT))
    return build_profile_chart(parts, [name_of(screen, side.code) for side in sides], theme)


def _say_profile(screen: Screen, side: Side, dimension: str) -> str:
    words, counts = screen.words, side.profiles[dimension]
    top = max(counts.values(), default=0)
    most = words("compare.profile_none")
    if top:
        labels = [label_of(screen, dimension, option) for option, n in counts.items() if n == top]
        what = words.sequence(words("words.quoted", text=label) for label in labels)
        most = words.plural(f"compare.profile_{'single' if len(labels) == 1 else 'tied'}", top, what=what)
    return words("compare.profile_finding", name=_name(screen, side.code), most=most)


def _build_table(screen: Screen, sides: tuple[Side, ...], dimension: str) -> pd.DataFrame:
    options = list(sides[0].profiles[dimension])
    table = {screen.words("compare.table_name"): [label_of(screen, dimension, option) for option in options]}
    columns: dict[str, list[float] | list[str]] = {}
    for side in sides:
        name, counts = _name(screen, side.code), [side.profiles[dimension][option] for option in options]
        columns[name] = [float(n) for n in counts]
        columns[screen.words("compare.share_of", name=name)] = [_to_share(n, side) for n in counts]
    return pd.DataFrame({**table, **columns})


def _name(screen: Screen, code: str) -> str:
    """Return the name of a territory for use on its own."""
    if code == COUNTRY:
        return screen.words("map.italy")
    return title_of_place(code, screen.territory, screen.view.language)


def _build_whole_table(screen: Screen, sides: tuple[Side, ...]) -> pd.DataFrame:
    """Return all numbers of the comparison, one row each.

    Columns: territory, its code, what, item, number, share of its initiatives (%), limits of the 95% interval.
    """
    words = screen.words
    rows: list[tuple[str, str, float, float | None, float | None, float | None]] = []
    whose: list[tuple[str, str]] = []
    for side in sides:
        rate, low, high = (round(number, 3) for number in (side.per_million, side.low, side.high))
        facts: list[tuple[str, str, float, float | None, float | None, float | None]] = [
            (words("compare.initiatives"), "", len(side.ids), None, None, None),
            (words("compare.per_million"), "", rate, None, low, high),
            (words("compare.municipalities_involved"), "", len(side.municipalities), None, None, None),
            (words("compare.all_municipalities"), "", side.n_municipalities, None, None, None),
            (words("figures.inhabitants"), "", side.inhabitants, None, None, None),
            (words("municipality.inhabitants"), "", side.population, None, None, None),
        ]
        for dimension in PROFILES:
            what = words(f"compare.dimension.{dimension}")
            facts += [
                (what, label_of(screen, dimension, option), n, _to_share(n, side), None, None)
                for option, n in side.profiles[dimension].items()
            ]
        rows += facts
        whose += [(_name(screen, side.code), side.code)] * len(facts)
    names = ("what", "table_name", "number", "share", "low", "high")
    table = pd.DataFrame(rows, columns=[words(f"compare.{name}") for name in names])
    table.insert(0, words("compare.territory"), [name for name, _ in whose])
    table.insert(1, words("column.code"), [code for _, code in whose])
    return table


def _to_share(n: int, side: Side) -> float:
    """Return n as a percentage of a territory's initiatives, with one decimal; 0 if it has none."""
    return round(100 * n / len(side.ids), 1) if side.ids else 0.0
