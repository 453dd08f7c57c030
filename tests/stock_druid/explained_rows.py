"""Where the rows of an answer may be others than stock Druid's, each with its reason. Whoever asks gives `again(query)`:
whether ours, asked this query instead, answers what Druid answered the case's."""

import collections
import json
import re

from values import sub_queries, tie

OVERLOOKS = "Druid's search reads the indexes of the segment and overlooks the data source above it"
END_OF_TIME = "146140482-04-24T15:36:27.903Z"
NUMERIC = {"__time": int, "qty": int, "big": int, "price": float, "lat": float, "ratio": float}


def rewritten(value, change):
    """The query with `change` made of every object in it, the inner ones first."""
    if isinstance(value, list):
        return [rewritten(element, change) for element in value]
    if not isinstance(value, dict):
        return value
    return change({key: rewritten(element, change) for key, element in value.items()})


def is_number(text, kind):
    try:
        return kind(text) is not None
    except ValueError:
        return False


def keeps(spec):
    """Whether the filter asks for a value that its lookup gives where it is the column's."""
    function = spec.get("extractionFn") or {}
    return spec.get("type") in ["selector", "extraction"] and function.get("type") == "lookup" and \
        function.get("retainMissingValue") and spec.get("value") and \
        spec["value"] not in function["lookup"].get("map", {}).values()


def null_where_no_number(spec):
    """A selector, or `in`, over numbers of what is no number, as one of null. A lookup that keeps what it lacks is turned round."""
    if keeps(spec) and NUMERIC.get(spec.get("dimension")) and not is_number(spec["value"], NUMERIC[spec["dimension"]]):
        return {"type": "selector", "dimension": spec["dimension"], "value": None}
    kind = NUMERIC.get(spec.get("dimension")) if spec.get("type") in ["selector", "in"] and not spec.get("extractionFn") else None
    def read(value):
        return value if not kind or not value or is_number(value, kind) else None
    if spec.get("type") == "in":
        return {**spec, "values": [read(value) for value in spec["values"]]}
    return {**spec, "value": read(spec["value"])} if kind else spec


def unmapped(spec):
    """Whether the filter asks for a value that its lookup never gives."""
    function = spec.get("extractionFn") or {}
    return spec.get("type") in ["selector", "extraction"] and function.get("type") == "lookup" and \
        not function.get("retainMissingValue") and spec.get("value") is not None and \
        spec["value"] not in [*function["lookup"].get("map", {}).values(), function.get("replaceMissingValueWith")]


def false_where_unmapped(spec):
    if spec.get("type") in ["istrue", "isfalse"] and unmapped(spec["field"]):
        return {**spec, "field": {"type": "false"}}
    return spec


def is_search_above(query):
    source = query["dataSource"] if isinstance(query["dataSource"], dict) else {}
    return query["queryType"] == "search" and source.get("type") in ["filter", "unnest"]


def of_the_base(query):
    """A search of what a filter or an unnesting is of."""
    source = query["dataSource"]
    return {**query, "dataSource": source["base"]}


def of_another_query(case, again):
    """Why Druid answers as if another query had been asked."""
    query = case["query"]
    reasons = {
        "Druid's engine that reads row by row takes a number that cannot be read for null": rewritten(query, null_where_no_number),
        "Druid replaces a lookup that never gives a value by `false`, also where null is not false": rewritten(query, false_where_unmapped),
    }
    if is_search_above(query):
        reasons[OVERLOOKS] = of_the_base(query)
    return next((reason for reason, other in reasons.items() if other != query and again(other)), None)


def group_key(query, row):
    names = [spec if isinstance(spec, str) else spec.get("outputName") or spec["delegate"]["outputName"] for spec in query["dimensions"]]
    return json.dumps([row["timestamp"], *(row["event"][name] for name in names)])


def splits_subtotals(case, found):
    """Whether Druid gives groups of subtotals several times, in pieces, where time comes after the dimensions."""
    query = case["query"]
    if query["queryType"] != "groupBy" or "subtotalsSpec" not in query or query["granularity"] == "all":
        return False
    if not query["context"].get("sortByDimsFirst"):
        return False
    wanted = collections.Counter(group_key(query, row) for row in case["response"])
    if max(wanted.values(), default=0) < 2:
        return False
    if "limitSpec" in query:  # it applies to the pieces
        return True
    whole = next(number for number, row in enumerate(case["response"]) if wanted[group_key(query, row)] > 1)
    same_so_far = case["response"][:whole] == found[:whole]
    return same_so_far and ("having" in query or wanted.keys() == {group_key(query, row) for row in found})


