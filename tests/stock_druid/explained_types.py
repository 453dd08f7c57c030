"""Where stock Druid fails over what a query reads, and we do not, or where one of both does not come to fail."""

import json

UNREADABLE = ["InvalidCastException", "Predicate does not support ARRAY types", "cannot make string matcher for ARRAY types",
              "query type helper",
              "Unsupported input [", "ARRAY types are not supported", "Dimension selector is currently unsupported", "not supported for"]
REFUSED = ["Predicate does not support ARRAY types", "Columns of arrays and of JSON are not read here", "topN cannot rank values of type",
           "Joining against a multi-value dimension is not supported"]
BREAKS = {  # by what the query must have
    "limit >= 0": ("offset", "Druid breaks over an offset without a limit"),
    "IndexOutOfBoundsException": ("approxHistogram", "Druid breaks over histograms of nothing"),
    "ArrayIndexOutOfBoundsException": ("spatial", "Druid breaks over places that are no coordinates"),
    "BySegmentResultValueClass": ("bySegment", "Druid breaks over grand totals by segment"),
    "rows without a time column": ("scan", "Druid orders no rows in memory by time"),
}
ONE_INTERVAL = ["Should only have one interval", "expected one element but was", "reduced to a single segment interval"]


def is_empty(answer):
    """Whether no row of the answer has anything to say."""
    return all(part.get("result", part.get("event")) in [[], None] for part in answer if isinstance(part, dict))


def reason(case, status, text):
    """Why Druid fails and we do not, or the other way round."""
    failure, query = json.dumps(case["response"]), json.dumps(case["query"])
    if case["status"] == 500 and any(word in failure for word in ONE_INTERVAL):
        return "Druid reads rows in memory of one interval only"
    for word, (part, found) in BREAKS.items():
        if case["status"] == 500 and word in failure and part in query:
            return found
    if case["status"] == 500 and status in [200, 501] and any(word in failure for word in [*UNREADABLE, *REFUSED]):
        return "Druid fails over types before it comes to rows"
    if status in [400,
                  501] and any(word in text for word in REFUSED) and (case["status"] == 501 or case["status"] == 200 and is_empty(case["response"])):
        return "Druid fails over types only where it comes to rows"
    if case["status"] == 501 and status == 200 and is_empty(json.loads(text)):
        return "Druid fails over types also where no row is left"
    return None
