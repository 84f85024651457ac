"""One municipality: its figures, its age structure compared with region and country, its initiatives."""

from collections.abc import Iterable
from math import isnan

import pandas as pd
import streamlit as st

from atlas.base.model import Language, Level
from atlas.catalogue.catalogue import Catalogue
from atlas.figures.age_chart import AgeBar, build_age_chart
from atlas.indicators.ages import AGES, share_by_age
from atlas.indicators.peers import SIZE_CLASSES, initiatives_of, size_class
from atlas.territory.territory_files import COUNTRY
from atlas.ui.parts.about import show_about
from atlas.ui.parts.cards import show_list
from atlas.ui.parts.figures import show_figures
from atlas.ui.parts.finder import show_finder
from atlas.ui.parts.labels import name_of
from atlas.ui.parts.markdown_escape import to_plain
from atlas.ui.parts.printing import show_table
from atlas.ui.session import cache, state
from atlas.ui.session.state import Screen
from atlas.words.description import in_place, title_of_place
from atlas.words.history import say_before
from atlas.words.sources import say_days

# Limits: examples or national programmes shown, titles named in a sentence.
SUGGESTED = 6
NAMED = 3
FINDER = "comune_text"
LEVELS = (Level.MUNICIPALITY,)
Shares = dict[str, dict[str, float]]


def chosen_municipality(screen: Screen) -> str:
    """Return the code of the chosen municipality; empty if none or a larger territory is chosen."""
    place = screen.selection.place
    return place if screen.territory.level_of(place) is Level.MUNICIPALITY else ""


def show_start(screen: Screen, base: Catalogue) -> None:
    """Draw the choice of a municipality, with those with most initiatives as examples."""
    words = screen.words
    st.title(words("municipality.title"), anchor=False)
    st.markdown(words("municipality.intro"))
    show_finder(screen, FINDER, LEVELS)
    placements = base.placements
    own = placements.loc[(placements["via"] == "direct").to_numpy(), "istat_code"]
    examples = own.value_counts().sort_index().sort_values(ascending=False, kind="stable").index[:SUGGESTED]
    if not len(examples):
        return
    st.caption(words("municipality.examples"))
    with st.container(horizontal=True, gap="small", key="comune_examples"):
        for code in map(str, examples):
            name = to_plain(title_of_place(code, screen.territory, screen.view.language))
            st.button(name, key=f"example_{code}", on_click=state.go_to_place, args=(code,))


def show_facts(screen: Screen, code: str) -> None:
    """Draw name, location, and figures with their date."""
    words, territory = screen.words, screen.territory
    row, figures = territory.municipalities.loc[code], cache.load_profiles().of(code)
    st.title(to_plain(title_of_place(code, territory, screen.view.language)), anchor=False)
    other = str(row["name_other"])
    where = [
        other if other != row["name"] else "",
        words("municipality.capital") if row["is_capital"] else "",
        title_of_place(str(row["province_code"]), territory, screen.view.language),
        name_of(screen, str(row["region_code"])),
        area_label(screen, str(row["macro_area"])),
    ]
    st.markdown(to_plain(" · ".join(dict.fromkeys(part for part in where if part))))
    if before := say_before(cache.load_code_years().before(code), str(row["name"]), words):
        st.caption(to_plain(before))
    if isnan(figures["population"]):
        st.info(words("municipality.no_population", **say_days(territory, words)), icon=":material/info:")
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
    st.caption(words("figures.inhabitants_date", **say_days(territory, words)))


def show_ages(screen: Screen, code: str) -> None:
    """Draw the age structure compared with region and country: a sentence, bars, a table."""
    words = screen.words
    shares = share_by_age(screen.territory, code)
    if isnan(sum(shares[code].values())):
        return
    st.header(words("municipality.ages_title"), anchor=False)
    names = [words("map.italy") if place == COUNTRY else name_of(screen, place) for place in shares]
    sentence = _say_ages(screen, code, shares)
    st.markdown(to_plain(sentence))
    labels = [words(f"municipality.age.{age}") for age in AGES]
    bars = [
        AgeBar(label, name, by_age[age], f"{to_percent(screen, by_age[age])} {name}")
        for age, label in zip(AGES, labels, strict=True)
        for name, by_age in zip(names, shares.values(), strict=True)
    ]
    theme = "dark" if st.context.theme.type == "dark" else "light"
    st.vega_lite_chart(build_age_chart(bars, theme), key="ages", alt=sentence, theme=None)
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
        st.markdown(words("municipality.none"))
    if wide:
        titles = words.sequence(words("words.quoted", text=title_of(screen, id_)) for id_ in wide[:NAMED])
        st.caption(words.plural("municipality.wide", len(wide), titles=to_plain(titles)))
    national = [str(id_) for id_ in base.store.initiatives.index[base.rows[~base.placed]]]
    if national:
        with st.container(border=True, gap="small", key="comune_national"):
            st.markdown(words.plural("municipality.national", len(national)))
            show_titles(screen, national[:SUGGESTED], "national")


def show_titles(screen: Screen, ids: Iterable[str], key: str) -> None:
    """Draw the title of each initiative as a button that opens its card."""
    for id_ in ids:
        title = to_plain(title_of(screen, id_))
        st.button(title, key=f"{key}_{id_}", type="tertiary", on_click=state.open_initiative, args=(id_,))


def title_of(screen: Screen, id_: str) -> str:
    """Return the title of an initiative in the reader's language, or in the other if there is no other."""
    titles = screen.catalogue.store.initiatives.loc[id_, ["title_it", "title_en"]]
    italian, english = str(titles["title_it"]), str(titles["title_en"])
    return (english or italian) if screen.view.language is Language.EN else (italian or english)


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


def _say_ages(screen: Screen, code: str, shares: Shares) -> str:
    """Compare the shares of elderly people and minors with those of region and country."""
    words = screen.words
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
