"""Random native queries over the recorded data source `events`: every query type, and of each kind of part every type
that Druid has. The same seed gives the same queries. Most are right; some meet a column of another type, or none."""

import random

STRINGS = ["user", "city", "level", "device", "code", "flag", "path"]
LISTS = ["tags"]
LONGS = ["qty", "big", "__time"]
DOUBLES = ["price", "lat", "ratio"]
NUMBERS = [*LONGS, *DOUBLES]
MISSING = ["nothing"]
DIMENSIONS = [*STRINGS, *LISTS, "qty", "price", "ratio"]
VALUES = {
    "user": ["u197", "u590", "u1"], "city": ["東京", "Łódź", "", "tab\there", None], "level": ["high", "mid", "low", None],
    "device": ["phone", "tablet", "desktop"], "code": ["4", "-2", "188", "007", "1e3"], "flag": ["true", "false"],
    "path": ["/Shop/d%20e/4.html", "/shop/a/39.html"], "tags": ["green", "beta", "", "y", None],
    "qty": ["82", "99", "0", "1.5"], "big": ["9007199254740993", "1"], "price": ["39.84", "102.79", "x"],
    "ratio": ["0.0619", "0.84"], "lat": ["15.39746", "0"], "__time": ["1709164800000"], "nothing": ["x", None],
}
INTERVALS = ["2024-02-28/2024-03-02", "2024-02-28T06:00/2024-02-29T18:30", "2024-02-29/P1D", "2024/2025",
             "2024-02-28T23:59:59.999Z/PT2S"]
GRANULARITIES = ["all", "hour", "day", "six_hour", "none", "week", "month", "quarter",
                 {"type": "period", "period": "P1D", "timeZone": "America/Los_Angeles"},
                 {"type": "period", "period": "PT6H", "origin": "2024-02-28T01:30:00Z"},
                 {"type": "period", "period": "PT6H", "timeZone": "Asia/Kolkata"},
                 {"type": "period", "period": "PT30M", "timeZone": "Australia/Lord_Howe"},
                 {"type": "period", "period": "P1M", "timeZone": "America/Sao_Paulo"},
                 {"type": "period", "period": "P1W", "timeZone": "Pacific/Chatham", "origin": "2024-01-03T00:00:00Z"},
                 {"type": "duration", "duration": 7200000, "origin": "2024-02-28T00:17:00Z"},
                 {"type": "duration", "duration": 5400000}]
ORDERINGS = ["lexicographic", "alphanumeric", "numeric", "strlen", "version"]


