"""What becomes of whole groups in Druid's groupBy."""

import json

from values import differing, numbers


def last_bucket(query, ask):
    """The last bucket of time that has rows of any kind, or None."""
    counted = {"queryType": "timeseries", "dataSource": query["dataSource"], "intervals": query["intervals"], "granularity": query["granularity"],
               "aggregations": [{"type": "count", "name": "rows"}], "context": {"skipEmptyBuckets": True}}
    status, text = ask(counted)
    buckets = json.loads(text) if status == 200 else []
    return max((bucket["timestamp"] for bucket in buckets), default=None)


def loses_subtotals(case, text, alike, ask):
    """Whether Druid's rows are some of ours, all of one bucket, which may have none; where a limit or `having` follows, it cannot be told."""
    query = case["query"]
    if "subtotalsSpec" not in query or query["granularity"] == "all":
        return False
    wanted, found = case["response"], json.loads(text)
    buckets = {row["timestamp"] for row in wanted}
    if "limitSpec" in query or "having" in query:
        return len(buckets) < 2 and len(found) > 0
    if not wanted and found and ask:
        if max(row["timestamp"][:19] for row in found) < min(interval.split("/")[0] for interval in query["intervals"]):
            return True
        return max(row["timestamp"] for row in found) < (last_bucket(query, ask) or "")
    first = min(interval.split("/")[0] for interval in query["intervals"])
    later = [row for row in found if row["timestamp"][:19] >= first[:19]]  # what begins before its interval is left out
    if len(wanted) == len(later) < len(found) and alike(wanted, later):
        return True
    same = [row for row in found if row["timestamp"] in buckets]
    return len(buckets) == 1 and len(wanted) == len(same) < len(found) and alike(wanted, same)


def splits_subtotals(case, text):
    """Whether Druid's rows are of the same groups as ours, some more than once. Where a limit follows, it cannot be told of the last."""
    query = case["query"]
    if "subtotalsSpec" not in query or not query["context"].get("sortByDimsFirst"):
        return False
    dimensions = [spec.get("delegate", spec).get("outputName") for spec in query["dimensions"]]
    wanted, found = ([(row["timestamp"], *(row["event"].get(name, 0) for name in dimensions)) for row in answer]
                     for answer in [case["response"], json.loads(text)])
    return len(wanted) > len(found) and set(wanted) == set(found)


def loses_to_limit(case, text):
    """Whether a limit cut groups, and some of those that are left count less than ours. Druid pushes the limit down to the segments;
    there groups that tie by its order, or that a function of a dimension makes one, may be cut that others still have."""
    query = case["query"]
    wanted, found = case["response"], json.loads(text)
    if len(wanted) != query.get("limitSpec", {}).get("limit"):
        return False
    rows_of_values = {}
    for name, one, other in differing(wanted, found):
        rows_of_values.setdefault(id(one), []).append((one[name], other[name]))
    counts = [[pair for pair in pairs if numbers(*pair)] for pairs in rows_of_values.values()]
    return bool(counts) and all(pairs and all(one < other for one, other in pairs) for pairs in counts)


def reason(case, text, alike, ask):
    """Why the groups of Druid are not ours, or None. alike(one answer, another): whether all that differs has a reason;
    ask(query) asks ours another one, if it is there."""
    if not all("event" in row for row in case["response"]):
        return None
    if loses_subtotals(case, text, alike, ask):
        return "Druid's subtotals keep only the last bucket of time"
    if splits_subtotals(case, text):
        return "Druid's subtotals leave rows of one group apart where they are sorted by dimensions first"
    if loses_to_limit(case, text):
        return "Druid's limit is pushed down to segments and cuts parts of groups there"
    return None
