"""Serve the product on this machine or an intranet."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import click

from zhida.surfaces.cli.groundwork.installation import home_option, set_up

THREADS = "2"
"""Of one process; with four of them whoever asks the database waits three times for the interpreter, and the slowest
of a hundred pages came a third later."""


@click.command(name="serve")
@home_option
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@click.option("--workers", type=int, help="Processes that answer requests.  [default: one more than there are cores]")
@click.option("--with-worker", is_flag=True, help="Run the background worker beside it (small installations).")
def command(home: Path | None, host: str, port: int, workers: int | None, with_worker: bool) -> None:
    """Serve portal, desk and API with gunicorn; put a TLS proxy in front of it for anyone but yourself."""
    serve_home(set_up(home, migrate=True), host=host, port=port, workers=workers, with_worker=with_worker)


def serve_home(
    home: Path,
    *,
    host: str = "127.0.0.1",
    port: int = 8000,
    workers: int | None = None,
    with_worker: bool = False,
    with_treasury: bool = False,
) -> None:
    """Serves a home until interrupted, with the processes asked for beside it, which end with it."""
    _check_port(host, port)
    from django.core.management import call_command

    from zhida.surfaces.cli.groundwork.treasury import treasury_process

    call_command("collectstatic", interactive=False, verbosity=0)
    environment = {**os.environ, "ZHIDA_HOME": str(home.resolve()), "DJANGO_SETTINGS_MODULE": "zhida.config.settings"}
    environment.setdefault("ZHIDA_HOSTS", f"localhost,127.0.0.1,[::1],{host}")
    with ExitStack() as stack:
        if with_treasury:
            environment["ZHIDA_TREASURY"] = stack.enter_context(treasury_process(home))
        if with_worker:
            worker = subprocess.Popen([sys.executable, "-m", "zhida.surfaces.cli.main", "worker"], env=environment)
            stack.callback(worker.wait)
            stack.callback(worker.terminate)
        _tell(home, host, port)
        processes = workers or len(os.sched_getaffinity(0)) + 1
        bind = ["--bind", f"{host}:{port}", "--workers", str(processes), "--threads", THREADS]
        how = ["--config", "python:zhida.config.serving"]
        gunicorn = [sys.executable, "-m", "gunicorn", "zhida.config.wsgi", *how, *bind, "--log-level", "warning"]
        signal.signal(signal.SIGTERM, signal.default_int_handler)  # a service manager's way to say Ctrl-C
        server = subprocess.Popen(gunicorn, env=environment)  # noqa: S603 (our own interpreter)
        try:
            server.wait()
        except KeyboardInterrupt:
            server.terminate()
            server.wait()


def _check_port(host: str, port: int) -> None:
    """Exits with 1 where somebody else listens there, before anything is started."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise click.ClickException(
                f"{host}:{port} cannot be used ({error.strerror}); take another --port"
            ) from error


def _tell(home: Path, host: str, port: int) -> None:
    click.echo(f"\n  直达 is served at http://{host}:{port}  (Ctrl-C ends it)")
    if (home / "demo").exists():
        from zhida.services.demonstration.cast import OFFICERS, PASSWORD

        click.echo(f"  Log in as firm, person or household, or as an officer, each with the password {PASSWORD}:")
        for name, (zh, en) in OFFICERS.items():
            click.echo(f"    {name:<10}{zh}  {en}")
