"""Work that the tests let a process of its own do: it has to be found by name there."""

import subprocess
import sys
import time
from pathlib import Path

PREPARED = []
SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]


def prepare():
    PREPARED.append("once")


def fail_to_prepare():
    raise ValueError("nothing is prepared")


def say_what_is_prepared(word, tell):
    tell([1, 2])
    tell("à")
    return word, list(PREPARED)


def take_memory(megabytes, tell):
    return len(bytearray(megabytes * 1024 * 1024))


def take_time(tell):
    while True:
        pass


def sleep(tell):
    time.sleep(60)


def leave(tell):
    raise SystemExit("this work leaves")


def lose_its_line(tell):
    raise BrokenPipeError("this work lost a line of its own")


def where(tell):
    return str(Path.cwd())


def fail(tell):
    raise ValueError("this work fails")


def start_another(tell):
    tell(subprocess.Popen(SLEEP).pid)
    time.sleep(60)


def status_of_another(tell):
    return subprocess.run([sys.executable, "-c", "raise SystemExit(7)"]).returncode
