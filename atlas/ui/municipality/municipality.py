"""One municipality: its figures, its age structure compared with region and country, its initiatives."""

from collections.abc import Iterable
from math import isnan

import pandas as pd
import streamlit as st

from atlas.base.model import Level
from atlas.catalogue.catalogue import Catalogue
from atlas.figures.charts import AgeBar, build_age_chart
from atlas.indicators.ages import AGES, share_by_age
from atlas.indicators.peers import (
    SIZE_CLASSES,
    build_profiles,
    initiatives_of,
    nearest_in_size,
    size_class,
    without_place,
)
from atlas.territory.places.names import in_place, title_of_place
from atlas.territory.territory_files import COUNTRY
from atlas.ui.catalogue.cards import show_lines, show_list, show_titles
from atlas.ui.choices.finder import show_finder
from atlas.ui.parts.about import show_about
from atlas.ui.parts.charts import theme_name
from atlas.ui.parts.figures import show_figures
from atlas.ui.parts.labels import name_of
from atlas.ui.parts.markdown_escape import to_plain
from atlas.ui.parts.printing import show_table
from atlas.ui.session import cache, state
from atlas.ui.session.state import Screen
from atlas.words.card import row_of, title_of
from atlas.words.history import say_before
from atlas.words.sources import say_days

# Limits: examples or national programmes shown, titles named in a sentence.
SUGGESTED = 6
NAMED = 3
LARGEST = 5_000_000  # inhabitants that may be asked for


def show_start(screen: Screen, base: Catalogue) -> None:
    """Invite to choose a municipality: by name, among those with most initiatives, or by size and region."""
    words = screen.words
    st.title(words("municipality.title"), anchor=False)
    st.markdown(words("municipality.intro"))
    show_search(screen)
    placements = base.placements
    own = placements.loc[(placements["via"] == "direct").to_numpy(), "istat_code"]
    examples = own.value_counts().sort_index().sort_values(ascending=False, kind="stable").index[:SUGGESTED]
    if len(examples):
        st.caption(words("municipality.examples"))
        _show_names(screen, map(str, examples), "example")
    _show_by_size(screen, base)


def show_search(screen: Screen) -> None:
    """Draw the search for a municipality; a choice opens its page and filters nothing."""
    show_finder(screen, "comune_text", (Level.MUNICIPALITY,), choose=state.show_municipality)


def _show_by_size(screen: Screen, base: Catalogue) -> None:
    """Draw the choice of a size and a region, the municipalities like that, and what those of this size do."""
    words, territory = screen.words, screen.territory
    st.header(words("municipality.by_size"), anchor=False)
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom", key="comune_by_size"):
        population = st.number_input(
            words("municipality.by_size_inhabitants"),
            value=None,
            step=1000,
            format="%d",
            key="comune_size",
            placeholder=words("municipality.by_size_hint"),
            width=220,
        )
        region = st.selectbox(
            words("municipality.by_size_region"),
            ["", *sorted(map(str, territory.regions.index), key=territory.name_of)],
            key="comune_region",
            format_func=lambda code: name_of(screen, code) if code else words("filter.all_regions"),
            width=260,
        )
    if population is None:
        return
    if not 1 <= population <= LARGEST:
        st.info(words("municipality.by_size_limits", largest=words.number(LARGEST)), icon=":material/info:")
        return
    here, active = nearest_in_size(int(population), region, base, territory, SUGGESTED)
    n = words.number(int(population))
    where = f" {in_place(region, territory, screen.view.language)}" if region else ""
    st.caption(to_plain(words("municipality.by_size_here", n=n, where=where)))
    _show_names(screen, here, "size", with_inhabitants=True)
    if not active:
        st.info(words("municipality.no_peers"), icon=":material/info:")
        return
    st.subheader(words("municipality.by_size_active", n=n), anchor=False)
    st.caption(words("municipality.by_size_note"))
    shown: set[str] = set()
    for code, ids in active:
        inhabitants = words.number(float(territory.municipalities["population"][code]))
        title = title_of_place(code, territory, screen.view.language)
        where = name_of(screen, territory.region_of(code))
        st.markdown(f"**{to_plain(title)}** · {to_plain(where)} · {words('municipality.n_inhabitants', n=inhabitants)}")
        named = ids[:NAMED]
        show_lines(screen, (id_ for id_ in named if id_ not in shown))
        # What several of them share stands whole once, and after that by its title.
        show_titles(screen, (id_ for id_ in named if id_ in shown), f"near_{code}")
        shown.update(named)
        if len(ids) > NAMED:
            st.caption(words.plural("compare.more", len(ids) - NAMED))


