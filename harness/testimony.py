"""The journal of a saved run as evidence, if it is whole and not too long."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from checkers.evidence import Evidence, MismatchError, gather, refine
from histories import History, HistoryError, read_journal

from .services import SERVICES


if TYPE_CHECKING:
    from collections.abc import Mapping

    from histories import Outcome, Run

    from .workloads import Workload


MOST_RECORDS = 1 << 22
"""Records of a journal that are read: those of a few seconds of analysis."""

_AS_SEEN = "indeterminate operations are taken as their clients saw them."


class Testimony(msgspec.Struct, frozen=True):
    """What the journal says of a history, and what the reader is told of that.

    Attributes:
        recorded: The history as it was recorded.
        history: The same with fewer indeterminate operations.
        evidence: What the journal says; None if it is not used.
        notes: What became of indeterminate operations, or why the journal is not used:
            a sentence each.
    """

    recorded: History
    history: History
    evidence: Evidence | None = None
    notes: tuple[str, ...] = ()


def testify(
    run: Run,
    history: History,
    outcome: Outcome | None,
    workload: Workload,
    spec: Mapping[str, Any],
) -> Testimony:
    """Return what the journal of a run says.

    A journal is believed only if it is whole, as a request that it lacks would count as
    one that was never delivered. So it is not used, and a note says so, if it is absent,
    torn or longer than is quick to read, if the harness was killed, or if it has other
    messages than the network has counted. With `client_view` in the spec it is not
    looked at.
    """
    if spec.get("client_view"):
        return _not_used(history, "By --client-view,")
    if not run.journal_path.exists():
        return _not_used(history, "There is no journal:")
    if outcome is None:
        return _not_used(
            history, "The run was killed, and its journal may lack the end:"
        )
    try:
        journal = read_journal(run.journal_path)
        if journal.warnings:
            return _not_used(history, "The end of the journal is torn:")
        if len(journal) > MOST_RECORDS:
            return _not_used(
                history, f"The journal has {len(journal)} records, too many to read:"
            )
        evidence = gather(
            history,
            journal,
            nodes=tuple(spec.get("nodes", ())),
            services=tuple(SERVICES),
            updates=workload.updates.__contains__,
            contexts=workload.contexts,
        )
    except MismatchError as error:
        return _not_used(history, f"The journal is not that of the history ({error}):")
    except HistoryError as error:
        return _not_used(history, f"The journal cannot be read ({error}):")
    if not _is_whole(evidence, outcome):
        return _not_used(history, "The journal has other messages than were counted:")
    return of_evidence(history, evidence)


def of_evidence(history: History, evidence: Evidence) -> Testimony:
    """Return what is known of a history by its evidence."""
    refined = refine(history, evidence)
    return Testimony(
        history, refined.history, evidence, (*refined.notes, *evidence.limits)
    )


def _is_whole(evidence: Evidence, outcome: Outcome) -> bool:
    """Return whether a journal has all that the network has counted.

    Copies that faults have made are in the journal, and not in all counts.
    """
    counted = outcome.messages.get("all")
    if counted is None:
        return False
    sent, delivered, dropped = evidence.counts
    return (
        sent == counted.sent
        and delivered >= counted.received
        and dropped >= sum(counted.dropped.values())
    )


def _not_used(history: History, why: str) -> Testimony:
    return Testimony(history, history, notes=(f"{why} {_AS_SEEN}",))
