"""The scripts of the pages with their words: a file for each language, which a browser fetches once."""

import json
from functools import cache

from atlas.base.folders import ASSETS
from atlas.base.i18n import translator
from atlas.base.model import Language
from atlas.figures.map_files import PublishedFile, publish

_SCRIPTS = ("page.js", "session.js")
# The texts of page.js, by its own names.
_PAGE = {
    "content": "access.skip_content",
    "list": "access.skip_list",
    "scrolls": "access.scrolls",
    "copied": "share.copied",
    "notCopied": "share.not_copied",
    "available": "streamlit.available",
    "availableOne": "streamlit.available_one",
    "picked": "streamlit.picked",
}
# What a session may hold that is not in the address.
HOLDINGS = ("file", "stops", "file_stops")
# The texts of session.js.
_SESSION = {
    "cut": "line.cut",
    "cutText": "line.cut_text",
    "uploadCut": "line.upload_cut",
    "fileFailed": "line.file_failed",
    "close": "line.close",
}


@cache
def page_script(language: Language) -> PublishedFile:
    """Return page.js and session.js, and what they say in a language as `atlasSaid`."""
    words = translator(language)
    # Streamlit's English texts that page.js translates.
    mended = {
        key.removeprefix("streamlit."): text
        for key, text in words.catalogue.items()
        if key.startswith("streamlit.") and key not in _PAGE.values()
    }
    said = {
        "page": {name: words(key) for name, key in _PAGE.items()} | {"mended": mended},
        "session": {name: words(key) for name, key in _SESSION.items()}
        | {"lost": {holds: words(f"line.lost_{holds}") for holds in HOLDINGS}},
    }
    scripts = [(ASSETS / name).read_text(encoding="utf-8") for name in _SCRIPTS]
    words_of = f"(window.atlasSaid ||= {{}}).{language.value} = {json.dumps(said, ensure_ascii=False)};"
    return publish(f"page-{language.value}", ".js", "\n".join((*scripts, words_of)).encode())
