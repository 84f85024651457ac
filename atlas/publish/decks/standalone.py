"""The offline page: one HTML file with the stops as slides, and map, filters and tables to explore.

It contains everything: Leaflet, the map's script, the geometry, the selected initiatives. Its policy forbids all
requests. Data are in one JSON block escaped for HTML, and the page writes text with textContent only.
"""

import html
import json
import math
from datetime import date

import numpy as np

from atlas.base.columns import UNKNOWN
from atlas.base.folders import ASSETS
from atlas.base.i18n import Translator
from atlas.base.model import Level, View
from atlas.base.text import clean_line
from atlas.catalogue.catalogue import Catalogue
from atlas.catalogue.world import World
from atlas.figures.map_files import published_files
from atlas.figures.maps import GEOMETRY, to_runs
from atlas.figures.mapview import class_labels, legend_title
from atlas.indicators.classes import PALETTES
from atlas.indicators.indicators import PER, SMALL_COUNT
from atlas.publish.decks.slide_page import to_slide
from atlas.publish.stops.content import StopContent
from atlas.publish.stops.gathering import Tell, build_content, build_contents, telling
from atlas.publish.stops.story import Stop, StopKind, Story
from atlas.territory.places.names import place_name
from atlas.words.card import build_card

_POLICY = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:"
_LEGEND_WORDS = ("small", "shared", "several", "none", "missing", "note")


def to_html(
    view: View, story: Story, world: World, today: date, tell: Tell | None = None, base_address: str = ""
) -> bytes:
    """Return the page: the selection of `view` to explore, and the stops of `story`, which may have none, to read."""
    content = build_content(Stop(StopKind.MAP, view), world, today)
    stops = build_contents(story, world, today, base_address) if story.stops else []
    slides = [to_slide(stop, number, len(stops)) for number, stop in enumerate(telling(stops, tell), start=1)]
    title = clean_line(story.title) or (stops or [content])[0].title
    return _to_page(content, title, "".join(slides)).encode()


def _to_page(sheet: StopContent, title: str, slides: str) -> str:
    say, files = sheet.say, {name: file.body.decode() for name, file in published_files().items()}
    text = html.escape
    blocks = "".join(
        f'<script type="application/json" id="{name}">{_inside_script(files[name])}</script>\n' for name in GEOMETRY
    )
    styles = "\n".join((without_files(files["leaflet_css"]), without_files(files["map_css"]), _read("standalone.css")))
    scripts = "\n".join(
        f"<script>{_inside_script(script)}</script>"
        for script in (files["leaflet_js"], files["layout_js"], files["map_js"], _read("explore.js"))
    )
    about = "".join(f"<p><strong>{text(what)}:</strong> {text(words)}</p>" for what, words in sheet.about)
    sentences = "".join(f"<p>{text(line)}</p>" for line in sheet.description.sentences)
    return f"""<!DOCTYPE html>
<html lang="{say.language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{_POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<link rel="icon" href="data:,">
<title>{text(title)}</title>
<style>{styles}</style>
</head>
<body>
{_to_deck(slides, say)}
<div id="explore">
<header><h1>{text(sheet.description.headline)}</h1>{sentences}
<p class="soft">{text(say("standalone.intro"))}</p></header>
<main>
<div class="explore">
<section><h2>{text(say("filter.title"))}</h2><div id="filters"></div></section>
<section><h2>{text(say("map.title"))}</h2><p id="count" role="status"></p>
<div id="map_div" tabindex="0"></div></section>
</div>
<noscript><p>{text(say("standalone.no_script"))}</p></noscript>
<h2>{text(say("standalone.tables"))}</h2>
<div id="initiatives"></div>
<div id="territories"></div>
</main>
<footer>{about}</footer>
</div>
<script type="application/json" id="data">{to_safe_json(to_data(sheet, title))}</script>
{blocks}{scripts}
</body>
</html>
"""


def _to_deck(slides: str, say: Translator) -> str:
    """Return the slides and the bar below them; nothing without slides."""
    if not slides:
        return ""
    buttons = "".join(
        f'<button type="button" id="{name}">{html.escape(say(f"standalone.{name}"))}</button>'
        for name in ("previous", "next", "full", "explore_button")
    )
    hint = html.escape(say("standalone.keys"))
    told = '<span id="told" role="status"></span>'
    bar = f'<nav id="bar" aria-label="{hint}">{buttons}<span class="soft">{hint}</span>{told}</nav>'
    return f'<div id="deck">{slides}</div>\n{bar}'


def to_safe_json(value: object) -> str:
    """Return JSON escaped for a script element: it cannot end the element or open a comment."""
    text = json.dumps(value, ensure_ascii=True, separators=(",", ":"), allow_nan=False)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _inside_script(text: str) -> str:
    """Return our own script or geometry, escaped so that it cannot end its element; in both, `<\\/` means `</`."""
    return text.replace("</", "<\\/").replace("<!--", "<\\!--")


def _read(name: str) -> str:
    return (ASSETS / name).read_text(encoding="utf-8")


