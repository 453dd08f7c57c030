"""The fifteen queries over TPC-H lineitem: Druid's paper's nine, and six that are typical of other engines' tests."""

import workload
from workload import Query, Workload, agg

SOURCE = "tpch_lineitem"
ALL = "1992-01-01/1999-01-01"
DIMENSIONS = ("l_orderkey l_partkey l_suppkey l_linenumber l_returnflag l_linestatus l_shipdate l_commitdate "
              "l_receiptdate l_shipinstruct l_shipmode l_comment").split()
DOUBLES = ["l_extendedprice", "l_discount", "l_tax"]
COLUMNS = ("l_orderkey int, l_partkey int, l_suppkey int, l_linenumber small, l_quantity small, l_extendedprice money, l_discount money, "
           "l_tax money, l_returnflag few, l_linestatus few, l_shipdate date, l_commitdate date, l_receiptdate date, l_shipinstruct few, "
           "l_shipmode few, l_comment text")

COUNT = {"type": "count", "name": "rows"}
SUM_QUANTITY = agg("doubleSum", "l_quantity")
SUMS = [agg("doubleSum", name) for name in ["l_extendedprice", "l_discount", "l_tax", "l_quantity"]]
DETAILS = [SUM_QUANTITY, agg("doubleSum", "l_extendedprice"), agg("doubleMin", "l_discount", "least"),
           agg("doubleMax", "l_discount", "greatest")]


def native(kind, aggregations, interval=ALL, granularity="all", **more):
    return workload.native(SOURCE, kind, aggregations, interval, granularity, **more)


def top(dimension, aggregations, interval=ALL):
    return native("topN", aggregations, interval, dimension=dimension, metric="l_quantity", threshold=100)


def between(first, end):
    return f"l_shipdate >= date '{first}' and l_shipdate < date '{end}'"


SQL_SUMS = "sum(l_extendedprice), sum(l_discount), sum(l_tax), sum(l_quantity)"
SQL_DETAILS = "sum(l_quantity) as q, sum(l_extendedprice), min(l_discount), max(l_discount)"
SQL_TOP = "group by l_partkey order by q desc limit 100"
FLAGS = ["l_returnflag", "l_linestatus"]
MODES = ["l_shipmode", "l_shipinstruct"]

QUERIES = [
    Query("count_star_interval", native("timeseries", [COUNT], "1992-01-03/1998-11-30"),
          f"select count(*) from lineitem where {between('1992-01-03', '1998-11-30')}"),
    Query("sum_price", native("timeseries", SUMS[:1]), "select sum(l_extendedprice) from lineitem"),
    Query("sum_all", native("timeseries", SUMS), f"select {SQL_SUMS} from lineitem"),
    Query("sum_all_year", native("timeseries", SUMS, granularity={"type": "period", "period": "P1Y", "timeZone": "UTC"}),
          f"select date_trunc('year', l_shipdate) as y, {SQL_SUMS} from lineitem group by y"),
    Query("sum_all_filter", native("timeseries", SUMS, filter={"type": "regex", "dimension": "l_shipmode", "pattern": ".*AIR.*"}),
          f"select {SQL_SUMS} from lineitem where l_shipmode like '%AIR%'"),
    Query("top_100_parts", top("l_partkey", [SUM_QUANTITY]),
          f"select l_partkey, sum(l_quantity) as q from lineitem {SQL_TOP}"),
    Query("top_100_parts_details", top("l_partkey", DETAILS), f"select l_partkey, {SQL_DETAILS} from lineitem {SQL_TOP}"),
    Query("top_100_parts_filter", top("l_partkey", DETAILS, "1996-01-15/1998-03-15"),
          f"select l_partkey, {SQL_DETAILS} from lineitem where {between('1996-01-15', '1998-03-15')} {SQL_TOP}"),
    Query("top_100_commitdate", top("l_commitdate", [SUM_QUANTITY]),
          "select l_commitdate, sum(l_quantity) as q from lineitem group by l_commitdate order by q desc limit 100"),
    Query("tpch_q1", native("groupBy", [agg("longSum", "l_quantity")] + SUMS[:3] + [COUNT], "1992-01-01/1998-09-03", dimensions=FLAGS),
          "select l_returnflag, l_linestatus, sum(l_quantity), sum(l_extendedprice), sum(l_discount), sum(l_tax), count(*) "
          "from lineitem where l_shipdate < date '1998-09-03' group by l_returnflag, l_linestatus"),
    Query("tpch_q6", native("timeseries", SUMS[:1], "1994-01-01/1995-01-01", filter={"type": "and", "fields": [
              {"type": "range", "column": "l_discount", "matchValueType": "DOUBLE", "lower": 0.05, "upper": 0.07},
              {"type": "range", "column": "l_quantity", "matchValueType": "LONG", "upper": 24, "upperOpen": True}]}),
          f"select sum(l_extendedprice) from lineitem where {between('1994-01-01', '1995-01-01')} "
          "and l_discount between 0.05 and 0.07 and l_quantity < 24"),
    Query("flag_status", native("groupBy", [agg("longSum", "l_quantity"), SUMS[0], COUNT], dimensions=FLAGS),
          "select l_returnflag, l_linestatus, sum(l_quantity), sum(l_extendedprice), count(*) "
          "from lineitem group by l_returnflag, l_linestatus"),
    Query("mode_instruction_month", native("groupBy", [agg("longSum", "l_quantity"), COUNT], granularity="month", dimensions=MODES),
          "select date_trunc('month', l_shipdate) as m, l_shipmode, l_shipinstruct, sum(l_quantity), count(*) "
          "from lineitem group by m, l_shipmode, l_shipinstruct"),
    Query("top_10_orders", native("groupBy", [agg("longSum", "l_quantity")], dimensions=["l_orderkey"], limitSpec={
              "type": "default", "limit": 10, "columns": [{"dimension": "l_quantity", "direction": "descending"}]}),
          "select l_orderkey, sum(l_quantity) as q from lineitem group by l_orderkey order by q desc limit 10"),
    Query("distinct_parts", native("timeseries", [{**agg("HLLSketchBuild", "l_partkey"), "round": True}]),
          "select approx_count_distinct(l_partkey) from lineitem", sketch_error=0.05),
]


def ingestion_task(folder, file):
    """The paper's one segment: one row for each of lineitem's, sorted by ship date."""
    return {"type": "index_parallel", "spec": {
        "dataSchema": {
            "dataSource": SOURCE, "timestampSpec": {"column": "l_shipdate", "format": "yyyy-MM-dd"},
            "dimensionsSpec": {"dimensions": DIMENSIONS},
            "metricsSpec": [{"type": "count", "name": "count"}, agg("longSum", "l_quantity")] + [agg("doubleSum", name) for name in DOUBLES],
            "granularitySpec": {"type": "uniform", "segmentGranularity": "ALL", "queryGranularity": "day", "rollup": True,
                                "intervals": [ALL]}},
        "ioConfig": {"type": "index_parallel", "inputSource": {"type": "local", "baseDir": folder, "filter": file},
                     "inputFormat": {"type": "json"}},
        "tuningConfig": {"type": "index_parallel", "partitionsSpec": {"type": "dynamic", "maxRowsPerSegment": 20_000_000}}}}


WORKLOAD = Workload("lineitem", SOURCE, COLUMNS, "l_shipdate", QUERIES, ingestion_task)
