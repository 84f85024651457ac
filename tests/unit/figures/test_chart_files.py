import io
import subprocess
import sys

import pandas as pd
import pytest
from PIL import Image

from atlas.figures.chart_files import to_csv, to_png, to_svg
from atlas.figures.charts import Bar, RankingWords, build_ranking_chart, to_picture

WORDS = RankingWords("Iniziative per milione di abitanti", "valore", "posti", ",", ".")


def picture(*labels):
    bars = [Bar(str(i), label, 1000.5 * i, str(i), note="1º–2º", low=1, high=2000) for i, label in enumerate(labels)]
    return to_picture(build_ranking_chart(bars, WORDS), "Perché sì: “più” di così", ["Regione: Friuli-Venezia Giulia"])


def test_an_svg_has_real_text_in_the_readers_format():
    svg = to_svg(picture("Valle d'Aosta", "Città & <b>")).decode()
    assert svg.startswith("<svg")
    for words in (
        "Perché sì: “più” di così",
        "Friuli-Venezia Giulia",
        "Valle d'Aosta",
        "Città &amp; &lt;b&gt;",
        "1º–2º",
    ):
        assert words in svg
    assert ">1.000<" in svg  # the axis writes thousands as Italian does


def test_a_png_shows_its_words():
    """A font family that cannot be read would leave the letters out without an error."""
    image = Image.open(io.BytesIO(to_png(picture("Molise", "Lazio"))))
    assert image.width > 1_400
    title = image.convert("L").crop((30, 20, 600, 70))
    assert sum(pixel < 100 for pixel in title.tobytes()) > 1_000


def test_a_picture_asks_no_other_host():
    spec = picture("Molise") | {"data": {"url": "http://127.0.0.1:9/rows.csv"}}
    with pytest.raises(ValueError, match="not allowed"):
        to_svg(spec)


def test_the_engine_of_pictures_is_not_loaded_before_the_first_one():
    code = "import sys, atlas.figures.chart_files; sys.exit('vl_convert' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_table_opens_in_an_italian_spreadsheet():
    table = pd.DataFrame({"Nome": ["=1+1", "Forlì"], "Valore": [0.25, None], "Posti": ["1º–20º", ""]})
    assert to_csv(table) == "\ufeffNome;Valore;Posti\r\n'=1+1;0,25;1º–20º\r\nForlì;;\r\n".encode()
