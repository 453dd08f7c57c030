"""Where an answer may differ from stock Druid's, each with its reason. The list is meant to be short."""

import json
import math

import explained_groups
import explained_rows
import explained_sketches
from values import aggregators, differing, has_aggregator

BROKEN = ["java.lang.NullPointerException", "com.fasterxml.jackson.core.io.JsonEOFException"]
UNCOMPARABLE = ["java.lang.NumberFormatException", "java.lang.ClassCastException"]
OF_ROWS = ["First", "Last", "Any"]
FLOAT_SUM_TOLERANCE = 1e-4  # some thousand rows, each rounded to 24 bits


def reason_of_post(query, name, wanted, found):
    """What a post-aggregator makes of sketches differs where these do, or where it reads what they draw."""
    post = next((post for post in query.get("postAggregations", []) if post["name"] == name), {})
    field = (post.get("field") or {}).get("fieldName")
    spec = aggregators(query).get(field)
    if spec and wanted[field] == found[field] and explained_sketches.is_random(spec, wanted[field]):
        return explained_sketches.DRAWN
    if spec and post["type"].startswith("HLLSketchEstimate") and wanted[field] == found[field]:  # rounded
        return explained_sketches.hll_estimates(spec, wanted[name], found[name])
    used = [name for name in aggregators(query) if f'"{name}"' in json.dumps(post) or f"{name} " in json.dumps(post)]
    if used and all(wanted[name] != found[name] and reason_of_value(query, name, wanted, found) for name in used):
        return reason_of_value(query, used[0], wanted, found)
    return None


def is_close(wanted, found):
    return None not in [wanted, found] and math.isclose(wanted, found, rel_tol=FLOAT_SUM_TOLERANCE)


def reason_of_value(query, name, wanted, found):
    """Why one value of a row differs, or None."""
    spec = aggregators(query).get(name)
    if spec is None:
        return reason_of_post(query, name, wanted, found)
    if spec["type"] == "floatSum" and is_close(wanted[name], found[name]):
        return "the last digits of a sum in 32-bit floats follow the order of additions"
    if spec["type"].endswith(tuple(OF_ROWS)):
        return "pending: which of several rows of one time is first, last or any"
    return explained_sketches.reason(query, name, spec, wanted[name], found[name])


def reason_of_values(case, text):
    """One reason for all values that differ, or None."""
    try:
        values = differing(case["response"], json.loads(text))
    except (ValueError, AttributeError, TypeError):
        return None
    reasons = [reason_of_value(case["query"], *value) for value in values]
    return min(reasons) if reasons and all(reasons) else None


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
    if case["status"] == 500 and failure.get("errorClass") in UNCOMPARABLE and query.get("having"):
        return "Druid breaks where `having` compares text or a histogram with a number"
    if has_aggregator(query, "singleValue") and case["status"] != status and "more than one row" in json.dumps(failure) + text:
        return "Druid's singleValue takes the answers of two segments for two rows, or does not, by the way they are merged"
    return None


def reason(case, status, text, answer=None):
    """Why this difference is none, or None. `case` holds Druid's answer; `status` and `text` are ours. answer(query):
    how our answer to another query differs from Druid's to this one, or None; its status and text."""
    def again(query):
        difference, *ours = answer(query)
        return not difference or reason_of_difference({**case, "query": query}, *ours)

    return explained_rows.reason(case, status, text, answer and again) or reason_of_difference(case, status, text)


def reason_of_difference(case, status, text):
    query = case["query"]
    if case["status"] != 200 or status != 200:
        return reason_of_failure(case, status, text)
    if query["queryType"] == "groupBy" and explained_groups.reason(case, text):
        return explained_groups.reason(case, text)
    return reason_of_values(case, text) if query["queryType"] in ["timeseries", "topN", "groupBy"] else None
