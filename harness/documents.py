"""What `--json` prints: a document for each command, of which the schema is made.

Every document has two fields first: `command`, which printed it, and `schema`, the
version of all documents. Within a version fields are added, and none is taken away or
changes its meaning; so a reader passes over those that it does not know. A field that is
left out has the default that the schema tells. Equal input gives equal bytes: times of
the clock and of the processor are in no document, paths and what a run measured are.

The values of `statistics`, `data` and `body` are what checkers and nodes have to tell.
They have no schema, and may be other ones in the next release.
"""

from __future__ import annotations

import json
from typing import Final, Literal

import msgspec

from checkers import Result, Verdict
from harness.cases import Difference, Found, HowChecked
from harness.hunting import Kill, Silence, Size
from harness.laws import LawsResult
from harness.transcript import Mismatch
from harness.workloads import Claim


SCHEMA: Final = 1
"""The version of all documents."""


class Document(msgspec.Struct, frozen=True, tag_field="command", tag="document"):
    """What one command prints.

    Attributes:
        schema: The version.
    """

    schema: Literal[1] = SCHEMA


class CheckDocument(Document, frozen=True, kw_only=True, tag="check"):
    """`harness check`: one a history.

    Attributes:
        path: The folder of the run, or the file; `-` for standard input.
        notes: What was assumed in reading it, a sentence each.
        result: What was found.
    """

    path: str
    notes: tuple[str, ...]
    result: Result


class RunDocument(Document, frozen=True, kw_only=True, tag="run"):
    """`harness run`: one a run.

    Attributes:
        run: The folder of the run.
        result: What was found.
    """

    run: str
    result: Result


class Shrunk(msgspec.Struct, frozen=True, kw_only=True):
    """The smallest run that fails alike.

    Attributes:
        run: Its folder.
        result: What was found in it.
        size: How much there is to read about it.
        attempts: How many runs were tried.
    """

    run: str
    result: Result
    size: Size
    attempts: int


class ShrinkDocument(Document, frozen=True, kw_only=True, tag="shrink"):
    """`harness shrink`.

    Attributes:
        run: The folder of the run that was to be made small.
        size: How much there is to read about it.
        shrunk: What it was made to.
    """

    run: str
    size: Size
    shrunk: Shrunk


class HuntDocument(Document, frozen=True, kw_only=True, tag="hunt"):
    """`harness hunt`.

    Attributes:
        workload: What was tested.
        seed: What repeats the hunt.
        verdict: `invalid` if a violation was found, `unknown` if no run told anything.
        runs: How many runs there were.
        operations: How many operations in all of them.
        faults: How many faults of each kind.
        verdicts: How many runs got which verdict.
        unknown: Why the first run that could not be judged could not; null if all could.
        interrupted: Whether somebody ended it before its end.
        run: The folder of the run that was found; null if none was.
        result: What was found in it.
        size: How much there is to read about it.
        shrunk: What it was made to; null with `--no-shrink`.
    """

    workload: str
    seed: int
    verdict: Verdict
    runs: int
    operations: int
    faults: dict[str, int]
    verdicts: dict[str, int]
    unknown: str | None
    interrupted: bool
    run: str | None = None
    result: Result | None = None
    size: Size | None = None
    shrunk: Shrunk | None = None


class MutantsDocument(Document, frozen=True, kw_only=True, tag="mutants"):
    """`harness mutants`.

    Attributes:
        passed: Whether all faulty nodes were found out, and no other accused.
        mutants: What became of each faulty node.
        right: What became of each node that is right.
    """

    passed: bool
    mutants: tuple[Kill, ...]
    right: tuple[Silence, ...]


class LawsDocument(Document, frozen=True, kw_only=True, tag="laws"):
    """`harness laws`.

    Attributes:
        run: The folder of the run.
        result: What was found.
    """

    run: str
    result: LawsResult


