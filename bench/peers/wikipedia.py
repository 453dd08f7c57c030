"""Edits of Wikipedia with the columns of Druid's tutorial: eighteen dimensions, five metrics, a month with a segment a day. Pages and users come as
Zipf's law (1.0) has it, and nine edits of ten have no geography: those of people who are not anonymous. Rows are made from their numbers. Null is null at
DuckDB and '' at ClickHouse, whose strings are faster so; no query asks for either. What only stock Druid has words for, `wikipedia_kinds.py` asks."""

import wikipedia_kinds
from workload import Query, Workload, agg, best, native, task

SOURCE, ALL = wikipedia_kinds.SOURCE, wikipedia_kinds.ALL
TEXTS = ("channel few, page text, user text, namespace few, comment text, cityName few, countryName few, countryIsoCode few, regionName few, "
         "regionIsoCode few, metroCode few, isAnonymous few, isMinor few, isNew few, isRobot few, isUnpatrolled few, flags few, diffUrl text")
COLUMNS = f"time time, {TEXTS}, added int, deleted int, delta signed, commentLength int, deltaBucket signed"

# u: numbers of [0, 1) of each row and purpose; N ** u of N things is of a thing as often as its rank says.
ROWS = """
with numbers as (select i, [(hash(i * 32 + k) >> 11)::double / 9007199254740992 for k in range(20)] as u from range({rows}) t(i)),
     draws as (select i, u, floor(power({rows} * 0.2, u[1]))::bigint as page, floor(power({rows} * 0.05, u[2]))::bigint as person, floor(power(50, u[3]))::int as channel,
                      u[4] < 0.1 as anonymous, floor(power(100, u[5]))::int as country, floor(power(12, u[6]))::int as region, floor(power(40, u[7]))::int as city,
                      floor(power(20000, u[8]))::int - 1 as added, case when u[9] < 0.6 then 0 else floor(power(5000, u[10]))::int - 1 end as deleted,
                      'edit ' || floor(power({rows}, u[11]))::bigint
                        || (case when u[12] < 0.4 then ' of section ' || floor(u[12] * 1000)::int else '' end) as comment from numbers),
     edits as (select *, anonymous and u[13] < 0.97 as placed, anonymous and u[13] < 0.7 as in_city from draws)
select timestamp '2015-09-01 00:00:00' + to_seconds(i * 2592000 // {rows}) as time,
       '#' || chr(97 + channel % 26) || chr(97 + channel // 26) || '.wikipedia' as channel,
       (['Page', 'List', 'History', 'Village', 'Battle'])[page % 5 + 1] || ' of ' || to_base(page * 7919, 36) as page,
       case when anonymous then (person % 223 + 1) || '.' || (person % 251) || '.' || (person // 251 % 256) || '.' || (person % 13) else 'Editor ' || person end as "user",
       (['Main', 'Main', 'Main', 'Talk', 'User', 'User talk', 'Wikipedia', 'File', 'Category', 'Template'])[floor(u[14] * 10)::int + 1] as namespace, comment,
       case when in_city then 'City ' || country || '-' || region || '-' || city end as "cityName", case when placed then 'Country ' || country end as "countryName",
       case when placed then chr(65 + country % 26) || chr(65 + country // 26) end as "countryIsoCode",
       case when placed then 'Region ' || country || '-' || region end as "regionName", case when placed then 'R' || region end as "regionIsoCode",
       case when in_city and country = 1 then (500 + city * 3)::varchar end as "metroCode", anonymous::varchar as "isAnonymous", (u[15] < 0.3)::varchar as "isMinor",
       (u[16] < 0.05)::varchar as "isNew", (u[17] < 0.4)::varchar as "isRobot", (u[18] < 0.1)::varchar as "isUnpatrolled",
       (['', 'M', 'B', 'MB', 'N', 'NB'])[floor(u[19] * 6)::int + 1] as flags, 'https://wikipedia.org/w/index.php?diff=' || (600000000 + i * 3) as "diffUrl",
       added, deleted, added - deleted as delta, length(comment) as "commentLength", (floor((added - deleted) / 100.0) * 100)::int as "deltaBucket"
from edits"""

COUNT, ADDED = wikipedia_kinds.COUNT, wikipedia_kinds.ADDED
HOUR = "date_trunc('hour', time)"
PART = "of 9A"  # of the names of some hundred pages; Druid answers with a thousand at most


def equal(column, value):
    return {"type": "equals", "column": column, "matchValueType": "STRING", "matchValue": value}


def top(name, dimensions, aggregations, sql_sums, limit):
    keys = ", ".join(dimensions)
    return Query(name, native(SOURCE, "groupBy", aggregations, ALL, dimensions=dimensions, limitSpec=best(limit, aggregations[0]["name"])),
                 f"select {keys}, {sql_sums} from wikipedia group by {keys} order by {len(dimensions) + 1} desc limit {limit}")


def users_by_hour(name, aggregation):
    return Query(name, native(SOURCE, "timeseries", [{**aggregation, "round": True}], ALL, "hour"),
                 f'select {HOUR} as h, approx_count_distinct("user") from wikipedia group by h', 0.15)


QUERIES = [
    Query("edits_by_hour", native(SOURCE, "timeseries", [COUNT], ALL, "hour"), f"select {HOUR} as h, count(*) from wikipedia group by h"),
    top("top_pages", ["page"], [COUNT], "count(*)", 100),
    top("added_by_channel_page", ["channel", "page"], [ADDED, COUNT], "sum(added), count(*)", 100),
    Query("channel_robot", native(SOURCE, "timeseries", [COUNT, ADDED], ALL, filter={
              "type": "and", "fields": [equal("channel", "#ca.wikipedia"), equal("isRobot", "false")]}),
          "select count(*), sum(added) from wikipedia where channel = '#ca.wikipedia' and isRobot = 'false'"),
    Query("channel_robot_by_hour", native(SOURCE, "timeseries", [COUNT, ADDED], ALL, "hour", filter={
              "type": "and", "fields": [equal("channel", "#ba.wikipedia"), equal("isRobot", "false")]}),
          f"select {HOUR} as h, count(*), sum(added) from wikipedia where channel = '#ba.wikipedia' and isRobot = 'false' group by h"),
    Query("search_page", wikipedia_kinds.search(["page"], {"type": "contains", "value": PART, "caseSensitive": True}, limit=10_000),
          f"select 'page', page, count(*) from wikipedia where page like '%{PART}%' group by page"),
    users_by_hour("users_by_hour_hll", agg("HLLSketchBuild", "user", "users")),
    users_by_hour("users_by_hour_theta", agg("thetaSketch", "user", "users")),
]


def ingestion_task(folder, file):
    dimensions = [column.split()[0] for column in TEXTS.split(", ")]
    metrics = [agg("longSum", name) for name in ["added", "deleted", "delta", "commentLength", "deltaBucket"]]
    return task(SOURCE, "time", "yyyy-MM-dd HH:mm:ss", dimensions, metrics, ALL, folder, file, "DAY")


WORKLOAD = Workload("wikipedia", SOURCE, COLUMNS, "time", QUERIES, ingestion_task, ROWS, wikipedia_kinds.QUERIES)
