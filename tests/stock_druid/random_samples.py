"""Random specifications for the sampler: rows of any form, good and bad, and how to read them."""

import json
import random

TIMES = ["2020-01-01T00:10:00Z", "2020-01-01T01:30:00.123Z", "2020-02-29", "2020-01-01T00:00:00+05:30", "2020-01-01 10:20:30",
         "1577836800000", "1577836800", 1577836800000, 1577836800, "2020-01-01T00:10", "2020-W05-3", "20200101", "2020-01", "2020",
         "\"2020-01-01\"", " 2020-01-01T00:00:00Z ", "2020-01-01T00:10:00Z\n", "12/31/2019 23:59:59", "bad", "", None, True,
         "9999999999999999", "2020-01-01T24:00:00Z", "2020-13-01", "2020-01-01t00:00:00z", "2020-01-01 00:00:00 UTC",
         "2020-01-01T00:00:00 Europe/Paris", ["2020-01-01"], {"x": "2020-01-01"}]
FORMATS = ["iso", "posix", "millis", "micro", "nano", "ruby", "yyyy-MM-dd", "yyyy-MM-dd HH:mm:ss", "MM/dd/yyyy HH:mm:ss",
           "yyyy-MM-dd'T'HH:mm:ss'Z'", "yyyyMMdd", "yyyy", "xxxx-'W'ww-e"]
STRINGS = ["x", "y", "", " ", "Zürich", "日本", "a,b", "a\tb", "with \"quotes\"", "back\\slash", "line\nbreak", "null", "NULL", "true",
           "NaN", "Infinity", "-Infinity", "5", "05", "5.0", "1e3", "0x10", "1,234", " 7 ", "+3", "-0", "9223372036854775807",
           "9223372036854775808", "1.7976931348623157E309", "😀", "\u0000x", "\ufeffbom", "a|b", "5d", "5f", "5L", "1_000", ".5",
           "5.", "e5", "--1", "1e-400"]
NUMBERS = [0, 1, -1, 5, 42, 1.5, -0.0, 0.1, 1e20, 1e-7, 1e7, 123456789.125, 9007199254740993, 9223372036854775807,
           9223372036854775808, -9223372036854775809, 1e308, 4.9e-324, 3.4028236e38, 16777217, 100.0, 1e15, 12345678901234567890123]
FIELDS = ["a", "b", "l", "d", "m", "n", "c d", "dot.ted", "A", "é"]
NESTED = [1, [1, 2], {"j": "x"}, "s", None, [{"j": 1}, {"j": 2}]]
DIMENSION_TYPES = ["string", "long", "float", "double", "json", "auto"]
CAST_TYPES = ["LONG", "STRING", "ARRAY<STRING>", "ARRAY<LONG>", "DOUBLE", "FLOAT", "ARRAY<DOUBLE>"]
PATHS = ["$.n.k", "$.n.k[0]", "$.n.k[*]", "$.n", "$.m[0]", "$.m[-1]", "$.m[0,1]", "$.m[0:2]", "$..j", "$.n['k']", "$['c d']", "$.a",
         "$.nosuch", "$.n.*", "$.n.k[?(@.j>1)]", "$.n.k[*].j", "$", "$.n.k.length()", "$.m.length()", "$.m[?(@=='a')]",
         "$.n.k[?(@.j)].j", "$['dot.ted']", "$.n.k.sum()"]
PROGRAMS = [".n.k", ".n.j", ".m[0]", ".m[]", ".m[-1]", ".a", ".", ".n|keys", ".m|length", ".nosuch", ".n.k?", ".l + 1",
            "if .l then 1 else 2 end", ".n[\"k\"]", ".m[1:]", ".a, .b", ".m | map(. )", ".a|ascii_upcase", ".l|tostring", ".d * 2",
            "[.a,.b]", "{x: .a}"]
