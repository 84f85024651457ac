"""No page says what no output may say: every view of the regions, municipalities, cards, questions and answers."""

import pytest

from atlas.base.model import Face, Language, Question
from tests.app.reading import page_text
from tests.forbidden import find_forbidden

VIEWS = [
    *(("regioni", {"face": face.value, "region": "11"}) for face in Face),
    *(("regioni", {"face": face.value}) for face in Face),
    ("regioni", {"face": "compare", "compare": "08,19,11,IT"}),
    ("regioni", {"rule": "share"}),
    ("regioni", {"rule": "lead", "theme": "housing"}),
    ("regioni", {"measure": "per_million", "target": "elderly,families"}),
    ("comune", {}),
    ("comune", {"place": "035033"}),
    ("comune", {"place": "072025", "target": "families"}),
    ("catalogo", {"id": "innovationlab-san-dona-di-piave"}),
    ("catalogo", {"id": "siproimi-italia"}),
    ("mappa", {"region": "11", "measure": "per_million", "level": "province"}),
    ("mappa", {"q": "profughi"}),
    *(("indovina", {"question": question.value, "place": "001001"}) for question in Question),
]


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize(("page", "query"), VIEWS)
def test_no_view_says_what_no_output_may_say(open_page, page, query, language):
    app = open_page(page, **query, lang=language.value)
    if page == "indovina":
        app.button(key="quiz_reveal").click().run()
    assert not app.exception
    assert find_forbidden(page_text(app), language) == []
