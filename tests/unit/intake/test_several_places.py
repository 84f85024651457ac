"""Whatever municipalities stand in one cell, in whatever way they are joined: none is lost in silence."""

import random

import pytest

from atlas.intake.cells.gazetteer import bundled_gazetteer
from atlas.intake.reader import read_upload

JOINTS = (", ", " e ", " - ", "/", " / ", "; ", " ed ", ", e ", " – ", "\n", " | ", " + ", " & ", ",", " ; ")
NOISE = ("", "", "", "altri", "frazione Nonesiste", "Nonesiste", "tutti", "e dintorni", "vari comuni")


def _write(names, chance):
    noise = chance.choice(NOISE)
    if noise:
        names = names[:]
        names.insert(chance.randrange(len(names) + 1), noise)
    return "".join(name + (chance.choice(JOINTS) if at < len(names) - 1 else "") for at, name in enumerate(names))


def _misspell(name, chance):
    at = chance.randrange(1, len(name))
    return name[:at] + name[at + 1 :] if chance.random() < 0.15 and len(name) > 7 else name


@pytest.mark.parametrize(("seed", "n"), [(30, 150), pytest.param(31, 4_000, marks=pytest.mark.thorough)])
@pytest.mark.parametrize("column", ["comune", "luoghi"])
def test_no_place_of_a_cell_is_lost_in_silence(column, seed, n):
    chance = random.Random(seed)
    frame = bundled_gazetteer().territory.municipalities
    by_province = {
        abbr: list(zip(part.index, part["name"], strict=True)) for abbr, part in frame.groupby("province_abbr")
    }
    n_whole = 0
    for _ in range(n):
        abbr = chance.choice(sorted(by_province))
        places = chance.sample(by_province[abbr], min(len(by_province[abbr]), chance.choice((2, 2, 3, 5))))
        written = [_misspell(name, chance) for _, name in places]
        cell = _write(written, chance)
        data = f'titolo;{column};provincia\nMensa;"{cell}";{abbr}\n'.encode()
        report = read_upload(data, "a")
        accepted = {(doubt.field, doubt.value): doubt.sure for doubt in report.doubts if doubt.sure}
        for one in (report, read_upload(data, "a", answers=accepted)) if accepted else (report,):
            if not one.loaded:
                assert one.messages, cell
                continue
            read = set(one.rows["places"][0].split(";"))
            missing = [code for code, _ in places if code not in read and code[:3] not in read]
            told = [message for message in one.messages if message.line == 2 and message.value]
            assert not missing or told, (cell, abbr, one.rows["places"][0])
            n_whole += not missing
    assert n_whole > n / 20
