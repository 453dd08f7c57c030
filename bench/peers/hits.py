"""Web analytics in the manner of ClickBench: a month of hits with its skewed columns, and those of its queries that Druid has words for; their
numbers are ClickBench's. Not here: 6 (dates as values), 17 (any ten groups), 25 and 26 (rows ordered by text), 23, 27 and 28. A title stands for the
referer in 39. Rows are made from their numbers."""

from workload import Query, Workload, agg, best, native, task

SOURCE = "hits"
ALL = "2013-07-01/2013-08-01"
COLUMNS = ("event_time time, watch_id big, user_id big, client_ip big, counter_id int, region_id int, search_engine_id small, adv_engine_id small, "
           "resolution_width int, is_refresh small, dont_count small, phone_model few, search_phrase text, url text, title text, mobile_phone small, trafic_source_id signed, is_link small, is_download small, "
           "url_hash big, referer_hash big, window_width int, window_height int")
LONGS = ("watch_id user_id client_ip counter_id region_id search_engine_id adv_engine_id is_refresh dont_count mobile_phone trafic_source_id is_link "
         "is_download url_hash referer_hash window_width window_height").split()
STRINGS = "phone_model search_phrase url title".split()

# hash() of DuckDB gives each row and column a number of its own; power() bends it, so that few values are frequent.
ROWS = """
with numbers as (select i, [(hash(i * 16 + k) % 1000000) / 1e6 for k in range(16)] as u from range({rows}) t(i)),
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
       'Title of ' || (page // 3) || (case when page % 89 = 5 then ' at Google' else '' end) as title,
       case when u[14] < 0.06 then (170 * power(u[9], 2))::int % 60 + 1 else 0 end as mobile_phone, (u[15] * u[15] * 11)::int - 1 as trafic_source_id,
       (u[16] < 0.3)::int as is_link, (u[16] > 0.98)::int as is_download, (hash(page) >> 2)::bigint as url_hash,
       (hash((u[15] * u[15] * {rows} * 0.001)::bigint) >> 2)::bigint as referer_hash,
       (u[16] * 1900)::int as window_width, (u[15] * 1000)::int as window_height
from values"""

COUNT = {"type": "count", "name": "hits"}
ADV, WIDTH, REFRESH = agg("longSum", "adv_engine_id", "adv"), agg("longSum", "resolution_width", "width"), agg("longSum", "is_refresh", "refresh")
USERS = {**agg("HLLSketchBuild", "user_id", "users"), "round": True}
PHRASES = {**agg("HLLSketchBuild", "search_phrase", "phrases"), "round": True}
REFERER = PAGE = 0  # the hash of 0, which is the most frequent page and referer
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


def top(name, dimensions, aggregations, sql_sums, where=None, sql_where="", metric="hits", interval=ALL, limit=10, offset=0, computed=None):
    """The greatest groups. `metric` is the first aggregation; `computed`: dimensions that are no columns, in either language."""
    computed = computed or {}
    keys = ", ".join(dimensions)
    selected = ", ".join(f"{computed[name][1]} as {name}" if name in computed else name for name in dimensions)
    typed = [{"type": "default", "dimension": column, "outputName": column, "outputType": "LONG" if column in LONGS or column in computed else "STRING"} for column in dimensions]
    more = {"filter": where} if where else {}
    if computed:
        more["virtualColumns"] = [{"type": "expression", "name": name, "expression": of[0], "outputType": of[2]} for name, of in computed.items()]
        typed = [dict(spec, outputType=computed[spec["outputName"]][2]) if spec["outputName"] in computed else spec for spec in typed]
    return Query(name, native(SOURCE, "groupBy", aggregations, interval, dimensions=typed, limitSpec={**best(limit, metric), "offset": offset}, **more),
                 f"select {selected}, {sql_sums} from hits {sql_where} group by {keys} order by {len(dimensions) + 1} desc limit {limit} offset {offset}")


