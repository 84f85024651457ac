"""Work in a process of its own: its result, its budget, its end when nobody waits for it."""

import os
import signal
import sys
import time
from functools import partial
from pathlib import Path

import pytest

from atlas.base import apart
from atlas.base.apart import Budget, EndedError, FailedError
from tests.unit.base import apart_work as work

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="the work is done in the same process")

BUDGET = Budget(processor=20, patience=60)
run = partial(apart.run_apart, prepare=work.prepare, budget=BUDGET)
on_linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux says what a process uses")


class _LeftError(Exception):
    pass


def _children():
    pid = apart._template.process.pid
    return len(Path(f"/proc/{pid}/task/{pid}/children").read_text().split())


def _until(happens):
    for _ in range(500):
        if happens():
            return
        time.sleep(0.01)
    raise AssertionError("it does not happen")


def test_the_result_and_what_is_told_arrive_and_it_is_prepared_once():
    for word in ("one", "two"):
        told = []
        assert run(work.say_what_is_prepared, word, on_told=told.append) == (word, ["once"])
        assert told == [[1, 2], "à"]


@on_linux
def test_who_exceeds_the_memory_ends_and_the_next_finds_everything_again():
    budget = Budget(processor=20, patience=60, memory=8 * 1024 * 1024)
    with pytest.raises(EndedError):
        run(work.take_memory, 64, budget=budget)
    assert run(work.take_memory, 4, budget=budget) == 4 * 1024 * 1024
    assert run(work.take_memory, 64) == 64 * 1024 * 1024


@pytest.mark.parametrize(
    ("busy", "budget"), [(work.take_time, Budget(1, 60)), (work.sleep, Budget(20, 1))], ids=["processor", "waiting"]
)
def test_who_exceeds_the_time_ends(busy, budget):
    start = time.monotonic()
    with pytest.raises(EndedError):
        run(busy, budget=budget)
    assert time.monotonic() - start < 30
    _until(lambda: not _children())


@pytest.fixture
def log(capfd):
    """What a new template and its children write on the error line."""
    apart._template.stop()
    return lambda: capfd.readouterr().err


@pytest.mark.parametrize(
    ("wrong", "said"),
    [(work.fail, "this work fails"), (work.leave, "this work leaves"), (work.lose_its_line, "lost a line of its own")],
)
def test_an_error_of_the_work_is_in_the_log_and_told(log, wrong, said):
    with pytest.raises(FailedError):
        run(wrong)
    _until(lambda: said in log())


@pytest.mark.parametrize("says", ["on_told", "still_wanted"])
def test_an_error_of_the_one_who_asks_is_his_own_and_the_work_is_done_once(says):
    asked = []

    def fail(*_):
        asked.append(1)
        raise TimeoutError("of the one who asks")

    with pytest.raises(TimeoutError, match="of the one who asks"):
        run(work.say_what_is_prepared, "", **{says: fail})
    assert asked == [1]


def test_a_template_that_hangs_is_replaced(monkeypatch):
    run(work.say_what_is_prepared, "")
    before = apart._template.process
    os.kill(before.pid, signal.SIGSTOP)
    monkeypatch.setattr(apart, "STARTING", 2)
    assert run(work.say_what_is_prepared, "after all") == ("after all", ["once"])
    assert before.poll() is not None


def test_without_descriptors_it_fails_in_one_way(monkeypatch):
    def refuse(*_):
        raise OSError("Too many open files")

    apart._template.stop()
    monkeypatch.setattr(apart.socket, "socketpair", refuse)
    apart.prepare_apart(work.prepare)
    with pytest.raises(FailedError):
        run(work.say_what_is_prepared, "")


def test_a_path_that_is_relative_means_the_same_there(monkeypatch, tmp_path):
    apart._template.stop()
    monkeypatch.chdir(tmp_path)
    assert Path(run(work.where)) == tmp_path
    apart._template.stop()


def test_what_cannot_be_prepared_fails_and_leaves_the_template_alive(log):
    run(work.say_what_is_prepared, "")
    before = apart._template.process.pid
    with pytest.raises(FailedError):
        run(work.say_what_is_prepared, "", prepare=work.fail_to_prepare)
    assert log().count("ValueError: nothing is prepared") == 2
    assert run(work.say_what_is_prepared, "") and apart._template.process.pid == before


@on_linux
def test_who_is_cancelled_ends_with_what_it_has_started():
    started = []

    def leave():
        if started:
            raise _LeftError

    with pytest.raises(_LeftError):
        run(work.start_another, on_told=started.append, still_wanted=leave)
    _until(lambda: not _children())
    _until(lambda: not Path(f"/proc/{started[0]}").exists())


def test_what_the_work_starts_tells_how_it_ended():
    assert run(work.status_of_another) == 7


def test_a_template_that_ended_is_started_again():
    run(work.say_what_is_prepared, "")
    apart._template.process.kill()
    apart._template.process.wait()
    assert run(work.say_what_is_prepared, "again") == ("again", ["once"])


def test_preparing_ahead_starts_the_template_once():
    apart._template.stop()
    apart.prepare_apart(work.prepare)
    before = apart._template.process.pid
    apart.prepare_apart(work.prepare)
    assert run(work.say_what_is_prepared, "") == ("", ["once"])
    assert apart._template.process.pid == before


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has niceness in this file")
def test_it_stands_back_behind_the_pages():
    run(work.say_what_is_prepared, "")
    ours, its = (os.getpriority(os.PRIO_PROCESS, pid) for pid in (0, apart._template.process.pid))
    assert its == min(ours + 5, 19)
