"""The environment that has the peers: DuckDB and ClickHouse from PyPI."""

import os
import subprocess
import sys
import venv


def enter(work):
    """Runs this program again within the environment, which is made at the first time."""
    python = os.path.join(work, "venv", "bin", "python")
    if sys.prefix == os.path.join(work, "venv"):
        return
    if not os.path.exists(python):
        venv.create(os.path.join(work, "venv"), with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", "duckdb", "chdb"], check=True)
    os.execv(python, [python, *sys.argv])
