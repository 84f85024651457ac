import gc
import threading

import pytest

from atlas.ui.session.jobs import FullError, Job, Queue


class Held:
    """Work that waits until the test lets it go, and says when it began."""

    def __init__(self, name, begun):
        self.name, self.begun, self.go = name, begun, threading.Event()

    def __call__(self, tell):
        self.begun.append(self.name)
        while not self.go.wait(0.01):
            tell(1, 2)
        return self.name.encode()


def until(condition):
    for _ in range(1000):
        if condition():
            return
        threading.Event().wait(0.01)
    raise AssertionError("it never came")


def test_work_gives_its_result_and_says_how_far_it_is():
    begun = []
    work = Held("a", begun)
    job = Job(work, queue=Queue())
    until(lambda: job.total == 2)
    assert job.is_running and job.result is None and job.position == 0
    work.go.set()
    job.wait(10)
    assert job.result == b"a" and not job.is_running and not job.has_failed


def test_who_has_no_seat_comes_before_who_has_one():
    begun, queue = [], Queue(seats=2)
    works = {name: Held(name, begun) for name in ("anna 1", "anna 2", "anna 3", "bruno")}
    jobs = {}
    for name, work in works.items():
        jobs[name] = Job(work, owner=name.split()[0], queue=queue)
        if len(jobs) <= 2:
            until(lambda: len(begun) == len(jobs))
    until(lambda: jobs["bruno"].position)
    assert (jobs["bruno"].position, jobs["anna 3"].position) == (1, 2)
    works["anna 1"].go.set()
    until(lambda: len(begun) == 3)
    assert begun[2] == "bruno"
    for work in works.values():
        work.go.set()
    for job in jobs.values():
        job.wait(10)
    assert [job.result for job in jobs.values()] == [name.encode() for name in works]


def test_a_cancelled_job_leaves_its_seat_or_its_place():
    begun, queue = [], Queue(seats=1)
    first = Job(Held("a", begun), queue=queue)
    until(lambda: begun == ["a"])
    waiting, last = Job(Held("b", begun), queue=queue), Job(Held("c", begun), queue=queue)
    waiting.cancel()
    first.cancel()
    until(lambda: begun == ["a", "c"])
    assert not waiting.is_running and first.result is None
    last.cancel()


def test_work_ends_when_nobody_holds_its_job():
    begun = []
    job = Job(Held("a", begun), queue=Queue())
    until(lambda: begun == ["a"])
    work, thread = job._work, job._thread
    del job
    gc.collect()
    thread.join(10)
    assert work.unwanted.is_set() and not thread.is_alive()


def test_a_queue_has_an_end():
    begun, queue = [], Queue(seats=1, longest=2)
    jobs = [Job(Held("a", begun), queue=queue)]
    until(lambda: begun == ["a"])
    jobs += [Job(Held(name, begun), queue=queue) for name in "bc"]
    with pytest.raises(FullError):
        Job(Held("d", begun), queue=queue)
    for job in jobs:
        job.cancel()


def test_without_a_thread_it_is_refused_and_the_queue_goes_on(monkeypatch):
    queue = Queue()
    with monkeypatch.context() as patched:
        patched.setattr(threading.Thread, "start", _refuse)
        with pytest.raises(FullError):
            Job(lambda tell: "never", queue=queue)
    job = Job(lambda tell: "made", queue=queue)
    job.wait(10)
    assert job.result == "made" and not queue._seated


def _refuse(thread):
    raise RuntimeError("can't start new thread")


def test_work_that_fails_says_so(caplog):
    def fail(tell):
        raise OSError("no space left")

    job = Job(fail, queue=Queue())
    job.wait(10)
    assert job.has_failed and job.result is None and "no space left" in caplog.text