def _show_names(screen: Screen, codes: Iterable[str], key: str, with_inhabitants: bool = False) -> None:
    """Draw a button for each municipality that opens its page."""
    with st.container(horizontal=True, gap="small", key=f"comune_{key}s"):
        for code in codes:
            name = title_of_place(code, screen.territory, screen.view.language)
            if with_inhabitants:
                people = screen.words.number(float(screen.territory.municipalities["population"][code]))
                name = f"{name}: {people}"
            st.button(to_plain(name), key=f"{key}_{code}", on_click=state.show_municipality, args=(code,))


def show_name(screen: Screen, code: str) -> None:
    """Draw the name, where it is, and the way to filter the whole atlas by it, or not any more."""
    words, territory = screen.words, screen.territory
    row, population = territory.municipalities.loc[code], float(territory.municipalities["population"][code])
    st.title(to_plain(title_of_place(code, territory, screen.view.language)), anchor=False)
    other = str(row["name_other"])
    where = [
        other if other != row["name"] else "",
        words("municipality.capital") if row["is_capital"] else "",
        title_of_place(str(row["province_code"]), territory, screen.view.language),
        name_of(screen, str(row["region_code"])),
        area_label(screen, str(row["macro_area"])),
        words("municipality.n_inhabitants_on", n=words.number(population), **say_days(territory, words))
        if population > 0
        else "",
    ]
    st.markdown(to_plain(" · ".join(dict.fromkeys(part for part in where if part))))
    if before := say_before(cache.code_years_of(screen.territory).before(code), str(row["name"]), words):
        st.caption(to_plain(before))
    if screen.selection.place != code:
        st.button(
            words("municipality.filter_all", name=to_plain(name_of(screen, code))),
            key="comune_filter",
            icon=":material/filter_alt:",
            on_click=state.filter_by_municipality,
            args=(code,),
        )


def show_numbers(screen: Screen, code: str) -> None:
    """Draw the figures of a municipality with their date."""
    words, figures = screen.words, build_profiles(screen.territory).of(code)
    if isnan(figures["population"]):
        st.info(words("municipality.no_population", **say_days(screen.territory, words)), icon=":material/info:")
        return
    show_figures(
        [
            (words("municipality.inhabitants"), words.number(figures["population"]), ""),
            (words("municipality.density"), words.number(figures["density"], 0), ""),
            (words("municipality.area"), words.number(figures["population"] / figures["density"], 1), ""),
            (words("municipality.size"), size_label(screen, figures["population"]), ""),
        ],
        key="comune_figures",
    )
    st.caption(words("figures.inhabitants_date", **say_days(screen.territory, words)))