EXPRESSIONS = [
    "concat(a, 'x')", "upper(a)", "lower(b)", "l + 1", "d * 2", "l / 2", "l + d", "nvl(a, 'none')", "nvl(l, 0)", "cast(l, 'LONG')",
    "cast(d, 'STRING')", "cast(a, 'DOUBLE')", "strlen(a)", "if(l > 3, 'big', 'small')", "case_simple(a, 'x', 1, 2)",
    "timestamp_floor(__time, 'PT1H')", "timestamp_format(__time)", "timestamp_parse(b)", "timestamp_extract(__time, 'DAY')",
    "__time + 3600000", "array_length(m)", "array_to_string(m, '-')", "mv_to_array(m)", "array(a, b)", "m", "n",
    "json_value(n, '$.k')", "json_value(n, '$.k[0]', 'LONG')", "json_query(n, '$.k')", "json_object('x', a)", "json_keys(n, '$')",
    "to_json_string(n)", "parse_json(b)", "try_parse_json(a)", "regexp_extract(a, '^(.)', 1)", "substring(a, 0, 1)",
    "replace(a, 'x', 'yy')", "like(a, 'x%')", "a == b", "a > b", "isnull(a)", "notnull(l)", "array_append(m, 'z')",
    "array_contains(m, 'b')", "string_to_array(a, ',')", "map((v) -> concat(v, '!'), m)", "filter((v) -> v != 'a', m)",
    "fold((v, acc) -> acc + strlen(v), m, 0)", "abs(l)", "round(d, 1)", "l % 3", "l ^ 2", "bitwiseAnd(l, 1)", "1", "'const'", "null",
    "\"c d\"", "\"dot.ted\"", "nosuch", "human_readable_binary_byte_format(l)", "parse_long(a)", "parse_long(a, 16)",
    "lpad(a, 4, '*')", "repeat(a, 2)", "reverse(a)", "greatest(l, d)", "least(a, b)", "format('%s-%d', a, l)", "trim(b)",
    "contains_string(a, 'x')", "strpos(a, 'x')", "safe_divide(l, 0)", "hypot(d, l)", "floor(d)", "cos(d)"]
FILTER_VALUES = ["x", "y", "", "5", "1.5", None, "a", "2020-01-01T00:10:00Z"]
METRICS = ["count", "longSum", "doubleSum", "floatSum", "longMin", "longMax", "doubleMin", "doubleMax", "floatMin", "floatMax",
           "hyperUnique", "stringFirst", "stringLast", "longFirst", "longLast", "doubleFirst", "doubleLast", "filtered", "expression",
           "cardinality", "HLLSketchBuild", "thetaSketch"]
GRANULARITIES = ["none", "hour", "day", "minute", {"type": "period", "period": "PT6H"}, "all", "month"]
FEATURES = ["ALLOW_COMMENTS", "ALLOW_YAML_COMMENTS", "ALLOW_SINGLE_QUOTES", "ALLOW_UNQUOTED_FIELD_NAMES", "ALLOW_MISSING_VALUES",
            "ALLOW_TRAILING_COMMA", "ALLOW_NUMERIC_LEADING_ZEROS", "ALLOW_NON_NUMERIC_NUMBERS", "ALLOW_UNQUOTED_CONTROL_CHARS",
            "ALLOW_BACKSLASH_ESCAPING_ANY_CHARACTER", "STRICT_DUPLICATE_DETECTION", "ALLOW_LEADING_DECIMAL_POINT_FOR_NUMBERS"]


def relaxed_lines(line):
    """What a featureSpec may allow."""
    values = ["NaN", "-INF", "+Infinity", "-NaN", "007", "-00.5", ".5", "-.5", "5.", "5.e1", "+5", "+.5", "'it''s'", "'x\\'\"y'", "\"\\q\"",
              "\"a\tb\"", "[1,,2]", "[,]", "[1,]", "[1,,]", "[]", "{x:1,}", "{'y':{z-1:[],},}", "", "/* c */5", "5// c", "5# c", "[1/**/,2]"]
    fields = [f"{line[:-1]}, {name}: {value}}}" for value in values for name in ["\"a\"", "l", "'d'"]]
    return spoilt_lines(line) + fields + [line.replace("\"", "'"), line[:-1] + ",}", line + "// c", line + " # c", "/* c */" + line]


