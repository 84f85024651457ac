"""The scripts of the pages are files of this server, with the words of their language and a name for their content."""

import json
import re

import pytest
from starlette.applications import Starlette

from atlas.base.i18n import translator
from atlas.base.model import Language
from atlas.server.page_scripts import HOLDINGS, page_script
from atlas.server.routes import routes
from tests.asgi import call


@pytest.mark.parametrize("language", list(Language))
def test_it_has_the_scripts_and_the_words_of_its_language(language):
    script = page_script(language).body.decode()
    assert "window.atlasPage ||=" in script and "window.atlasSession ||=" in script
    said = json.loads(re.search(rf"\(window.atlasSaid \|\|= {{}}\)\.{language.value} = (.*);$", script)[1])
    words = translator(language)
    assert said["page"]["copied"] == words("share.copied") and said["page"]["mended"]["clear"]
    assert set(said["session"]["lost"]) == set(HOLDINGS)


def test_every_text_that_the_script_mends_comes_with_its_words():
    # Without them the script stops at the first such text, and the rest of the page stays English.
    script = page_script(Language.IT).body.decode()
    english = re.search(r"const ENGLISH = \{(.*?)\n  \};", script, re.DOTALL)[1]
    names = set(re.findall(r"(?:^|[\s,])(\w+): \"", english))
    said = json.loads(re.search(r"\(window.atlasSaid \|\|= {}\)\.it = (.*);$", script)[1])
    assert len(names) > 30 and names == set(said["page"]["mended"])


def test_the_two_languages_have_addresses_of_their_own_which_browsers_keep():
    paths = [page_script(language).path for language in Language]
    assert len(set(paths)) == 2
    app = Starlette(routes=routes("/atlante"))
    for path in paths:
        answer = call(app, f"/atlante/{path}", host="atlante.example.org")
        assert answer.status == 200 and answer.headers["content-type"].startswith("text/javascript")
        assert "immutable" in answer.headers["cache-control"]
    assert call(app, f"/atlante/{paths[0].replace('page', 'pages')}", host="atlante.example.org").status == 404
