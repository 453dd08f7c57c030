"""The star schema benchmark as one flat table, its thirteen queries. Rows are made from their numbers: as in the benchmark, each of
6 M times the scale has an order date of 1992 to 1998, customers and suppliers of 25 nations with ten cities each, and parts of 1,000 brands."""

from workload import Query, Workload, agg, native, task

SOURCE = "ssb_flat"
ALL = "1992-01-01/1999-01-01"
REGIONS = "AFRICA AMERICA ASIA EUROPE MIDDLE".split()
NATIONS = ["ALGERIA ETHIOPIA KENYA MOROCCO MOZAMBIQUE", "ARGENTINA BRAZIL CANADA PERU UNITED_STATES", "CHINA INDIA INDONESIA JAPAN VIETNAM",
           "FRANCE GERMANY ROMANIA RUSSIA UNITED_KINGDOM", "EGYPT IRAN IRAQ JORDAN SAUDI_ARABIA"]
COLUMNS = ("lo_orderdate date, c_city few, c_nation few, c_region few, s_city few, s_nation few, s_region few, p_mfgr few, p_category few, "
           "p_brand few, lo_quantity small, lo_discount small, lo_extendedprice int, lo_revenue int, lo_supplycost int, lo_saving int")
DIMENSIONS = "c_city c_nation c_region s_city s_nation s_region p_mfgr p_category p_brand".split()
METRICS = "lo_quantity lo_discount lo_extendedprice lo_revenue lo_supplycost lo_saving".split()

# A number of its own for each row and column: hash() of DuckDB 1 and 2.
ROWS = f"""
with numbers as (select i, (hash(i * 8) % 2406)::int as day, (hash(i * 8 + 1) % 250)::int as c, (hash(i * 8 + 2) % 250)::int as s,
                        (hash(i * 8 + 3) % 1000)::int as p, (hash(i * 8 + 4) % 50 + 1)::int as quantity, (hash(i * 8 + 5) % 11)::int as discount,
                        (hash(i * 8 + 6) % 110000 + 90000)::int as price from range({{rows}}) t(i)),
     names as (select {REGIONS} as regions, {[nation for line in NATIONS for nation in line.split()]} as nations)
select date '1992-01-01' + day as lo_orderdate,
       left(nations[c // 10 + 1], 9) || (c % 10) as c_city, nations[c // 10 + 1] as c_nation, regions[c // 50 + 1] as c_region,
       left(nations[s // 10 + 1], 9) || (s % 10) as s_city, nations[s // 10 + 1] as s_nation, regions[s // 50 + 1] as s_region,
       'MFGR#' || (p // 200 + 1) as p_mfgr, 'MFGR#' || (p // 200 + 1) || (p // 40 % 5 + 1) as p_category,
       'MFGR#' || (p // 200 + 1) || (p // 40 % 5 + 1) || (p % 40 + 1) as p_brand,
       quantity as lo_quantity, discount as lo_discount, quantity * price // 100 as lo_extendedprice,
       quantity * price // 100 * (100 - discount) // 100 as lo_revenue, price * 6 // 1000 as lo_supplycost,
       quantity * price // 100 * discount as lo_saving
from numbers, names"""

YEAR = {"type": "period", "period": "P1Y", "timeZone": "UTC"}
SAVING = [agg("longSum", "lo_saving")]
REVENUE = [agg("longSum", "lo_revenue")]
PROFIT = [agg("longSum", "lo_revenue"), agg("longSum", "lo_supplycost")]


def equal(column, value):
    return {"type": "equals", "column": column, "matchValueType": "STRING", "matchValue": value}


def one_of(column, *values):
    return {"type": "in", "dimension": column, "values": list(values)}


def number(column, lower=None, upper=None):
    bounds = {"lower": lower, "upper": upper}
    return {"type": "range", "column": column, "matchValueType": "LONG", **{key: value for key, value in bounds.items() if value is not None}}


def all_of(*filters):
    return {"type": "and", "fields": list(filters)}


def days(interval):
    first, end = interval.split("/")
    return f"lo_orderdate >= date '{first}' and lo_orderdate < date '{end}'"


def saving(name, interval, discount, quantity, sql):
    """Of flight 1: what no discount would have brought. The product is stored, as expressions over two columns are not the point."""
    return Query(name, native(SOURCE, "timeseries", SAVING, interval, filter=all_of(number("lo_discount", *discount), number("lo_quantity", *quantity))),
                 f"select sum(lo_saving) from ssb where {days(interval)} and {sql}")


