"""What the time of a query may grow with: a series of points for each, over lineitem. `ask` answers SQL with one value."""

import os
from typing import Callable, NamedTuple

from lineitem import ALL, SQL_SUMS, SUM_QUANTITY, SUMS, between, native
from workload import Query, agg, best

# Chunks of time that segments, or the peer's partitions, have, and how many of those there are then.
CHUNKS = {"ALL": 1, "YEAR": 7, "MONTH": 84, "DAY": 2526}


class Point(NamedTuple):
    across: float
    query: Query
    threads: int = 1
    chunk: str = "ALL"


class Series(NamedTuple):
    points: Callable
    title: str
    label: str
    peers: tuple = ("DuckDB", "ClickHouse")  # that have the notion


def top(dimension):
    return Query(f"groups_{dimension}", native("topN", [SUM_QUANTITY], ALL, dimension=dimension, metric="l_quantity", threshold=10),
                 f"select {dimension}, sum(l_quantity) as q from lineitem group by {dimension} order by q desc limit 10")


FOUR_SUMS = Query("sums", native("timeseries", SUMS), f"select {SQL_SUMS} from lineitem")
# A groupBy, as a topN over several segments is not exact.
TEN_SUPPLIERS = Query("suppliers", native("groupBy", [SUM_QUANTITY], ALL, dimensions=["l_suppkey"], limitSpec=best(10, "l_quantity")),
                      "select l_suppkey, sum(l_quantity) as q from lineitem group by l_suppkey order by q desc limit 10")


def by_rows(ask):
    """Four sums over the first months, of 1 to 84."""
    for months in [1, 2, 4, 8, 16, 32, 84]:
        end = f"{1992 + months // 12}-{months % 12 + 1:02d}-01"
        rows = ask(f"select count(*) from lineitem where {between('1992-01-01', end)}")
        yield Point(rows, Query(f"rows_{months}", native("timeseries", SUMS, f"1992-01-01/{end}"),
                                f"select {SQL_SUMS} from lineitem where {between('1992-01-01', end)}"))


def by_groups(ask):
    """The ten greatest sums of the values of a dimension."""
    for name in ["l_linenumber", "l_shipdate", "l_suppkey", "l_partkey", "l_orderkey"]:
        yield Point(ask(f"select count(distinct {name}) from lineitem"), top(name))


def by_selectivity(ask):
    """Two sums of the rows up to a price."""
    for share in [0.0001, 0.001, 0.01, 0.1, 0.5, 1.0]:
        price = float(ask(f"select quantile_disc(l_extendedprice, {share}) from lineitem"))
        sums = [agg("doubleSum", "l_discount"), agg("doubleSum", "l_tax")]
        where = {"type": "range", "column": "l_extendedprice", "matchValueType": "DOUBLE", "upper": price}
        yield Point(share * 100, Query(f"share_{share}", native("timeseries", sums, filter=where),
                                       f"select sum(l_discount), sum(l_tax) from lineitem where l_extendedprice <= {price}"))


def by_threads(query):
    return lambda _: (Point(threads, query, threads=threads) for threads in range(1, os.cpu_count() + 1))


def by_segments(query):
    return lambda _: (Point(count, query, chunk=chunk) for chunk, count in CHUNKS.items())


SERIES = {
    "rows": Series(by_rows, "Four sums", "rows"),
    "groups": Series(by_groups, "The ten greatest groups of 6 M rows", "groups"),
    "selectivity": Series(by_selectivity, "Two sums, filtered by a number", "% of 6 M rows taken"),
    "threads_sums": Series(by_threads(FOUR_SUMS), "Four sums of 6 M rows", "threads"),
    "threads_groups": Series(by_threads(TEN_SUPPLIERS), "The ten greatest of 10,000 groups, 6 M rows", "threads"),
    "segments_sums": Series(by_segments(FOUR_SUMS), "Four sums of 6 M rows", "segments, or partitions", ("ClickHouse",)),
    "segments_groups": Series(by_segments(TEN_SUPPLIERS), "The ten greatest of 10,000 groups, 6 M rows", "segments, or partitions", ("ClickHouse",)),
}
