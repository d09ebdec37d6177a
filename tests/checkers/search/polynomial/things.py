"""Data types for random histories."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .drawn import Blocked, Failed, Thing


if TYPE_CHECKING:
    from random import Random


class UniqueRegister(Thing):
    """A register whose values are unique but for a share; 0 is the first one."""

    def __init__(self, *, swaps: float = 0.0, again: float = 0.0) -> None:
        self.value = 0
        self.written = [0]
        self.swaps = swaps
        self.again = again

    def ask(self, rng: Random, process: int) -> tuple[str, Any]:
        what = rng.random()
        if what < self.swaps:
            old = self.value if rng.random() < 0.7 else rng.choice(self.written)
            return "cas", [old, old if rng.random() < 0.1 else self._new(rng)]
        if what < 0.5 + self.swaps / 2:
            return "read", None
        return "write", self._new(rng)

    def do(self, f: str, value: Any, process: int) -> Any:
        if f == "read":
            return self.value
        if f == "write":
            self.value = value
        elif self.value != value[0]:
            raise Failed
        else:
            self.value = value[1]
        return value

    def other(self, rng: Random, f: str, value: Any) -> Any:
        if f == "read":
            return rng.choice(
                [*self.written, 99] if rng.random() < 0.1 else self.written
            )
        return value

    def _new(self, rng: Random) -> int:
        if rng.random() < self.again:
            return rng.choice(self.written)
        self.written.append(len(self.written))
        return self.written[-1]


class Counter(Thing):
    """A counter; deltas are drawn from a list."""

    def __init__(self, deltas: list[int], *, initial: int = 0) -> None:
        self.value = initial
        self.deltas = deltas

    def ask(self, rng: Random, process: int) -> tuple[str, Any]:
        if rng.random() < 0.5:
            return "read", None
        return "add", rng.choice(self.deltas)

    def do(self, f: str, value: Any, process: int) -> Any:
        if f == "read":
            return self.value
        self.value += value
        return value

    def other(self, rng: Random, f: str, value: Any) -> Any:
        if f == "read":
            return value + rng.choice((1, -1)) * abs(rng.choice(self.deltas))
        return value


class TellingCounter(Counter):
    """A counter of which each process adds what no other does, and sums tell it."""

    def __init__(self, *, signs: bool, initial: int = 0) -> None:
        super().__init__([1], initial=initial)
        self.signs = signs

    def ask(self, rng: Random, process: int) -> tuple[str, Any]:
        if rng.random() < 0.5:
            return "read", None
        # Processes are renamed when they lose an operation: the number stays below 99.
        delta = 20**process
        self.deltas.append(delta)
        return "add", -delta if self.signs and process % 2 else delta


class Box(Thing):
    """Queues, stacks and bags; elements are unique but for a share."""

    def __init__(
        self,
        inserting: str,
        removing: str,
        *,
        initial: list[Any] = (),  # type: ignore[assignment] # is copied
        again: float = 0.0,
        inserts: float = 0.55,
    ) -> None:
        self.inserting, self.removing = inserting, removing
        self.elements = list(initial)
        self.known: list[Any] = [*initial]
        self.again = again
        self.inserts = inserts

    def ask(self, rng: Random, process: int) -> tuple[str, Any]:
        if rng.random() >= self.inserts:
            return self.removing, None
        if self.known and rng.random() < self.again:
            return self.inserting, rng.choice(self.known)
        self.known.append(self.new(rng))
        return self.inserting, self.known[-1]

    def new(self, rng: Random) -> Any:
        return len(self.known)

    def do(self, f: str, value: Any, process: int) -> Any:
        if f == self.inserting:
            self.elements.append(value)
            return value
        return self.take() if self.elements else None

    def take(self) -> Any:
        return self.elements.pop(0)

    def other(self, rng: Random, f: str, value: Any) -> Any:
        if f == self.removing:
            return rng.choice([*self.known, None])
        return value


class Pile(Box):
    """A stack."""

    def take(self) -> Any:
        return self.elements.pop()


class Ranked(Box):
    """A priority queue whose elements may have equal priorities."""

    def new(self, rng: Random) -> Any:
        return [rng.randrange(4), len(self.known)]

    def take(self) -> Any:
        least = min(self.elements, key=lambda element: element[0])
        self.elements.remove(least)
        return least


class Lock(Thing):
    """A lock with an owner; a release by anyone else fails, mostly."""

    def __init__(self, *, rude: float = 0.1) -> None:
        self.owner: int | None = None
        self.asked: dict[int, bool] = {}
        self.rude = rude

    def ask(self, rng: Random, process: int) -> tuple[str, Any]:
        acquired = self.asked.get(process, False)
        if rng.random() < self.rude:
            acquired = not acquired
        self.asked[process] = not acquired
        return "release" if acquired else "acquire", None

    def do(self, f: str, value: Any, process: int) -> Any:
        if f == "acquire":
            if self.owner is not None:
                raise Blocked
            self.owner = process
        elif self.owner == process:
            self.owner = None
        elif process % 2:
            self.asked[process] = self.owner == process
            raise Failed
        return value


class BrokenLock(Lock):
    """A lock that is sometimes given twice."""

    def do(self, f: str, value: Any, process: int) -> Any:
        if f == "acquire" and process % 3 == 0:
            self.owner = None
        return super().do(f, value, process)


class Members(Thing):
    """A set of which one element is asked for, or a few."""

    def __init__(self, *, elements: int = 1, present: bool = False) -> None:
        self.elements = elements
        self.members = {0} if present else set()

    def ask(self, rng: Random, process: int) -> tuple[str, Any]:
        return rng.choice(("add", "remove", "contains")), rng.randrange(self.elements)

    def do(self, f: str, value: Any, process: int) -> Any:
        present = value in self.members
        if f == "add":
            self.members.add(value)
            return not present
        if f == "remove":
            self.members.discard(value)
        return present

    def other(self, rng: Random, f: str, value: Any) -> Any:
        return None if f != "contains" and rng.random() < 0.1 else not value


class Growing(Thing):
    """A list that grows; elements are unique but for a share."""

    def __init__(self, *, initial: list[int] = (), again: float = 0.0) -> None:  # type: ignore[assignment] # is copied
        self.elements = list(initial)
        self.known = len(self.elements)
        self.again = again

    def ask(self, rng: Random, process: int) -> tuple[str, Any]:
        if rng.random() < 0.5:
            return "read", None
        if rng.random() < self.again:
            return "append", rng.randrange(self.known + 1)
        self.known += 1
        return "append", self.known - 1

    def do(self, f: str, value: Any, process: int) -> Any:
        if f == "read":
            return list(self.elements)
        self.elements.append(value)
        return value

    def other(self, rng: Random, f: str, value: Any) -> Any:
        if f != "read":
            return value
        seen = list(value)
        what = rng.randrange(5)
        if what == 0 and len(seen) > 1:
            i = rng.randrange(len(seen) - 1)
            seen[i : i + 2] = seen[i : i + 2][::-1]
        elif what == 1:
            seen.append(rng.randrange(self.known + 1))
        elif what == 2:
            return list(self.elements)
        elif seen:
            seen.pop()
        return seen


class Gathering(Growing):
    """A set that grows; elements are unique but for a share."""

    def ask(self, rng: Random, process: int) -> tuple[str, Any]:
        f, value = super().ask(rng, process)
        return "add" if f == "append" else f, value

    def do(self, f: str, value: Any, process: int) -> Any:
        if f == "read" or value not in self.elements:
            return super().do(f, value, process)
        return value


class Store(Thing):
    """Several registers, each with unique values but for a share."""

    def __init__(
        self, *, keys: int = 2, swaps: float = 0.0, again: float = 0.0
    ) -> None:
        self.registers = [UniqueRegister(swaps=swaps, again=again) for _ in range(keys)]

    def ask(self, rng: Random, process: int) -> tuple[str, Any]:
        key = rng.randrange(len(self.registers))
        f, value = self.registers[key].ask(rng, process)
        return f, [key, value]

    def do(self, f: str, value: Any, process: int) -> Any:
        key, item = value
        return [key, self.registers[key].do(f, item, process)]

    def other(self, rng: Random, f: str, value: Any) -> Any:
        key, item = value
        return [key, self.registers[key].other(rng, f, item)]