def ties(query):
    """Whether the query, or that below, orders groups by such an order."""
    while isinstance(query, dict):
        columns = query.get("limitSpec", {}).get("columns", [])
        if any(column.get("dimensionOrder") in ["version", "alphanumeric", "numeric"] for column in columns):
            return True
        source = query.get("dataSource")
        query = source.get("query") if isinstance(source, dict) else None
    return False


def totals(rows):
    """{group, its names as `tie` has them: sums of its numbers}"""
    sums = collections.defaultdict(collections.Counter)
    for row in rows:
        numbers = {name: value for name, value in row["event"].items() if isinstance(value, (int, float))}
        others = sorted((name, tie("alphanumeric", value)) for name, value in row["event"].items() if name not in numbers)
        names = json.dumps([row["timestamp"], *others])
        sums[names].update(numbers)
        sums[names]["rows"] += 0
    return sums


def only_ties_differ(case, found):
    """Whether the rows are the same but for which of several groups, that are one to the order, gave its name."""
    wanted = case["response"]
    return case["query"]["queryType"] == "groupBy" and ties(case["query"]) and totals(wanted) == totals(found)


def settled(spec):
    """`and` and `or` that a constant within decides, as that constant."""
    constant = {"and": "false", "or": "true"}.get(spec.get("type"))
    return next((field for field in spec.get("fields", []) if constant and field["type"] == constant), spec)


def without_limit(query):
    if query["queryType"] == "topN":
        return {**query, "threshold": 1000000}
    return {key: value for key, value in query.items() if key not in ["limitSpec", "having"]}


def counts_of_hits(answer, order):
    counts = collections.Counter()
    for hit in answer[0]["result"] if answer else []:
        counts[hit["dimension"], tie(order, hit["value"])] += hit["count"]
    return counts


def only_hits_tie(case, found):
    """Whether hits of a search are the same but for those that its order takes for one, which come together or not as they are merged."""
    query = case["query"]
    if query["queryType"] != "search":
        return False
    wanted, found = (counts_of_hits(answer, query["sort"]["type"]) for answer in [case["response"], found])
    return wanted == found


def reason_of_failure(case, status, text, again, ask):
    query = case["query"]
    failure = json.dumps(case["response"])
    if case["status"] == 500 and status == 200 and re.search("returned more than one row|would not have more than one row", failure) and \
            any('"singleValue"' in json.dumps(query.get("aggregations", [])) for query in sub_queries(case["query"])):
        return "Druid's singleValue takes the answers of two segments for two rows, or does not, by the way they are merged"
    posts = [post["type"] for query in sub_queries(case["query"]) for post in query.get("postAggregations", [])]
    if case["status"] == 500 and "String cannot be cast to class java.lang.Number" in failure and status == 200 and \
            json.loads(text) == [] and "arithmetic" in posts:
        return "Druid calculates with text, and fails, in rows that no limit or `having` lets through"
    if case["status"] == 200 and status == 400 and "is not defined" in text and again:
        if again(rewritten(query, settled)):
            return "Druid never reads an expression beside a constant that decides"
        if is_search_above(query) and again(of_the_base(query)):
            return OVERLOOKS
    limited = [one for one in sub_queries(query) if without_limit(one) != one]
    if case["status"] == 500 and status == 200 and ask and any(ask(without_limit(one))[0] != 200 for one in limited):
        return "Druid calculates what no limit or `having` lets through, and fails at it"
    return None


def reason(case, status, text, again, ask):
    """Why this difference is none, or None. `case` holds Druid's answer; `status` and `text` are ours. `ask` asks ours."""
    if case["status"] != 200 or status != 200:
        return reason_of_failure(case, status, text, again, ask)
    if case["query"]["queryType"] == "timeBoundary" and END_OF_TIME in json.dumps(case["response"]):
        return "Druid answers the end of time for the first time of a segment without rows that match"
    found = json.loads(text)
    if splits_subtotals(case, found):
        return "Druid's subtotals come in pieces where dimensions are sorted before time"
    if only_hits_tie(case, found):
        return "hits of a search that are one to its order come together as Druid merges them"
    if only_ties_differ(case, found):
        return "which of several groups that are one to an order gives its name is a matter of Druid's hash tables"
    return of_another_query(case, again) if again else None
