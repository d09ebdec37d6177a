"""The example of the README: a table of a database behind a cache that threads share."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING


if TYPE_CHECKING:
    from sqlite3 import Connection


class Users:
    """Names of users, behind a cache. Whoever touches the cache holds its lock."""

    def __init__(self, database: Connection) -> None:
        self._database = database
        self._database.execute("create table users (id primary key, name)")
        self._cache: dict[int, str | None] = {}
        self._lock = Lock()

    def name(self, user: int) -> str | None:
        """Return the name of a user: from the cache, or else from the database."""
        with self._lock:
            if user in self._cache:
                return self._cache[user]
        found = self._database.execute("select name from users where id = ?", [user])
        name = next(found, [None])[0]
        with self._lock:
            self._cache[user] = name
        return name

    def rename(self, user: int, name: str) -> None:
        """Change a name in the database, and let the cache forget the old one."""
        self._database.execute("replace into users values (?, ?)", [user, name])
        with self._lock:
            self._cache.pop(user, None)
