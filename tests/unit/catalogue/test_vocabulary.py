import pytest

from atlas.base.model import DataError, Language
from atlas.catalogue.vocabulary import read_vocabulary
from tests import factories

HEADER = "kind,id,label_it,label_en,description_it,description_en,population_group\n"
SYNONYMS = "language,expression,kind,meaning\n"


def _read(tmp_path, rows):
    (tmp_path / "vocabulary.csv").write_text(HEADER + rows, encoding="utf-8")
    (tmp_path / "synonyms.csv").write_text(SYNONYMS, encoding="utf-8")
    return read_vocabulary(tmp_path)


def test_terms_keep_the_order_of_the_file(tmp_path):
    vocabulary = _read(tmp_path, "theme,work,Lavoro,Work,,,\ntheme,art,Arte,Art,,,\ntarget,all,Tutti,Everyone,,,\n")
    assert list(vocabulary.themes) == ["work", "art"]
    assert list(vocabulary.targets) == ["all"]


def test_label_and_description_in_the_language(tmp_path):
    term = _read(tmp_path, "theme,work,Lavoro,Work,Il lavoro,The work,\ntarget,all,Tutti,Everyone,,,\n").themes["work"]
    assert (term.label(Language.IT), term.label(Language.EN)) == ("Lavoro", "Work")
    assert (term.description(Language.IT), term.description(Language.EN)) == ("Il lavoro", "The work")


def test_every_fault_is_reported_together(tmp_path):
    rows = "tema,work,Lavoro,Work,,,\ntheme,Casa nuova,Casa,Home,,,\ntheme,art,Arte,,,,\ntheme,art,Arte,Art,,,0-99\n"
    with pytest.raises(DataError) as caught:
        _read(tmp_path, rows)
    found = {(fault.line, fault.column) for fault in caught.value.faults}
    assert found == {(2, "kind"), (3, "id"), (4, "label_en"), (5, "id"), (5, "population_group"), (0, "kind")}


def test_the_small_vocabulary_survives_its_file(tmp_path):
    assert read_vocabulary(factories.write_data(tmp_path)) == factories.small_vocabulary()


def test_every_fault_of_the_synonyms_has_its_line_and_column(tmp_path):
    factories.write_data(tmp_path)
    rows = (
        "fr,vieux,target,elderly\nit,nonni,gruppo,elderly\nit,nonni,target,eldery\nit,,theme,housing\nit,casa,words,\n"
    )
    (tmp_path / "synonyms.csv").write_text(SYNONYMS + rows, encoding="utf-8")
    with pytest.raises(DataError) as caught:
        read_vocabulary(tmp_path)
    found = [(fault.file, fault.line, fault.column) for fault in caught.value.faults]
    columns = ["language", "kind", "meaning", "expression", "meaning"]
    assert found == [("synonyms.csv", line, column) for line, column in enumerate(columns, start=2)]
