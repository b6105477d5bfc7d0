"""`zhida witness` and `zhida mirror` run alone: nothing of an installation, and no Django, is needed beside them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from zhida.domain.proofs import SigningKey, VerifierKey

LOG = str(SigningKey("log.example/proofs", bytes(32)).verifier)


def test_a_witness_starts_with_one_file_and_says_its_key_and_address(tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("DJANGO", "ZHIDA"))}
    command = [sys.executable, "-m", "zhida.surfaces.cli.main", "witness", str(tmp_path / "state")]
    options = ["--name", "audit.example/witness", "--log", LOG, "--port", "0"]
    with subprocess.Popen([*command, *options], stdout=subprocess.PIPE, text=True, env=environment) as process:
        try:
            key, address = process.stdout.readline().split()
        finally:
            process.terminate()
    assert VerifierKey.parse(key).is_witness
    assert address.startswith("http://127.0.0.1:")
    assert [path.name for path in tmp_path.iterdir()] == ["state"]


@pytest.mark.parametrize("module", ["zhida.services.witnessing", "zhida.services.mirroring.following"])
def test_neither_brings_django_along(module: str) -> None:
    program = f"import sys, {module}; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
