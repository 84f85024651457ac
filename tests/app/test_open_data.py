"""The examples of the method page, each asked of the routes that answer them."""

from urllib.parse import urlsplit

import pytest
from starlette.applications import Starlette

from atlas.server.api import routes
from tests.app.reading import page_text
from tests.asgi import call


@pytest.mark.parametrize(("language", "title"), [("it", "Dati aperti e API"), ("en", "Open data and API")])
def test_every_example_of_the_page_answers(open_page, language, title):
    page = open_page("metodo", lang=language)
    assert title in page_text(page)
    examples = [urlsplit(block.value) for block in page.code]
    assert len(examples) == 7
    app = Starlette(routes=routes.routes())
    for example in examples:
        answer = call(app, f"/{example.path.lstrip('/')}", example.query)
        assert answer.status == 200 and answer.content
