"""A stock Druid that serves folders of segments as they are. It is ended whatever becomes of this process."""

import contextlib
import fcntl
import json
import os
import pathlib
import shutil
import subprocess
import sys
import urllib.error
import urllib.request

BROKER_PORT, HISTORICAL_PORT, COORDINATOR_PORT = 8082, 8083, 8081
SKIPPED = 77  # to ctest
HEAP_MIB = 1024  # at most, of each process: some random queries need more than the tool gives
SOON_READY = ("-XX:TieredStopAtLevel=1", f"-Xmx{HEAP_MIB}m")  # to the virtual machines: few queries, each once

# Waits for the end of its standard input, which comes with the end of whoever holds the other side.
GUARD = "import subprocess, sys; sys.stdin.read(); sys.exit(subprocess.call(sys.argv[1:]))"


class Failure(Exception):
    """Something that the user has to know."""


def missing(tool):
    """What is needed and not here, or None."""
    if not tool.exists():
        return f"{tool} is not there"
    programs = [name for name in ["java", "javac", "mvn"] if shutil.which(name) is None]
    return f"not installed: {', '.join(programs)}" if programs else None


def shared_folder():
    return pathlib.Path(os.environ.get("SARSEN_SHARED") or pathlib.Path(__file__).resolve().parents[2].parent / "shared")


def exit_status(prove):
    """Of a program that needs Druid: what `prove`, which gets the folder of the tool and of what is recorded, makes of it."""
    shared = shared_folder()
    off = os.environ.get("SARSEN_STOCK_DRUID") == "off"
    reason = "SARSEN_STOCK_DRUID=off" if off else missing(shared / "tools/stock-druid/stock-druid")
    if reason:
        print(f"skipped: {reason}")
        return SKIPPED
    try:
        return prove(shared)
    except Failure as failure:
        print(f"FAILED {failure}")
        return 1


class Cluster:
    def __init__(self, tool):
        self.tool = tool
        self.directory = pathlib.Path(os.environ.get("SARSEN_STOCK_DRUID_DIR") or
                                      pathlib.Path.home() / ".cache/sarsen-stock-druid").absolute()
        self.port_offset = int(os.environ.get("SARSEN_STOCK_DRUID_PORT_OFFSET") or 20000)
        self.broker_port, self.historical_port = BROKER_PORT + self.port_offset, HISTORICAL_PORT + self.port_offset
        self.url = f"http://127.0.0.1:{self.broker_port}"
        self.coordinator_url = f"http://127.0.0.1:{COORDINATOR_PORT + self.port_offset}"

    def command(self, *arguments):
        return [str(self.tool), *map(str, arguments), "--dir", str(self.directory)]

    def run(self, *arguments):
        done = subprocess.run(self.command(*arguments), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if done.returncode != 0:
            raise Failure(f"stock-druid {' '.join(map(str, arguments))}:\n{done.stdout.strip()}")
        return done.stdout

    @contextlib.contextmanager
    def running(self, java=SOON_READY, roles="zookeeper,broker,historical"):
        self.directory.mkdir(parents=True, exist_ok=True)
        with open(self.directory / "lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # one at a time
            self.run("down", "--wipe")  # what an earlier run may have left
            guard = subprocess.Popen([sys.executable, "-c", GUARD, *self.command("down", "--wipe")],
                                     stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                     start_new_session=True)
            try:
                self.run("up", "--roles", roles, "--port-offset", self.port_offset,
                         *(f"--java={option}" for option in java))
                yield self
            finally:
                guard.stdin.close()
                guard.wait()

    def load(self, folder):
        return self.run("load", folder)

    def query(self, query):
        """The answer as a document; fails where Druid refuses."""
        request = urllib.request.Request(self.url + "/druid/v2/", json.dumps(query).encode(),
                                         {"Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=300) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            raise Failure(f"Druid refuses {json.dumps(query)}: {error.read().decode(errors='replace')}")
