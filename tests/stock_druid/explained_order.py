"""Which groups are within a limit, and what is left of them, where several are one to its order, or tie.

Druid pushes limits down to its hash tables, which compare groups by the order of the limit only: of those that are one to it,
parts are merged under the name of either, left apart, cut or lost. A topN keeps a thousand groups of each segment. So each of Druid's rows is
looked up in our answer without the limit."""

import json

from explained_picks import PICKS, keyed
from values import aggregators, close, numbers, tie

VARYING = ["cardinality", "HLLSketchBuild", "hyperUnique", "expression"]
WITHOUT_LIMIT = 1000000
TIES = "which of several groups that are one to an order is within a limit, and what is left of it, is a matter of Druid's hash tables"
KEPT_OF_SEGMENT = 1000
KEPT = "a topN keeps a thousand groups of each segment; which ones that tie is a matter of Druid's heaps"
DRAWN = "groups are ordered, or chosen by `having`, by values that differ with reason"
ESTIMATED = "estimates within the query, each a register more or less, are summed"
NESTED = "what a limit leaves of groups within the query that are one to its order is a matter of Druid's hash tables"


def order_of(query):
    """{name: order} of the limit, or of the topN."""
    if query["queryType"] == "topN":
        metric = query["metric"] if isinstance(query["metric"], dict) else {"metric": query["metric"]}
        while isinstance(metric.get("metric"), dict):
            metric = metric["metric"]
        if "metric" in metric:
            return {metric["metric"]: "numeric"}
        kind = metric.get("ordering") or metric["type"]
        return {query["dimension"].get("outputName") or query["dimension"]["delegate"]["outputName"]: kind.lower()}
    return {column["dimension"]: column["dimensionOrder"] for column in query.get("limitSpec", {}).get("columns", [])}


def having_varies(query):
    """Whether `having` asks for values that are picked, estimated, or null or not by the way in which groups were merged."""
    return any(f'"{name}"' in json.dumps(query.get("having")) for name, spec in aggregators(query).items()
               if spec["type"].endswith(PICKS) or spec["type"] in VARYING)


def lifted(query):
    if query["queryType"] == "topN":
        return {**query, "threshold": WITHOUT_LIMIT}
    asked = {**query, "context": {**query["context"], "applyLimitPushDown": False}}
    if having_varies(query):
        asked.pop("having")
    if "limitSpec" in query:
        asked["limitSpec"] = {**query["limitSpec"], "limit": WITHOUT_LIMIT, "offset": 0}
    return asked


def is_cut(query):
    """Whether by an order of dimensions only, which Druid pushes down."""
    return query["queryType"] == "groupBy" and "limitSpec" in query and not order_of(query).keys() & aggregators(query).keys()


def tied(query, key):
    """A row's key, the same for all that are one to the order."""
    orders = list(order_of(query).items())
    names = [spec.get("outputName") or spec["delegate"]["outputName"] for spec in query.get("dimensions") or [query["dimension"]]]
    orders = dict(orders)
    return (key[0], *(value if value[0] in "[{" else tie(orders.get(name), json.loads(value)) for name, value in zip(names, key[1:])))


def amount(value):
    """How much a value counts, or None."""
    if isinstance(value, dict):
        return sum(value["counts"]) if numbers(*value.get("counts", [None])) else None
    return value if numbers(value) else None


def is_part(query, wanted, members):
    """Whether what is counted is no more than in all of the members."""
    for name, spec in aggregators(query).items():
        if spec["type"].endswith((*PICKS, "Min", "Mean")):  # these may be anything in a part
            continue
        parts = [amount(member[name]) for member in members]
        if amount(wanted[name]) is None or None in parts or min([amount(wanted[name]), *parts]) < 0:
            continue
        if amount(wanted[name]) > sum(parts) * (1 + 1e-6) and not query["queryType"] == "topN":
            return False
    return True


