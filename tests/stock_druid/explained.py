"""Where an answer may differ from stock Druid's, each with its reason. The list is meant to be short."""

import json


def has_aggregator(query, kind):
    return f'"type": "{kind}"' in json.dumps(query.get("aggregations", []))


def reason(case, status, text):
    """Why this difference is none, or None. `case` holds Druid's answer; `status` and `text` are ours."""
    if case["status"] == 500 and 400 <= status < 500:
        return "Druid fails where the query is at fault"
    if case["status"] == 500 and "Unhandled exception" in json.dumps(case["response"]):
        return "Druid breaks, without a word why"
    if "Not enough merge buffer memory" in json.dumps(case["response"]):
        return "Druid is too small for the query"
    query = case["query"]
    if query["queryType"] == "groupBy" and query["granularity"] != "all" and has_aggregator(query, "doubleMean"):
        return "Druid's doubleMean looks for nulls in other rows where a vector is cut into buckets of time"
    return None
