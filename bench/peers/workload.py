"""What a comparison needs to know of its rows: their table at the peers, their task for Sarsen, and the queries, each in Druid's native form
and in SQL that the peers understand, with the same columns in the same order."""

from typing import Callable, NamedTuple, Optional

# Types of columns by the words that workloads use: DuckDB's and ClickHouse's, the fastest that hold the values.
DUCKDB_TYPES = {"int": "INTEGER", "small": "INTEGER", "signed": "INTEGER", "big": "BIGINT", "money": "DECIMAL(15,2)", "few": "VARCHAR", "text": "VARCHAR",
                "date": "DATE", "time": "TIMESTAMP"}
CLICKHOUSE_TYPES = {"int": "UInt32 CODEC(NONE)", "small": "UInt8 CODEC(NONE)", "signed": "Int32 CODEC(NONE)", "big": "Int64 CODEC(NONE)",
                    "money": "Float64 CODEC(NONE)", "few": "LowCardinality(String)", "text": "String", "date": "Date CODEC(NONE)", "time": "DateTime('UTC') CODEC(NONE)"}


class Query(NamedTuple):
    name: str
    native: dict
    sql: str
    sketch_error: float = 0.0  # what engines, which count by sketches of their own, may differ by
    published_ms: float = 0.0  # what somebody has published of their engine and machine; the workload says who


class Workload(NamedTuple):
    table: str
    source: str  # the data source's name at Druid
    columns: str  # "name type, …", in the order of the input's fields
    time: str  # the column that rows are sorted by
    queries: list
    task: Callable[[str, str], dict]  # of a folder and the name of a file in it
    rows_sql: Optional[str] = None  # makes the rows at DuckDB, {rows} many; None: they are brought
    druid_queries: list = []  # for which only Druid has words, without SQL

    def types(self, of):
        return {name: of[kind] for name, kind in (column.split() for column in self.columns.split(", "))}


def agg(kind, field, name=None):
    return {"type": kind, "name": name or field, "fieldName": field}


def native(source, kind, aggregations, interval, granularity="all", context=None, **more):
    return {"queryType": kind, "dataSource": source, "intervals": [interval], "granularity": granularity,
            "aggregations": aggregations, "context": {"useCache": False, "populateCache": False, **(context or {})}, **more}


def best(limit, metric):
    """The limit of a groupBy: the greatest by a metric."""
    return {"type": "default", "limit": limit, "columns": [{"dimension": metric, "direction": "descending", "dimensionOrder": "numeric"}]}


def task(source, time, time_format, dimensions, metrics, interval, folder, file, chunk="ALL"):
    """A row for each of the input's, sorted by time, in one segment, or in one for each `chunk` of time."""
    return {"type": "index_parallel", "spec": {
        "dataSchema": {
            "dataSource": source, "timestampSpec": {"column": time, "format": time_format},
            "dimensionsSpec": {"dimensions": dimensions}, "metricsSpec": metrics,
            "granularitySpec": {"type": "uniform", "segmentGranularity": chunk, "queryGranularity": "none", "rollup": False,
                                "intervals": [interval]}},
        "ioConfig": {"type": "index_parallel", "inputSource": {"type": "local", "baseDir": folder, "filter": file},
                     "inputFormat": {"type": "json"}},
        "tuningConfig": {"type": "index_parallel", "partitionsSpec": {"type": "dynamic", "maxRowsPerSegment": 20_000_000, "maxTotalRows": 1_000_000_000}}}}
