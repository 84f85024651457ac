from concurrent.futures import ThreadPoolExecutor

from atlas.server.kept import Kept


def test_the_least_recently_used_goes_first():
    kept = Kept(10)
    kept.keep("a", 1, 4)
    kept.keep("b", 2, 4)
    assert kept.find("a") == 1
    kept.keep("c", 3, 4)
    assert [kept.find(key) for key in "abc"] == [1, None, 3]


def test_what_is_kept_again_counts_once_and_what_is_too_large_stands_alone():
    kept = Kept(10)
    for _ in range(5):
        kept.keep("a", 1, 4)
    kept.keep("b", 2, 6)
    assert [kept.find(key) for key in "ab"] == [1, 2] and (len(kept), kept.size) == (2, 10)
    kept.keep("c", 3, 99)
    assert [kept.find(key) for key in "abc"] == [None, None, 3] and (len(kept), kept.size) == (1, 99)


def test_many_threads_keep_the_account_right():
    kept = Kept(300)
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda n: (kept.keep(n % 7, n, 10 + n % 7), kept.find(n % 5)), range(2_000)))
    assert kept.size == sum(10 + key for key in range(7) if kept.find(key) is not None) <= 300