def of_one(query, key, wanted, rows, reason_of_row, cut):
    """Why a row of Druid's is right, "" where ours is the same, or None. rows: {tied key: [(key, row)]}, ours."""
    members = rows.get(tied(query, key), [])
    reasons = [reason_of_row(key, wanted, row) for its_key, row in members if its_key == key]
    if any(found is not None for found in reasons):
        return min(found for found in reasons if found is not None)
    return TIES if members and (cut or len(members) > 1) and is_part(query, wanted, [row for _, row in members]) else None


def in_order(query, keys, ours):
    """Whether Druid's rows come in our order, as far as it tells them apart."""
    places = {}
    for number, (key, _) in enumerate(ours):
        places.setdefault(tied(query, key), []).append(number)
    here = 0
    for key in keys:
        first, *_, last = [*places[tied(query, key)]] * 2
        here = max(here, first)
        if here > last:
            return False
    return True


def is_limited(query):
    return query["queryType"] == "topN" or query["queryType"] == "groupBy" and ("limitSpec" in query or having_varies(query))


def reason(case, found, ask, reason_of_row):
    """Why other rows than ours are right, or None. reason_of_row(key, Druid's row, ours): "" where they are the same."""
    query = case["query"]
    if not is_limited(query):
        return None
    status, text = ask(lifted(query))
    if status != 200:
        return None
    ours, rows = keyed(query, json.loads(text)), {}
    for key, row in ours:
        rows.setdefault(tied(query, key), []).append((key, row))
    wanted = keyed(query, case["response"])
    cut = is_cut(query) or query["queryType"] == "topN" and len(ours) > KEPT_OF_SEGMENT
    reasons = [of_one(query, key, row, rows, reason_of_row, cut) for key, row in wanted]
    in_pieces = len(wanted) > len(ours) and not is_cut(query)  # which only a pushed limit leaves
    if None in reasons or in_pieces or not wanted and not having_varies(query):
        return None
    if having_varies(query):
        return max(reasons, default="") or DRAWN
    by_value = order_of(query).keys() & {*aggregators(query), *(post["name"] for post in query.get("postAggregations", []))}
    if by_value:
        if query["queryType"] == "topN" and len(ours) > KEPT_OF_SEGMENT:
            return max(reasons) or KEPT
        return max(reasons) or (ordered_by(query, *by_value, wanted, keyed(query, found), reason_of_row))
    return (max(reasons) or TIES) if "subtotalsSpec" in query or in_order(query, [key for key, _ in wanted], ours) else None


def ordered_by(query, name, wanted, found, reason_of_row):
    """All rows are ours, and at each place the value that orders them is as good as ours."""
    pairs = [(one[name], other[name]) for (_, one), (_, other) in zip(wanted, found)]
    differ = [(one, other) for one, other in pairs if not close(one, other)]
    if all(reason_of_row(None, {name: one}, {name: other}) for one, other in differ):
        return DRAWN if differ else TIES
    return None


def nested(case, found):
    """Whether a limit within was reached, and the sums over what it left differ only; or those of what is estimated."""
    query, source = case["query"], case["query"]["dataSource"]
    inner = source.get("query", {}) if isinstance(source, dict) else {}
    if inner and aggregators(inner).get("a0", {}).get("type") == "cardinality":
        pairs = list(zip(keyed(query, case["response"]), keyed(query, found)))
        same = all(one.keys() == other.keys() and one["n"] == other["n"] and numbers(one["s"], other["s"]) and
                   abs(one["s"] - other["s"]) <= 3.3 * one["n"] for (_, one), (_, other) in pairs)
        return ESTIMATED if same and len(case["response"]) == len(found) else None
    if inner.get("queryType") != "groupBy" or "limitSpec" not in inner:
        return None
    counts = [sum(row["n"] for _, row in keyed(query, answer)) for answer in [case["response"], found]]
    is_full = max(counts) == inner["limitSpec"]["limit"] >= min(counts)
    return NESTED if is_full and len(case["response"]) <= counts[0] else None
