import json
import re

import numpy as np
import pytest

from atlas.base.i18n import translator
from atlas.base.model import Language
from atlas.figures.answer_map import build_answer_map
from tests.factories import real_territory

TERRITORY = real_territory()
REGIONS = tuple(map(str, TERRITORY.regions.index))


def said(message):
    return json.loads(message.to_script().removeprefix("atlasMap.paint(").removesuffix(");"))


@pytest.mark.parametrize("language", list(Language))
def test_a_map_of_regions_carries_no_number_but_the_level(language):
    message = build_answer_map(REGIONS, "", "", TERRITORY, translator(language))
    assert message.level.value == "region" and not message.n.any() and message.v is None and message.marks.total == 0
    assert said(message)["marks"] == {"where": [], "n": [], "shared": [], "areas": []} and said(message)["picked"] == ""
    words = said(message)["words"]
    assert not re.search(r"\d", json.dumps(said(message)["legend"]))
    assert words["none"] == words["outside"] == words["count"][0] == translator(language)("quiz.map_choose")


def test_the_chosen_region_stands_out():
    words = translator(Language.IT)
    assert build_answer_map(REGIONS, "12", "", TERRITORY, words).regions == ("12",)
    assert said(build_answer_map(REGIONS, "12", "", TERRITORY, words))["legend"]["title"] == words("quiz.map_chosen")
    assert said(build_answer_map(REGIONS, "", "", TERRITORY, words))["legend"]["title"] == words("quiz.map_title")
    part = build_answer_map(("03", "12"), "12", "", TERRITORY, words)
    assert (part.regions, part.place) == (("03", "12"), "12")
    assert said(part)["words"]["outside"] == words("quiz.map_no_option")


def test_municipalities_are_alike_but_for_the_chosen_one_and_the_start():
    codes = TERRITORY.municipalities.index
    message = build_answer_map(("015146", "058091"), "058091", "001001", TERRITORY, translator(Language.IT))
    assert message.level.value == "municipality" and message.lead == "001001" and message.regions == ()
    assert list(codes[np.flatnonzero(message.n)]) == ["015146", "058091"] and set(message.n) == {0, 1}
    assert message.picked == "058091" and message.marks.total == 2
    assert translator(Language.IT)("quiz.map_start") in said(message)["legend"]["note"]