class Queries:
    def __init__(self, seed):
        self.random = random.Random(seed)
        self.choose = self.random.choice

    def maybe(self, chance):
        return self.random.random() < chance

    def several(self, make, low, high):
        return [make() for _ in range(self.random.randint(low, high))]

    def column(self):
        return self.choose([*STRINGS, *LISTS, *LISTS, *NUMBERS, *MISSING])

    def value(self, column):
        return self.choose(VALUES[column])

    def present_value(self, column):
        return self.choose([value for value in VALUES[column] if value is not None])

    # --- expressions: by the type that they give

    def number_expression(self, depth=2):
        if depth == 0 or self.maybe(0.3):
            return self.choose([*NUMBERS[:-1], "ratio", "1", "2.5", "0", "null", "-3"])
        one, other = self.number_expression(depth - 1), self.number_expression(depth - 1)
        text = self.string_expression(depth - 1)
        return self.choose([
            f"({one} + {other})", f"({one} - {other})", f"({one} * {other})", f"({one} / ({other} + 0.5))",
            f"({one} % 7)", f"-({one})", f"abs({one})", f"floor({one})", f"ceil({one})", f"round({one}, 1)",
            f"sqrt({one})", f"max({one}, {other})", f"min({one}, {other})", f"greatest({one}, {other})",
            f"least({one}, {other})", f"nvl({one}, {other})", f"if({self.condition(depth - 1)}, {one}, {other})",
            f"cast({one}, 'LONG')", f"cast({text}, 'DOUBLE')", f"strlen({text})", f"strpos({text}, 'e')",
            f"safe_divide({one}, {other})", f"div({one}, 3)", f"bitwiseAnd({one}, 255)", f"parse_long({text})",
            f"timestamp_floor(__time, '{self.choose(['PT1H', 'P1D', 'P1W', 'PT15M'])}')",
            f"timestamp_extract(__time, '{self.choose(['HOUR', 'DOW', 'DOY', 'MINUTE', 'WEEK', 'QUARTER'])}')",
            f"timestamp_floor(__time, 'P1D', null, 'America/New_York')", f"timestamp_ceil(__time, 'PT2H')",
            f"timestamp_extract(__time, '{self.choose(['YEAR', 'EPOCH', 'DAY', 'HOUR'])}', 'Asia/Tokyo')",
            f"hypot({one}, 3)", f"pow({one}, 2)", f"exp({one} / 1000)", f"log10({one})", f"cbrt({one})", f"signum({one})",
            f"atan2({one}, {other})", f"sin({one})", f"rint({one})",
            f"bitwiseXor({one}, 12)", f"bitwiseShiftRight({one}, 2)", f"bitwiseComplement({one})",
            f"array_offset_of(tags, 'beta')", f"mv_ordinal_of(tags, 'green')", f"parse_long({text}, 16)",
            f"timestamp_parse({text})", f"timestamp({text})",
            f"strpos({text}, 'a', 2)", f"coalesce({one}, {other}, 0)",
            f"timestamp_shift(__time, 'P1D', -1)", f"array_length(tags)", f"case_simple({one}, 1, {other}, 2)",
            f"case_searched({self.condition(depth - 1)}, {one}, {other})"])

    def string_expression(self, depth=2):
        if depth == 0 or self.maybe(0.3):
            return self.choose([*STRINGS, *LISTS, "'x'", "''", "null"])
        one, other = self.string_expression(depth - 1), self.string_expression(depth - 1)
        number = self.number_expression(depth - 1)
        return self.choose([
            f"concat({one}, '-', {other})", f"upper({one})", f"lower({one})", f"substring({one}, 1, 2)",
            f"trim({one})", f"replace({one}, 'a', 'b')", f"reverse({one})", f"lpad({one}, 6, '*')",
            f"rpad({one}, 3, '.')", f"left({one}, 2)", f"right({one}, 2)", f"nvl({one}, {other})",
            f"coalesce({one}, {other}, 'none')", f"if({self.condition(depth - 1)}, {one}, {other})",
            f"cast({number}, 'STRING')", f"regexp_extract({one}, '([a-z]+)', 1)", f"repeat({one}, 2)",
            f"regexp_replace({one}, '[0-9]+', '#')", f"format('%s!', {one})", f"array_to_string(tags, ',')",
            f"timestamp_format(__time, 'yyyy-MM-dd HH')", f"timestamp_format(__time, 'EEE d MMM', 'Asia/Tokyo')",
            f"rtrim({one}, 'e')", f"ltrim({one})", f"btrim({one}, 'ab')", f"mv_to_string(tags, '|')",
            f"mv_offset(tags, 0)", f"mv_append(tags, {one})", f"string_to_mv({one}, 'e')", f"mv_slice(tags, 0, 1)",
            f"mv_filter_only(tags, array('green', 'beta'))", f"mv_filter_none(tags, array('green'))",
            f"array_to_mv(array({one}, {other}))", f"concat(tags, {one})", f"map((x) -> concat(x, '!'), tags)",
            f"filter((x) -> x != 'green', tags)", f"fold((x, acc) -> concat(acc, x), tags, '')",
            f"decode_base64_utf8({one})", f"human_readable_binary_byte_format(qty)",
            f"regexp_replace({one}, '(.)a', '$1')", f"case_simple({one}, 'phone', 'p', 'other')"])

    def condition(self, depth=2):
        if depth == 0 or self.maybe(0.2):
            return self.choose(["qty > 50", "level == 'high'", "price < 40", "flag == 'true'", "1"])
        one, other = self.condition(depth - 1), self.condition(depth - 1)
        return self.choose([
            f"({one} && {other})", f"({one} || {other})", f"!({one})",
            f"({self.number_expression(depth - 1)} {self.choose(['<', '<=', '>', '>=', '==', '!='])} "
            f"{self.number_expression(depth - 1)})",
            f"({self.string_expression(depth - 1)} {self.choose(['<', '==', '!=', '>='])} "
            f"{self.string_expression(depth - 1)})",
            f"isnull({self.string_expression(depth - 1)})", f"notnull({self.number_expression(depth - 1)})",
            f"like({self.string_expression(depth - 1)}, '%a_')", f"regexp_like({self.string_expression(depth - 1)}, '^[a-m]')",
            f"contains_string({self.string_expression(depth - 1)}, 'o')", f"array_contains(tags, 'green')",
            f"array_overlap(tags, array('green', 'beta'))", f"any((x) -> x == 'y', tags)", f"all((x) -> strlen(x) > 1, tags)",
            f"mv_contains(tags, 'beta')", f"icontains_string({self.string_expression(depth - 1)}, 'O')",
            f"isdistinctfrom({self.string_expression(depth - 1)}, level)", f"scalar_in_array(qty, array(82, 99))",
            f"notdistinctfrom({self.number_expression(depth - 1)}, qty)", f"isnottrue({one})", f"isnotfalse({one})",
            f"istrue({one})", f"isfalse({one})"])

    def expression(self):
        return self.choose([self.number_expression, self.string_expression, self.condition])()

    # --- parts

    def extraction(self, depth=1):
        made = [
            {"type": "regex", "expr": "([a-z]+)", "replaceMissingValue": self.maybe(0.5)},
            {"type": "partial", "expr": "[aeiou]{2}"},
            {"type": "substring", "index": self.choose([0, 1, 3]), "length": self.choose([1, 2])},
            {"type": "strlen"}, {"type": "upper"}, {"type": "lower"}, {"type": "identity"},
            {"type": "regex", "expr": "(.)(.)", "index": self.choose([0, 2]), "replaceMissingValue": True,
             "replaceMissingValueWith": "gone"},
            {"type": "bucket", "size": self.choose([1, 5, 2.5]), "offset": self.choose([0, 2])},
            {"type": "stringFormat", "format": "[%s]", "nullHandling": self.choose(["nullString", "emptyString",
                                                                                    "returnNull"])},
            {"type": "timeFormat", "format": self.choose(["yyyy-MM-dd", "EEEE", "HH"]), "timeZone": "Europe/Paris",
             "locale": "en"},
            {"type": "searchQuery", "query": {"type": "insensitive_contains", "value": "O"}},
            {"type": "lookup", "lookup": {"type": "map", "map": {"phone": "P", "high": "H", "4": "four"}},
             "retainMissingValue": self.maybe(0.5)},
        ]
        if depth > 0:
            made.append({"type": "cascade", "extractionFns": [self.extraction(0), self.extraction(0)]})
        return self.choose(made)

    def extraction_for(self, column):
        """timeFormat fails on what is no time."""
        while True:
            extraction = self.extraction()
            if column == "__time" or "timeFormat" not in repr(extraction):
                return extraction

    def search_spec(self):
        return self.choose([
            {"type": "contains", "value": "a", "caseSensitive": self.maybe(0.5)},
            {"type": "insensitive_contains", "value": self.choose(["E", "sh", "x"])},
            {"type": "fragment", "values": ["a", "h"]}, {"type": "regex", "pattern": "^[a-p]"}, {"type": "all"}])

    def leaf_filter(self):
        column = self.column()
        filter_ = self.choose([
            {"type": "selector", "dimension": column, "value": self.value(column)},
            {"type": "in", "dimension": column, "values": [self.value(column) for _ in range(3)]},
            {"type": "bound", "dimension": column, "lower": self.present_value(column),
             "lowerStrict": self.maybe(0.5), "ordering": self.choose(ORDERINGS)},
            {"type": "bound", "dimension": column, "upper": self.present_value(column),
             "upperStrict": self.maybe(0.5), "ordering": self.choose(ORDERINGS)},
            {"type": "like", "dimension": column, "pattern": self.choose(["%a%", "u1_", "%1", "", "/shop/%"])},
            {"type": "regex", "dimension": column, "pattern": self.choose(["[0-9]$", "^[a-h]", "e.*e"])},
            {"type": "search", "dimension": column, "query": self.search_spec()},
            {"type": "null", "column": column},
            {"type": "expression", "expression": self.condition()},
            {"type": "equals", "column": column, "matchValueType": "STRING", "matchValue": self.present_value(column)},
            {"type": "range", "column": column, "matchValueType": "STRING", "lower": self.present_value(column),
             "lowerOpen": self.maybe(0.5)},
            {"type": "inType", "column": column, "matchValueType": "STRING",
             "values": sorted({self.present_value(column), self.present_value(column)})},
            {"type": "columnComparison", "dimensions": [self.column(), self.column()]},
            {"type": "true"}, {"type": "false"},
            {"type": "arrayContainsElement", "column": column, "elementMatchValueType": "STRING",
             "elementMatchValue": self.present_value(column)},
            {"type": "spatial", "dimension": self.choose([*NUMBERS, *MISSING]), "bound": {"type": "rectangular", "minCoords": [0, 0],
                                                               "maxCoords": [50, 50]}},
            {"type": "like", "dimension": column, "pattern": "%!_%", "escape": "!"},
            {"type": "bound", "dimension": column, "lower": self.present_value(column),
             "upper": self.present_value(column), "ordering": self.choose(ORDERINGS)},
            {"type": "range", "column": column, "matchValueType": "STRING", "upper": self.present_value(column)},
            {"type": "extraction", "dimension": column, "value": self.value(column),
             "extractionFn": self.extraction_for(column)},
            {"type": "interval", "dimension": "__time", "intervals": [self.choose(INTERVALS)]},
        ])
        number = self.choose([*LONGS[:2], *DOUBLES])
        filter_ = self.choose([filter_, filter_, filter_, filter_, filter_, self.choose([
            {"type": "equals", "column": number, "matchValueType": "DOUBLE", "matchValue": self.choose([82.0, 39.84, 1])},
            {"type": "range", "column": number, "matchValueType": "DOUBLE", "lower": 1.5, "upper": 60, "upperOpen": True},
            {"type": "range", "column": number, "matchValueType": "LONG", "upper": 50},
            {"type": "inType", "column": number, "matchValueType": "LONG", "values": [1, 82, 99]}])])
        if filter_["type"] in ["selector", "in", "bound", "like", "regex", "search"] and self.maybe(0.15):
            filter_["extractionFn"] = self.extraction_for(filter_["dimension"])
        return filter_

    def filter(self, depth=2):
        if depth == 0 or self.maybe(0.5):
            return self.leaf_filter()
        kind = self.choose(["and", "or", "not", "istrue", "isfalse"])
        if kind in ["and", "or"]:
            return {"type": kind, "fields": self.several(lambda: self.filter(depth - 1), 1, 3)}
        return {"type": kind, "field": self.filter(depth - 1)}

    def dimension(self, name):
        column = self.choose([*DIMENSIONS, *LISTS, *MISSING])
        plain = {"type": "default", "dimension": column, "outputName": name,
                 "outputType": "STRING" if column not in ["qty", "price"] else self.choose(["LONG", "DOUBLE", "STRING"])}
        return self.choose([
            plain, plain, plain,
            {"type": "extraction", "dimension": column, "outputName": name, "extractionFn": self.extraction_for(column)},
            {"type": "listFiltered", "delegate": {**plain, "outputType": "STRING"}, "values": ["green", "high", "phone"],
             "isWhitelist": self.maybe(0.7)},
            {"type": "regexFiltered", "delegate": {**plain, "outputType": "STRING"}, "pattern": "[a-m].*"},
            {"type": "prefixFiltered", "delegate": {**plain, "outputType": "STRING"}, "prefix": "h"},
            {"type": "lookup", "dimension": column, "outputName": name, "replaceMissingValueWith": "none",
             "lookup": {"type": "map", "map": {"phone": "P", "high": "H"}}}])

    def aggregator(self, name, depth=1):
        number, column = self.choose([*NUMBERS, *STRINGS[4:5], *MISSING]), self.column()
        simple = self.choose(["long", "double", "float"]) + self.choose(["Sum", "Min", "Max"])
        firsts = self.choose(["long", "double", "float"]) + self.choose(["First", "Last", "Any"])
        made = [
            {"type": "count"},
            {"type": simple, "fieldName": number}, {"type": simple, "fieldName": number},
            {"type": simple, "expression": self.number_expression()},
            {"type": firsts, "fieldName": self.choose(["qty", "price", "big"])},
            {"type": self.choose(["stringFirst", "stringLast"]), "fieldName": self.choose(STRINGS),
             "maxStringBytes": self.choose([8, 1024])},
            {"type": "doubleMean", "fieldName": self.choose(["qty", "price", "ratio"])},
            {"type": "cardinality", "fields": self.several(lambda: self.choose([*STRINGS, *LISTS, "qty"]), 1, 2),
             "byRow": self.maybe(0.5), "round": self.maybe(0.5)},
            {"type": "stringAny", "fieldName": self.choose(["nothing"]), "maxStringBytes": 16},
            {"type": "KllDoublesSketch", "fieldName": self.choose(["qty", "price"]), "k": 8000},
            {"type": "KllFloatsSketch", "fieldName": self.choose(["qty", "price"]), "k": 8000},
            {"type": "approxHistogram", "fieldName": "price", "resolution": self.choose([5, 50])},
            {"type": "arrayOfDoublesSketch", "fieldName": self.choose(["user", "level", "code"]), "metricColumns": ["qty"],
             "nominalEntries": self.choose([16, 4096])},
            {"type": "singleValue", "fieldName": "qty", "columnType": "LONG"},
            {"type": "cardinality", "fields": [{"type": "extraction", "dimension": column, "outputName": "e",
                                                "extractionFn": {"type": "substring", "index": 0, "length": 1}}]},
            {"type": "thetaSketch", "fieldName": column, "size": self.choose([16, 1024])},
            {"type": "HLLSketchBuild", "fieldName": column, "lgK": self.choose([8, 12]), "round": self.maybe(0.5)},
            {"type": "quantilesDoublesSketch", "fieldName": self.choose(["qty", "price"]), "k": 128},
            {"type": "fixedBucketsHistogram", "fieldName": "price", "numBuckets": 5, "lowerLimit": 0, "upperLimit": 100,
             "outlierHandlingMode": self.choose(["ignore", "overflow", "clip"])},
            {"type": "expression", "fields": ["qty"], "accumulatorIdentifier": "__acc", "initialValue": "0",
             "fold": "__acc + nvl(qty, 0)", "combine": "__acc + " + name},
        ]
        chosen = {**self.choose(made), "name": name}
        if depth > 0 and self.maybe(0.2):
            return {"type": "filtered", "filter": self.filter(1), "aggregator": chosen}
        return chosen

    def sketch_post_aggregator(self, name, aggregator):
        """One that reads the sketch of this aggregator; None where it makes none."""
        aggregator = aggregator.get("aggregator", aggregator)
        kind, fraction, points = aggregator["type"], self.choose([0, 0.5, 0.9]), [5, 10.5, 50]
        field = {"type": "fieldAccess", "fieldName": aggregator["name"]}
        quantiles = lambda family: self.choose([
            {"type": family + "ToQuantile", "field": field, "fraction": fraction},
            {"type": family + "ToQuantiles", "field": field, "fractions": [0, fraction, 1]},
            {"type": family + "ToRank", "field": field, "value": self.choose([1, 40.5])},
            {"type": family + "ToCDF", "field": field, "splitPoints": points},
            {"type": family + "ToHistogram", "field": field, "splitPoints": points}])
        made = {
            "thetaSketch": lambda: self.choose([
                {"type": "thetaSketchEstimate", "field": field},
                {"type": "thetaSketchEstimate", "field": {"type": "thetaSketchSetOp", "name": "o", "fields": [field, field],
                                                          "func": self.choose(["UNION", "INTERSECT", "NOT"])}}]),
            "HLLSketchBuild": lambda: self.choose([
                {"type": "HLLSketchEstimate", "field": field, "round": self.maybe(0.5)},
                {"type": "HLLSketchEstimateWithBounds", "field": field, "numStdDev": self.choose([1, 2])},
                {"type": "HLLSketchEstimate", "field": {"type": "HLLSketchUnion", "name": "u", "fields": [field, field]}}]),
            "quantilesDoublesSketch": lambda: quantiles("quantilesDoublesSketch"),
            "KllDoublesSketch": lambda: quantiles("KllDoublesSketch"),
            "KllFloatsSketch": lambda: quantiles("KllFloatsSketch"),
            "arrayOfDoublesSketch": lambda: self.choose([
                {"type": "arrayOfDoublesSketchToEstimate", "field": field},
                {"type": "arrayOfDoublesSketchToMeans", "field": field},
                {"type": "arrayOfDoublesSketchToVariances", "field": field},
                {"type": "arrayOfDoublesSketchToNumEntries", "field": field},
                {"type": "arrayOfDoublesSketchToMetricsSumEstimate", "field": field},
                {"type": "arrayOfDoublesSketchToEstimateAndBounds", "field": field}]),
            "approxHistogram": lambda: self.choose([
                {"type": self.choose(["min", "max"]), "fieldName": aggregator["name"]},
                {"type": "quantile", "fieldName": aggregator["name"], "probability": self.choose([0.1, 0.5])},
                {"type": "quantiles", "fieldName": aggregator["name"], "probabilities": [0.1, 0.5, 0.9]},
                {"type": "buckets", "fieldName": aggregator["name"], "bucketSize": 50, "offset": 0},
                {"type": "customBuckets", "fieldName": aggregator["name"], "breaks": [0, 10, 50, 200]},
                {"type": "equalBuckets", "fieldName": aggregator["name"], "numBuckets": 5}]),
        }
        return {**made[kind](), "name": name} if kind in made else None

    def post_aggregator(self, name, names):
        field = lambda: self.choose([{"type": "finalizingFieldAccess", "fieldName": self.choose(names)},
                                     {"type": "constant", "value": self.choose([2, 0.5, 0])}])
        return {**self.choose([
            {"type": "arithmetic", "fn": self.choose(["+", "-", "*", "/", "quotient", "pow"]), "fields": [field(), field()]},
            {"type": self.choose(["doubleGreatest", "doubleLeast", "longGreatest", "longLeast"]), "fields": [field(), field()]},
            {"type": "finalizingFieldAccess", "fieldName": self.choose(names)},
            {"type": "expression", "expression": f"{self.choose(names)} * 2 + 1"},
        ]), "name": name}

    def virtual_column(self, name):
        return self.choose([
            {"type": "expression", "name": name, "expression": self.number_expression(),
             "outputType": self.choose(["LONG", "DOUBLE", "STRING"])},
            {"type": "expression", "name": name, "expression": self.string_expression(), "outputType": "STRING"},
            {"type": "fallback", "name": name, "columns": self.random.sample(["nope", "level", "qty", "tags"], 2)},
            {"type": "nested-field", "columnName": self.choose(["qty", "level"]), "outputName": name, "path": "$"},
            {"type": "mv-filtered", "name": name, "delegate": "tags", "values": ["green", "beta"],
             "isAllowList": self.maybe(0.5)}])

    def having(self, names, dimensions):
        name = self.choose(names)
        leaf = self.choose([
            {"type": "greaterThan", "aggregation": name, "value": self.choose([0, 10, 40.5])},
            *([{"type": "dimSelector", "dimension": self.choose(dimensions), "value": self.choose(["high", "82", None])}]
              if dimensions else []),
            {"type": "lessThan", "aggregation": name, "value": 100}, {"type": "equalTo", "aggregation": name, "value": 1},
            {"type": "filter", "filter": {"type": "bound", "dimension": name, "lower": "3", "ordering": "numeric"}}])
        return self.choose([leaf, leaf, {"type": "not", "havingSpec": leaf},
                            {"type": "or", "havingSpecs": [leaf, {"type": "equalTo", "aggregation": name, "value": 3}]},
                            {"type": "and", "havingSpecs": [leaf, {"type": "always"}]}])

    def data_source(self):
        if self.maybe(0.8):
            return "events"
        inline = {"type": "inline", "columnNames": ["k", "v", "n"], "columnTypes": ["STRING", "STRING", "LONG"],
                  "rows": [["phone", "P", 1], ["tablet", "T", 2], [None, "N", None], ["phone", "Q", 4]]}
        return self.choose([
            {"type": "union", "dataSources": ["events", "events"]},
            {"type": "query", "query": {
                "queryType": "scan", "dataSource": "events", "intervals": ["2024-02-28T00:00:00Z/2024-02-28T02:00:00Z"],
                "columns": ["__time", *STRINGS, *LISTS, "qty", "big", "price", "lat", "ratio"],
                "columnTypes": ["LONG"] + ["STRING"] * 8 + ["LONG", "LONG", "DOUBLE", "DOUBLE", "FLOAT"],
                "resultFormat": "compactedList", "context": {"useCache": False}}},
            {"type": "filter", "base": {"type": "table", "name": "events"}, "filter": self.leaf_filter()},
            {"type": "join", "left": "events", "right": inline, "rightPrefix": "j.", "condition": 'device == "j.k"',
             "joinType": self.choose(["INNER", "LEFT"])},
            {"type": "unnest", "base": {"type": "table", "name": "events"}, "virtualColumn":
                {"type": "expression", "name": "unnested", "expression": '"tags"', "outputType": "STRING"}}])

    # --- queries

    def context(self):
        return {key: value for key, value in {
            "useCache": False, "populateCache": False, "finalize": self.choose([True, True, True, False]),
            "vectorize": self.choose(["true", "false"]), "sortByDimsFirst": self.maybe(0.5)}.items()}

    def shared(self, kind):
        query = {"queryType": kind, "dataSource": self.data_source(), "intervals": [self.choose(INTERVALS)],
                 "context": self.context()}
        if self.maybe(0.6):
            query["filter"] = self.filter()
        if self.maybe(0.3):
            query["virtualColumns"] = [self.virtual_column("v0")]
        return query

    def aggregating(self, kind):
        query = self.shared(kind)
        query["granularity"] = self.choose(GRANULARITIES) if kind == "timeseries" else self.choose(GRANULARITIES[:3])
        if query["granularity"] == "none":
            query["intervals"] = [INTERVALS[-1]]
        count = self.random.randint(1, 3)
        query["aggregations"] = [self.aggregator(f"a{i}") for i in range(count)]
        names = [f"a{i}" for i in range(count)]
        if self.maybe(0.4) and query["context"]["finalize"]:
            of_sketch = self.sketch_post_aggregator("p0", query["aggregations"][0])
            query["postAggregations"] = [of_sketch or self.post_aggregator("p0", names)]
        return query, names

    def timeseries(self):
        query, _ = self.aggregating("timeseries")
        query["descending"] = self.maybe(0.3)
        query["context"].update({"skipEmptyBuckets": self.maybe(0.5), "grandTotal": self.maybe(0.2)})
        if self.maybe(0.2):
            query["limit"] = 3
        return query

    def top_n(self):
        query, names = self.aggregating("topN")
        query["dimension"] = self.dimension("d0")
        query["threshold"] = self.choose([1, 5, 100])
        # Histograms are ordered by their counts, so their ties cannot be told from the answer.
        ordered = "istogram" not in repr(query["aggregations"][0])
        query["metric"] = self.choose([
            *([names[0], {"type": "inverted", "metric": names[0]}] if ordered else []), {"type": "lexicographic", "previousStop": "h"},
            {"type": "alphaNumeric"}, {"type": "dimension", "ordering": "strlen", "previousStop": "mid"},
            {"type": "dimension", "ordering": self.choose(ORDERINGS)},
            {"type": "inverted", "metric": {"type": "dimension", "ordering": "lexicographic"}}])
        return query

    def group_by(self):
        query, names = self.aggregating("groupBy")
        count = self.random.randint(0, 3)
        dimensions = [f"d{i}" for i in range(count)]
        query["dimensions"] = [self.dimension(name) for name in dimensions]
        if self.maybe(0.3):
            query["having"] = self.having(names, dimensions)
        if self.maybe(0.5) and dimensions:
            query["limitSpec"] = {"type": "default", "limit": self.choose([3, 50, 1000]), "columns": [
                {"dimension": name, "direction": self.choose(["ascending", "descending"]),
                 "dimensionOrder": self.choose(ORDERINGS)} for name in dimensions]}
        if dimensions and self.maybe(0.2):
            query["limitSpec"] = {"type": "default", "limit": 20, "offset": self.choose([0, 5]), "columns": [
                {"dimension": name, "direction": "descending", "dimensionOrder": "numeric"} for name in [names[0], *dimensions]]}
        if count == 2 and self.maybe(0.3):
            query["subtotalsSpec"] = self.choose([[["d0", "d1"], ["d0"], []], [["d1"], ["d0"]], [["d1", "d0"], []]])
            query["aggregations"].append({"type": "grouping", "name": "g", "groupings": ["d1", "d0"]})
        return query

    def scan(self):
        query = self.shared("scan")
        query["columns"] = self.random.sample(["__time", *STRINGS, *LISTS, "qty", "price", "ratio", "nothing"], 4)
        query["resultFormat"] = self.choose(["list", "compactedList"])
        query["limit"] = self.choose([5, 20, 300])
        query["order"] = self.choose(["none", "ascending", "descending"])
        if query["order"] != "none" and "__time" not in query["columns"]:
            query["columns"].append("__time")
        if self.maybe(0.2):
            query["offset"] = 3
        return query

    def search(self):
        query = self.shared("search")
        query.update(granularity="all", query=self.search_spec(), sort={"type": self.choose(ORDERINGS)},
                     searchDimensions=self.random.sample([*STRINGS, *LISTS], 2), limit=self.choose([5, 1000]))
        return query

    def time_boundary(self):
        query = {"queryType": "timeBoundary", "dataSource": "events", "context": {"useCache": False}}
        if self.maybe(0.7):
            query["filter"] = self.filter()
        if self.maybe(0.5):
            query["bound"] = self.choose(["minTime", "maxTime"])
        return query

    def segment_metadata(self):
        return {"queryType": "segmentMetadata", "dataSource": "events", "intervals": [self.choose(INTERVALS)],
                "merge": self.maybe(0.5), "context": {"useCache": False},
                "analysisTypes": self.random.sample(["cardinality", "minmax", "interval", "queryGranularity",
                                                     "aggregators", "timestampSpec", "rollup"], 3),
                "toInclude": self.choose([{"type": "all"}, {"type": "list", "columns": ["city", "qty"]},
                                          {"type": "none"}])}

    def nested(self):
        inner = self.group_by()
        inner.pop("subtotalsSpec", None)
        inner["context"]["finalize"] = True
        return {"queryType": "groupBy", "dataSource": {"type": "query", "query": inner}, "granularity": "all",
                "intervals": ["2024/2025"], "dimensions": [d["outputName"] if "outputName" in d else
                                                           d["delegate"]["outputName"] for d in inner["dimensions"][:1]],
                "aggregations": [{"type": "doubleSum", "name": "s", "fieldName": "a0"}, {"type": "count", "name": "n"}],
                "context": {"useCache": False}}

    def query(self):
        make = self.random.choices(
            [self.timeseries, self.top_n, self.group_by, self.scan, self.search, self.time_boundary,
             self.segment_metadata, self.nested], weights=[25, 20, 30, 12, 6, 4, 1, 2])[0]
        return make()
