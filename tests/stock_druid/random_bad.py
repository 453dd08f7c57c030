"""Queries that are wrong somewhere: right ones of which a part or two is lost, of another type, unknown, absurd, or buried deep."""

import copy

ABSURD = [-1, 0, 1 << 31, (1 << 63) - 1, -(1 << 63), 1 << 64, 1.5, 1e300, "", "x", " ", "\u0000", None, True, [], {}, [None], [[]],
          {"type": "x"}, "7", "-7",
          "2024/2023", "P1D", "all", "NaN"]
DEEP = 400
NAMES = ["", "a0", "d0", "__time", "nothing", "ö"]


class BadQueries:
    """`queries` makes the right ones."""

    def __init__(self, queries):
        self.queries, self.random = queries, queries.random
        self.choose = self.random.choice

    def query(self):
        query = copy.deepcopy(self.queries.query())
        for _ in range(self.choose([1, 1, 1, 2])):
            self.spoil(query)
        return query

    def spoil(self, query):
        holder, key = self.choose(list(places(query)))
        change = self.choose([self.lose, self.replace, self.replace, self.replace, self.misname, self.rename, self.bury, self.double])
        change(holder, key)

    def lose(self, holder, key):
        del holder[key]

    def replace(self, holder, key):
        holder[key] = copy.deepcopy(self.choose(ABSURD))

    def misname(self, holder, key):
        """A type, or another word, that nobody knows."""
        holder[key] = holder[key] + self.choose(["x", "X", " "]) if isinstance(holder[key], str) else self.choose(NAMES)

    def rename(self, holder, key):
        if isinstance(key, str):
            holder[self.choose([key.upper(), key + "s", "fieldName", "type", "name"])] = holder.pop(key)

    def bury(self, holder, key):
        for _ in range(self.choose([3, DEEP])):
            holder[key] = self.choose([lambda held: [held], lambda held: {"type": "not", "field": held}])(holder[key])

    def double(self, holder, key):
        holder[key] = [holder[key], copy.deepcopy(holder[key])]


def places(value):
    """Every part: what holds it, and its key there."""
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else []
    for key, part in parts:
        yield value, key
        yield from places(part)
