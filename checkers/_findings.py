"""What a checker has found so far, and the verdict that follows from it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, ParamSpec

import msgspec

from ._anomalies import ANOMALIES
from ._verdict import Anomaly, Reason, Result, Verdict
from ._wording import listed


if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from ._verdict import Measure


P = ParamSpec("P")

EXAMPLES = 8
"""How many anomalies of one name a result carries; the rest are counted."""

_SEVERITY = {name: rank for rank, name in enumerate(ANOMALIES)}


class Witness(msgspec.Struct, frozen=True):
    """What shows an anomaly: the sentence, the operations and the facts."""

    sentence: str
    operations: tuple[int, ...] = ()
    data: dict[str, Any] = {}


class Findings:
    """Counts anomalies by name and keeps the first few of each.

    Witnesses are built only for those that are kept, so that a history full of
    anomalies costs no more than a clean one.
    """

    def __init__(self, *, tolerated: Collection[str] = ()) -> None:
        """Begin with nothing found.

        Args:
            tolerated: Anomalies that nobody promised to avoid: reported as facts.
        """
        self.counts: Counter[str] = Counter()
        self._tolerated = tolerated
        self.failing: set[str] = set()
        self._kept: list[Anomaly] = []
        self._told: set[tuple[object, ...]] = set()

    def add(
        self,
        name: str,
        build: Callable[P, Witness],
        /,
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> None:
        """Report a violation; `build` gives its witness if it is to be kept."""
        if name in self._tolerated:
            self._keep(name, False, build, *args, **kwargs)
            return
        self.failing.add(name)
        self._keep(name, True, build, *args, **kwargs)

    def add_once(
        self,
        name: str,
        about: tuple[object, ...],
        build: Callable[P, Witness],
        /,
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> None:
        """Report a violation, unless one of that name was reported about the same."""
        if (name, *about) not in self._told:
            self._told.add((name, *about))
            self.add(name, build, *args, **kwargs)

    def note(
        self,
        name: str,
        build: Callable[P, Witness],
        /,
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> None:
        """Report a fact that is worth knowing and fails nothing."""
        self._keep(name, False, build, *args, **kwargs)

    @property
    def failed(self) -> bool:
        """Whether a violation was reported."""
        return bool(self.failing)

    def anomalies(self) -> tuple[Anomaly, ...]:
        """Return what was kept: violations first, the most telling name first."""
        return tuple(
            sorted(
                self._kept,
                key=lambda kept: (not kept.fails, _SEVERITY[kept.name]),
            )
        )

    def _keep(
        self,
        name: str,
        fails: bool,  # noqa: FBT001 keywords belong to the builder
        build: Callable[P, Witness],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> None:
        assert name in ANOMALIES, f"{name} is missing from the catalogue"
        self.counts[name] += 1
        if self.counts[name] > EXAMPLES:
            return
        witness = build(*args, **kwargs)
        self._kept.append(
            Anomaly(
                name=name,
                sentence=witness.sentence,
                operations=witness.operations,
                data=witness.data,
                fails=fails,
            )
        )


def conclude(
    checker: str,
    findings: Findings,
    *,
    missing: Sequence[str],
    valid: str,
    measures: dict[str, Measure] | None = None,
    statistics: dict[str, Any] | None = None,
    assumes: tuple[str, ...] = (),
    complete: bool = False,
) -> Result:
    """Return the result: INVALID if proven, UNKNOWN if anything is missing, or VALID.

    Args:
        checker: Name of the checker.
        findings: What was found.
        missing: What a pass would have needed and the history lacks, a clause each.
        valid: The summary of a pass.
        measures: As in `Result`.
        statistics: As in `Result`; the counts of anomalies are added to it.
        assumes: As in `Result`.
        complete: As in `Result`.
    """
    statistics = dict(statistics or {})
    if findings.counts:
        statistics["anomaly-counts"] = dict(findings.counts)
    if missing:
        statistics["missing"] = list(missing)
    anomalies = findings.anomalies()
    reason = None
    if findings.failed:
        verdict = Verdict.INVALID
        summary = anomalies[0].sentence + _others(findings)
    elif missing:
        verdict, reason = Verdict.UNKNOWN, Reason.VACUOUS
        summary = f"This run cannot tell: {listed(missing)}."
    else:
        verdict, summary = Verdict.VALID, valid
    return Result(
        checker=checker,
        verdict=verdict,
        summary=summary,
        reason=reason,
        anomalies=anomalies,
        measures=measures or {},
        statistics=statistics,
        assumes=assumes,
        complete=complete,
    )


def unknown(checker: str, reason: Reason, summary: str) -> Result:
    """Return a result that says why the checker cannot judge."""
    return Result(
        checker=checker, verdict=Verdict.UNKNOWN, reason=reason, summary=summary
    )


def _others(findings: Findings) -> str:
    names = sorted(findings.failing, key=_SEVERITY.__getitem__)
    if sum(findings.counts[name] for name in names) == 1:
        return ""
    return f" In all: {listed(f'{findings.counts[name]} {name}' for name in names)}."
