"""Two servers that share one database: both show a change without a restart, and keep the catalogue without it."""

import json
import os
import time
import urllib.request

import pytest

from atlas.base.address import read_address
from atlas.base.tables import read_table
from atlas.catalogue.register.editing import replace_rows
from atlas.catalogue.register.schema import upgrade
from tests.factories import CATALOGUE
from tests.servers import log_of, running_server

if not os.environ.get("ATLAS_DEPLOY"):
    pytest.skip("run by `make test-deploy`", allow_module_level=True)

# The promise is a minute; the machine may be doing other things meanwhile.
PATIENCE = 120


def initiatives_at(server):
    with urllib.request.urlopen(f"{server}/healthz", timeout=10) as answer:
        return json.loads(answer.read())["initiatives"]


def wait_for(servers, n):
    deadline = time.monotonic() + PATIENCE
    while [initiatives_at(server) for server in servers] != [n] * len(servers):
        assert time.monotonic() < deadline, f"{[initiatives_at(server) for server in servers]} instead of {n}"
        time.sleep(0.5)


def test_two_servers_share_a_catalogue_that_changes_goes_and_comes_back(database):
    address = read_address(database.url)
    upgrade(address)
    table = read_table(CATALOGUE, ("id",))
    replace_rows(address, [{str(k): str(v) for k, v in row.items()} for row in table.frame.to_dict("records")])
    with running_server(ATLAS_CATALOGUE=database.url) as one, running_server(ATLAS_CATALOGUE=database.url) as two:
        assert [initiatives_at(one), initiatives_at(two)] == [35, 35]
        database.run("delete from initiatives where id = 'perugia-accessibile'")
        wait_for((one, two), 34)
        database.stop()
        assert [initiatives_at(one), initiatives_at(two)] == [34, 34]
        database.start()
        database.run("delete from initiatives where id = 'bari-social'")
        wait_for((one, two), 33)
        assert "segreto" not in log_of(one) + log_of(two)
