"""Web analytics in the manner of ClickBench: a month of hits with its skewed columns, and those of its queries that Druid has words for; their
numbers are ClickBench's. Rows are made from their numbers."""

from workload import Query, Workload, agg, best, native, task

SOURCE = "hits"
ALL = "2013-07-01/2013-08-01"
COLUMNS = ("event_time time, watch_id big, user_id big, client_ip big, counter_id int, region_id int, search_engine_id small, adv_engine_id small, "
           "resolution_width int, is_refresh small, dont_count small, phone_model few, search_phrase text, url text, title text")
LONGS = "watch_id user_id client_ip counter_id region_id search_engine_id adv_engine_id is_refresh dont_count".split()
STRINGS = "phone_model search_phrase url title".split()

# hash() of DuckDB gives each row and column a number of its own; power() bends it, so that few values are frequent.
ROWS = """
with numbers as (select i, [(hash(i * 16 + k) % 1000000) / 1e6 for k in range(14)] as u from range({rows}) t(i)),
     values as (select i, u, ({rows} * 0.18 * power(u[4], 2))::bigint as page, ({rows} * 0.06 * power(u[5], 3))::bigint as phrase,
                       u[6] > 0.87 as searched from numbers)
select timestamp '2013-07-01 00:00:00' + to_seconds((u[1] * 2678399)::bigint) as event_time,
       (hash(i) >> 2)::bigint as watch_id, (hash((u[2] * u[2] * {rows} * 0.35)::bigint) >> 2)::bigint as user_id,
       (hash((u[3] * {rows} * 0.1)::bigint) >> 32)::bigint as client_ip,
       case when u[7] < 0.3 then 62 else (6500 * power(u[7], 3))::int end as counter_id, (9000 * power(u[8], 4))::int as region_id,
       case when searched then (u[9] * 6)::int + 1 else 0 end as search_engine_id,
       case when u[10] < 0.006 then (u[10] * 3000)::int + 1 else 0 end as adv_engine_id,
       ([0, 1024, 1280, 1366, 1440, 1600, 1920])[(u[11] * 6)::int + 1] + (case when u[11] > 0.9 then (u[12] * 200)::int else 0 end) as resolution_width,
       (u[12] < 0.1)::int as is_refresh, (u[13] < 0.05)::int as dont_count,
       case when u[14] < 0.06 then 'model ' || (170 * power(u[9], 2))::int else '' end as phone_model,
       case when searched then 'how to find number ' || phrase else '' end as search_phrase,
       'http://' || (case when page % 97 = 3 then 'google' else 'example' end) || (page % 1000) || '.ru/page/' || page as url,
       'Title of ' || (page // 3) || (case when page % 89 = 5 then ' at Google' else '' end) as title
from values"""

COUNT = {"type": "count", "name": "hits"}
ADV, WIDTH, REFRESH = agg("longSum", "adv_engine_id", "adv"), agg("longSum", "resolution_width", "width"), agg("longSum", "is_refresh", "refresh")
USERS = {**agg("HLLSketchBuild", "user_id", "users"), "round": True}
PHRASES = {**agg("HLLSketchBuild", "search_phrase", "phrases"), "round": True}
SQL_USERS = "approx_count_distinct(user_id)"


def is_not(column, value, kind="STRING"):
    return {"type": "not", "field": {"type": "equals", "column": column, "matchValueType": kind, "matchValue": value}}


def number(column, value):
    return {"type": "equals", "column": column, "matchValueType": "LONG", "matchValue": value}


def like(column, pattern):
    return {"type": "like", "dimension": column, "pattern": pattern}


def all_of(*filters):
    return {"type": "and", "fields": list(filters)}


def total(name, aggregations, sql, where=None, sketch_error=0.0):
    more = {"filter": where} if where else {}
    return Query(name, native(SOURCE, "timeseries", aggregations, ALL, **more), f"select {sql}", sketch_error)


def top(name, dimensions, aggregations, sql_sums, where=None, sql_where="", metric="hits", interval=ALL, limit=10):
    """The greatest groups. `metric` is the first aggregation."""
    keys = ", ".join(dimensions)
    typed = [{"type": "default", "dimension": column, "outputName": column, "outputType": "LONG" if column in LONGS else "STRING"} for column in dimensions]
    more = {"filter": where} if where else {}
    return Query(name, native(SOURCE, "groupBy", aggregations, interval, dimensions=typed, limitSpec=best(limit, metric), **more),
                 f"select {keys}, {sql_sums} from hits {sql_where} group by {keys} order by {len(dimensions) + 1} desc limit {limit}")


