"""Where the peers are: an environment of Python, made at the first time."""

import os
import subprocess
import sys
import venv


def enter_environment(work):
    """Runs this program again within the environment, which lies in the folder `work`."""
    python = os.path.join(work, "venv", "bin", "python")
    if sys.prefix == os.path.join(work, "venv"):
        return
    if not os.path.exists(python):
        venv.create(os.path.join(work, "venv"), with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", "duckdb", "chdb"], check=True)
    os.execv(python, [python, *sys.argv])
