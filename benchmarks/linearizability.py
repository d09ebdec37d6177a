"""Linearizability side by side: Porcupine, our native kernel, and our plain Python.

    python benchmarks/linearizability.py [--full] [--largest N] [WORDS...]

Checks logs of etcd and of a key-value store, where they are, and the histories of
`checking.families`; with words, only those whose row has them all. Every side checks
the same file, in a process of its own that is bounded in time and memory. Three times
are taken: to read the file, to make integers of the history (ours only), and to check
it. *check* in the table is the last one: what Porcupine's `CheckEventsTimeout` needs
from its events in memory, and ours from the integer columns. *from the file* is all
three.

A time is that of the wall or of the processors, whichever is less: so neither what
else runs on the machine counts, nor that Porcupine collects garbage and checks keys on
other cores. It is the least of up to 20 rounds, as many as fit in 0.3 seconds; what a
program does but once, such as loading its modules, is therefore not in it.

Ends with 1 if a verdict is wrong: if sides differ, or one differs from what is known.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from math import exp, log
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from checking.cases import Case, full, quick, recorded
from checking.sides import Limits, Side, ours, porcupine, versions


if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from checking.measurement import Measurement


PORCUPINE = "Porcupine"
NAMES = (PORCUPINE, "native", "python")


class Row(msgspec.Struct, frozen=True):
    """A case, and what each side said, history by history."""

    case: Case
    found: dict[str, list[Measurement]]

    def answered(self, side: str) -> bool:
        """Whether a side has decided all its histories."""
        measurements = self.found.get(side, [])
        return measurements != [] and all(
            one.verdict != "unknown" for one in measurements
        )

    def total(self, side: str, part: Callable[[Measurement], float]) -> float:
        """Return a sum over the histories of the case."""
        return sum(map(part, self.found[side]))

    def ratio(self, side: str, part: Callable[[Measurement], float]) -> float | None:
        """Return how many times as long Porcupine takes; None if one did not answer."""
        if not (self.answered(PORCUPINE) and self.answered(side)):
            return None
        return self.total(PORCUPINE, part) / self.total(side, part)

    def wrong(self) -> list[str]:
        """Return a sentence for each verdict that is not as it is known."""
        return [
            f"{self.case.name}, history {number}: {side} says {one.verdict}, "
            f"but it is known to be {expected}"
            for side, measurements in self.found.items()
            for number, (one, expected) in enumerate(
                zip(measurements, self.case.expected, strict=True)
            )
            if one.verdict not in {expected, "unknown"}
        ]


def check_s(one: Measurement) -> float:
    """Return the time to check."""
    return one.check_s


def integers_s(one: Measurement) -> float:
    """Return the time from the history in memory."""
    return one.prepare_s + one.check_s


def whole_s(one: Measurement) -> float:
    """Return the time from the file."""
    return one.whole_s


def main() -> None:
    """Check all that is chosen; print a row for each, and what they come to."""
    options = parse()
    limits = Limits(options.limit, options.memory)
    print(f"{versions()}; {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    print(
        f"limits: {limits.check_s:g} s a check, {limits.memory_mb / 1024:g} GB a process\n"
    )
    with tempfile.TemporaryDirectory() as folder:
        sides = choose(options.sides, Path(folder), limits)
        cases = [*recorded(), *(full() if options.full else quick())]
        if all(case.family for case in cases):
            print("The logs of etcd and of a key-value store are left out: not here.")
        print(HEAD)
        rows = []
        for case in cases:
            if is_chosen(case, options.words, options.largest):
                rows.append(run(case, sides, limits, Path(folder)))
                print(shown(rows[-1]), flush=True)
                print("".join(f"WRONG: {text}\n" for text in rows[-1].wrong()), end="")
    print(summary(rows))
    if options.json:
        options.json.write_bytes(msgspec.json.encode(rows, enc_hook=str))
    if wrong := [text for row in rows for text in row.wrong()]:
        sys.exit("\n".join(["WRONG VERDICTS:", *wrong]))


def parse() -> argparse.Namespace:
    """Return what the command line says."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("words", nargs="*", help="of the names of cases to run")
    chosen = parser.add_mutually_exclusive_group()
    chosen.add_argument(
        "--quick", action="store_true", help="in 2 minutes; the default"
    )
    chosen.add_argument(
        "--full", action="store_true", help="every case, in 1 to 2 hours"
    )
    parser.add_argument(
        "--sides", nargs="+", choices=NAMES, default=NAMES, help="which to run"
    )
    parser.add_argument(
        "--largest", type=int, help="leave out cases with more operations than that"
    )
    parser.add_argument("--limit", type=float, default=15.0, help="seconds a check")
    parser.add_argument("--memory", type=int, default=8192, help="megabytes a process")
    parser.add_argument("--json", type=Path, help="where to write all measurements")
    return parser.parse_args()


