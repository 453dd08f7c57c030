"""What the time of a query may grow with: a series of points for each. `ask` answers SQL with one value."""

import os
from typing import Callable, NamedTuple

import lineitem
import three_shapes
from workload import Query, agg, best, native

# Chunks of time that segments, or the peer's partitions, have, and how many of those there are then.
CHUNKS = {"ALL": 1, "YEAR": 7, "MONTH": 84, "DAY": 2557, "SIX_HOUR": 10228}


class Point(NamedTuple):
    across: float
    query: Query
    threads: int = 1
    chunk: str = ""  # "": as the workload has them


class Series(NamedTuple):
    points: Callable
    title: str
    label: str
    workload: str = "lineitem"
    rows: int = 6_000_000  # that the workload makes, where it does
    peers: tuple = ("DuckDB", "ClickHouse")  # that have the notion


FOUR_SUMS = Query("sums", lineitem.native("timeseries", lineitem.SUMS), f"select {lineitem.SQL_SUMS} from lineitem")
# A groupBy, as a topN over several segments is not exact.
TEN_SUPPLIERS = Query("suppliers", lineitem.native("groupBy", [lineitem.SUM_QUANTITY], dimensions=["l_suppkey"], limitSpec=best(10, "l_quantity")),
                      "select l_suppkey, sum(l_quantity) as q from lineitem group by l_suppkey order by q desc limit 10")


def shapes_sums(name, interval=three_shapes.ALL, where=""):
    sums = [agg("longSum", "quantity"), agg("doubleSum", "price"), agg("doubleSum", "discount"), agg("doubleSum", "tax")]
    return Query(name, native(three_shapes.SOURCE, "timeseries", sums, interval),
                 f"select sum(quantity), sum(price), sum(discount), sum(tax) from shapes {where}")


def shapes_greatest(dimension):
    kind = "LONG" if dimension in three_shapes.LONGS else "STRING"
    return Query(f"groups_{dimension}",
                 native(three_shapes.SOURCE, "groupBy", [agg("longSum", "quantity", "q")], three_shapes.ALL, limitSpec=best(10, "q"),
                        dimensions=[{"type": "default", "dimension": dimension, "outputName": dimension, "outputType": kind}]),
                 f"select {dimension}, sum(quantity) as q from shapes group by {dimension} order by q desc limit 10")


def by_rows(ask):
    """Four sums over the first months, of 1 to 84."""
    for months in [1, 2, 4, 8, 16, 32, 64, 84]:
        end = f"{1992 + months // 12}-{months % 12 + 1:02d}-01"
        where = f"where time < timestamp '{end} 00:00:00'"
        yield Point(ask(f"select count(*) from shapes {where}"), shapes_sums(f"rows_{months}", f"1992-01-01/{end}", where))


def by_groups(ask):
    for dimension in ["region", "nation", "suppkey", "partkey", "orderkey"]:
        yield Point(ask(f"select count(distinct {dimension}) from shapes"), shapes_greatest(dimension))


def by_selectivity(ask):
    """Two sums of the rows up to a price."""
    for share in [0.0001, 0.001, 0.01, 0.1, 0.5, 1.0]:
        price = float(ask(f"select quantile_disc(l_extendedprice, {share}) from lineitem"))
        sums = [agg("doubleSum", "l_discount"), agg("doubleSum", "l_tax")]
        where = {"type": "range", "column": "l_extendedprice", "matchValueType": "DOUBLE", "upper": price}
        yield Point(share * 100, Query(f"share_{share}", lineitem.native("timeseries", sums, filter=where),
                                       f"select sum(l_discount), sum(l_tax) from lineitem where l_extendedprice <= {price}"))


def by_threads(query):
    return lambda _: (Point(threads, query, threads=threads) for threads in range(1, os.cpu_count() + 1))


def by_segments(query):
    return lambda _: (Point(count, query, chunk=chunk) for chunk, count in CHUNKS.items())


MANY = {"workload": "three_shapes", "rows": 60_000_000}
SEGMENTS = {"label": "segments, or partitions", "workload": "three_shapes", "peers": ("ClickHouse",)}
SERIES = {
    "rows": Series(by_rows, "Four sums", "rows", **MANY),
    "groups": Series(by_groups, "The ten greatest groups of 60 M rows", "groups", **MANY),
    "selectivity": Series(by_selectivity, "Two sums, filtered by a number", "% of 6 M rows taken"),
    "threads_sums": Series(by_threads(FOUR_SUMS), "Four sums of 6 M rows", "threads"),
    "threads_groups": Series(by_threads(TEN_SUPPLIERS), "The ten greatest of 10,000 groups, 6 M rows", "threads"),
    "segments_sums": Series(by_segments(shapes_sums("sums")), "Four sums of 6 M rows", **SEGMENTS),
    "segments_groups": Series(by_segments(shapes_greatest("suppkey")), "The ten greatest of 10,000 groups, 6 M rows", **SEGMENTS),
}