def by_year(name, aggregations, dimensions, where, sql_where, interval=ALL):
    sums = ", ".join(f"sum({spec['fieldName']})" for spec in aggregations)
    keys = ", ".join(dimensions)
    return Query(name, native(SOURCE, "groupBy", aggregations, interval, YEAR, dimensions=dimensions, filter=where),
                 f"select date_trunc('year', lo_orderdate) as y, {keys}, {sums} from ssb where {days(interval)} and {sql_where} group by y, {keys}")


CITIES = ["UNITED_KI1", "UNITED_KI5"]
SQL_CITIES = "('UNITED_KI1', 'UNITED_KI5')"
BRANDS = [f"MFGR#222{i}" for i in range(1, 9)]
TWO_CITIES = all_of(one_of("c_city", *CITIES), one_of("s_city", *CITIES))
SQL_TWO_CITIES = f"c_city in {SQL_CITIES} and s_city in {SQL_CITIES}"
AMERICAN = all_of(equal("c_region", "AMERICA"), equal("s_region", "AMERICA"), one_of("p_mfgr", "MFGR#1", "MFGR#2"))
SQL_AMERICAN = "c_region = 'AMERICA' and s_region = 'AMERICA' and p_mfgr in ('MFGR#1', 'MFGR#2')"

QUERIES = [
    saving("ssb_1_1", "1993-01-01/1994-01-01", (1, 3), (None, 24), "lo_discount between 1 and 3 and lo_quantity < 25"),
    saving("ssb_1_2", "1994-01-01/1994-02-01", (4, 6), (26, 35), "lo_discount between 4 and 6 and lo_quantity between 26 and 35"),
    saving("ssb_1_3", "1994-02-07/1994-02-14", (5, 7), (26, 35), "lo_discount between 5 and 7 and lo_quantity between 26 and 35"),
    by_year("ssb_2_1", REVENUE, ["p_brand"], all_of(equal("p_category", "MFGR#12"), equal("s_region", "AMERICA")),
            "p_category = 'MFGR#12' and s_region = 'AMERICA'"),
    by_year("ssb_2_2", REVENUE, ["p_brand"], all_of(one_of("p_brand", *BRANDS), equal("s_region", "ASIA")),
            f"p_brand in ({', '.join(map(repr, BRANDS))}) and s_region = 'ASIA'"),
    by_year("ssb_2_3", REVENUE, ["p_brand"], all_of(equal("p_brand", "MFGR#2239"), equal("s_region", "EUROPE")),
            "p_brand = 'MFGR#2239' and s_region = 'EUROPE'"),
    by_year("ssb_3_1", REVENUE, ["c_nation", "s_nation"], all_of(equal("c_region", "ASIA"), equal("s_region", "ASIA")),
            "c_region = 'ASIA' and s_region = 'ASIA'", "1992-01-01/1998-01-01"),
    by_year("ssb_3_2", REVENUE, ["c_city", "s_city"], all_of(equal("c_nation", "UNITED_STATES"), equal("s_nation", "UNITED_STATES")),
            "c_nation = 'UNITED_STATES' and s_nation = 'UNITED_STATES'", "1992-01-01/1998-01-01"),
    by_year("ssb_3_3", REVENUE, ["c_city", "s_city"], TWO_CITIES, SQL_TWO_CITIES, "1992-01-01/1998-01-01"),
    by_year("ssb_3_4", REVENUE, ["c_city", "s_city"], TWO_CITIES, SQL_TWO_CITIES, "1997-12-01/1998-01-01"),
    by_year("ssb_4_1", PROFIT, ["c_nation"], AMERICAN, SQL_AMERICAN),
    by_year("ssb_4_2", PROFIT, ["s_nation", "p_category"], AMERICAN, SQL_AMERICAN, "1997-01-01/1999-01-01"),
    by_year("ssb_4_3", PROFIT, ["s_city", "p_brand"], all_of(equal("s_nation", "UNITED_STATES"), equal("p_category", "MFGR#14")),
            "s_nation = 'UNITED_STATES' and p_category = 'MFGR#14'", "1997-01-01/1999-01-01"),
]


def ingestion_task(folder, file):
    return task(SOURCE, "lo_orderdate", "yyyy-MM-dd", DIMENSIONS, [agg("longSum", name) for name in METRICS], ALL, folder, file, "YEAR")


WORKLOAD = Workload("ssb", SOURCE, COLUMNS, "lo_orderdate", QUERIES, ingestion_task, ROWS)