def in_counter(*filters):
    return all_of(number("counter_id", 62), number("is_refresh", 0), *filters)


PHRASE = is_not("search_phrase", "")
SQL_PHRASE = "where search_phrase <> ''"
ONE_COUNTER = all_of(number("counter_id", 62), number("dont_count", 0), number("is_refresh", 0))
SQL_COUNTER = "where counter_id = 62 and dont_count = 0 and is_refresh = 0"
WIDTHS = [{"type": "longSum", "name": f"w{k}", "expression": f"resolution_width + {k}"} for k in range(90)]

QUERIES = [
    total("hits_0", [COUNT], "count(*) from hits"),
    total("hits_1", [COUNT], "count(*) from hits where adv_engine_id <> 0", is_not("adv_engine_id", 0, "LONG")),
    total("hits_2", [ADV, COUNT, WIDTH], "sum(adv_engine_id), count(*), sum(resolution_width) from hits"),
    total("hits_3", [{"type": "doubleMean", "name": "mean", "fieldName": "user_id"}], "avg(user_id::double) from hits"),
    total("hits_4", [USERS], f"{SQL_USERS} from hits", sketch_error=0.05),
    total("hits_5", [PHRASES], "approx_count_distinct(search_phrase) from hits", sketch_error=0.05),
    top("hits_7", ["adv_engine_id"], [COUNT], "count(*)", is_not("adv_engine_id", 0, "LONG"), "where adv_engine_id <> 0", limit=100),
    top("hits_8", ["region_id"], [COUNT, USERS], f"count(*), {SQL_USERS}")._replace(sketch_error=0.15),
    top("hits_9", ["region_id"], [COUNT, ADV, WIDTH], "count(*), sum(adv_engine_id), sum(resolution_width)"),
    top("hits_10", ["phone_model"], [COUNT, USERS], f"count(*), {SQL_USERS}", is_not("phone_model", ""), "where phone_model <> ''")._replace(sketch_error=0.15),
    top("hits_11", ["mobile_phone", "phone_model"], [COUNT, USERS], f"count(*), {SQL_USERS}", is_not("phone_model", ""),
        "where phone_model <> ''")._replace(sketch_error=0.15),
    top("hits_12", ["search_phrase"], [COUNT], "count(*)", PHRASE, SQL_PHRASE),
    top("hits_13", ["search_phrase"], [COUNT, USERS], f"count(*), {SQL_USERS}", PHRASE, SQL_PHRASE)._replace(sketch_error=0.15),
    top("hits_14", ["search_engine_id", "search_phrase"], [COUNT], "count(*)", PHRASE, SQL_PHRASE),
    top("hits_15", ["user_id"], [COUNT], "count(*)"),
    top("hits_16", ["user_id", "search_phrase"], [COUNT], "count(*)"),
    top("hits_18", ["user_id", "m", "search_phrase"], [COUNT], "count(*)",
        computed={"m": ("timestamp_extract(__time, 'MINUTE')", "extract(minute from event_time)", "LONG")}),
    total("hits_19", [COUNT], "count(*) from hits where user_id = 1179499004769089588", number("user_id", 1179499004769089588)),
    total("hits_20", [COUNT], "count(*) from hits where url like '%google%'", like("url", "%google%")),
    top("hits_21", ["search_phrase"], [COUNT], "count(*)", all_of(like("url", "%google%"), PHRASE), "where url like '%google%' and search_phrase <> ''"),
    top("hits_22", ["search_phrase"], [COUNT, USERS], f"count(*), {SQL_USERS}",
        all_of(like("title", "%Google%"), {"type": "not", "field": like("url", "%.google.%")}, PHRASE),
        "where title like '%Google%' and url not like '%.google.%' and search_phrase <> ''")._replace(sketch_error=0.15),
    Query("hits_24", {"queryType": "scan", "dataSource": SOURCE, "intervals": [ALL], "columns": ["__time", "search_phrase"], "filter": PHRASE, "limit": 10,
                      "order": "ascending", "context": {"useCache": False, "populateCache": False}},
          f"select event_time, search_phrase from hits {SQL_PHRASE} order by event_time limit 10"),
    total("hits_29", WIDTHS, ", ".join(f"sum(resolution_width + {k})" for k in range(90)) + " from hits"),
    top("hits_30", ["search_engine_id", "client_ip"], [COUNT, REFRESH, WIDTH], "count(*), sum(is_refresh), sum(resolution_width)", PHRASE, SQL_PHRASE),
    top("hits_31", ["watch_id", "client_ip"], [COUNT, REFRESH, WIDTH], "count(*), sum(is_refresh), sum(resolution_width)", PHRASE, SQL_PHRASE),
    top("hits_32", ["watch_id", "client_ip"], [COUNT, REFRESH, WIDTH], "count(*), sum(is_refresh), sum(resolution_width)"),
    top("hits_33", ["url"], [COUNT], "count(*)"),
    top("hits_34", ["one", "url"], [COUNT], "count(*)", computed={"one": ("1", "1", "LONG")}),
    top("hits_35", ["client_ip", "a", "b", "c"], [COUNT], "count(*)",
        computed={name: (f"client_ip - {less}", f"client_ip - {less}", "LONG") for name, less in [("a", 1), ("b", 2), ("c", 3)]}),
    top("hits_36", ["url"], [COUNT], "count(*)", ONE_COUNTER, SQL_COUNTER),
    top("hits_37", ["title"], [COUNT], "count(*)", ONE_COUNTER, SQL_COUNTER),
    top("hits_38", ["url"], [COUNT], "count(*)", in_counter(is_not("is_link", 0, "LONG"), number("is_download", 0)),
        "where counter_id = 62 and is_refresh = 0 and is_link <> 0 and is_download = 0", offset=1000),
    top("hits_39", ["trafic_source_id", "search_engine_id", "adv_engine_id", "src", "url"], [COUNT], "count(*)", in_counter(),
        "where counter_id = 62 and is_refresh = 0", offset=1000,
        computed={"src": ("if(search_engine_id == 0 && adv_engine_id == 0, title, '')",
                          "case when search_engine_id = 0 and adv_engine_id = 0 then title else '' end", "STRING")}),
    top("hits_40", ["url_hash", "d"], [COUNT], "count(*)",
        in_counter({"type": "inType", "column": "trafic_source_id", "matchValueType": "LONG", "values": [-1, 6]}, number("referer_hash", REFERER)),
        f"where counter_id = 62 and is_refresh = 0 and trafic_source_id in (-1, 6) and referer_hash = {REFERER}", offset=100,
        computed={"d": ("timestamp_extract(__time, 'DAY')", "extract(day from event_time)", "LONG")}),
    top("hits_41", ["window_width", "window_height"], [COUNT], "count(*)", in_counter(number("dont_count", 0), number("url_hash", PAGE)),
        f"where counter_id = 62 and is_refresh = 0 and dont_count = 0 and url_hash = {PAGE}", offset=10),
    Query("hits_42", native(SOURCE, "timeseries", [COUNT], "2013-07-14/2013-07-16", "minute", {"skipEmptyBuckets": True}, filter=ONE_COUNTER),
          f"select date_trunc('minute', event_time) as m, count(*) from hits {SQL_COUNTER} and event_time >= timestamp '2013-07-14 00:00:00' "
          "and event_time < timestamp '2013-07-16 00:00:00' group by m"),
]


def ingestion_task(folder, file):
    dimensions = [{"type": "long", "name": name} for name in LONGS] + STRINGS
    return task(SOURCE, "event_time", "yyyy-MM-dd HH:mm:ss", dimensions, [agg("longSum", "resolution_width")], ALL, folder, file)


WORKLOAD = Workload("hits", SOURCE, COLUMNS, "event_time", QUERIES, ingestion_task, ROWS)
