"""Two to four territories side by side on the page, on the same scales, and on one sheet of paper."""

import math
from collections.abc import Mapping
from functools import cache as once
from functools import partial
from urllib.parse import urlencode

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from atlas.base.folders import DATA_DIR
from atlas.base.model import COMPARED_AT_MOST, CountingRule, Level, View
from atlas.catalogue.links import comparable_codes, to_query
from atlas.catalogue.selection import select
from atlas.figures.charts import Part, build_profile_chart
from atlas.figures.minimap import Outlines, build_minimap, read_outlines
from atlas.figures.vega import Spec
from atlas.indicators.comparison import PROFILES, Side, compare
from atlas.indicators.indicators import SMALL_COUNT, count_by_territory
from atlas.territory.territory import COUNTRY
from atlas.ui.parts.charts import Figure, show_figure, theme_name
from atlas.ui.parts.labels import label_of, name_of
from atlas.ui.parts.markdown_escape import to_plain
from atlas.ui.session import state
from atlas.ui.session.state import Screen
from atlas.words.description import describe_selection, title_of_place

LISTED = 6
_KEY = "compare_pick"


def show_side_by_side(screen: Screen, controls: DeltaGenerator) -> None:
    """Draw the choice of territories and, from two on, the comparison; an empty choice offers examples."""
    with controls:
        _show_pick(screen)
    codes = screen.view.compared
    if len(codes) < 2:
        _show_start(screen)
        return
    words = screen.words
    rest = screen.selection.with_(regions=(), place="")
    everywhere = select(screen.catalogue, rest)
    sides = compare(everywhere, codes, screen.territory)
    if not rest.is_empty:
        filters = describe_selection(rest, screen.world, words)
        st.caption(to_plain(words("compare.filtered", filters=filters)))
    with st.container(key="sides"):
        for place, side in zip(st.columns(len(sides), gap="medium"), sides, strict=True):
            with place:
                _show_head(screen, side)
        st.caption(words("compare.map_note"))
        left, right = st.columns(2, gap="large")
        for dimension in PROFILES:
            with right if dimension == "targets" else left:
                show_figure(screen, build_figure(screen, sides, dimension))
        for place, side in zip(st.columns(len(sides), gap="medium"), sides, strict=True):
            with place:
                _show_list(screen, side)


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


def side_name(screen: Screen, code: str) -> str:
    """Return what a territory is called when it stands alone."""
    if code == COUNTRY:
        return screen.words("map.italy")
    return title_of_place(code, screen.territory, screen.view.language)


def _show_pick(screen: Screen) -> None:
    words = screen.words
    labels = {side_name(screen, code): code for code in comparable_codes(screen.territory)}
    # A region that is also a province has one name: the province's label, read last, would hide it.
    labels |= {side_name(screen, code): code for code in screen.territory.regions.index}
    names = {code: label for label, code in labels.items()}
    state.place_widgets([(_KEY, [names[code] for code in screen.view.compared if code in names])])
    st.multiselect(
        words("compare.pick"),
        list(labels),
        key=_KEY,
        placeholder=words("compare.pick_hint"),
        max_selections=COMPARED_AT_MOST,
        on_change=_on_pick,
        args=(labels,),
        select_all=False,
    )


def _on_pick(labels: Mapping[str, str]) -> None:
    state.compare(labels[label] for label in st.session_state[_KEY] if label in labels)


def _show_start(screen: Screen) -> None:
    words = screen.words
    if screen.view.compared:
        st.info(words("compare.one_more"))
    st.markdown(words("compare.start"))
    with st.container(horizontal=True, gap="small"):
        for codes in _examples(screen):
            names = " · ".join(side_name(screen, code) for code in codes)
            st.button(to_plain(names), key=f"compare_{'_'.join(codes)}", on_click=state.compare, args=(codes,))


def _examples(screen: Screen) -> list[tuple[str, ...]]:
    """Return what may be compared next: what was chosen with the country, then the regions with the most."""
    counts = count_by_territory(screen.catalogue, screen.territory, Level.REGION, CountingRule.PRESENCE)["value"]
    most = [str(code) for code in counts.sort_values(ascending=False, kind="stable").index]
    chosen = (*screen.view.compared, *screen.selection.regions)[: COMPARED_AT_MOST - 1]
    first = tuple(dict.fromkeys((*chosen, COUNTRY))) if chosen else ()
    return [codes for codes in (first, tuple(most[:2]), tuple(most[:3]), (most[0], COUNTRY)) if len(codes) > 1]


