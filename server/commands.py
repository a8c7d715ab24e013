"""`towpath server`: what an operator does. Nothing here lists, opens or exports a request."""

from __future__ import annotations

import click

from server import commands_look, commands_run, serve


@click.group()
def server() -> None:
    """Run a server, and see what it holds."""
    serve.lock_down()


for _command in (
    commands_run.init,
    commands_run.policy,
    commands_run.next_log_key,
    commands_run.serve_command,
    commands_run.expire,
    commands_look.holdings,
    commands_look.doctor_command,
):
    server.add_command(_command)
