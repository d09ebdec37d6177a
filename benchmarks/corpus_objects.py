"""Small objects in this process: registers, stores, counters, sets and lists.

An object is a state and what operations do to it at one instant: plain code, which no
checker has a part in. Locks and queues are in `corpus_queues`; `corpus_erring` makes one
of them err.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar


if TYPE_CHECKING:
    from random import Random


class Refused(Exception):  # noqa: N818 # it is no error to be told no
    """An operation has surely done nothing."""


class Thing:
    """An object: `state` is all that it is.

    Attributes:
        model: What the checker calls it.
        state: What it holds.
        keyed: Whether values are pairs of a key and a value.
        blind: Functions that change it and answer nothing.
    """

    model: ClassVar[str]
    keyed: ClassVar[bool] = False
    blind: ClassVar[frozenset[str]] = frozenset()

    def __init__(self) -> None:
        self.state: Any = None

    def draw(self, rng: Random, fresh: int, most: int) -> tuple[str, Any]:
        """Return an operation to do: the function, and its argument.

        Args:
            rng: Chance.
            fresh: A number that nobody has had.
            most: The greatest number that is used at all, if they are used again.
        """
        raise NotImplementedError

    def do(self, f: str, value: Any, process: int) -> Any:
        """Do it at once and return what came of it.

        Raises:
            Refused: It cannot be done now.
        """
        raise NotImplementedError

    def lie(self, rng: Random, f: str, answer: Any, most: int) -> Any:  # noqa: ARG002 # some need it
        """Return another answer than the right one, of the same shape."""
        if isinstance(answer, bool):
            return not answer
        if isinstance(answer, list):
            return altered(rng, answer, most)
        return rng.choice([None, *range(1, most + 2)])


def altered(rng: Random, values: list[Any], most: int) -> list[Any]:
    """Return a list with an element gone, one more, or two swapped."""
    values = list(values)
    how = rng.choice(("gone", "more", "swapped"))
    if how == "more" or not values:
        values.insert(rng.randint(0, len(values)), rng.randint(1, most + 1))
    elif how == "gone" or len(values) < 2:
        del values[rng.randrange(len(values))]
    else:
        first, second = rng.sample(range(len(values)), 2)
        values[first], values[second] = values[second], values[first]
    return values


class Register(Thing):
    """One value."""

    model = "register"
    blind = frozenset({"write"})

    def draw(self, rng: Random, fresh: int, most: int) -> tuple[str, Any]:
        """Read or write."""
        if rng.random() < 0.5:
            return "read", None
        return "write", min(fresh, rng.randint(1, most) if most < fresh else fresh)

    def do(self, f: str, value: Any, process: int) -> Any:  # noqa: ARG002 # as in Thing
        """Read or write."""
        if f == "read":
            return self.state
        self.state = value
        return value


class CasRegister(Register):
    """One value, which is replaced if it is the expected one."""

    model = "cas-register"

    def draw(self, rng: Random, fresh: int, most: int) -> tuple[str, Any]:
        """Read, write, or compare and set."""
        if rng.random() < 0.6:
            return super().draw(rng, fresh, most)
        # Most clients have seen what is there.
        old = self.state if rng.random() < 0.7 else rng.choice([None, 1, 2, fresh - 1])
        return "cas", [old, min(fresh, most) if most < fresh else fresh]

    def do(self, f: str, value: Any, process: int) -> Any:
        """Read, write, or compare and set."""
        if f != "cas":
            return super().do(f, value, process)
        if self.state != value[0]:
            raise Refused
        self.state = value[1]
        return value


class KeyValue(Thing):
    """A store of registers."""

    model = "kv"
    keyed = True
    blind = frozenset({"write"})

    def __init__(self) -> None:
        super().__init__()
        self.state = {}

    def draw(self, rng: Random, fresh: int, most: int) -> tuple[str, Any]:
        """Read, write, or compare and set a key."""
        key = rng.choice("xy" if rng.random() < 0.9 else "xyz")
        what = rng.random()
        if what < 0.5:
            return "read", [key, None]
        value = fresh if most >= fresh else rng.randint(1, most)
        if what < 0.9:
            return "write", [key, value]
        return "cas", [key, [self.state.get(key), value]]

    def do(self, f: str, value: Any, process: int) -> Any:  # noqa: ARG002 # as in Thing
        """Read, write, or compare and set a key."""
        key, given = value
        if f == "read":
            return [key, self.state.get(key)]
        if f == "cas":
            if self.state.get(key) != given[0]:
                raise Refused
            given = given[1]
        self.state[key] = given
        return value

    def lie(self, rng: Random, f: str, answer: Any, most: int) -> Any:
        """Return another value of the key."""
        if f != "read":
            return answer
        return [answer[0], rng.choice([None, *range(1, most + 2)])]


class Strings(KeyValue):
    """A store of strings that are appended to."""

    blind = frozenset({"put", "append"})

    def draw(self, rng: Random, fresh: int, most: int) -> tuple[str, Any]:
        """Get, put or append."""
        key = rng.choice("xy")
        letter = chr(96 + min(fresh, most, 26))
        f = rng.choice(("get", "get", "put", "append", "append"))
        return f, [key, None if f == "get" else letter]

    def do(self, f: str, value: Any, process: int) -> Any:  # noqa: ARG002 # as in Thing
        """Get, put or append."""
        key, given = value
        if f == "get":
            return [key, self.state.get(key)]
        old = self.state.get(key) or ""
        self.state[key] = given if f == "put" else old + given
        return value

    def lie(self, rng: Random, f: str, answer: Any, most: int) -> Any:
        """Return another string."""
        if f != "get":
            return answer
        text = altered(rng, list(answer[1] or ""), most)
        return [answer[0], "".join(c if isinstance(c, str) else "a" for c in text)]


class MultiRegister(Thing):
    """Registers that are read and written together."""

    model = "multi-register"

    def __init__(self) -> None:
        super().__init__()
        self.state = {}

    def draw(self, rng: Random, fresh: int, most: int) -> tuple[str, Any]:
        """Read and write one or two keys."""
        steps = []
        for number in range(rng.choice((1, 1, 2))):
            key = rng.choice("xy")
            value = 10 * fresh + number if most >= fresh else rng.randint(1, most)
            f = rng.choice(("read", "write"))
            steps.append([f, key, None if f == "read" else value])
        return "txn", steps

    def do(self, f: str, value: Any, process: int) -> Any:  # noqa: ARG002 # as in Thing
        """Do the steps in order."""
        done = []
        for step, key, given in value:
            if step == "write":
                self.state[key] = given
            done.append([step, key, self.state.get(key)])
        return done

    def lie(self, rng: Random, f: str, answer: Any, most: int) -> Any:  # noqa: ARG002 # as in Thing
        """Return another value of what is read."""
        values = [None, *range(1, most + 2), *(10 * n for n in range(1, most + 1))]
        return [
            [step, key, rng.choice(values) if step == "read" else value]
            for step, key, value in answer
        ]


class Counter(Thing):
    """A number that is added to."""

    model = "g-counter"
    blind = frozenset({"add"})
    deltas: ClassVar[tuple[tuple[int, ...], ...]] = ((1,), (3,), (1, 2), (1, 2, 5))

    def __init__(self) -> None:
        super().__init__()
        self.state = 0

    def draw(self, rng: Random, fresh: int, most: int) -> tuple[str, Any]:
        """Add or read."""
        if rng.random() < 0.45:
            return "read", None
        if most >= fresh:
            return "add", 2**fresh // 2
        return "add", rng.choice(self.deltas[most % len(self.deltas)])

    def do(self, f: str, value: Any, process: int) -> Any:  # noqa: ARG002 # as in Thing
        """Add or read."""
        if f == "read":
            return self.state
        self.state += value
        return value

    def lie(self, rng: Random, f: str, answer: Any, most: int) -> Any:  # noqa: ARG002 # as in Thing
        """Return a number nearby."""
        off = rng.choice((-3, -2, -1, 1, 2, 3))
        return answer if f != "read" else max(0, answer + off)


class PnCounter(Counter):
    """A number that is added to and taken from."""

    model = "pn-counter"
    deltas = ((1, -1), (1, 2, -2), (3, -3), (-1,), (1, 0))

    def lie(self, rng: Random, f: str, answer: Any, most: int) -> Any:  # noqa: ARG002 # as in Thing
        """Return a number nearby."""
        return answer if f != "read" else answer + rng.choice((-2, -1, 1, 2))


class Set(Thing):
    """A set that says what has changed."""

    model = "set"

    def __init__(self) -> None:
        super().__init__()
        self.state = []

    def draw(self, rng: Random, fresh: int, most: int) -> tuple[str, Any]:
        """Add, remove, or ask."""
        f = rng.choice(("add", "add", "remove", "contains"))
        return f, rng.randint(1, max(1, min(most, fresh, 3)))

    def do(self, f: str, value: Any, process: int) -> Any:  # noqa: ARG002 # as in Thing
        """Add, remove, or ask."""
        present = value in self.state
        if f == "contains":
            return present
        changes = present is (f == "remove")
        if changes:
            (self.state.remove if present else self.state.append)(value)
        return changes


class GrowingSet(Thing):
    """A set that grows, and is read as a whole."""

    model = "set"
    blind = frozenset({"add"})

    def __init__(self) -> None:
        super().__init__()
        self.state = []

    def draw(self, rng: Random, fresh: int, most: int) -> tuple[str, Any]:
        """Add or read."""
        if rng.random() < 0.45:
            return "read", None
        return "add", fresh if most >= fresh else rng.randint(1, most)

    def do(self, f: str, value: Any, process: int) -> Any:  # noqa: ARG002 # as in Thing
        """Add or read."""
        if f == "read":
            return sorted(self.state)
        if value not in self.state:
            self.state.append(value)
        return value

    def lie(self, rng: Random, f: str, answer: Any, most: int) -> Any:
        """Return another set."""
        return altered(rng, answer, most) if f == "read" else answer


class WholeSet(GrowingSet):
    """A set that grows and shrinks, and is read as a whole."""

    blind = frozenset({"add", "remove"})

    def draw(self, rng: Random, fresh: int, most: int) -> tuple[str, Any]:
        """Add, remove, ask or read."""
        if rng.random() < 0.2:
            return "remove", rng.randint(1, max(1, min(most, fresh)))
        return super().draw(rng, fresh, most)

    def do(self, f: str, value: Any, process: int) -> Any:
        """Add, remove or read."""
        if f != "remove":
            return super().do(f, value, process)
        if value in self.state:
            self.state.remove(value)
        return value


class AppendList(GrowingSet):
    """A list that is appended to, and read as a whole."""

    model = "append-list"
    blind = frozenset({"append"})

    def draw(self, rng: Random, fresh: int, most: int) -> tuple[str, Any]:
        """Append or read."""
        f, value = super().draw(rng, fresh, most)
        return ("append", value) if f == "add" else (f, value)

    def do(self, f: str, value: Any, process: int) -> Any:  # noqa: ARG002 # as in Thing
        """Append or read."""
        if f == "read":
            return list(self.state)
        self.state.append(value)
        return value