def _show_head(screen: Screen, side: Side) -> None:
    words, name = screen.words, side_name(screen, side.code)
    st.header(to_plain(name), anchor=False)
    text = words.plural("compare.list", len(side.ids))
    st.image(_draw_map(screen, side), width="content", alt=words("compare.map_alt", name=name, text=text))
    figures = st.container(horizontal=True, gap="medium")
    figures.metric(words("compare.initiatives"), words.number(len(side.ids)), width="content")
    if not math.isnan(side.per_million):
        figures.metric(words("compare.per_million"), words.number(side.per_million), width="content")
        low, high = (words.number(limit) for limit in (side.low, side.high))
        st.caption(words("compare.interval", low=low, high=high))
    total = words.number(side.n_municipalities)
    facts = [words.plural("compare.municipalities", len(side.municipalities), total=total)]
    facts.append(words("compare.inhabitants", n=words.number(side.inhabitants)))
    for key, themes in (("only_here", side.only_here), ("missing_here", side.missing_here)):
        if themes is not None:
            listed = ", ".join(label_of(screen, "themes", theme) for theme in themes) or words("compare.nothing")
            facts.append(f"**{words(f'compare.{key}')}**: {to_plain(listed)}")
    st.markdown("\n\n".join(facts))
    if side.code == COUNTRY:
        st.caption(words("compare.national"))


def _show_list(screen: Screen, side: Side) -> None:
    words, language = screen.words, screen.view.language
    frame = screen.catalogue.store.initiatives
    st.markdown(f"**{to_plain(side_name(screen, side.code))}: {words.plural('compare.list', len(side.ids))}**")
    lines = []
    for id_ in side.ids[:LISTED]:
        title = str(frame.at[id_, f"title_{language}"] or frame.at[id_, "title_it"])
        address = f"catalogo?{urlencode(to_query(View(language=language, initiative=id_)))}"
        lines.append(f"- [{to_plain(title)}]({address})")
    more = len(side.ids) - LISTED
    lines += [f"- {words.plural('compare.more', more)}"] if more > 0 else []
    st.markdown("\n".join(lines))


def _draw_map(screen: Screen, side: Side) -> str:
    territory = screen.territory
    places = territory.municipalities.loc[list(side.municipalities), ["lon", "lat"]]
    points = [(float(lon), float(lat), side.municipalities[str(code)]) for code, lon, lat in places.itertuples()]
    return build_minimap(outlines(), territory.level_of(side.code), side.code, points, theme_name())


@once
def outlines() -> Outlines:
    """Return the light outlines of the country, read once."""
    return read_outlines(DATA_DIR / "map" / "outlines.topojson")


def _draw(screen: Screen, sides: tuple[Side, ...], dimension: str, theme: str) -> Spec:
    words = screen.words
    parts = []
    for option in sides[0].profiles[dimension]:
        label = label_of(screen, dimension, option)
        for column, side in enumerate(sides):
            n = side.profiles[dimension][option]
            share = n / len(side.ids) if side.ids else 0.0
            name, part = side_name(screen, side.code), words.number(round(100 * share))
            hint = words("compare.profile_hint", name=name, what=label, n=words.number(n), part=part)
            parts.append(Part(column, label, share, words.number(n), hint, 0 < len(side.ids) < SMALL_COUNT))
    return build_profile_chart(parts, [name_of_side(screen, side) for side in sides], theme)


def name_of_side(screen: Screen, side: Side) -> str:
    """Return the short name that stands over a column of a chart."""
    return screen.words("map.italy") if side.code == COUNTRY else name_of(screen, side.code)


def _say_profile(screen: Screen, side: Side, dimension: str) -> str:
    words, counts = screen.words, side.profiles[dimension]
    top = max(counts.values(), default=0)
    most = words("compare.profile_none")
    if top:
        labels = [label_of(screen, dimension, option) for option, n in counts.items() if n == top]
        what = words.sequence(words("words.quoted", text=label) for label in labels)
        most = words.plural(f"compare.profile_{'single' if len(labels) == 1 else 'tied'}", top, what=what)
    return words("compare.profile_finding", name=side_name(screen, side.code), most=most)


def _build_table(screen: Screen, sides: tuple[Side, ...], dimension: str) -> pd.DataFrame:
    options = list(sides[0].profiles[dimension])
    table = {screen.words("compare.table_name"): [label_of(screen, dimension, option) for option in options]}
    numbers = {side_name(screen, side.code): [side.profiles[dimension][o] for o in options] for side in sides}
    return pd.DataFrame({**table, **numbers})