def spoilt_lines(line):
    """What may become of a line of JSON on its way, and lines that never were right."""
    return [line[:len(line) // 2], line + "}", "not json", "[1,2]", "5", "\"text\"", "null", "{}", "", "  ", line + line,
            line + " " + line, line.replace(":", "=", 1), line.replace("\"", "'"), line[:-1] + ",}",
            line.replace("{", "{\"nan\":NaN,", 1), line.replace("{", "{\"a\":1,\"a\":2,", 1), "// comment",
            "[" + line + "," + line + "]", line + ",", "\ufeff" + line, line + "\r", "{\"t\":\"2020-01-01\",\"a\":01}",
            "{\"t\":\"2020-01-01\",\"a\":\"\\x\"}", "{\"t\":\"2020-01-01\",\"a\":\"\\ud800\"}",
            "{\"t\":\"2020-01-01\",\"d\":1e999,\"l\":1E400}", "{\"t\":\"2020-01-01\",\"a\":\"tab\there\"}",
            "{\"t\":\"2020-01-01\",\"a\":+1}", "{\"t\":\"2020-01-01\",\"a\":.5}", "{t:\"2020-01-01\"}", "{\"t\":\"2020-01-01\",\"a\":tru}"]


class Samples:
    """The same seed gives the same specifications."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.pick = self.random.choice
        self.format = "auto"  # of times

    def maybe(self, chance):
        return self.random.random() < chance

    def some(self, values, most):
        return self.random.sample(values, self.random.randint(0, min(most, len(values))))

    # Rows.

    def value(self, depth=0):
        kind = self.random.random()
        if kind < 0.35:
            return self.pick(STRINGS)
        if kind < 0.6:
            return self.pick(NUMBERS)
        if kind < 0.72:
            return self.pick([None, True, False])
        if depth > 2 or kind < 0.8:
            return self.pick(["x", "y", "z"])
        if kind < 0.9:
            return [self.value(depth + 1) for _ in range(self.random.randint(0, 4))]
        keys = ["k", "j", "a", "c d", "x.y", ""]
        return {self.pick(keys): self.value(depth + 1) for _ in range(self.random.randint(0, 3))}

    def usual_time(self):
        """Seldom twice: Druid keeps the last time by its text, whatever the format."""
        day, hour = self.random.randint(1, 3), self.random.randint(0, 9)
        minute, second, milli = self.random.randint(10, 59), self.random.randint(10, 59), self.random.randint(100, 999)
        return f"2020-01-0{day}T0{hour}:{minute}:{second}.{milli}Z"

    def time(self, odd):
        return self.pick(TIMES) if self.format == "auto" and self.maybe(odd) else self.usual_time()

    def usual_value(self, field):
        if field == "a":
            return self.pick(STRINGS)
        if field == "m":
            return self.random.choices(["a", "b", "c", "", None, 1], k=self.random.randint(0, 4))
        if field == "n":
            return {"k": self.pick(NESTED), "j": self.pick([True, 1.5, "t"])}
        values = {"b": ["x", "y", "z", "2020-01-01", "{\"k\":1}"], "l": [1, 2, 3, 5, 7, "4"], "d": [0.5, 1.5, 2, 1e10]}
        return self.pick(values.get(field, ["p", "q", 3]))

    def row(self):
        row = {"t": self.time(0.3)} if self.maybe(0.95) else {}
        for field in FIELDS:
            if self.maybe(0.75 if field in "abldmn" else 0.2):
                row[field] = self.value() if self.maybe(0.25) else self.usual_value(field)
        members = list(row.items())
        if self.maybe(0.1):
            self.random.shuffle(members)
        return dict(members)

    def json_lines(self, spoilt=spoilt_lines, chance=0.08):
        lines = [json.dumps(self.row(), ensure_ascii=self.maybe(0.3)) for _ in range(self.random.randint(1, 8))]
        lines = [self.pick(spoilt(line)) if self.maybe(chance) else line for line in lines]
        return "\n".join(lines) + ("\n" if self.maybe(0.8) else "")

    def cell(self):
        text = str(self.pick([self.pick(STRINGS), self.pick(NUMBERS), "x", "y", "x|y", "a\u0001b", "5", ""]))
        if self.maybe(0.15):
            return "\"" + text.replace("\"", "\"\"") + "\""
        if self.maybe(0.05):
            return self.pick(["\"", "\"open", "close\"", "a\"b", "\"a\"b", " \"x\" ", "\\\"", "\\N"])
        return text.replace("\n", " ")

    def cells(self, columns):
        cells = [str(self.time(0.2)).replace("\n", "")] + [self.cell() for _ in columns[1:]]
        if self.maybe(0.1):
            cells = cells[:self.random.randint(0, len(cells))]
        return cells + (["more", "5"] if self.maybe(0.1) else [])

    # How they are read.

    def flattened_field(self, number):
        name = self.pick([f"f{number}", "a", "l", "n"])
        kind = self.pick(["path", "path", "jq", "root", "name"])
        if kind == "name":
            return self.pick(["a", "n", "m", "nosuch"])
        if kind == "root":
            return {"type": "root", "name": name, **({"expr": self.pick(["a", "n", "m", "nosuch"])} if self.maybe(0.6) else {})}
        return {"type": kind, "name": name, "expr": self.pick(PATHS if kind == "path" else PROGRAMS)}

    def json_format(self):
        spec = {"type": "json"}
        if self.maybe(0.4):
            spec["flattenSpec"] = {"fields": [self.flattened_field(number) for number in range(self.random.randint(0, 4))]}
            if self.maybe(0.7):
                spec["flattenSpec"]["useFieldDiscovery"] = self.maybe(0.7)
        for option in self.some(["keepNullColumns", "assumeNewlineDelimited", "useJsonNodeReader"], 1):
            spec[option] = self.maybe(0.7)
        return spec

    def delimited(self):
        spec = {"type": self.pick(["csv", "csv", "tsv"])}
        delimiter = "," if spec["type"] == "csv" else "\t"
        if spec["type"] == "tsv" and self.maybe(0.3):
            delimiter = spec["delimiter"] = self.pick(["|", ";", "\u0001"])
        columns = ["t"] + self.random.sample(["a", "b", "l", "d", "m", "c d"], self.random.randint(1, 6))
        header = self.maybe(0.4)
        spec.update({"findColumnsFromHeader": True} if header else {"columns": columns})
        if self.maybe(0.15):
            spec["skipHeaderRows"] = self.random.randint(0, 2)
        if self.maybe(0.4):
            spec["listDelimiter"] = self.pick(["|", "\u0001", ";", "a"])
        if self.maybe(0.2):
            spec["tryParseNumbers"] = self.maybe(0.7)
        rows = [columns] if header else []
        rows += [self.cells(columns) for _ in range(self.random.randint(1, 7))]
        if self.maybe(0.1):
            rows.insert(self.random.randint(0, len(rows)), [])
        return spec, self.pick(["\n", "\n", "\r\n"]).join(map(delimiter.join, rows)) + self.pick(["\n", ""])

    def regex(self):
        pattern = self.pick(["^([^ ]+) (\\w+) (.*)$", "(\\S+)\\s+(?<b>\\S+)\\s*(\\S+)?", "([^,]*),([^,]*),(.*)"])
        spec = {"type": "regex", "pattern": pattern, "columns": self.pick([["t", "a", "b"], ["t", "a"], ["t", "a", "b", "l"]])}
        if self.maybe(0.4):
            spec["listDelimiter"] = self.pick(["|", "x"])
        pieces = [["2020-01-01T00:10:00Z", "bad"], [" ", ",", "  "], ["x", "y|z", "5", "é"], [" ", ","], STRINGS]
        lines = ["".join(map(self.pick, pieces)).replace("\n", " ") for _ in range(self.random.randint(1, 6))]
        return spec, "\n".join(lines)

    def reading(self):
        kind = self.random.random()
        if kind < 0.1:
            return {**self.json_format(), "featureSpec": dict.fromkeys(self.some(FEATURES, 6), True)}, self.json_lines(relaxed_lines, 0.7)
        if kind < 0.7:
            return self.json_format(), self.json_lines()
        return self.delimited() if kind < 0.95 else self.regex()

    # What becomes of them.

    def dimension(self, name):
        spec = {"type": self.pick(DIMENSION_TYPES), "name": name}
        if self.maybe(0.4):
            return name
        if spec["type"] == "string" and self.maybe(0.5):
            spec["multiValueHandling"] = self.pick(["SORTED_ARRAY", "SORTED_SET", "ARRAY", "sorted_set"])
        if spec["type"] == "string" and self.maybe(0.2):
            spec["createBitmapIndex"] = self.maybe(0.5)
        if spec["type"] == "auto" and self.maybe(0.3):
            spec["castToType"] = self.pick(CAST_TYPES)
        return spec

    def dimensions(self, transformed):
        spec, names = {}, []
        if self.maybe(0.6):
            names = self.some(sorted({*FIELDS, *transformed, "nosuch"}), 7)
            spec["dimensions"] = [self.dimension(name) for name in names]
            if self.maybe(0.15):
                spec["includeAllDimensions"] = True
        if self.maybe(0.2):
            spec["dimensionExclusions"] = [name for name in self.some(FIELDS, 3) if name not in names]
        if self.maybe(0.35):
            spec["useSchemaDiscovery"] = self.maybe(0.9)
        return spec

    def filter(self, depth=0):
        field = self.pick(["a", "b", "l", "d", "m", "n", "nosuch", "__time", "c d"])
        simple = self.pick(["x", "5", "a", "y"])
        typed = [{"matchValueType": "STRING", "matchValue": simple}, {"matchValueType": "LONG", "matchValue": 5},
                 {"matchValueType": "DOUBLE", "matchValue": 1.5}, {"matchValueType": "ARRAY<STRING>", "matchValue": ["a", "b"]}]
        ranges = [{"matchValueType": "STRING", "lower": "a", "upper": "y"}, {"matchValueType": "LONG", "lower": 2},
                  {"matchValueType": "DOUBLE", "upper": 5.5, "upperOpen": True}]
        orderings = ["lexicographic", "numeric", "alphanumeric", "strlen", "version"]
        expressions = ["l > 2", "a == 'x'", "strlen(b) > 0", "notnull(m)", "array_contains(m, 'a')", "json_value(n, '$.j') == 't'"]
        leaves = [
            {"type": "selector", "dimension": field, "value": self.pick(FILTER_VALUES)},
            {"type": "in", "dimension": field, "values": self.random.sample(FILTER_VALUES, 3)},
            {"type": "bound", "dimension": field, "lower": self.pick(["1", "a", None]), "upper": self.pick(["5", "x"]),
             "ordering": self.pick(orderings)},
            {"type": "like", "dimension": field, "pattern": self.pick(["x%", "%a%", "_", "%"])},
            {"type": "regex", "dimension": field, "pattern": self.pick(["^x", "[0-9]+", "a|b"])},
            {"type": "null", "column": field},
            {"type": "equals", "column": field, **self.pick(typed)},
            {"type": "range", "column": field, **self.pick(ranges)},
            {"type": "search", "dimension": field, "query": {"type": "insensitive_contains", "value": simple}},
            {"type": "interval", "dimension": "__time", "intervals": ["2020-01-01/2020-01-02"]},
            {"type": "expression", "expression": self.pick(expressions)},
            {"type": "columnComparison", "dimensions": ["a", "b"]}, {"type": "true"}, {"type": "false"},
            {"type": "arrayContainsElement", "column": field, "elementMatchValueType": "STRING", "elementMatchValue": "a"}]
        if depth < 2 and self.maybe(0.2):
            if self.maybe(0.3):
                return {"type": "not", "field": self.filter(depth + 1)}
            return {"type": self.pick(["and", "or"]), "fields": [self.filter(depth + 1), self.filter(depth + 1)]}
        return self.pick(leaves)

    def transform_spec(self):
        spec = {}
        if self.maybe(0.75):
            names = self.random.sample(["v1", "v2", "v3", "a", "l", "m", "__time"], self.random.randint(1, 3))
            spec["transforms"] = [{"type": "expression", "name": name, "expression": self.pick(EXPRESSIONS)} for name in names]
        if self.maybe(0.4):
            spec["filter"] = self.filter()
        return spec

    def metric(self, number):
        spec = {"type": self.pick(METRICS), "name": f"metric{number}"}
        if spec["type"] == "filtered":
            inner = {"type": self.pick(["longSum", "doubleSum", "thetaSketch"]), "name": spec["name"], "fieldName": "l"}
            return {**spec, "filter": self.filter(), "aggregator": inner}
        if spec["type"] == "expression":
            return {**spec, "type": "longSum", "expression": self.pick(["l + 1", "l * 2", "strlen(a)", "d + l"])}
        if spec["type"] == "cardinality":
            return {**spec, "fields": self.some(["a", "l", "d", "m", "n", "nosuch", "b", "__time"], 3), "byRow": self.maybe(0.5)}
        if spec["type"] != "count":
            spec["fieldName"] = self.pick(["a", "l", "d", "m", "n", "nosuch", "b", "l", "d"])
        return spec

    def data_schema(self):
        transforms = self.transform_spec() if self.maybe(0.35) else {}
        made = [transform["name"] for transform in transforms.get("transforms", []) if transform["name"] != "__time"]
        time = {"column": "t", "format": self.format}
        if self.maybe(0.2):
            time["missingValue"] = "2019-01-01"
        if self.maybe(0.05):
            time["column"] = self.pick(["nosuch", "__time"])
        rollup = self.maybe(0.35)
        schema = {"dataSource": "s", "timestampSpec": time, "dimensionsSpec": self.dimensions(made), "granularitySpec": {"rollup": rollup}}
        if rollup or self.maybe(0.3):
            schema["metricsSpec"] = [self.metric(number) for number in range(self.random.randint(0, 4))]
        if self.maybe(0.5):
            schema["granularitySpec"]["queryGranularity"] = self.pick(GRANULARITIES)
        return {**schema, **({"transformSpec": transforms} if transforms else {})}

    def sample(self):
        self.format = self.pick(FORMATS) if self.maybe(0.25) else "auto"
        input_format, data = self.reading()
        io = {"type": "index", "inputSource": {"type": "inline", "data": data}, "inputFormat": input_format}
        spec = {"type": "index", "spec": {"type": "index", "dataSchema": self.data_schema(), "ioConfig": io}}
        return {**spec, **({"samplerConfig": {"numRows": self.random.randint(1, 5)}} if self.maybe(0.15) else {})}
