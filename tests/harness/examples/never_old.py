"""The example of the README: how the cache is tested."""

from __future__ import annotations

import random
import sqlite3
import sys
from contextlib import closing
from threading import Barrier, Thread
from typing import TYPE_CHECKING

import pytest
from users import Users

from harness.testing import Recording, assert_linearizable


if TYPE_CHECKING:
    from collections.abc import Iterator


CLIENTS, USERS, CALLS = 8, 200, 3


@pytest.fixture(autouse=True)
def eager_threads() -> Iterator[None]:
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)  # Let threads get in each other's way.
    yield
    sys.setswitchinterval(interval)


def test_a_name_is_never_old(recording: Recording) -> None:
    def client(number: int) -> None:
        rng = random.Random(number)
        for user in range(USERS):
            barrier.wait()  # All clients are at the same user.
            for call in range(CALLS):
                if rng.random() < 0.3:
                    name = f"{number}-{call}"
                    with recording.operation("write", [user, name]) as op:
                        users.rename(user, name)
                        op.ok()
                else:
                    with recording.operation("read", user) as op:
                        op.ok(users.name(user))

    barrier = Barrier(CLIENTS)
    with closing(
        sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)
    ) as database:
        users = Users(database)
        threads = [Thread(target=client, args=[number]) for number in range(CLIENTS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert_linearizable(recording, "kv")
