"""Breaks the checkers a clause at a time: does `harness regress` notice?

    python -P tests/flip_clauses.py [--every N] [--jobs N] [MODULES...]

After each flip all cases that come by the clause are judged again, until one has
changed; `benchmarks/flips.py` says what is flipped, and how. A flip is noticed if
another thing is found in a case, if the checker fails, or takes far too long.

One that nothing notices may be no mistake at all, and these are counted apart: where the
flip says the same as the clause whenever a case comes by, such as a bound that is never
met, as indices of events differ; where another thing is told, such as the operations that
show a violation, which cases do not remember; and modules no flip of which can change a
verdict, with the reason. Ends with 1 if anything else is left. All of it takes half an
hour on an idle machine. Run by hand.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path


sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "benchmarks"))

from flipper import ONLY_TOLD, Flip, all_flips
from flips import Flips, Noticed, Task

from harness.cases import CORPUS, find_cases


NOTICED, SLOW = "noticed", "takes far too long"
EQUIVALENT = "cannot change a verdict"
SAME, TOLD = "says the same", "told otherwise"
UNSEEN, PASSED = "no case comes by", "not noticed"


def kind_of(one: Noticed, *, is_reached: bool, is_passed: bool) -> str:
    """Return what became of a flip."""
    if one.cases:
        return NOTICED
    if one.is_slow:
        return SLOW
    if reason_of(one.flip):
        return EQUIVALENT
    if not is_reached:
        return UNSEEN
    if not is_passed:
        return SAME
    return TOLD if one.words else PASSED


def reason_of(flip: Flip) -> str:
    """Return why a flip cannot change a verdict; nothing if it may."""
    return next((why for part, why in ONLY_TOLD.items() if part in flip.module), "")


def main() -> int:
    """Print a row for each flip, and how many of a package were noticed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("modules", nargs="*", help="parts of names of modules")
    parser.add_argument("--every", type=int, default=1, help="flip each N-th clause")
    parser.add_argument("--jobs", type=int, default=2)
    args = parser.parse_args()
    cases = sorted(find_cases(CORPUS), key=lambda path: path.stat().st_size)
    flips = all_flips(args.modules)[:: args.every]
    asked = Flips(cases, args.jobs)
    passed = set().union(*asked.passed.values())
    count: dict[str, Counter[str]] = {}
    for one in asked.ask([Task(flip, cases, words=True) for flip in flips]):
        flip = one.flip
        clause = flip.name, flip.number
        kind = kind_of(
            one, is_reached=clause in asked.reached, is_passed=clause in passed
        )
        count.setdefault(flip.package, Counter())[kind] += 1
        told = one.cases[0].relative_to(CORPUS).as_posix() if one.cases else kind
        print(f"{flip.module}:{flip.line}  {flip.kind}  {told}  # {flip.source[:60]}")  # noqa: T201 # its table
    asked.end()
    return _print_table(count)


def _print_table(count: dict[str, Counter[str]]) -> int:
    kinds = (NOTICED, SLOW, PASSED, UNSEEN, SAME, TOLD, EQUIVALENT)
    for package, found in [*count.items(), ("all", sum(count.values(), Counter()))]:
        some = ", ".join(f"{found[kind]} {kind}" for kind in kinds if found[kind])
        noticed = found[NOTICED] + found[SLOW]
        judged = noticed + found[PASSED] + found[UNSEEN]
        share = noticed / max(1, judged)
        print(f"{package}: {share:.0%} of {judged}: {some}")  # noqa: T201
    return int(any(found[PASSED] + found[UNSEEN] for found in count.values()))


if __name__ == "__main__":
    sys.exit(main())
