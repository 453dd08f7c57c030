"""first, last and any pick a row. Where several have the same time, or for `any` always, Druid may pick another one than
ours: by the vectors that it reads, or as it merges. Whether what Druid gives is there to be picked is asked of ours."""

import json

PICKS = ("First", "Last", "Any")
TIE = "which of several rows of one time is first or last is a matter of how Druid comes by them"
ANY = "any of the group's values is right"
NO_ROW = "the first or last of no row has the bound of time of the engine that looked for it"
BOUNDS = [(1 << 63) - 1, -(1 << 63), (1 << 62) - 1, -(1 << 62)]
LAST_CHARACTER = "\U0010ffff"


def keyed(query, answer):
    """[((time, names), row)] of a timeseries, topN or groupBy."""
    specs = query["dimensions"] if query["queryType"] == "groupBy" else [query["dimension"]] if query["queryType"] == "topN" else []
    names = [spec if isinstance(spec, str) else spec.get("outputName") or spec["delegate"]["outputName"] for spec in specs]
    parts = [(part["timestamp"], part.get("event", part.get("result"))) for part in answer]
    rows = [(time, row) for time, held in parts for row in (held if isinstance(held, list) else [held])]
    return [((time, *(json.dumps(row.get(name)) for name in names)), row) for time, row in rows]


def probe(query, name, aggregator, *filters):
    """The query with nothing but this aggregator, for all its groups."""
    asked = {key: value for key, value in query.items() if key not in ["postAggregations", "having", "limitSpec", "limit"]}
    outer = [spec["filter"] for spec in query["aggregations"] if spec["type"] == "filtered" and spec["aggregator"]["name"] == name]
    fields = [*outer, *filters]
    if fields:
        aggregator = {"type": "filtered", "filter": {"type": "and", "fields": fields}, "aggregator": aggregator}
    asked.update(aggregations=[aggregator], context={**query["context"], "finalize": True})
    if query["queryType"] == "topN":
        asked.update(threshold=1000000, metric={"type": "dimension", "ordering": "lexicographic"})
    return asked


def answers(query, name, ask):
    """{(time, names): [values]}"""
    status, text = ask(query)
    found = {}
    for key, row in keyed(query, json.loads(text)) if status == 200 else []:
        found.setdefault(key, []).append(row[name])
    return found


def is_value(spec, value):
    """A filter of the rows that have it."""
    column = spec["fieldName"]
    if value is None:
        return {"type": "null", "column": column}
    if isinstance(value, str):
        cut = len(value.encode()) >= spec.get("maxStringBytes", 1024) - 3
        return {"type": "bound", "dimension": column, "lower": value, "upper": value + LAST_CHARACTER if cut else value}
    within = abs(value) * 1e-6 + (0.999999 if spec["type"].startswith("long") else 1e-9)
    return {"type": "range", "column": column, "matchValueType": "DOUBLE", "lower": value - within, "upper": value + within}


def time_column(spec):
    return spec.get("timeColumn", "__time")


def is_time(spec, time):
    return {"type": "equals", "column": time_column(spec), "matchValueType": "LONG", "matchValue": time}


def times(query, name, spec, ask):
    """{(time, names): when the group's first or last rows are}"""
    kind = "longMin" if spec["type"].endswith("First") else "longMax"
    return answers(probe(query, name, {"type": kind, "name": name, "fieldName": time_column(spec)}), name, ask)


def bare(value):
    """What is not finalised is a pair of time and value."""
    return value.get("rhs") if isinstance(value, dict) else value


def of_no_row(*values):
    return all(isinstance(value, dict) and value["rhs"] is None and value["lhs"] in BOUNDS for value in values)


def can_be_picked(query, name, spec, value, keys, ask):
    """The keys of whose groups a row could have given the value."""
    count = {"type": "count", "name": name}
    if spec["type"].endswith("Any"):
        counts = answers(probe(query, name, count, is_value(spec, value)), name, ask)
        return {key for key in keys if any(counts.get(key, []))}
    found = set()
    of_group = times(query, name, spec, ask)
    for time in {time for key in keys for time in of_group.get(key, [])} - {None}:
        counts = answers(probe(query, name, count, is_time(spec, time), is_value(spec, value)), name, ask)
        found |= {key for key in keys if time in of_group.get(key, []) and any(counts.get(key, []))}
    return found


def merges_null(query, name):
    """Whether `any` may be the null of a segment none of whose rows count, which Druid merges like another."""
    filtered = any(spec["type"] == "filtered" and spec["aggregator"]["name"] == name for spec in query["aggregations"])
    return filtered or query["queryType"] == "timeseries" and not query["context"].get("skipEmptyBuckets")


def reason(query, name, spec, pairs, ask):
    """Why ours picked otherwise. pairs: [((time, names), Druid's value, ours)] of one aggregator; None: it is not known."""
    pairs = [pair for pair in pairs if not of_no_row(*pair[1:])]
    if not pairs:
        return NO_ROW
    picks_any = spec["type"].endswith("Any")
    for value in {json.dumps(bare(wanted)) for _, wanted, _ in pairs}:
        keys = {key for key, wanted, _ in pairs if json.dumps(bare(wanted)) == value}
        if picks_any and value == "null" and merges_null(query, name):
            continue
        if can_be_picked(query, name, spec, json.loads(value), keys, ask) != keys:
            return None
    return ANY if picks_any else TIE