def is_chosen(case: Case, words: list[str], largest: int | None) -> bool:
    """Whether the row of a case has all the words, and the case is not too large."""
    if largest is not None and case.family and case.family.operations > largest:
        return False
    return all(word in f"{case.name} {case.expected}" for word in words)


def choose(names: list[str], folder: Path, limits: Limits) -> list[Side]:
    """Return the sides of these names, without Porcupine where it cannot be built."""
    sides = [ours(name, limits) for name in names if name != PORCUPINE]
    if PORCUPINE in names:
        built = porcupine(folder, limits)
        if isinstance(built, str):
            print(built)
        else:
            sides.insert(0, built)
    return sides


def run(case: Case, sides: list[Side], limits: Limits, folder: Path) -> Row:
    """Let each side check a case; a family is written before, and removed after."""
    paths = list(case.paths)
    if case.family:
        paths = [folder / "history.jsonl"]
        case.family.write(paths[0])
    found = {
        side.name: side.check(case.format, case.model, paths, limits) for side in sides
    }
    if case.family:
        paths[0].unlink()
    return Row(case, found)


HEAD = (
    f"{'':56}{'check, ms':^29}{'times as fast':^16}"
    f"{'from the file, ms':^29}{'peak, MB':^22}\n"
    f"{'history':24}{'clients':>8}{'operations':>11}{'open':>5} {'':8}"
    f"{'Porcupine':>10}{'native':>9}{'python':>9}"
    f"{'native':>9}{'python':>8}"
    f"{'Porcupine':>10}{'native':>9}{'python':>9}"
    f"{'Porc.':>8}{'native':>7}{'python':>7}"
)


def shown(row: Row) -> str:
    """Return a row of the table."""
    [*others, verdict] = {*row.case.expected}
    cells = [f"{row.case.name:48} {'' if others else verdict:8}"]
    cells += [
        _milliseconds(row, side, check_s, width)
        for side, width in zip(NAMES, (9, 9, 9), strict=True)
    ]
    cells += [_times(row.ratio("native", check_s), 9)]
    cells += [_times(row.ratio("python", check_s), 8)]
    cells += [
        _milliseconds(row, side, whole_s, width)
        for side, width in zip(NAMES, (10, 9, 9), strict=True)
    ]
    for side, width in zip(NAMES, (8, 7, 7), strict=True):
        peak = max((one.peak_mb for one in row.found.get(side, ())), default=0)
        cells.append(f"{peak:{width},.0f}" if peak else f"{'-':>{width}}")
    return "".join(cells)


def _milliseconds(
    row: Row, side: str, part: Callable[[Measurement], float], width: int
) -> str:
    if side not in row.found:
        return f"{'-':>{width}}"
    if not row.answered(side):
        lack = next(one.lack for one in row.found[side] if one.verdict == "unknown")
        return f"{lack:>{width}}"
    return f"{_rounded(row.total(side, part) * 1000):>{width}}"


def _times(ratio: float | None, width: int) -> str:
    return f"{'-' if ratio is None else _rounded(ratio):>{width}}"


def _rounded(number: float) -> str:
    """Return three digits of a number, or all before the point."""
    return f"{number:,.{2 if number < 10 else 1 if number < 100 else 0}f}"


def summary(rows: list[Row]) -> str:
    """Return what the rows come to."""
    families = [row for row in rows if row.case.family]
    lines = [""]
    for title, part in (
        ("to check", check_s),
        ("to prepare and check", integers_s),
        ("from the file", whole_s),
    ):
        for side in ("native", "python"):
            ratios = [
                ratio
                for row in families
                if (ratio := row.ratio(side, part)) is not None
            ]
            if ratios:
                lines.append(
                    f"{side}: {_rounded(_mean(ratios))} times as fast as Porcupine "
                    f"{title}: geometric mean over the {len(ratios)} families that both "
                    f"decide (least {_rounded(min(ratios))}, "
                    f"most {_rounded(max(ratios))})"
                )
    lines += [
        f"{side}: {undecided} of {len(rows)} undecided"
        for side in NAMES
        if any(side in row.found for row in rows)
        for undecided in [sum(not row.answered(side) for row in rows)]
    ]
    return "\n".join(lines)


def _mean(numbers: Iterable[float]) -> float:
    logarithms = [log(number) for number in numbers]
    return exp(sum(logarithms) / len(logarithms))


if __name__ == "__main__":
    main()
