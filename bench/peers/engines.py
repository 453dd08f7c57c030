"""The engines that are compared. Each answers ask(query) with rows of keys and numbers, and times what it did itself."""

import datetime
import decimal
import json
import os
import subprocess
import tempfile
import time

import connection
from workload import CLICKHOUSE_TYPES, DUCKDB_TYPES

def plain(value):
    """One spelling for all engines: times and keys as text, everything else as a number."""
    if isinstance(value, datetime.datetime):
        return value.isoformat().removesuffix("T00:00:00")
    if isinstance(value, datetime.date):
        return value.isoformat()
    return float(value) if isinstance(value, decimal.Decimal) else value


def plain_time(text):
    """The same of a time as engines write it."""
    return text.replace(" ", "T")[:19].removesuffix("T00:00:00") if isinstance(text, str) else plain(text)


class DuckDb:
    """From its file, INTEGER keys, DATE and DECIMAL(15,2): its fastest form."""

    def __init__(self, folder, workload, ndjson, threads):
        import duckdb
        self.name = f"DuckDB {duckdb.__version__}"
        self.table = workload.table
        self.path = os.path.join(folder, workload.table + ".duckdb")
        if not os.path.exists(self.path):
            with duckdb.connect(self.path + ".new") as connection:
                self.fill(connection, workload, ndjson, f"order by {workload.time}")
            os.rename(self.path + ".new", self.path)
        self.connection = duckdb.connect(self.path)
        self.use_threads(threads)

    @classmethod
    def fill(cls, connection, workload, ndjson, order=""):
        types = workload.types(DUCKDB_TYPES)
        columns = ", ".join(f'"{name}" {kind}' for name, kind in types.items())
        connection.execute("set memory_limit = '8GB'")  # many rows are sorted on disk, and leave room for others
        connection.execute(f"create or replace table {workload.table} ({columns})")
        read = ", ".join(f"{name}: '{kind}'" for name, kind in types.items())
        connection.execute(f"insert into {workload.table} select * from read_json('{ndjson}', format='newline_delimited', "
                           f"columns={{{read}}}) {order}")

    def use_threads(self, threads):
        self.connection.execute(f"set threads = {threads}")

    def stored_bytes(self):
        return os.path.getsize(self.path)

    def row_count(self):
        return self.connection.execute(f"select count(*) from {self.table}").fetchone()[0]

    def ask(self, query):
        begin = time.perf_counter()
        rows = self.connection.execute(query.sql).fetchall()
        return rows, time.perf_counter() - begin

    def close(self):
        self.connection.close()


CHUNK_KEYS = {"YEAR": "toYear({})", "MONTH": "toYYYYMM({})", "DAY": "toYYYYMMDD({})", "SIX_HOUR": "toStartOfInterval({}, interval 6 hour)"}


class ClickHouse:
    """In process (chdb), MergeTree by time, numbers uncompressed, LowCardinality text: its fastest form."""

    def __init__(self, folder, workload, ndjson, threads):
        from chdb.session import Session
        self.session = Session(os.path.join(folder, "chdb"))
        self.name = "ClickHouse " + str(self.session.query("select version()", "TabSeparated")).strip()
        self.table = self.asked_table = workload.table
        self.time = workload.time
        self.use_threads(threads)
        if not self.has(self.table):
            columns = ", ".join(f"{name} {kind}" for name, kind in workload.types(CLICKHOUSE_TYPES).items())
            self.session.query(f"create table default.{self.table} ({columns}) engine = MergeTree order by {workload.time}")
            self.session.query(f"insert into default.{self.table} select * from file('{ndjson}', 'JSONEachRow') "
                               "settings input_format_parallel_parsing = 0, date_time_input_format = 'best_effort'")
            self.session.query(f"optimize table default.{self.table} final")

    def use_threads(self, threads):
        self.threads = threads

    def use_chunk(self, chunk):
        """Asks a copy of the table that has a partition for each chunk of time."""
        self.asked_table = self.table if chunk in ("", "ALL") else f"{self.table}_{chunk.lower()}"
        if not self.has(self.asked_table):
            key = CHUNK_KEYS[chunk].format(self.time)
            self.session.query(f"create table default.{self.asked_table} as default.{self.table} engine = MergeTree "
                               f"order by {self.time} partition by {key}")
            self.session.query(f"insert into default.{self.asked_table} select * from default.{self.table} order by {self.time} "
                               "settings max_partitions_per_insert_block = 0, max_threads = 1, max_insert_threads = 1")
            self.session.query(f"optimize table default.{self.asked_table} final")

    def has(self, table):
        return table in str(self.session.query("show tables from default", "TabSeparated")).split()

    def stored_bytes(self):
        return int(str(self.session.query(f"select sum(bytes_on_disk) from system.parts where active and table = '{self.table}'", "TabSeparated")))

    def ask(self, query):
        sql = query.sql.replace(f"from {self.table}", f"from default.{self.asked_table}").replace("approx_count_distinct", "uniqCombined(12)")
        sql += f" settings max_threads = {self.threads}, use_query_condition_cache = 0"
        begin = time.perf_counter()
        text = self.session.query(sql, "JSONCompact").bytes()
        seconds = time.perf_counter() - begin
        answer = json.loads(text)
        numbers = [column["type"].startswith(("UInt64", "Int64")) for column in answer["meta"]]
        return [[int(value) if number else value for value, number in zip(row, numbers)] for row in answer["data"]], seconds

    def close(self):
        self.session.close()