PHRASE = is_not("search_phrase", "")
SQL_PHRASE = "where search_phrase <> ''"
ONE_COUNTER = all_of(number("counter_id", 62), number("dont_count", 0), number("is_refresh", 0))
SQL_COUNTER = "where counter_id = 62 and dont_count = 0 and is_refresh = 0"
WIDTHS = [{"type": "longSum", "name": f"w{k}", "expression": f"resolution_width + {k}"} for k in range(90)]

QUERIES = [
    total("hits_0", [COUNT], "count(*) from hits"),
    total("hits_1", [COUNT], "count(*) from hits where adv_engine_id <> 0", is_not("adv_engine_id", 0, "LONG")),
    total("hits_2", [ADV, COUNT, WIDTH], "sum(adv_engine_id), count(*), sum(resolution_width) from hits"),
    total("hits_4", [USERS], f"{SQL_USERS} from hits", sketch_error=0.05),
    total("hits_5", [PHRASES], "approx_count_distinct(search_phrase) from hits", sketch_error=0.05),
    top("hits_7", ["adv_engine_id"], [COUNT], "count(*)", is_not("adv_engine_id", 0, "LONG"), "where adv_engine_id <> 0", limit=100),
    top("hits_8", ["region_id"], [COUNT, USERS], f"count(*), {SQL_USERS}")._replace(sketch_error=0.15),
    top("hits_9", ["region_id"], [COUNT, ADV, WIDTH], "count(*), sum(adv_engine_id), sum(resolution_width)"),
    top("hits_10", ["phone_model"], [COUNT, USERS], f"count(*), {SQL_USERS}", is_not("phone_model", ""), "where phone_model <> ''")._replace(sketch_error=0.15),
    top("hits_12", ["search_phrase"], [COUNT], "count(*)", PHRASE, SQL_PHRASE),
    top("hits_14", ["search_engine_id", "search_phrase"], [COUNT], "count(*)", PHRASE, SQL_PHRASE),
    top("hits_15", ["user_id"], [COUNT], "count(*)"),
    top("hits_16", ["user_id", "search_phrase"], [COUNT], "count(*)"),
    total("hits_19", [COUNT], "count(*) from hits where user_id = 1179499004769089588", number("user_id", 1179499004769089588)),
    total("hits_20", [COUNT], "count(*) from hits where url like '%google%'", like("url", "%google%")),
    top("hits_21", ["search_phrase"], [COUNT], "count(*)", all_of(like("url", "%google%"), PHRASE), "where url like '%google%' and search_phrase <> ''"),
    top("hits_22", ["search_phrase"], [COUNT, USERS], f"count(*), {SQL_USERS}",
        all_of(like("title", "%Google%"), {"type": "not", "field": like("url", "%.google.%")}, PHRASE),
        "where title like '%Google%' and url not like '%.google.%' and search_phrase <> ''")._replace(sketch_error=0.15),
    total("hits_29", WIDTHS, ", ".join(f"sum(resolution_width + {k})" for k in range(90)) + " from hits"),
    top("hits_30", ["search_engine_id", "client_ip"], [COUNT, REFRESH, WIDTH], "count(*), sum(is_refresh), sum(resolution_width)", PHRASE, SQL_PHRASE),
    top("hits_32", ["watch_id", "client_ip"], [COUNT, REFRESH, WIDTH], "count(*), sum(is_refresh), sum(resolution_width)"),
    top("hits_33", ["url"], [COUNT], "count(*)"),
    top("hits_36", ["url"], [COUNT], "count(*)", ONE_COUNTER, SQL_COUNTER),
    top("hits_37", ["title"], [COUNT], "count(*)", ONE_COUNTER, SQL_COUNTER),
    Query("hits_42", native(SOURCE, "timeseries", [COUNT], "2013-07-14/2013-07-16", "minute", {"skipEmptyBuckets": True}, filter=ONE_COUNTER),
          f"select date_trunc('minute', event_time) as m, count(*) from hits {SQL_COUNTER} and event_time >= timestamp '2013-07-14 00:00:00' "
          "and event_time < timestamp '2013-07-16 00:00:00' group by m"),
]


def ingestion_task(folder, file):
    dimensions = [{"type": "long", "name": name} for name in LONGS] + STRINGS
    return task(SOURCE, "event_time", "yyyy-MM-dd HH:mm:ss", dimensions, [agg("longSum", "resolution_width")], ALL, folder, file)


WORKLOAD = Workload("hits", SOURCE, COLUMNS, "event_time", QUERIES, ingestion_task, ROWS)
