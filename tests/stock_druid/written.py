"""Writes the recorded inputs and Druid's own segments with `sarsen`, under other names and with other index specs."""

import gzip
import json
import pathlib
import shutil
import subprocess

import places
import shapes
from cluster import Failure

MADE = {made.SOURCE: made for made in [shapes, places]}
GOLDEN = pathlib.Path(__file__).resolve().parent.parent / "golden/druid-33.0.0"


def run(command):
    done = subprocess.run(list(map(str, command)), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode != 0:
        raise Failure(f"{' '.join(map(str, command))}:\n{done.stdout.strip()}")


class Writer:
    """`folder` takes everything that is written; it is emptied."""

    def __init__(self, sarsen, folder):
        self.sarsen = sarsen
        self.folder = folder
        shutil.rmtree(folder, ignore_errors=True)
        (folder / "tasks").mkdir(parents=True)
        with gzip.open(GOLDEN / "events.json.gz") as packed, open(folder / "events.json", "wb") as plain:
            shutil.copyfileobj(packed, plain)
        for made in MADE.values():
            made.write(folder)

    @staticmethod
    def task(case):
        if case.source in MADE:
            return MADE[case.source].task(case.data_source, case.spec)
        task = json.loads((GOLDEN / f"{case.source}.task.json").read_text())
        task["spec"]["dataSchema"]["dataSource"] = case.data_source
        task["spec"]["tuningConfig"]["indexSpec"] = case.spec
        return task

    def write(self, case):
        """The folder of the segments."""
        return self.merge(case) if case.merged else self.ingest(case)

    def merge(self, case):
        """Each of Druid's segments again, in another format."""
        target = self.folder / "segments" / case.data_source
        target.mkdir(parents=True)
        for day in sorted((GOLDEN / "segments" / case.source).iterdir()):
            spec = case.spec.get("preset") or json.dumps(case.spec)
            run([self.sarsen, "merge", day, "--out", target / day.name, "--index-spec", spec])
            descriptor = json.loads((day / "descriptor.json").read_text())
            descriptor["dataSource"] = case.data_source
            (target / day.name / "descriptor.json").write_text(json.dumps(descriptor))
        return target

    def ingest(self, case):
        file = self.folder / "tasks" / f"{case.data_source}.json"
        file.write_text(json.dumps(self.task(case)))
        run([self.sarsen, "ingest", file, "--base-dir", self.folder, "--out", self.folder / "segments"])
        return self.folder / "segments" / case.data_source


def size_of(folder):
    """Bytes of the segments' files."""
    names = ["version.bin", "factory.json", "*.smoosh"]
    return sum(file.stat().st_size for name in names for file in folder.rglob(name))
