"""The queries of the mixed load, in the shares of Druid's paper: 30 % aggregates behind filters, 60 % ordered groups of one dimension or more, 10 %
search and metadata. How many columns a query takes is distributed exponentially, and so is how far back it looks. The same seed, the same queries."""

import datetime
import random
from typing import NamedTuple

from ad_events import CARDINALITIES, DIMENSIONS, END, METRICS, SOURCE, dimension, instant, is_whole, metric, value

LIMITS = [5, 10, 25, 50, 100]
NO_CACHES = {"useCache": False, "populateCache": False}


class Asked(NamedTuple):
    kind: str  # "aggregate", "group", or "search and metadata"
    native: dict


class QueryMix:
    """An endless run of queries over the last `hours`."""

    def __init__(self, hours, seed):
        self.hours = hours
        self.random = random.Random(seed)

    def __iter__(self):
        while True:
            kind = self.random.choices(["aggregate", "group", "search and metadata"], [30, 60, 10])[0]
            native = {"aggregate": self.aggregate, "group": self.group, "search and metadata": self.looked_up}[kind]()
            yield Asked(kind, {**native, "dataSource": SOURCE, "context": NO_CACHES})

    def some(self, mean_more, at_most):
        """One and some more, exponentially distributed."""
        return min(1 + int(self.random.expovariate(1 / mean_more)), at_most)

    def recent(self):
        """An interval of whole hours that ends in the latest ones mostly, and reaches back six hours in the mean."""
        end = min(int(self.random.expovariate(1)), self.hours - 1)
        length = min(self.some(6, self.hours), self.hours - end)
        until = END - datetime.timedelta(hours=end)
        return [f"{instant(until - datetime.timedelta(hours=length))}/{instant(until)}"]

    def metrics(self):
        chosen = self.random.sample(range(METRICS), self.some(2, METRICS))
        return [{"type": "count", "name": "events"}] + [
            {"type": "longSum" if is_whole(k) else "doubleSum", "name": metric(k), "fieldName": metric(k)} for k in chosen]

    def drawn(self, k):
        """A value as rows have it: the frequent ones come often."""
        return value(k, int(CARDINALITIES[k] ** self.random.random()) - 1)

    def leaf(self):
        k = self.random.randrange(DIMENSIONS)
        if self.random.random() < 0.7:
            return {"type": "selector", "dimension": dimension(k), "value": self.drawn(k)}
        return {"type": "in", "dimension": dimension(k), "values": sorted({self.drawn(k) for _ in range(self.some(4, 30))})}

    def filters(self):
        leaves = [self.leaf() for _ in range(self.some(1, 6))]
        return leaves[0] if len(leaves) == 1 else {"type": self.random.choice(["and", "or"]), "fields": leaves}

    def aggregate(self):
        return {"queryType": "timeseries", "intervals": self.recent(), "granularity": self.random.choice(["all", "hour"]), "filter": self.filters(),
                "aggregations": self.metrics()}

    def group(self):
        dimensions = [dimension(k) for k in self.random.sample(range(DIMENSIONS), self.some(0.7, 6))]
        held = {"intervals": self.recent(), "granularity": "all", "aggregations": self.metrics()}
        if self.random.random() < 0.5:
            held["filter"] = self.filters()
        limit, by = self.random.choice(LIMITS), self.random.choice(held["aggregations"])["name"]
        if len(dimensions) == 1:
            return {"queryType": "topN", "dimension": dimensions[0], "metric": by, "threshold": limit, **held}
        order = {"dimension": by, "direction": "descending", "dimensionOrder": "numeric"}
        return {"queryType": "groupBy", "dimensions": dimensions, "limitSpec": {"type": "default", "limit": limit, "columns": [order]}, **held}

    def looked_up(self):
        chosen = self.random.choice(["search", "timeBoundary", "segmentMetadata"])
        if chosen == "timeBoundary":
            return {"queryType": chosen}
        if chosen == "segmentMetadata":
            return {"queryType": chosen, "intervals": self.recent(), "merge": True, "analysisTypes": ["cardinality", "size", "interval"]}
        k = self.random.randrange(DIMENSIONS)
        text = str(int(CARDINALITIES[k] ** self.random.random()))
        return {"queryType": chosen, "intervals": self.recent(), "granularity": "all", "searchDimensions": [dimension(k)], "limit": 100,
                "query": {"type": "insensitive_contains", "value": text}}
