"""Nodes that break the protocol or lie, a few lines each, for `corpus.py`.

Each is named by what the harness says of it. They run as processes: what they do wrong
is what a node in the simulator cannot do, or not worth a node of its own.
"""

from __future__ import annotations

from typing import Any, NamedTuple


PRELUDE = """
import json, os, signal, sys, time

def send(dest, body, src=None):
    message = {"src": src or node_id, "dest": dest, "body": body}
    sys.stdout.write(json.dumps(message) + "\\n")
    sys.stdout.flush()

def reply(message, **body):
    send(message["src"], {**body, "in_reply_to": message["body"]["msg_id"]})

def ok(message, **body):
    reply(message, type=message["body"]["type"] + "_ok", **body)

node_id = None

def messages():
    global node_id
    for line in sys.stdin:
        message = json.loads(line)
        if message["body"]["type"] == "init":
            node_id = message["body"]["node_id"]
            ok(message)
        else:
            yield message
"""

_ECHO = """
for message in messages():
    {stray}
    ok(message, echo=message["body"]["echo"])
"""
_SET = """
kept, ever = [], []
for message in messages():
    body = message["body"]
    if body["type"] == "add":
        {add}
        ok(message)
    else:
        ok(message, value={read})
"""
_COUNTER = """
total = 0
for message in messages():
    body = message["body"]
    if body["type"] == "add":
        {add}
    else:
        ok(message, value={read})
"""


class Program(NamedTuple):
    """A node that is wrong.

    Attributes:
        workload: The workload that it runs.
        text: What it does, after the prelude.
        options: What its run has besides.
    """

    workload: str
    text: str
    options: dict[str, Any]


def _stray(text: str) -> Program:
    return Program("echo", _ECHO.format(stray=text), {"strict": True})


def _echo(text: str, **options: Any) -> Program:
    return Program("echo", text, {"strict": True, **options})


def _set(add: str = "kept.append(body['element'])", read: str = "kept") -> Program:
    return Program("g-set", _SET.format(add=add, read=read), {})


def _counter(
    add: str = "total += body['delta']; ok(message)",
    read: str = "total",
    workload: str = "g-counter",
    **options: Any,
) -> Program:
    return Program(workload, _COUNTER.format(add=add, read=read), options)


def _reads(workload: str, fields: str, **options: Any) -> Program:
    """Return a node that answers everything alike, with what each reply may have."""
    text = f"""
FIELDS = dict({fields})
KNOWN = {_REPLIES[workload]!r}
for message in messages():
    names = KNOWN.get(message["body"]["type"], [])
    ok(message, **{{name: FIELDS[name] for name in names if name in FIELDS}})
"""
    return Program(workload, text, options)


_REPLIES = {
    "mv-register": {"mv_read": ["values"]},
    "or-set": {
        "or_set_add": ["tag"],
        "or_set_remove": ["tags_removed"],
        "or_set_read": ["elements"],
    },
    "shopping-cart": {"cart_view": ["items", "total_items"]},
    "rga": {"seq_read": ["text", "length"]},
}
"""What replies to requests have, by workload."""

