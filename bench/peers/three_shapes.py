"""FerroDruid's three shapes: a groupBy of two flags over everything, the ten greatest orders of a month, and sums of a year behind two filters of
numbers. Rows are made from their numbers, each column of draws of its own (in the original all fields of a row come from one draw): times rise
evenly over seven years, an order has four rows, a price is quantity times 100 to 999. Published times are FerroDruid's, of 60 M rows in one segment in
memory, with 16 cores of a Zen 5."""

from workload import Query, Workload, agg, native, task

SOURCE = "shapes"
ALL = "1992-01-01/1999-01-01"
COLUMNS = ("time time, orderkey int, partkey int, suppkey int, quantity small, price int, discount money, tax money, returnflag few, "
           "linestatus few, nation few, region few")
LONGS = "orderkey partkey suppkey".split()
STRINGS = "returnflag linestatus nation region".split()

ROWS = """
select timestamp '1992-01-01 00:00:00' + to_seconds(i * 220924800 // {rows}) as time, (i // 4 + 1)::int as orderkey,
       (hash(i * 16) % 200000 + 1)::int as partkey, (hash(i * 16 + 1) % 10000 + 1)::int as suppkey,
       (hash(i * 16 + 2) % 50 + 1)::int as quantity, (hash(i * 16 + 2) % 50 + 1)::int * (hash(i * 16 + 3) % 900 + 100)::int as price,
       (hash(i * 16 + 4) % 11)::int / 100.0 as discount, (hash(i * 16 + 5) % 9)::int / 100.0 as tax,
       (['A', 'N', 'R'])[(hash(i * 16 + 6) % 3 + 1)::int] as returnflag, (['F', 'O'])[(hash(i * 16 + 7) % 2 + 1)::int] as linestatus,
       'NATION ' || (hash(i * 16 + 8) % 25) as nation, 'REGION ' || (hash(i * 16 + 9) % 5) as region
from range({rows}) t(i)"""

PRICE = agg("doubleSum", "price")
ORDER = {"type": "default", "dimension": "orderkey", "outputName": "orderkey", "outputType": "LONG"}


def bound(column, lower, upper):
    return {"type": "bound", "dimension": column, "lower": lower, "upper": upper, "ordering": "numeric"}


QUERIES = [
    Query("f1_flags", native(SOURCE, "groupBy", [agg("longSum", "quantity"), PRICE, {"type": "count", "name": "rows"}], ALL,
                             dimensions=["returnflag", "linestatus"]),
          "select returnflag, linestatus, sum(quantity), sum(price), count(*) from shapes group by returnflag, linestatus", published_ms=28.3),
    Query("f3_orders", native(SOURCE, "topN", [PRICE], "1995-03-01/1995-04-01", dimension=ORDER, metric="price", threshold=10),
          "select orderkey, sum(price) as p from shapes where time >= timestamp '1995-03-01 00:00:00' and time < timestamp '1995-04-01 00:00:00' "
          "group by orderkey order by p desc limit 10", published_ms=1.01),
    Query("f6_filters", native(SOURCE, "timeseries", [PRICE], "1994-01-01/1995-01-01", filter={
              "type": "and", "fields": [bound("quantity", "24", "24"), bound("discount", "0.05", "0.07")]}),
          "select sum(price) from shapes where time >= timestamp '1994-01-01 00:00:00' and time < timestamp '1995-01-01 00:00:00' "
          "and quantity = 24 and discount between 0.05 and 0.07", published_ms=2.56),
]


def ingestion_task(folder, file):
    dimensions = [{"type": "long", "name": name} for name in LONGS] + STRINGS
    metrics = [agg("longSum", "quantity"), PRICE, agg("doubleSum", "discount"), agg("doubleSum", "tax")]
    return task(SOURCE, "time", "yyyy-MM-dd HH:mm:ss", dimensions, metrics, ALL, folder, file, "YEAR")


WORKLOAD = Workload("shapes", SOURCE, COLUMNS, "time", QUERIES, ingestion_task, ROWS)
