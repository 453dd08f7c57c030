"""Where an answer may differ from stock Druid's, each with its reason. The list is meant to be short."""

import json
import math

import explained_contexts
import explained_groups
import explained_order
import explained_picks
import explained_rows
import explained_sketches
import explained_types
from values import aggregators, close, has_aggregator, sub_queries

BROKEN = ["java.lang.NullPointerException", "com.fasterxml.jackson.core.io.JsonEOFException",
          "com.fasterxml.jackson.databind.JsonMappingException"]
LARGE = ("Kll", "quantiles", "HLL", "theta", "arrayOfDoubles", "approxHistogram")
LIST_FOR_TEXT = "java.util.ArrayList cannot be cast to class java.lang.String"
UNCOMPARABLE = ["java.lang.NumberFormatException", "java.lang.ClassCastException"]
FLOAT_SUM_TOLERANCE = 1e-4  # some thousand rows, each rounded to 24 bits


def is_close(wanted, found):
    return None not in [wanted, found] and math.isclose(wanted, found, rel_tol=FLOAT_SUM_TOLERANCE)


class Reasons:
    """Why values of a query's answer differ. `ask` asks ours another query, for its status and text; None: it is not there to be asked."""

    def __init__(self, query, ask):
        self.query, self.ask = query, ask
        self.specs = aggregators(query)

    def of_pick(self, name, pairs):
        return self.ask and explained_picks.reason(self.query, name, self.specs[name], pairs, self.ask)

    def is_pick(self, name):
        return name in self.specs and self.specs[name]["type"].endswith(explained_picks.PICKS)

    def has_large_states(self):
        return any(spec["type"].startswith(LARGE) for spec in self.specs.values())

    def of_post(self, name, wanted, found, picks):
        """What a post-aggregator makes of sketches differs where these do, or where it reads what they draw."""
        post = next((post for post in self.query.get("postAggregations", []) if post["name"] == name), {})
        field = (post.get("field") or {}).get("fieldName")
        spec = self.specs.get(field)
        if spec and wanted[field] == found[field] and explained_sketches.is_random(spec, wanted[field]):
            return explained_sketches.DRAWN
        if spec and post["type"].startswith("HLLSketchEstimate") and wanted[field] == found[field]:  # rounded
            return explained_sketches.hll_estimates(spec, wanted[name], found[name])
        used = [name for name in self.specs if f'"{name}"' in json.dumps(post) or f"{name} " in json.dumps(post)]
        used = [name for name in used if not close(wanted[name], found[name])]
        reasons = [self.of_value(name, wanted, found, picks) for name in used]
        return reasons[0] if reasons and all(reasons) else None

    def of_value(self, name, wanted, found, picks):
        """Why one value of a row differs, or None. picks: {name: reason} of those that pick a row."""
        spec = self.specs.get(name)
        if spec is None:
            return self.of_post(name, wanted, found, picks)
        if spec["type"] == "floatSum" and is_close(wanted[name], found[name]):
            return "the last digits of a sum in 32-bit floats follow the order of additions"
        if self.is_pick(name):
            return picks.get(name)
        if spec["type"] == "expression" and self.query["queryType"] == "groupBy" and wanted[name] is None and self.has_large_states():
            return "Druid's groupBy whose table is full gives a group in pieces, and a null of one is the null of all in `expression`"
        return explained_sketches.reason(self.query, name, spec, wanted[name], found[name])

    def of_rows(self, pairs):
        """One reason for all values that differ in [(key, Druid's row, ours)], "" where none does, or None."""
        differ = [(key, name, one, other) for key, one, other in pairs for name in one if not close(one[name], other.get(name))]
        picked = {name for _, name, _, _ in differ if self.is_pick(name)}
        picks = {name: self.of_pick(name, [(key, one[name], other[name]) for key, its, one, other in differ if its == name])
                 for name in picked}
        reasons = [self.of_value(name, one, other, picks) for _, name, one, other in differ]
        return (min(reasons) if reasons else "") if all(reasons) else None

    def of_row(self, key, wanted, found):
        if key is None and any(self.is_pick(name) for name in wanted):
            return explained_picks.ANY
        return self.of_rows([(key, wanted, found)])


def reason_of_answers(query, wanted, found, ask):
    """One reason for all values that differ in rows of the same groups, "" where none does, or None."""
    wanted, found = explained_picks.keyed(query, wanted), explained_picks.keyed(query, found)
    if [(key, row.keys()) for key, row in wanted] != [(key, row.keys()) for key, row in found]:
        return None
    return Reasons(query, ask).of_rows([(key, one, other) for (key, one), (_, other) in zip(wanted, found)])


def reason_of_failure(case, status, text):
    """Why Druid fails and we do not, or the other way round."""
    query, failure = case["query"], case["response"] if isinstance(case["response"], dict) else {}
    if case["status"] == 500 and 400 <= status < 500:
        return "Druid fails where the query is at fault"
    if case["status"] == 500 and "Unhandled exception" in json.dumps(failure):
        return "Druid breaks, without a word why"
    if "Not enough merge buffer memory" in json.dumps(failure):
        return "Druid is too small for the query"
    if case["status"] == 500 and failure.get("errorClass") in BROKEN:
        return "Druid breaks over a null, or between its servers"
    if case["status"] == 500 and LIST_FOR_TEXT in json.dumps(failure) and query["context"].get("vectorize") == "true":
        return "Druid's vectors of expressions break over rows of several values"
    if case["status"] == 500 and failure.get("errorClass") in UNCOMPARABLE and any("having" in one for one in sub_queries(query)):
        return "Druid breaks where `having` compares text or a histogram with a number"
    if has_aggregator(query, "singleValue") and case["status"] != status and "more than one row" in json.dumps(failure) + text:
        return "Druid's singleValue takes the answers of two segments for two rows, or does not, by the way they are merged"
    return explained_types.reason(case, status, text)


def reason(case, status, text, answer=None, judged=None):
    """Why this difference is none, or None. `case` holds Druid's answer; `status` and `text` are ours. answer(query):
    how our answer to another query differs from Druid's to this one, or None; its status and text. judged(query): how ours to
    this one differs from Druid's to another."""
    def again(query):
        difference, *ours = answer(query)
        return not difference or reason_of_difference({**case, "query": query}, *ours, ask)

    def ask(query):
        return answer(query)[1:]

    return explained_rows.reason(case, status, text, answer and again, answer and ask) or \
        reason_of_difference(case, status, text, answer and ask) or (judged and explained_contexts.reason(case["query"], judged))


def reason_of_difference(case, status, text, ask):
    query = case["query"]
    if case["status"] != 200 or status != 200:
        return reason_of_failure(case, status, text)
    if query["queryType"] not in ["timeseries", "topN", "groupBy"]:
        return None
    found = json.loads(text)
    same = reason_of_answers(query, case["response"], found, ask)
    if same:
        return same
    if query["queryType"] == "groupBy":
        of_groups = explained_groups.reason(case, text, lambda one, other: reason_of_answers(query, one, other, ask) is not None, ask)
        if of_groups or explained_order.nested(case, found):
            return of_groups or explained_order.nested(case, found)
    return ask and explained_order.reason(case, found, ask, Reasons(query, ask).of_row)
