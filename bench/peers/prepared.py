"""The rows of a workload, and its segments, which are made at the first time and kept."""

import hashlib
import importlib
import itertools
import json
import os
import subprocess

WORKLOADS = ["lineitem", "hits", "star_schema", "three_shapes", "wikipedia"]
DIGESTED_ROWS = 1_000_000


def digest(path):
    """Of the first rows: by it, others know that they have made the same."""
    sum_of = hashlib.sha256()
    with open(path, "rb") as file:
        for line in itertools.islice(file, DIGESTED_ROWS):
            sum_of.update(line)
    return sum_of.hexdigest()


class Prepared:
    """`work`: the folder of all workloads; `ndjson`: the rows where the workload does not make them."""

    def __init__(self, name, rows, work, sarsen, ndjson=None):
        self.workload = importlib.import_module(name).WORKLOAD
        self.sarsen = sarsen
        self.folder = os.path.abspath(work if name == "lineitem" else os.path.join(work, f"{name}-{rows}"))
        os.makedirs(self.folder, exist_ok=True)
        if self.workload.rows_sql is None and not ndjson:
            raise SystemExit(f"{name} is brought: --ndjson FILE")
        self.rows = rows
        self.ndjson = os.path.join(self.folder, self.workload.table + ".ndjson") if self.workload.rows_sql else os.path.abspath(ndjson)

    def make_rows(self):
        """Those that the workload makes, an object a line. Where all engines have them, they need not be there."""
        kept = [os.path.join(self.folder, name) for name in ["chdb", self.workload.table + ".duckdb", "segments"]]
        if self.workload.rows_sql and not all(map(os.path.exists, kept)):
            self.write_rows()

    def write_rows(self):
        if os.path.exists(self.ndjson):
            return
        import duckdb
        duckdb.sql(f"copy ({self.workload.rows_sql.format(rows=self.rows)}) to '{self.ndjson}.new' (format json)")
        with open(os.path.join(self.folder, "rows.sha256"), "w") as file:
            file.write(f"{digest(self.ndjson + '.new')} of the first {DIGESTED_ROWS} rows\n")
        os.rename(self.ndjson + ".new", self.ndjson)

    def remove_rows(self):
        """When every engine has them."""
        if self.workload.rows_sql and os.path.exists(self.ndjson):
            os.remove(self.ndjson)

    def segments(self, chunk=None, preset=None):
        """Of the workload's own chunks of time, or of others; as Sarsen writes them, or by a preset of its index specs."""
        label = "".join(f"-{word}" for word in [chunk, preset] if word)
        folder = os.path.join(self.folder, "segments" + label)
        if not os.path.isdir(folder):
            if self.workload.rows_sql:
                self.write_rows()
            task = self.workload.task(os.path.dirname(self.ndjson), os.path.basename(self.ndjson))
            if chunk:
                task["spec"]["dataSchema"]["granularitySpec"]["segmentGranularity"] = chunk
            if preset:
                task["spec"]["tuningConfig"]["indexSpec"] = {"preset": preset}
            path = os.path.join(self.folder, f"task{label}.json")
            with open(path, "w") as file:
                json.dump(task, file)
            subprocess.run([self.sarsen, "ingest", path, "--out", folder + ".new"], check=True)
            os.rename(folder + ".new", folder)
        return folder
