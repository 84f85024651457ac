"""The rules of docs/architecture.md about who may import whom, read in the syntax trees; there is no exception list."""

import ast
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

# From the ground up. What is not named here is the pure core.
LAYERS = ("words", "core", "figures", "state", "ui", "entry")
LAYER_OF = {
    "atlas.base.model": "words",
    "atlas.catalogue.catalogue.vocabulary": "words",
    "atlas.base.i18n": "words",
    "atlas.base.tables": "words",
    "atlas.base.columns": "words",
    "atlas.figures.charts": "figures",
    "atlas.figures.vega": "figures",
    "atlas.figures.chart_files": "figures",
    "atlas.figures.minimap": "figures",
    "atlas.figures.maps": "figures",
    "atlas.figures.mapview": "figures",
    "atlas.figures.answer_map": "figures",
    "atlas.publish.stills": "figures",
    "atlas.publish.still_map": "figures",
    "atlas.publish.still_words": "figures",
    "atlas.publish.story": "figures",
    "atlas.publish.sheets": "figures",
    "atlas.publish.slides": "figures",
    "atlas.publish.handout": "figures",
    "atlas.publish.standalone": "figures",
    "atlas.publish.writing": "figures",
    "atlas.api": "figures",
    "atlas.server.routes": "figures",
    "atlas.ui.session.state": "state",
    "atlas.ui.session.cache": "state",
    "atlas.ui": "ui",
    "atlas.cli": "entry",
    "atlas.cli_database": "entry",
    "atlas.__main__": "entry",
    "dashboard": "entry",
    "pages": "entry",
}
ONLY_IN = {
    "streamlit": ("dashboard", "pages", "atlas.ui", "atlas.ui.session.state", "atlas.ui.session.cache"),
    "folium": ("atlas.figures.maps",),
    "streamlit_folium": ("atlas.ui.map.map_panel",),
    "altair": (),
    "vl_convert": ("atlas.figures.chart_files",),
    "scipy": ("atlas.indicators.intervals",),
    "matplotlib": ("atlas.publish.stills", "atlas.publish.still_map", "atlas.publish.still_words"),
    "pptx": ("atlas.publish.slides",),
    "typst": ("atlas.publish.handout",),
    "segno": ("atlas.publish.handout",),
    "requests": ("atlas.catalogue.catalogue.source.https",),
    "sqlalchemy": ("atlas.catalogue.catalogue.source.database",),
    "psycopg": (),
}


def _name_of(path):
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


SOURCES = {
    _name_of(path): path.read_text(encoding="utf-8")
    for path in sorted([*ROOT.glob("atlas/**/*.py"), *ROOT.glob("pages/**/*.py"), *ROOT.glob("dashboard.py")])
}


def _is_inside(module, package):
    return module == package or module.startswith(f"{package}.")


def _imports(module, source, modules):
    """Every module that a source imports, wherever in it; `from package import module` counts as that module."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                package = module.split(".")[: -node.level]
                base = ".".join([*package, *([base] if base else [])])
            names = {f"{base}.{alias.name}" for alias in node.names}
            found.update(names & modules)
            if names - modules:
                found.add(base)
    return found


IMPORTS = {module: _imports(module, source, set(SOURCES)) for module, source in SOURCES.items()}


def _layer(module):
    named = [package for package in LAYER_OF if _is_inside(module, package)]
    return LAYERS.index(LAYER_OF[named[0]] if named else "core")


def _ours(imports):
    return {name for name in imports if name.split(".")[0] in ("atlas", "pages", "dashboard") and name != "atlas"}


def _upward(imports):
    return sorted(
        f"{module} imports {name}"
        for module, names in imports.items()
        if module != "atlas"
        for name in _ours(names)
        if _layer(name) > _layer(module)
    )


def _misplaced(imports, library):
    return sorted(
        module
        for module, names in imports.items()
        if any(_is_inside(name, library) for name in names)
        and not any(_is_inside(module, place) for place in ONLY_IN[library])
    )


def test_imports_point_downwards():
    assert _upward(IMPORTS) == []


@pytest.mark.parametrize("library", ONLY_IN)
def test_a_library_is_imported_only_where_it_belongs(library):
    assert _misplaced(IMPORTS, library) == []


def test_no_module_needs_itself():
    graph = {module: _ours(names) & set(SOURCES) - {module} for module, names in IMPORTS.items()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(f"modules import one another: {' -> '.join(error.args[1])}")


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("atlas.catalogue.selection", "from atlas import charts"),
        ("atlas.catalogue.selection", "def f():\n    import atlas.server.routes"),
        ("atlas.base.model", "from .selection import select"),
        ("atlas.figures.maps", "from atlas.ui.session.state import State"),
        ("atlas.ui.session.cache", "from atlas.ui.parts.filters import show_filters"),
        ("atlas.ui.parts.filters", "import pages.mappa"),
        ("atlas.base.tables", "import atlas.territory.territory"),
    ],
)
def test_an_upward_import_would_be_seen(module, source):
    assert _upward({module: _imports(module, source, {"atlas.figures.charts"})})


@pytest.mark.parametrize(
    ("module", "source", "library"),
    [
        ("atlas.words.description", "import streamlit as st", "streamlit"),
        ("atlas.server.routes", "from streamlit.web import bootstrap", "streamlit"),
        ("pages.mappa", "import folium", "folium"),
        ("atlas.ui.parts.charts", "if True:\n    import altair", "altair"),
        ("atlas.figures.maps", "from streamlit_folium import st_folium", "streamlit_folium"),
    ],
)
def test_a_misplaced_library_would_be_seen(module, source, library):
    assert _misplaced({module: _imports(module, source, set())}, library) == [module]