def row_time(milliseconds):
    return datetime.datetime.fromtimestamp(milliseconds / 1000, datetime.timezone.utc).isoformat()[:19]


def rows_of(query, answer):
    """The rows of a native answer, in the columns of the query's SQL; without SQL they are compared as they are."""
    native = query.native
    if not query.sql:
        yield from answer
        return
    if native["queryType"] == "search":
        yield from ([hit["dimension"], hit["value"], hit["count"]] for part in answer for hit in part["result"])
        return
    if native["queryType"] == "scan":
        yield from ([row_time(row[name]) if name == "__time" else row[name] for name in native["columns"]] for part in answer for row in part["events"])
        return
    time_column = native["granularity"] != "all"
    dimensions = native.get("dimensions", [native["dimension"]] if "dimension" in native else [])
    dimensions = [spec if isinstance(spec, str) else spec["outputName"] for spec in dimensions]
    names = dimensions + [spec["name"] for spec in native["aggregations"]]
    for part in answer:
        held = part.get("event", part.get("result"))
        for row in held if isinstance(held, list) else [held]:
            yield ([part["timestamp"]] if time_column else []) + [row[name] for name in names]


class Refused(RuntimeError):
    """A query that this engine does not answer."""


class Http:
    """A native query over a connection that is kept: stock Druid, or Sarsen's server."""

    def __init__(self, name, host, port):
        self.name = name
        self.connection = connection.Connection(host, port)

    def ask(self, query):
        status, text, seconds = self.connection.post("/druid/v2/", json.dumps(query.native).encode())
        if status != 200:
            raise Refused(f"{self.name}: {text.decode()}")
        return list(rows_of(query, json.loads(text))), seconds

    def close(self):
        self.connection.close()


class SarsenServer(Http):
    def __init__(self, binary, workload, segments, threads):
        self.scratch = tempfile.TemporaryDirectory()
        log_path = os.path.join(self.scratch.name, "log")
        with open(log_path, "w") as log:
            self.process = subprocess.Popen(
                [binary, "serve", "--port", "0", "--data", os.path.join(self.scratch.name, "data"), "--segments",
                 f"{workload.source}={segments}", "--set", f"druid.processing.numThreads={threads}"], stderr=log)
        super().__init__("Sarsen over HTTP", "127.0.0.1", self.port(log_path))

    def port(self, log_path):
        while self.process.poll() is None:
            with open(log_path) as log:
                for line in log:
                    if "Listening on http://" in line:
                        return int(line.split("Listening on http://")[1].split()[0].rsplit(":", 1)[1])
            time.sleep(0.05)
        raise RuntimeError("the server ended at its start: " + open(log_path).read())

    def resident_bytes(self):
        with open(f"/proc/{self.process.pid}/status") as status:
            held = dict(line.split(":", 1) for line in status)
        return {name: int(held[key].split()[0]) * 1024 for name, key in [("now", "VmRSS"), ("peak", "VmHWM")]}

    def close(self):
        super().close()
        self.process.terminate()
        self.process.wait()
        self.scratch.cleanup()


class SarsenBench:
    """`sarsen bench`: the engine in its own process without HTTP, all queries in one run, with the bandwidth measured beside."""

    def __init__(self, binary, segments, threads, queries, seconds):
        self.folder = tempfile.TemporaryDirectory()
        self.command = [binary, "bench", segments, "--threads", str(threads), "--json", "--seconds", str(seconds)]
        for query in queries:
            path = os.path.join(self.folder.name, query.name + ".json")
            with open(path, "w") as file:
                json.dump(query.native, file)
            self.command += ["--query", path]

    def run(self):
        """([least milliseconds by query], bytes of memory read a second)"""
        answer = json.loads(subprocess.run(self.command, check=True, capture_output=True, text=True).stdout)
        return [result["minMs"] for result in answer["results"]], answer["memoryBytesPerSecond"]
