"""Where stock Druid answers a query otherwise in another context that should not matter. Ours is then what it answers there."""

FLIPS = [
    ("Druid's engine that reads row by row answers otherwise than the one that reads vectors", "vectorize", "true"),
    ("Druid pushes filters below a join that adds rows of the right side, which they then do not see", "enableJoinFilterPushDown", False),
]


def reason(query, judged):
    """judged(query): how our answer to the case differs from Druid's to this query, or None."""
    for found, name, value in FLIPS:
        other = {**query, "context": {**query.get("context", {}), name: value}}
        if other != query and not judged(other):
            return found
    return None