class RegressedCase(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a case.

    Attributes:
        path: Its file.
        passed: Whether it is as it was.
        summary: What was found, in a sentence; or why it cannot be read.
        differences: What has changed.
    """

    path: str
    passed: bool
    summary: str
    differences: tuple[Difference, ...]


class RegressDocument(Document, frozen=True, kw_only=True, tag="regress"):
    """`harness regress`.

    Attributes:
        passed: Whether nothing has changed.
        cases: How many cases there are.
        changed: How many of them have changed.
        results: What became of each.
    """

    passed: bool
    cases: int
    changed: int
    results: tuple[RegressedCase, ...]


class KeepDocument(Document, frozen=True, kw_only=True, tag="keep"):
    """`harness keep`.

    Attributes:
        source: The folder of the run, or the file; `-` for standard input.
        notes: What was assumed in reading it, a sentence each.
        path: The file of the case.
        about: What was found, in a sentence.
        found: What was found, so far as the case remembers it.
        check: How it was judged.
        operations: How many operations the case has.
        of: How many there were.
        messages: Of how many messages the case tells.
    """

    source: str
    notes: tuple[str, ...]
    path: str
    about: str
    found: Found
    check: HowChecked
    operations: int
    of: int
    messages: int


class ConvertDocument(Document, frozen=True, kw_only=True, tag="convert"):
    """`harness convert`.

    Attributes:
        source: The folder of the run, or the file; `-` for standard input.
        format: The format that was read, as `--format` takes it.
        output: The file that was written.
        to: Its format.
        events: How many events there are.
        notes: What was assumed in reading, a sentence each.
        options: Options of `harness check` by which the file that was written means the
            same as the one that was read; none if it says so itself.
    """

    source: str
    format: str
    output: str
    to: str
    events: int
    notes: tuple[str, ...]
    options: tuple[str, ...]


class TranscriptDocument(Document, frozen=True, kw_only=True, tag="transcript"):
    """`harness transcript`: one a case.

    Attributes:
        file: The file of the case.
        case: Its name.
        passed: Whether every reply was as expected.
        mismatch: The first that was not.
    """

    file: str
    case: str
    passed: bool
    mismatch: Mismatch | None


class ListedWorkload(msgspec.Struct, frozen=True, kw_only=True):
    """A workload.

    Attributes:
        doc: What it is.
        claim: What a VALID says, and how far it can be trusted.
        nemesis: The faults that strike unless others are asked for.
        node: The bundled node that is right.
        mixes: What `--mix` takes, the default first.
        requests: Requests with their replies, as the documentation has them.
        consistency_models: Those that a run can be judged by; empty if by none.
    """

    doc: str
    claim: Claim
    nemesis: tuple[str, ...]
    node: str
    mixes: dict[str, str]
    requests: tuple[str, ...]
    consistency_models: tuple[str, ...]


class ListedFault(msgspec.Struct, frozen=True, kw_only=True):
    """A bundled node with a known bug.

    Attributes:
        bug: What it does wrong.
        workload: The workload that it is a node for.
        fault: The fault that reveals it; null if none is needed.
        anomaly: What the checker finds then, most of the time.
    """

    bug: str
    workload: str
    fault: str | None
    anomaly: str


class ListDocument(Document, frozen=True, kw_only=True, tag="list"):
    """`harness list`: all that can be named; where there is a text, it says what it is.

    Attributes:
        workloads: What can be tested.
        nodes: Bundled nodes that are right, and the stages on the way there.
        faulty: Bundled nodes with known bugs.
        services: What nodes can ask.
        faults: What `--nemesis` takes.
        topologies: What `--topology` takes.
        models: What `--model` takes.
        consistency_models: What `--consistency-models` takes.
        formats: What `--format` takes.
        anomalies: What checkers find.
    """

    workloads: dict[str, ListedWorkload]
    nodes: tuple[str, ...]
    faulty: dict[str, ListedFault]
    services: tuple[str, ...]
    faults: dict[str, str]
    topologies: tuple[str, ...]
    models: dict[str, str]
    consistency_models: dict[str, str]
    formats: dict[str, str]
    anomalies: dict[str, str]


class Finding(msgspec.Struct, frozen=True):
    """One thing that was looked at.

    Attributes:
        name: What it is.
        state: What was found.
        good: Whether the harness can do its work with it.
        advice: What to do where it is not, or what it would be good for.
    """

    name: str
    state: str
    good: bool = True
    advice: str = ""


class DoctorDocument(Document, frozen=True, kw_only=True, tag="doctor"):
    """`harness doctor`.

    Attributes:
        good: Whether the harness can do its work here.
        findings: What was looked at.
    """

    good: bool
    findings: tuple[Finding, ...]


DOCUMENTS: tuple[type[Document], ...] = (
    RunDocument,
    HuntDocument,
    ShrinkDocument,
    MutantsDocument,
    LawsDocument,
    CheckDocument,
    KeepDocument,
    RegressDocument,
    ConvertDocument,
    TranscriptDocument,
    ListDocument,
    DoctorDocument,
)
"""All documents, in the order of the commands."""


def encode(document: Document) -> str:
    """Return a document as it is printed: one line of JSON."""
    try:
        return msgspec.json.encode(document).decode()
    except UnicodeEncodeError:  # The name of a file is no text: its bytes are escaped.
        return json.dumps(msgspec.to_builtins(document), separators=(",", ":"))