PROGRAMS = {
    "not-json": _stray("print('hello', flush=True)"),
    "not-an-object": _stray("print([1], flush=True)"),
    "bad-envelope": _stray("print('{\"hello\": 1}', flush=True)"),
    "unknown-destination": _stray("send('n9', {'type': 'x'})"),
    "forged-source": _stray("send(message['src'], {'type': 'x'}, src='n7')"),
    "unexpected-reply": _stray(
        "send(message['src'], {'type': 'x', 'in_reply_to': 99})"
    ),
    "malformed-reply": _echo("for message in messages(): ok(message)"),
    "extra-field": _echo(
        "for message in messages():\n"
        "    ok(message, echo=message['body']['echo'], more=1)"
    ),
    "error-without-code": _echo(
        "for message in messages(): reply(message, type='error', text='?')"
    ),
    "unknown-error-code": _echo(
        "for message in messages(): reply(message, type='error', code=999)"
    ),
    "late-reply": _echo(
        "for message in messages():\n"
        "    time.sleep(0.3)\n"
        "    ok(message, echo=message['body']['echo'])",
        timeout_ms=150,
        time_limit_s=0.8,
    ),
    "node-crash": _echo("for message in messages(): sys.exit(3)"),
    "init-timeout": _echo("time.sleep(60)", init_timeout_s=0.4),
    "init-error": _echo(
        "for line in sys.stdin:\n"
        "    message = json.loads(line)\n"
        "    node_id = message['body']['node_id']\n"
        "    reply(message, type='error', code=11, text='not today')"
    ),
    "spawn-failed": _echo("", bin=("./no-such-program",)),
    "unflushed-output": _echo(
        "for line in sys.stdin:\n"
        '    print(\'{"src": "n1", "dest": "c-setup0", "body": {"type": "init_ok"}}\')',
        init_timeout_s=0.3,
    ),
    "closed-stdin": _echo(
        "for message in messages():\n"
        "    os.close(0)\n"
        "    ok(message, echo=message['body']['echo'])\n"
        "    time.sleep(60)",
        time_limit_s=0.6,
        timeout_ms=150,
    ),
    "closed-stdout": _echo(
        "for message in messages():\n    os.close(1)\n    sys.stdin.read()",
        timeout_ms=150,
    ),
    "flood": _echo(
        "for message in messages():\n    while True: os.write(1, b'y\\n' * 30_000)",
        timeout_ms=150,
    ),
    "line-too-long": _echo(
        "for message in messages():\n"
        "    for _ in range(17): os.write(1, b'x' * (1 << 20))\n"
        "    print(flush=True)\n"
        "    ok(message, echo=message['body']['echo'])",
        time_limit_s=6.0,
        rate=1.0,
    ),
    "slow-exit": _echo(
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "for message in messages(): ok(message, echo=message['body']['echo'])\n"
        "time.sleep(60)"
    ),
    "log-overflow": _echo(
        "for message in messages():\n"
        "    for _ in range(300): os.write(2, b'x' * 99_999 + b'\\n')\n"
        "    ok(message, echo=message['body']['echo'])",
        timeout_ms=1000,
    ),
    "echo-mismatch": _echo("for message in messages(): ok(message, echo='what?')"),
    "unavailable": _echo(
        "for message in messages(): reply(message, type='error', code=11)",
        availability=0.9,
    ),
    "duplicate-id": Program(
        "unique-ids", "for message in messages(): ok(message, id=1)", {}
    ),
    "phantom-element": _set(read="[*kept, 'nobody']"),
    "duplicate-element": _set(read="kept * 2"),
    "thin-air": _set(read="[*kept, max(kept, default=-1) + 1]"),
    "lost-element": _set(add="body['element'] % 2 or kept.append(body['element'])"),
    "negative-value": _counter(read="-total"),
    "over-count": _counter(read="total * 2"),
    "counter-type-error": _counter(read="float(total)"),
    "impossible-value": _counter(
        add="total += (body['delta'] + 1) // 2; reply(message, type='error', code=13)"
    ),
    "aborted-effect": _counter(
        add="total += body['delta']; reply(message, type='error', code=11)"
    ),
    "lost-update": _counter(add="ok(message)"),
    "phantom-value": _reads(
        "mv-register", "values=[{'value': -1, 'vclock': {'n1': 1}}]"
    ),
    "duplicate-sibling": Program(
        "mv-register",
        """
last = {}
for message in messages():
    body = message["body"]
    if body["type"] == "mv_write":
        clock = {"n1": body["value"] + 1}
        last[body["key"]] = {"value": body["value"], "vclock": clock}
        ok(message, vclock=clock)
    else:
        ok(message, values=[last[body["key"]]] * 2 if body["key"] in last else [])
""",
        {},
    ),
    "tag-reuse": _reads(
        "or-set", "tag='t', elements=[], tags_removed=[]", time_limit_s=2.0
    ),
    "returned-tag": Program(
        "or-set",
        """
made, gone = {}, set()
for message in messages():
    body = message["body"]
    element = body.get("element")
    if body["type"] == "or_set_add":
        made.setdefault(element, []).append(f"t{body['msg_id']}")
        gone.discard(element)
        ok(message, tag=made[element][-1])
    elif body["type"] == "or_set_remove":
        gone.add(element)
        ok(message, tags_removed=made.get(element, []))
    else:
        ok(message, elements=[one for one in made if one not in gone])
""",
        {"time_limit_s": 2.0},
    ),
    "malformed-view": _reads("shopping-cart", "items=[], total_items=5"),
    "phantom-character": _reads("rga", "text='?', length=1"),
    "unexplained": _counter(read="total + 1", consistency_models=("sequential",)),
    "assertion-failed": _counter(assertions=("count > 1000000",)),
}
"""Programs by what is found in their runs."""