def show_ages(screen: Screen, code: str) -> None:
    """Draw the age structure compared with region and country: a sentence, bars, a table."""
    words = screen.words
    shares = share_by_age(screen.territory, code)
    if isnan(sum(shares[code].values())):
        return
    st.header(words("municipality.ages_title"), anchor=False)
    names = [words("map.italy") if place == COUNTRY else name_of(screen, place) for place in shares]
    sentence = say_ages(screen, code)
    st.markdown(to_plain(sentence))
    labels = [words(f"municipality.age.{age}") for age in AGES]
    bars = [
        AgeBar(label, name, by_age[age], f"{to_percent(screen, by_age[age])} {name}")
        for age, label in zip(AGES, labels, strict=True)
        for name, by_age in zip(names, shares.values(), strict=True)
    ]
    st.vega_lite_chart(build_age_chart(bars, theme_name()), key="ages", alt=sentence, theme=None)
    with st.container(horizontal=True, gap="small", key="twins_ages"):
        fold = st.expander(words("municipality.as_table"), key="ages_fold", on_change="rerun")
        show_about(screen, "ages", "ages")
    if fold.open:
        columns = {
            name: [to_percent(screen, share) for share in by_age.values()]
            for name, by_age in zip(names, shares.values(), strict=True)
        }
        table = pd.DataFrame({words("municipality.age_column"): labels, **columns})
        with fold:
            show_table(table, words, "ages", alt=words("municipality.ages_title"))


def show_initiatives(screen: Screen, code: str, base: Catalogue) -> None:
    """Draw the municipality's initiatives, its own first, and say which reach it only through a wider area."""
    words = screen.words
    direct, wide = initiatives_of(code, base)
    here = to_plain(in_place(code, screen.territory, screen.view.language))
    if direct or wide:
        n = len(direct) + len(wide)
        show_list(screen, [*direct, *wide], words.plural("municipality.initiatives", n, where=here))
    else:
        st.header(words("municipality.none_title", where=here), anchor=False)
        st.markdown(say_none(screen))
    if wide:
        titles = words.sequence(
            words("words.quoted", text=title_of(row_of(screen.world, id_), screen.view.language))
            for id_ in wide[:NAMED]
        )
        st.caption(words.plural("municipality.wide", len(wide), titles=to_plain(titles)))
    national = [str(id_) for id_ in base.store.initiatives.index[base.rows[~base.placed]]]
    if national:
        with st.container(border=True, gap="small", key="comune_national"):
            st.markdown(words.plural("municipality.national", len(national)))
            show_titles(screen, national[:SUGGESTED], "national")


def say_none(screen: Screen) -> str:
    """Say what an empty list does not mean, and that filters count where there are some."""
    is_filtered = not without_place(screen.selection).is_empty
    return " ".join(map(screen.words, ["municipality.none", *["municipality.filtered"] * is_filtered]))


def size_label(screen: Screen, population: float) -> str:
    """Return the size class of a number of inhabitants: "20.001-50.000", "fino a 1.000", "oltre 250.000"."""
    words, position = screen.words, size_class(population)
    if position == 0:
        return words("municipality.size_first", n=words.number(SIZE_CLASSES[0]))
    if position == len(SIZE_CLASSES):
        return words("municipality.size_last", n=words.number(SIZE_CLASSES[-1]))
    low, high = SIZE_CLASSES[position - 1] + 1, SIZE_CLASSES[position]
    return words("municipality.size_class", low=words.number(low), high=words.number(high))


def area_label(screen: Screen, macro_area: str) -> str:
    """Return one of ISTAT's five parts of the country in the reader's language."""
    return screen.words(f"municipality.macro_area.{macro_area.lower().replace('-', '_')}")


def to_percent(screen: Screen, share: float) -> str:
    """Return a share as a percentage with one decimal."""
    return f"{screen.words.number(share * 100, 1)}%"


def say_ages(screen: Screen, code: str) -> str:
    """Say how the elderly and the minors stand to those of the region and of the country; empty when unknown."""
    words, shares = screen.words, share_by_age(screen.territory, code)
    if isnan(sum(shares[code].values())):
        return ""
    region = screen.territory.region_of(code)
    sentences = []
    for age in ("elderly", "minors"):
        here, there, country = (by_age[age] for by_age in shares.values())
        sentences.append(
            words(
                f"municipality.ages.{age}",
                share=to_percent(screen, here),
                region=in_place(region, screen.territory, screen.view.language),
                region_share=to_percent(screen, there),
                italy_share=to_percent(screen, country),
            )
        )
    return " ".join(sentences)
