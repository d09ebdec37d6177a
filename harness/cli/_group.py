"""The group of commands, each imported only when it is needed."""

from __future__ import annotations

import importlib

import click


COMMANDS = {
    "run": "Test nodes: drive them, inject faults, judge what happened.",
    "hunt": "Look for a violation in many simulated runs.",
    "shrink": "Make a failing simulated run small.",
    "mutants": "Run nodes with known bugs, each of which must be found out.",
    "laws": "Feed what nodes were told to fresh ones, in other orders.",
    "check": "Judge saved runs and history files again.",
    "keep": "Keep a run or a history as a case, as small as it can be.",
    "regress": "Judge all cases again: has anything changed?",
    "convert": "Write a history in another format.",
    "report": "Write the HTML report of a saved run.",
    "transcript": "Feed scripted messages to a node and compare its replies.",
    "schema": "Print the JSON Schema of what --json prints.",
    "list": "List workloads, nodes, faults, topologies and anomalies.",
    "doctor": "Tell what this machine has and what would help.",
}
"""Every command, in the order of `--help`, with what it does."""


class LazyGroup(click.Group):
    """Knows its commands by name; a command's module is imported on use."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"{__package__}.{cmd_name}_command")
        command = module.command
        assert isinstance(command, click.Command), "every module defines one"
        return command

    def format_commands(
        self, ctx: click.Context, formatter: click.HelpFormatter
    ) -> None:
        """List the commands without importing any."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command, or say which there are."""
        name = args[0] if args else ""
        if name and name not in COMMANDS and not name.startswith("-"):
            import difflib

            near = difflib.get_close_matches(name, COMMANDS, n=1)
            hint = f": did you mean {near[0]!r}? There" if near else "; there"
            ctx.fail(f"no command {name!r}{hint} are: {', '.join(COMMANDS)}")
        return super().resolve_command(ctx, args)


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Exit codes: 0 valid, 1 invalid, 2 unknown, 254 usage, 255 crashed; the help "
    "of a command says what they mean there.",
)
@click.version_option(package_name="distributed-harness", prog_name="harness")
def harness() -> None:
    """Find out whether a distributed system keeps its promises.

    Drives real node processes (any language, JSON lines over stdin and stdout,
    the Maelstrom protocol) with concurrent clients, injects faults, records every
    operation and judges the history.

    Begin with:  harness run --workload g-counter
    """
