"""The script that loads a server tries only this machine, is bounded, and counts what fails."""

import asyncio

import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from benchmarks import load
from benchmarks.wire import Page, Visitor, WireError, choice, only_this_machine


@pytest.mark.parametrize("address", ["http://127.0.0.1:8501", "http://localhost:8501/", "http://[::1]:8501"])
def test_this_machine_may_be_tried(address):
    assert only_this_machine(address) == address.rstrip("/")


@pytest.mark.parametrize(
    "address",
    ["http://10.0.0.1", "https://atlante.example.org", "http://127.0.0.1.example.org", "http://0.0.0.0:8501", "", "x"],
)
def test_no_other_host_may_be_tried(address):
    with pytest.raises(ValueError, match="only this machine"):
        only_this_machine(address)
    with pytest.raises(ValueError, match="only this machine"):
        Visitor(address)


@pytest.mark.parametrize("words", [["nothing"], ["one", "--seconds", "0"], ["one", "--seconds", "100000"]])
def test_what_is_asked_is_bounded(words, monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["load", *words])
    with pytest.raises(SystemExit) as ended:
        load.main()
    assert ended.value.code == 2
    assert "error:" in capsys.readouterr().err


def test_a_server_that_does_not_answer_is_a_failure():
    tally = load.burst("http://127.0.0.1:9", people=3)
    assert (sum(tally.failures.values()), tally.all()) == (3, [])
    assert "Connection refused" in next(iter(tally.failures))


def test_a_change_without_effect_is_a_failure():
    class Deaf(Visitor):
        async def run(self, page=None, **changes):
            return None

    visitor = Deaf("http://127.0.0.1:9")
    for at, key in enumerate(("map_level", *load.FILTERS)):
        message = ForwardMsg()
        widget = message.delta.new_element.multiselect
        widget.id = f"$$ID-0-{key}"
        widget.options.append("Casa (4)")
        visitor.page.elements[(at,)] = message.delta.new_element

    class AlwaysFilter(load.random.Random):
        def choices(self, *_, **__):
            return ["filter"]

        def random(self):
            return 0.0

    with pytest.raises(WireError, match=r"chose \['Casa \(4\)'\], the page shows \[\]"):
        asyncio.run(load.change(visitor, AlwaysFilter()))


def test_a_widget_is_found_by_the_key_of_the_program():
    page, message = Page(), ForwardMsg()
    message.delta.new_element.selectbox.id = "$$ID-0a-map_measure"
    page.elements[(0, 1)] = message.delta.new_element
    assert page.widget("map_measure").id == "$$ID-0a-map_measure"
    assert (page.has("map_measure"), page.has("measure_map"), page.has("map")) == (True, False, False)
    with pytest.raises(WireError, match="no widget 'nowhere'"):
        page.widget("nowhere")


def test_figures_of_a_crowd():
    tally = load.Tally()
    for seconds in (0.3, 0.1, 0.2):
        tally.add("filter", seconds)
    tally.add("open", 9.0)
    assert tally.all("filter") == [0.1, 0.2, 0.3]
    assert tally.all()[-1] == 9.0
    assert load.p95([float(n) for n in range(1, 101)]) == pytest.approx(95.95)
    assert load.p95([]) == float("inf")
    assert list(choice("a", "b").string_array_value.data) == ["a", "b"]