def without_files(style: str) -> str:
    """Remove file references from the styles: pictures of unused Leaflet controls, and a font of the server."""
    parts = style.split("url(")
    return parts[0] + "".join("none" + part.partition(")")[2] for part in parts[1:])


def to_data(sheet: StopContent, title: str) -> dict[str, object]:
    """Return what the script of the page draws and filters."""
    return {
        **_to_map_data(sheet, title),
        "language": sheet.say.language.value,
        "locale": {"it": "it-IT", "en": "en-GB"}[sheet.say.language],
        "title": sheet.title,
        "total": len(sheet.world.catalogue),
        "say": _to_words(sheet),
        "options": {
            name: [(option, sheet.label(name, option)) for option in sheet.selected.store.memberships[name].options]
            for name in ("themes", "targets")
        },
        "initiatives": _to_initiatives(sheet.selected, sheet),
    }


def _to_words(sheet: StopContent) -> dict[str, str]:
    say = sheet.say
    return {
        "themes": say("filter.themes"),
        "targets": say("filter.targets"),
        "clear": say("filter.clear"),
        "no_full": say("story.no_full"),
        "clear_place": say("filter.remove"),
        "count_one": say.catalogue["figures.initiatives.one"],
        "count_other": say.catalogue["figures.initiatives.other"],
        "initiatives": say("compare.initiatives"),
        "title": say("standalone.title"),
        "summary": say("standalone.summary"),
        "where": say("card.where"),
        "territory": say("standalone.territory"),
        "territories": say("standalone.territories"),
        "missing": say("map.legend.missing"),
        "item": say("sheet.item"),
        "number": say("sheet.number"),
    }


def _to_map_data(sheet: StopContent, title: str) -> dict[str, object]:
    """Return the further data of the map: level, territories inside the selection, denominators."""
    say, shown, territory, message = sheet.say, sheet.shown, sheet.world.territory, sheet.message
    codes, classes = shown.frame.index, shown.classes
    names = [place_name(str(code), territory, say.language) for code in codes]
    denominators = shown.frame["denominator"].to_numpy(dtype=float)
    highest = say.numbers(classes.bounds)[1:2]
    region_of = territory.at(Level.PROVINCE)["region_code"]
    return {
        "level": shown.level.value,
        "rule": shown.rule.value,
        "per": PER.get(shown.measure),
        "size": len(codes),
        "bounds": list(classes.bounds),
        "small": SMALL_COUNT,
        "names": None if shown.level is Level.MUNICIPALITY else names,  # those of municipalities are in the map's file
        "inside": [int(one) for one in shown.inside],
        "denominators": [None if math.isnan(n) else n for n in denominators] if shown.measure.is_rate else None,
        "regions": list(message.regions),
        "place": message.place,
        "mapWords": {**message.words, "map": title},  # map.js sets it for the whole document
        "legend": {
            "title": legend_title(shown, say),
            "classes": class_labels(classes, say),
            # of the lowest class, where a filter leaves less than its lower bound
            "lowest": say("standalone.lowest", high=highest[0]) if highest else "",
            **{key: say.catalogue[f"map.legend.{key}"] for key in _LEGEND_WORDS},
        },
        "map": {
            "files": {name: name for name in GEOMETRY},
            "palettes": {"light": PALETTES["light"], "dark": PALETTES["light"]},
            "regionOf": {str(code): str(region) for code, region in region_of.items()},
        },
    }


def _to_initiatives(selected: Catalogue, sheet: StopContent) -> list[dict[str, object]]:
    """Return each selected initiative: words, options, [territory, weight, is_lead] at the level, municipalities,
    and [anchor, is_lead, value] of its own mark where it is in several territories.
    """
    store, level = selected.store, sheet.shown.level
    at_level, at_municipalities = store.footprints[level], store.footprints[Level.MUNICIPALITY]
    n_municipalities = len(sheet.world.territory.municipalities)
    shared = sheet.message.marks.shared if sheet.message.marks else ()
    marks = {mark.row: [mark.anchor, int(mark.is_lead), mark.value] for mark in shared}
    rows: list[dict[str, object]] = []
    for row in selected.rows.tolist():
        own = at_level.row == row
        members = np.zeros(n_municipalities, dtype=bool)
        members[at_municipalities.territory[at_municipalities.row == row]] = True
        card = build_card(sheet.world, str(store.initiatives.index[row]), sheet.say)
        cells = store.initiatives.iloc[row]
        rows.append(
            {
                "id": card.id,
                "title": card.title,
                "summary": card.summary,
                "where": card.facts[0][1],
                **{name: str(cells[name]).split(";") if cells[name] else [UNKNOWN] for name in ("themes", "targets")},
                "at": list(
                    zip(
                        at_level.territory[own].tolist(),
                        at_level.weight[own].tolist(),
                        at_level.is_lead[own].astype(int).tolist(),
                        strict=True,
                    )
                ),
                "in": to_runs(members),
                "mark": marks.get(row),
            }
        )
    return rows
