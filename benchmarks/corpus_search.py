"""Picks recorded histories that notice flipped clauses, for `corpus.py` to make cases of.

    python benchmarks/corpus_search.py --exemplary
    python benchmarks/corpus_search.py [--seeds N] [--tries N] [MODULES...]

Draws many histories from seeds, asks them about every flip that the corpus does not
notice yet, and keeps few that notice most, the small ones first; what a history of
three operations shows needs none of nine. Their families, names and seeds are written to
`corpus_picks.txt`, from which `corpus.py` records them anew. Takes an hour; run by hand.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from corpus_families import FAMILIES, PICKS, Pick, picks
from corpus_queues import THINGS
from corpus_recorded import REPLICATED, copies_case, object_case
from flipper import Flip, all_flips
from flips import Flips, Task

from harness.cases import CORPUS, find_cases


if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from harness.cases import Case

CANDIDATES = 60
"""Histories in which the same is found that a family has at most, for a name."""

FEW = 20
"""Histories that are asked about a flip in the first round; five times as many in each
that follows."""

SMALL = 4_000
"""Bytes of a case of the corpus that is asked, too."""

AT_ONCE = 40
"""Flips that are asked about before what is kept is looked at again."""


def candidates(
    folder: Path, first: int, seeds: int, kept: set[Pick]
) -> dict[Path, Pick]:
    """Write histories of all families into a folder, in the order of their size."""
    found: dict[Path, Pick] = {}
    sizes: dict[Path, int] = {}
    for family, (names, make) in FAMILIES.items():
        share = seeds // (4 if family == "run" else 1)
        for name in names:
            count: dict[object, int] = {}
            for seed in range(first, first + share):
                pick = Pick(family, name, seed)
                case = make(name, seed)
                if case is None or pick in kept:
                    continue
                models = case.found.models.values()
                kind = (case.found.verdict, case.found.anomalies, *models)
                count[kind] = count.get(kind, 0) + 1
                if count[kind] > CANDIDATES:
                    continue
                path = folder / f"{family}-{name}-{seed}.json"
                path.write_text(case.text(), encoding="utf-8")
                found[path], sizes[path] = pick, len(case.history)
    return {path: found[path] for path in sorted(found, key=sizes.__getitem__)}


def exemplary(seeds: int) -> Iterator[Pick]:
    """Yield the smallest history for each set of consistency models that hold.

    Of objects that err, also the smallest that is not linearizable because of one event,
    with the one that has this event right and is: for each way of erring.
    """
    for name in REPLICATED:
        levels: dict[tuple[str, ...], tuple[int, int]] = {}
        for seed in range(4 * seeds):
            case = copies_case(name, seed)
            found = tuple(case.found.models.values())
            if "unknown" not in found:
                size = len(case.history), seed
                levels[found] = min(size, levels.get(found, size))
        yield from (Pick("copies", name, seed) for _, seed in levels.values())
    for name in THINGS:
        errors: dict[str, tuple[int, int]] = {}
        for seed in range(seeds):
            case = object_case(name, seed)
            errs = case.origin.get("errs", [])
            if len(errs) == 1 and case.found.models["linearizable"] == "no":
                size = len(case.history), seed
                if size < errors.get(errs[0], (99, 0)) and _is_near(name, seed, case):
                    errors[errs[0]] = size
        for _, seed in errors.values():
            yield Pick("errs", name, seed)
            yield Pick("right", name, seed)


def _is_near(name: str, seed: int, case: Case) -> bool:
    """Whether a history is right but for one event."""
    right = object_case(name, seed, errs=False)
    return (
        right.found.models["linearizable"] == "yes"
        and len(right.history) == len(case.history)
        and sum(a != b for a, b in zip(right.history, case.history, strict=True)) == 1
    )


class Search:
    """Looks for histories that notice flips.

    Attributes:
        kept: Those that were found, with what they notice.
        left: Flips that nothing notices yet.
    """

    def __init__(
        self, flips: list[Flip], corpus: list[Path], drawn: list[Path], jobs: int
    ) -> None:
        self.kept: dict[Path, set[Flip]] = {}
        self.left = flips
        self._corpus, self._drawn, self._known = corpus, drawn, set(corpus)
        self._began = time.monotonic()
        self._flips = Flips([*corpus, *drawn], jobs)
        self._note("begins")

    def run(self, tries: int, keep: Callable[[list[Path]], None]) -> None:
        """Ask so many histories about each flip, in rounds of ever more.

        What is kept is told after each.
        """
        rng = random.Random("search")
        few = FEW
        while few <= tries:
            rng.shuffle(self.left)
            left = []
            for start in range(0, len(self.left), AT_ONCE):
                flips = self.left[start : start + AT_ONCE]
                left += self._round(flips, few, rng)
                if not start // AT_ONCE % 10:
                    self._note(f"has asked about {start} flips")
            self.left = left
            self._note(f"has asked {few} each")
            keep(sorted(self.kept))
            few *= 5

    def _round(self, flips: list[Flip], few: int, rng: random.Random) -> list[Flip]:
        """Ask a few of those that are kept about flips, of the corpus, and of the drawn.

        Returns those that nobody noticed.
        """
        tasks = [
            Task(
                flip,
                [
                    *self._some(flip, list(self.kept), few, rng),
                    *self._some(flip, self._corpus, few, rng),
                    *self._some(flip, self._drawn, few, rng),
                ],
            )
            for flip in flips
        ]
        left = []
        for one in self._flips.ask(tasks):
            if not one.cases:
                left += [one.flip] if not one.is_slow else []
            elif one.cases[0] not in self._known:
                self.kept.setdefault(one.cases[0], set()).add(one.flip)
        return left

    def _some(
        self, flip: Flip, cases: list[Path], few: int, rng: random.Random
    ) -> list[Path]:
        """Return a few cases that come by a clause, in the order in which they were."""
        clause = flip.name, flip.number
        fit = [path for path in cases if clause in self._flips.passed[path]]
        numbers = sorted(rng.sample(range(len(fit)), min(few, len(fit))))
        return [fit[number] for number in numbers]

    def reduce(self) -> None:
        """Keep no more than are needed for what all of them notice."""
        wanted = set().union(*self.kept.values()) if self.kept else set()
        notices: dict[Path, set[Flip]] = {path: set() for path in self.kept}
        kept = list(self.kept)
        for one in self._flips.ask(Task(flip, kept, every=True) for flip in wanted):
            for path in one.cases:
                notices[path].add(one.flip)
        self._note("knows who notices what")
        self.kept = {}
        while wanted:
            best = max(notices, key=lambda path: len(notices[path] & wanted))
            self.kept[best] = notices[best] & wanted
            if not self.kept[best]:
                break
            wanted -= self.kept[best]
        self._note("has reduced them")

    def _note(self, what: str) -> None:
        seconds = time.monotonic() - self._began
        print(
            f"{seconds:6.0f} s  {what}: {len(self.kept)} kept, {len(self.left)} left",
            flush=True,
        )


def main() -> None:
    """Add to the picks."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("modules", nargs="*", help="parts of names of modules")
    parser.add_argument("--seeds", type=int, default=500)
    parser.add_argument("--first", type=int, default=0, help="the first of the seeds")
    parser.add_argument("--tries", type=int, default=400)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument(
        "--exemplary", action="store_true", help="pick by models and errors, not flips"
    )
    parser.add_argument("--family", action="append", choices=FAMILIES)
    args = parser.parse_args()
    for family in set(FAMILIES) - set(args.family or FAMILIES):
        del FAMILIES[family]
    kept = picks()
    if args.exemplary:
        news = sorted({*kept, *exemplary(args.seeds)})
        PICKS.write_text("".join(f"{pick}\n" for pick in news))
        return
    with tempfile.TemporaryDirectory(prefix="harness-") as folder:
        drawn = candidates(Path(folder), args.first, args.seeds, set(kept))
        print(f"{len(drawn)} histories", flush=True)
        sizes = {path: path.stat().st_size for path in find_cases(CORPUS)}
        order = sorted(sizes, key=sizes.__getitem__)
        corpus = [path for path in order if sizes[path] <= SMALL]
        search = Search(all_flips(args.modules), corpus, list(drawn), args.jobs)

        def save(paths: Iterable[Path]) -> None:
            news = {drawn[path] for path in paths}
            PICKS.write_text("".join(f"{pick}\n" for pick in sorted({*kept, *news})))

        search.run(args.tries, save)
        search.reduce()
        save(search.kept)


if __name__ == "__main__":
    main()
