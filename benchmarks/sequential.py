"""Sequential consistency: registers and counters of ten clients with 1,000 operations.

    python benchmarks/sequential.py [OPERATIONS] [WORDS...]

Clients take effect one at a time, in an order drawn at random, and are recorded as if
they had done so in step: each knows its own order, and no clock helps. There is an
answer or not; with words, only the histories whose name has them all are checked, and
with a number, clients have as many operations. The plain Python kernel is the baseline.

A fault of registers is *store buffering*: two clients that have read two keys each
write one of them, then read the other's as if nothing had been written. Each key alone
is fine. With one key, a client writes and then reads what it had read before. A counter
that *lost* an add shows a client less than it has added itself; a *torn* add shows another
client a part of it; one that is *off by one* is so once, in a read, and whether the
deltas can still add up is not known before: there the engines must agree.

Times are of the wall or of the processor, whichever is less, and the least of up to 20
rounds in 0.3 seconds: *check* from the integer columns to the verdict, *prepare* from
the history in memory to those. Every history is checked in a process of its own, which
has 60 seconds and 4 GB.
"""

from __future__ import annotations

import os
import resource
import sys
from random import Random
from typing import TYPE_CHECKING, Any

import msgspec
from checking.ours import measure_history
from checking.sides import in_a_process

from checkers.kernel import describe
from checkers.models import MODELS
from checkers.search import PROGRAM
from histories import Event, History


if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from checking.measurement import Measurement


LIMIT_S = 60.0
MEMORY_MB = 4096
FAULT_AT = 0.9


class Load(msgspec.Struct, frozen=True):
    """A history to check.

    Attributes:
        title: What it is called in the table.
        kind: Model.
        fault: What is wrong with it, if anything.
        clients: How many there are.
        operations: How many each calls.
        keys: How many registers there are.
        deltas: The greatest add.
    """

    title: str
    kind: str
    fault: str = ""
    clients: int = 10
    operations: int = 1_000
    keys: int = 1
    deltas: int = 1

    @property
    def expected(self) -> str:
        """What it is known to be; empty if that is not known."""
        return {"": "ok", "off by one": ""}.get(self.fault, "illegal")


LOADS = (
    Load("registers, 10 keys", "kv", keys=10),
    Load("registers, 10 keys, store buffering", "kv", "store buffering", keys=10),
    Load("registers, 3 keys", "kv", keys=3),
    Load("registers, 3 keys, store buffering", "kv", "store buffering", keys=3),
    Load("register, unique values", "register"),
    Load("register, unique values, read again", "register", "read again"),
    Load("counter, adds of 1", "g-counter"),
    Load("counter, adds of 1, lost add", "g-counter", "lost add"),
    Load("counter, adds of 1, off by one", "g-counter", "off by one"),
    Load("counter, adds of 1 to 10", "g-counter", deltas=10),
    Load("counter, adds of 1 to 10, lost add", "g-counter", "lost add", deltas=10),
    Load("counter, adds of 1 to 10, torn add", "g-counter", "torn add", deltas=10),
    Load("counter, adds of 1 to 10, off by one", "g-counter", "off by one", deltas=10),
)


class Script:
    """Draws a history; operations are taken effect one by one, as `did` is told.

    Attributes:
        done: By client: function, input and output of what it did.
    """

    def __init__(self, load: Load) -> None:
        self.load = load
        self.rng = Random(f"{load.kind} {load.keys} {load.deltas}")
        self.done: list[list[tuple[str, Any, Any]]] = [[] for _ in range(load.clients)]
        self.values: dict[int, Any] = dict.fromkeys(range(load.keys))
        self.total = self.written = 0

    def history(self) -> History:
        """Return the history: the first operation of each client, then the second."""
        total = self.load.clients * self.load.operations
        fault_at = int(total * FAULT_AT) if self.load.fault else total
        for count in range(total):
            if count == fault_at:
                FAULTS[self.load.fault](self)
            left = [one for one in self.clients() if self.owes(one)]
            if left:
                self.do_something(self.rng.choice(left))
        return History.from_events(self.events())

    def clients(self) -> range:
        """Return the clients."""
        return range(self.load.clients)

    def owes(self, client: int) -> bool:
        """Whether a client has not done all of its operations."""
        return len(self.done[client]) < self.load.operations

    def do_something(self, client: int) -> None:
        """Let a client do what it likes: read or update, as often."""
        reads = self.rng.random() < 0.5
        if self.load.kind == "g-counter":
            self.count(client, 0 if reads else self.rng.randint(1, self.load.deltas))
        elif reads:
            self.read(client, self.rng.randrange(self.load.keys))
        else:
            self.write(client, self.rng.randrange(self.load.keys))

    def count(self, client: int, delta: int) -> None:
        """Let a client add, or read if there is nothing to add."""
        self.total += delta
        did = ("add", delta, delta) if delta else ("read", None, self.total)
        self.done[client].append(did)

    def read(self, client: int, key: int) -> None:
        """Let a client read a register."""
        self.see(client, key, self.values[key])

    def see(self, client: int, key: int, value: Any) -> None:
        """Let a client read a value in a register, whether it is there or not."""
        seen = [key, value] if self.load.kind == "kv" else value
        asked = [key, None] if self.load.kind == "kv" else None
        self.done[client].append(("read", asked, seen))

    def write(self, client: int, key: int) -> None:
        """Let a client write a new value."""
        self.written += 1
        self.values[key] = self.written
        value = [key, self.written] if self.load.kind == "kv" else self.written
        self.done[client].append(("write", value, value))

    def events(self) -> Iterator[Event]:
        """Yield the events of all rounds: the calls, then the returns."""
        index = 0
        for rank in range(max(map(len, self.done))):
            for type_ in ("invoke", "ok"):
                for client, done in enumerate(self.done):
                    if rank < len(done):
                        f, asked, got = done[rank]
                        value = asked if type_ == "invoke" else got
                        yield Event(
                            index=index,
                            time=index * 1000,
                            type=type_,
                            process=client,
                            f=f,
                            value=value,
                        )
                        index += 1


