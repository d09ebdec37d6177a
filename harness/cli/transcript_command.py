"""`harness transcript`: scripted messages, compared replies."""

from __future__ import annotations

from pathlib import Path

import click

from harness.documents import TranscriptDocument, encode
from harness.services import SERVICES
from harness.transcript import load_transcript, run_transcript

from ._output import put
from ._program import find_program


@click.command(
    name="transcript",
    epilog="Exit codes: 0 every reply was as expected, 1 one was not, 254 usage, "
    "255 crashed.",
)
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE..."
)
@click.option(
    "--bin",
    "program",
    required=True,
    metavar="CMD",
    help="The node: a path, a command with arguments, or a bundled node's name.",
)
@click.option("--json", "as_json", is_flag=True, help="Print a JSON object a case.")
def command(*, files: tuple[Path, ...], program: str, as_json: bool) -> int:
    """Feed scripted messages to a node and compare its replies, case by case.

    A FILE is JSON: messages to feed, and the replies that clients are to get. The
    harness adds nothing, so that a node has to be initialised first:

    \b
    {"task": "echo", "cases": [{"name": "it echoes",
      "input": [
        {"src": "c0", "dest": "n1", "body": {"type": "init", "msg_id": 1,
          "node_id": "n1", "node_ids": ["n1"]}},
        {"src": "c1", "dest": "n1", "body": {"type": "echo", "msg_id": 2,
          "echo": "x"}}],
      "expect": [
        {"src": "n1", "dest": "c0", "body": {"type": "init_ok",
          "in_reply_to": 1}},
        {"src": "n1", "dest": "c1", "body": {"type": "echo_ok",
          "in_reply_to": 2, "echo": "x"}}],
      "match": {"ignore": ["msg_id"]}}]}

    `match` says how far replies may differ: `ignore` and `unordered` are fields,
    `extra_fields` and `extra_messages` are true or false. A case may take 5 s, unless
    it has `timeout_ms`.
    """  # noqa: D301 # click wants the backspace itself before what it is not to wrap
    node = find_program(program)
    passed = failed = 0
    for file in files:
        for case in load_transcript(file).cases:
            mismatch = run_transcript(
                case, node.argv, node.environment, services=SERVICES
            )
            passed, failed = (
                passed + (mismatch is None),
                failed + (mismatch is not None),
            )
            if as_json:
                document = TranscriptDocument(
                    file=str(file),
                    case=case.name,
                    passed=mismatch is None,
                    mismatch=mismatch,
                )
                put(encode(document))
            elif mismatch is None:
                put(f"ok    {file.name}: {case.name}")
            else:
                put(f"FAIL  {file.name}: {mismatch}")
    if not as_json:
        put(f"{passed} passed, {failed} failed")
    return 1 if failed else 0
