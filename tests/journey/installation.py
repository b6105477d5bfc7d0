"""A whole installation for the browser: a small demonstration, played once in a process of its own, then served."""

import json
import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

SIZE = {"organisations": 160, "persons": 240, "households": 100, "cases": 48}
PASSWORD = "zhida-demo"
ROOT = Path(__file__).parents[2]
RUNNER = """
import importlib, json, sys, django
django.setup()
print(json.dumps(importlib.import_module("tests.journey." + sys.argv[1]).run(*sys.argv[2:])))
"""


def environment(home: Path) -> dict[str, str]:
    """What a process of this home is started with."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("ZHIDA_", "DJANGO_"))}
    return {**clean, "ZHIDA_HOME": str(home), "DJANGO_SETTINGS_MODULE": "zhida.config.settings"}


def play(home: Path) -> None:
    """Plays the demonstration, as a newcomer would."""
    size = [word for name, count in SIZE.items() for word in (f"--{name}", str(count))]
    command = [sys.executable, "-m", "zhida.surfaces.cli.main", "demo", "--home", str(home), "--no-serve", *size]
    done = subprocess.run(command, env=environment(home), capture_output=True, text=True, timeout=900)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]


def inside(home: Path, module: str, *words: str) -> dict:
    """Runs `run` of a module of this folder inside the installation; gives what it returns."""
    command = [sys.executable, "-c", RUNNER, module, *words]
    done = subprocess.run(command, cwd=ROOT, env=environment(home), capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr[-4000:]
    return json.loads(done.stdout)


class Server:
    """The product, served on a free port of this machine until closed."""

    def __init__(self, home: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.address = f"http://127.0.0.1:{port}"
        command = [
            sys.executable,
            "-m",
            "gunicorn",
            "zhida.config.wsgi",
            "--bind",
            f"127.0.0.1:{port}",
            "--threads",
            "4",
        ]
        self.log = (home / "server.log").open("w")
        self.process = subprocess.Popen(command, env=environment(home), stdout=self.log, stderr=self.log)
        try:
            self._wait(home)
        except BaseException:
            self.close()
            raise

    def _wait(self, home: Path) -> None:
        for _ in range(300):
            try:
                with urlopen(self.address + "/help/", timeout=60):
                    return
            except (URLError, ConnectionError, TimeoutError):
                assert self.process.poll() is None, (home / "server.log").read_text()
                time.sleep(0.2)
        raise AssertionError((home / "server.log").read_text())

    def close(self) -> None:
        """Ends it."""
        self.process.terminate()
        self.process.wait()
        self.log.close()