def store_buffering(script: Script) -> None:
    """Let two clients each write one key and miss the write of the other one."""
    before = [script.values[key] for key in (0, 1)]
    for client in (0, 1):
        script.read(client, client)
    for client in (0, 1):
        script.write(client, client)
    for client in (0, 1):
        script.see(client, 1 - client, before[1 - client])


def read_again(script: Script) -> None:
    """Let a client read, write, and read what it had read before."""
    before = script.values[0]
    script.read(0, 0)
    script.write(0, 0)
    script.see(0, 0, before)


def lost_add(script: Script) -> None:
    """Let a client read, add, and read less than that makes."""
    script.count(0, 0)
    script.count(0, script.load.deltas)
    script.done[0].append(("read", None, script.total - 1))


def torn_add(script: Script) -> None:
    """Let a client see a part of the add of another one, and nothing else."""
    for client in script.clients():
        script.count(client, 0)
    script.count(0, script.load.deltas)
    script.count(0, 0)
    script.done[1].append(("read", None, script.total - 1))


def off_by_one(script: Script) -> None:
    """Let a client read one more than there is, and others add before it goes on."""
    script.done[0].append(("read", None, script.total + 1))
    for client in (1, 2, 3):
        script.count(client, script.load.deltas)


FAULTS: dict[str, Callable[[Script], None]] = {
    "store buffering": store_buffering,
    "read again": read_again,
    "lost add": lost_add,
    "torn add": torn_add,
    "off by one": off_by_one,
}


def main() -> None:
    """Check every load whose title has the words given; print a table."""
    words = sys.argv[1:]
    operations = int(words.pop(0)) if words and words[0].isdigit() else 1_000
    print(
        f"Python {sys.version.split()[0]}, {os.cpu_count()} cores, "
        f"load {os.getloadavg()[0]:.1f}; {describe().sentence}"
    )
    print(
        f"{f'10 clients, {operations:,} operations each':38}{'':9}{'check, ms':^20}{'prepare':>9}"
        f"{'peak, MB':>10}\n{'':38}{'':9}{'native':>10}{'python':>10}{'ms':>9}"
        f"{'':10}   python / native"
    )
    wrong = []
    for number, load in enumerate(LOADS):
        if all(word in load.title for word in words):
            native, python = (
                in_a_process(
                    kernel,
                    __file__,
                    "--load",
                    str(number),
                    str(operations),
                    timeout_s=4 * LIMIT_S,
                )
                for kernel in KERNELS
            )
            print(shown(load, native, python), flush=True)
            verdicts = {load.expected, native.verdict, python.verdict}
            if len(verdicts - {"", "unknown"}) > 1:
                wrong.append(f"WRONG VERDICT: {load.title}: {verdicts}")
    if wrong:
        sys.exit("\n".join(wrong))


KERNELS = ("native", "python")


def shown(load: Load, native: Measurement, python: Measurement) -> str:
    """Return a row of the table."""
    verdict = python.verdict if native.verdict == "unknown" else native.verdict
    both = "unknown" not in {native.verdict, python.verdict}
    times = f"{python.check_s / native.check_s:.0f}x" if both else "-"
    return (
        f"{load.title:38}{verdict:9}{_check(native)}{_check(python)}"
        f"{python.prepare_s * 1000:9.1f}{native.peak_mb:10.0f}{times:>14}     {native.method}"
    )


def _check(found: Measurement) -> str:
    if found.verdict == "unknown":
        return f"{found.lack:>10}"
    return f"{found.check_s * 1000:10.1f}"


def measure(load: Load) -> Measurement:
    """Draw a history and check it."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_MB << 20, MEMORY_MB << 20))
    initial = 0 if load.kind == "g-counter" else None
    return measure_history(
        Script(load).history(),
        MODELS[load.kind](initial),
        PROGRAM,
        limit_s=LIMIT_S,
        partition=False,
    )


if __name__ == "__main__":
    if sys.argv[1:2] == ["--load"]:
        load = msgspec.structs.replace(
            LOADS[int(sys.argv[2])], operations=int(sys.argv[3])
        )
        print(msgspec.json.encode(measure(load)).decode())
    else:
        main()
