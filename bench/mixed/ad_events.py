"""The rows of the mixed load: events of advertising, as wide as the tables of Druid's paper. 40 dimensions, of 2 to 1 M values that are drawn by
Zipf's law, and 20 metrics; the hours up to END are a segment each. Every value is made of the row's number, so rows are the same each time."""

import datetime

SOURCE = "ad_events"
END = datetime.datetime(2026, 3, 1)
DIMENSIONS = 40
METRICS = 20

# 2 to 1,000,000 in even steps of their logarithm.
CARDINALITIES = [round(2 * 500_000 ** (k / (DIMENSIONS - 1))) for k in range(DIMENSIONS)]


def dimension(k):
    return f"d{k:02d}"


def metric(k):
    return f"m{k:02d}"


def is_whole(k):
    """Every other metric counts; the rest are amounts of money."""
    return k % 2 == 0


def value(k, rank):
    """The value of a dimension that has a rank, from 0: the first is the most frequent."""
    return f"{dimension(k)} value {rank}"


def instant(time):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ")


def rows_sql(rows, hours):
    """For DuckDB. The logarithm of a rank is drawn evenly: 1 / rank is how often it comes."""
    begin = END - datetime.timedelta(hours=hours)
    columns = [f"epoch_ms(timestamp '{begin}') + i * {hours * 3_600_000} // {rows} as time"]
    for k, values in enumerate(CARDINALITIES):
        rank = f"least(floor(exp((hash(i * 64 + {k}) % 16777216) / 16777216.0 * ln({values + 1})))::int - 1, {values - 1})"
        columns.append(f"'{value(k, '')}' || {rank} as {dimension(k)}")
    for k in range(METRICS):
        draw = f"hash(i * 64 + {DIMENSIONS + k})"
        columns.append(f"({draw} % {10 * (k + 1)})::int as {metric(k)}" if is_whole(k) else
                       f"({draw} % {1000 * (k + 1)})::int / 100.0 as {metric(k)}")
    return f"select {', '.join(columns)} from range({rows}) t(i)"


def ingestion_task(folder, file, hours):
    metrics = [{"type": "longSum" if is_whole(k) else "doubleSum", "name": metric(k), "fieldName": metric(k)} for k in range(METRICS)]
    interval = f"{instant(END - datetime.timedelta(hours=hours))}/{instant(END)}"
    return {"type": "index_parallel", "spec": {
        "dataSchema": {
            "dataSource": SOURCE, "timestampSpec": {"column": "time", "format": "millis"},
            "dimensionsSpec": {"dimensions": [dimension(k) for k in range(DIMENSIONS)]}, "metricsSpec": metrics,
            "granularitySpec": {"type": "uniform", "segmentGranularity": "HOUR", "queryGranularity": "none", "rollup": False,
                                "intervals": [interval]}},
        "ioConfig": {"type": "index_parallel", "inputSource": {"type": "local", "baseDir": folder, "filter": file},
                     "inputFormat": {"type": "json"}},
        "tuningConfig": {"type": "index_parallel", "partitionsSpec": {"type": "dynamic", "maxRowsPerSegment": 5_000_000}}}}
