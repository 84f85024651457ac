"""A catalogue in a file: read whole or not at all, whatever somebody does to it meanwhile."""

import os
from datetime import UTC, datetime

import pytest

from atlas.catalogue.source import file as home_file
from atlas.catalogue.source.file import FileSource
from atlas.catalogue.source.source import SourceError


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "iniziative.csv"
    path.write_bytes(b"prima")
    os.utime(path, (1_700_000_000, 1_700_000_000))
    return path


def test_the_first_version_is_taken_at_once_with_its_date(path):
    source = FileSource(path)
    fetched = source.fetch(is_urgent=True)
    assert (fetched.data, fetched.date) == (b"prima", datetime.fromtimestamp(1_700_000_000, UTC))
    assert source.fetch() is None


def test_a_change_is_taken_when_it_stands_still(path):
    source = FileSource(path)
    source.fetch(is_urgent=True)
    path.write_bytes(b"seconda, a met")
    assert source.fetch() is None
    path.write_bytes(b"seconda, intera")  # somebody was still copying
    assert source.fetch() is None
    assert source.fetch().data == b"seconda, intera"
    assert source.fetch() is None


def test_a_file_that_is_replaced_by_another_is_taken(path, tmp_path):
    source = FileSource(path)
    source.fetch(is_urgent=True)
    other = tmp_path / "altro"
    other.write_bytes(b"PRIMA")
    os.utime(other, (1_700_000_000, 1_700_000_000))
    other.replace(path)  # same size, same date
    assert source.fetch() is None
    assert source.fetch().data == b"PRIMA"


def test_a_file_that_goes_and_comes_back_is_read_again(path):
    source = FileSource(path)
    source.fetch(is_urgent=True)
    away = path.rename(path.with_suffix(".via"))
    with pytest.raises(SourceError, match="il file non esiste"):
        source.fetch()
    away.rename(path)
    assert source.fetch() is None
    assert source.fetch().data == b"prima"


def test_a_file_that_changes_while_it_is_read_is_read_again(path, monkeypatch):
    """Somebody writes between the first byte and the last: what was half one and half the other is never returned."""
    source, stamps = FileSource(path), []
    real = os.fstat

    def write_in_between(handle):
        if len(stamps) == 1:  # after the content was read, before it is compared
            path.write_bytes(b"seconda versione")
        stamps.append(handle)
        return real(handle)

    monkeypatch.setattr(home_file.os, "fstat", write_in_between)
    assert source.fetch(is_urgent=True).data == b"seconda versione"
    assert len(stamps) == 4


def test_a_file_that_never_stands_still_is_said(path, monkeypatch):
    times = iter(range(1, 1_000))
    real = os.fstat

    def touch(handle):
        os.utime(path, (0, next(times)))
        return real(handle)

    monkeypatch.setattr(home_file.os, "fstat", touch)
    with pytest.raises(SourceError, match="continua a cambiare"):
        FileSource(path).fetch(is_urgent=True)


def test_what_is_too_large_or_no_file_is_said(path, monkeypatch):
    monkeypatch.setattr(home_file, "MOST_BYTES", 3)
    with pytest.raises(SourceError, match="più grande"):
        FileSource(path).fetch(is_urgent=True)
    with pytest.raises(SourceError, match="non si può leggere"):
        FileSource(path.parent).fetch(is_urgent=True)
