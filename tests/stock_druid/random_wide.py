"""Random native queries over the generated data (`generated.py`): what `random_queries.py` makes, over more columns, data sources and
contexts, and with more functions."""

from random_queries import GRANULARITIES, INTERVALS, LISTS, STRINGS, VALUES, Queries

TEXTS = [*STRINGS, "many", "skewed", "sparse"]
ARRAYS = ["words", "counts"]
ANY = ["mixed", "document"]
MORE_VALUES = {"many": ["b4-é5", "1a2b-é0", None], "skewed": ["common", "rare 7", "rare 1200"], "sparse": ["", "a", "ä", None],
               "words": ["ab", "", None], "counts": ["0", "2", None], "mixed": ["7", "text 7", "3.5", None], "document": ["x", None]}
ROLLED_NUMBERS = ["count", "qty", "price", "price_min", "ratio", "lat", "big"]
MORE_INTERVALS = [*INTERVALS, "2024-02-28/2024-03-05", "2024-03-02/P1D", "2024-02-29T11:00/PT90M", "2023/2024",
                  "-146136543-09-08T08:23:32.096Z/146140482-04-24T15:36:27.903Z"]
PARTS_OF_JSON = ["$.a.b", "$.c", "$", "$.nothing", "$['a']"]


class WideQueries(Queries):
    def __init__(self, seed):
        super().__init__(seed)
        self.rolled = False

    def column(self):
        if self.rolled:
            return self.choose(["city", "level", "flag", *LISTS, *ROLLED_NUMBERS, "__time", "user"])
        return super().column() if self.maybe(0.7) else self.choose([*TEXTS[-3:], *ARRAYS, *ANY])

    def value(self, column):
        return self.choose({**VALUES, **MORE_VALUES}.get(column, ["1", "20", None]))

    def present_value(self, column):
        return self.choose([value for value in {**VALUES, **MORE_VALUES}.get(column, ["1", "20"]) if value is not None])

    # --- expressions

    def array_expression(self, depth=1):
        one = self.choose(["words", "counts", "mv_to_array(tags)", "array('a', level)", "array(1, qty)", "[1, 2, 82]",
                           "string_to_array(path, '/')"])
        if depth == 0 or self.maybe(0.3):
            return one
        other = self.array_expression(depth - 1)
        return self.choose([
            f"array_concat({one}, {other})", f"array_append({one}, {self.choose(['1', 'level', 'qty'])})", f"array_prepend(level, {one})",
            f"array_slice({one}, {self.choose([0, 1])}, 2)", f"array_set_add({one}, 'ab')", f"array_set_add_all({one}, {other})",
            f"map((x) -> concat(x, 'z'), {one})", f"filter((x) -> x > 1, {one})", f"cartesian_map((x, y) -> concat(x, y), {one}, {other})"])

    def number_expression(self, depth=2):
        if depth == 0 or self.rolled or self.maybe(0.8):
            return super().number_expression(depth)
        array, text = self.array_expression(), self.string_expression(depth - 1)
        one = self.number_expression(depth - 1)
        return self.choose([
            f"array_length({array})", f"array_offset_of({array}, 'ab')", f"array_ordinal_of({array}, 2)",
            f"fold((x, acc) -> acc + x, {array}, 0)",
            f"json_value(document, '$.a.b', 'LONG')", f"json_value(mixed, '$', 'DOUBLE')",
            f"array_offset(counts, {self.choose([0, 1, 5])})",
            f"subtract_months(__time, {one}, 'UTC')", f"unix_timestamp({text})", f"timestamp_extract({one}, 'CENTURY')",
            f"ipv4_parse({text})", f"remainder({one}, 7)", f"copySign({one}, -1)", f"ulp({one})", f"toDegrees({one})", f"tan({one})",
            f"nextUp({one})", f"scalb({one}, 3)", f"bitwiseOr({one}, 5)", f"bitwiseShiftLeft({one}, 60)",
            f"bitwiseConvertDoubleToLongBits({one})",
            f"({one} ^ 2)", f"round({one}, -1)", f"getExponent({one})", f"cot({one})", f"expm1({one} / 1000)", f"log1p({one})",
            f"timestamp_floor({one}, 'P1M', '2024-01-15', 'Asia/Kolkata')", f"timestamp_shift({one}, 'P1M', 3, 'America/Los_Angeles')",
            f"cast(array({one}), 'LONG')", f"hyper_unique_estimate(hyper_unique_add({text}, hyper_unique()))"])

    def string_expression(self, depth=2):
        if depth == 0 or self.rolled or self.maybe(0.8):
            return super().string_expression(depth)
        array, one = self.array_expression(), self.string_expression(depth - 1)
        return self.choose([
            f"array_to_string({array}, '-')", f"array_offset({array}, 0)", f"array_to_mv({array})", f"json_value(document, '$.c')",
            f"to_json_string(json_query(document, '$'))", f"to_json_string(mixed)", f"cast({array}, 'STRING')", f"json_value(mixed, '$')",
            f"human_readable_decimal_byte_format({self.number_expression(depth - 1)})", f"human_readable_decimal_format(qty * 1000, 1)",
            f"ipv4_stringify({self.number_expression(depth - 1)})", f"regexp_extract({one}, '(.*?)a', 0)", f"format('%s/%s', {one}, level)",
            f"format('%d', qty)", f"to_json_string(json_object('k', {one}))", f"array_to_string(json_keys(document, '$'), ',')",
            f"array_to_string(json_paths(document), ',')",
            f"timestamp_format({self.number_expression(depth - 1)}, 'YYYY-ww-ee', 'Asia/Tokyo')",
            f"json_value(parse_json('[1, \"b\"]'), '$[1]')", f"mv_harmonize_nulls(tags)",
            f"lookup({one}, 'none such')" if self.maybe(0.05) else one])

    def virtual_column(self, name):
        if self.rolled or self.maybe(0.6):
            return super().virtual_column(name)
        array = self.array_expression()
        return self.choose([
            {"type": "expression", "name": name, "expression": array,
             "outputType": self.choose(["ARRAY<STRING>", "ARRAY<LONG>", "ARRAY<DOUBLE>", "STRING"])},
            {"type": "expression", "name": name, "expression": self.expression()},
            {"type": "nested-field", "columnName": self.choose(["document", "mixed", "words", "counts"]), "outputName": name,
             "path": self.choose(PARTS_OF_JSON), "expectedType": self.choose(["STRING", "LONG", "DOUBLE"])},
            {"type": "nested-field", "columnName": "counts", "outputName": name, "path": "$[1]", "expectedType": "LONG"},
            {"type": "fallback", "name": name, "columns": self.random.sample(["sparse", "ratio", "code", "mixed"], 2)},
            {"type": "mv-filtered", "name": name, "delegate": {"type": "default", "dimension": self.choose(["tags", "level"]),
                                                               "outputName": "x"},
             "values": ["green", "high", None], "isAllowList": self.maybe(0.5)}])

    # --- parts

    def extraction(self, depth=1):
        if self.maybe(0.85):
            return super().extraction(depth)
        return self.choose([
            {"type": "time", "timeFormat": "yyyy-MM-dd'T'HH:mm:ss.SSSZ", "resultFormat": "yyyy/MM", "joda": True},
            {"type": "substring", "index": 2}, {"type": "regex", "expr": "^(\\D*)(\\d+)?", "index": 2},
            {"type": "searchQuery", "query": {"type": "fragment", "values": ["a", "E"], "caseSensitive": self.maybe(0.5)}},
            {"type": "stringFormat", "format": "%5s|"},
            {"type": "lookup", "lookup": {"type": "map", "map": {"a": "b", "common": "", "true": "1"}, "isOneToOne": self.maybe(0.3)},
             "replaceMissingValueWith": "other", "optimize": self.maybe(0.5), "injective": self.maybe(0.3)}])

    def leaf_filter(self):
        if self.rolled or self.maybe(0.7):
            return super().leaf_filter()
        column, array = self.column(), self.choose(ARRAYS)
        return self.choose([
            {"type": "equals", "column": array, "matchValueType": "ARRAY<STRING>",
             "matchValue": self.choose([["ab"], ["ab", None], ["c", ""]])},
            {"type": "equals", "column": array, "matchValueType": "ARRAY<LONG>", "matchValue": self.choose([[0], [2, None, 2]])},
            {"type": "range", "column": array, "matchValueType": "ARRAY<STRING>", "lower": ["a"], "upper": ["b", "c"],
             "upperOpen": self.maybe(0.5)},
            {"type": "range", "column": array, "matchValueType": "ARRAY<LONG>", "lower": [1]},
            {"type": "arrayContainsElement", "column": array, "elementMatchValueType": self.choose(["LONG", "STRING"]),
             "elementMatchValue": self.choose([1, 2, None])},
            {"type": "arrayContainsElement", "column": "words", "elementMatchValueType": "STRING",
             "elementMatchValue": self.choose(["ab", "", None])},
            {"type": "inType", "column": self.choose([*ANY[:1], "qty", "ratio", "code"]),
             "matchValueType": self.choose(["LONG", "DOUBLE", "STRING"]),
             "values": self.choose([[None, 7], [7, 3], [1, 2, 3, 82]])},
            {"type": "equals", "column": column, "matchValueType": self.choose(["LONG", "DOUBLE", "FLOAT"]),
             "matchValue": self.choose([7, 82, 0])},
            {"type": "range", "column": column, "matchValueType": self.choose(["LONG", "DOUBLE"]), "lower": self.choose([0, 3.5, -4]),
             "upper": 40,
             "lowerOpen": self.maybe(0.5)},
            {"type": "selector", "dimension": column, "value": self.value(column), "filterTuning": {"useBitmapIndex": self.maybe(0.5)}},
            {"type": "in", "dimension": column, "values": [f"u{i}" for i in range(0, 900, 3)]},
            {"type": "in", "dimension": column, "values": []},
            {"type": "like", "dimension": self.choose(["many", "user", "path"]),
             "pattern": self.choose(["1%", "u19%", "%é3", "/shop/%1_.html", "_"])},
            {"type": "bound", "dimension": self.choose(["qty", "price", "big", "ratio", "lat", "code"]),
             "lower": self.choose(["1.5", "-3", "x", "0"]),
             "upper": self.choose(["40", "9e99", "50.25"]), "ordering": "numeric", "lowerStrict": self.maybe(0.5),
             "upperStrict": self.maybe(0.5)},
            {"type": "interval", "dimension": self.choose(["big", "qty", "code"]),
             "intervals": ["1970-01-01T00:00:00.000/1970-01-01T00:00:00.050"]},
            {"type": "columnComparison", "dimensions": [self.dimension("x"), self.column(), self.column()]},
            {"type": "expression", "expression": self.condition()}])

    def dimension(self, name):
        if self.rolled or self.maybe(0.65):
            made = super().dimension(name)
            inner = made.get("delegate", made)
            if self.rolled and inner["dimension"] not in ["city", "level", "tags", "flag", "nothing"]:
                inner["dimension"] = self.choose(["city", "level", "tags", "flag"])
                if "timeFormat" in repr(made):
                    return {"type": "default", "dimension": inner["dimension"], "outputName": name, "outputType": "STRING"}
            return made
        column = self.choose(["big", "lat", "__time", "many", "skewed", "sparse", *ARRAYS, "mixed", "v0"])
        kinds = {"big": ["LONG", "STRING"], "lat": ["DOUBLE", "FLOAT", "STRING"], "__time": ["LONG", "STRING"],
                 "words": ["ARRAY<STRING>", "ARRAY<STRING>", "STRING"], "counts": ["ARRAY<LONG>", "ARRAY<LONG>", "ARRAY<STRING>"]}
        return {"type": "default", "dimension": column, "outputName": name, "outputType": self.choose(kinds.get(column, ["STRING"]))}

    def of_rolled(self):
        return self.choose([
            {"type": "longSum", "fieldName": "count"}, {"type": self.choose(["longSum", "doubleMax", "floatMin"]),
                                                        "fieldName": self.choose(ROLLED_NUMBERS)},
            {"type": "hyperUnique", "fieldName": "users_unique", "round": self.maybe(0.5)},
            {"type": "thetaSketch", "fieldName": "users_theta", "size": 4096},
            {"type": "HLLSketchMerge", "fieldName": "users_hll", "lgK": 12, "round": self.maybe(0.5)},
            {"type": "quantilesDoublesSketch", "fieldName": "prices", "k": 64},
            {"type": "approxHistogramFold", "fieldName": "price_histogram", "resolution": 20},
            {"type": "doubleSum", "fieldName": "price"}, {"type": "floatSum", "fieldName": "lat"}, {"type": "longMax", "fieldName": "big"},
            {"type": "doubleMean", "fieldName": "qty"}, {"type": "cardinality", "fields": ["city", "tags"]}])

    def aggregator(self, name, depth=1):
        if self.rolled:
            chosen = {**self.of_rolled(), "name": name}
        elif self.maybe(0.7):
            return super().aggregator(name, depth)
        else:
            number = self.choose(["long", "double", "float"])
            chosen = {**self.choose([
                {"type": number + self.choose(["Sum", "Min", "Max"]),
                 "fieldName": self.choose(["mixed", "code", "tags", "lat", "big", "counts", "v0"])},
                {"type": number + self.choose(["Min", "Max"]), "expression": self.string_expression()},
                {"type": number + self.choose(["First", "Last"]), "fieldName": self.choose(["lat", "ratio", "nothing"]),
                 "timeColumn": self.choose(["__time", "big", "qty"])},
                {"type": self.choose(["stringFirst", "stringLast"]), "fieldName": self.choose(["many", "qty", "tags", "sparse"]),
                 "maxStringBytes": 64},
                {"type": "cardinality", "fields": self.several(lambda: self.choose(["many", "price", "ratio", "big", *LISTS, "lat"]), 1,
                                                               3), "byRow": self.maybe(0.5)},
                {"type": "HLLSketchBuild", "fieldName": self.choose(["many", "big", "lat", "tags"]),
                 "tgtHllType": self.choose(["HLL_4", "HLL_6", "HLL_8"])},
                {"type": "thetaSketch", "fieldName": self.choose(["many", "user", "big"]), "size": self.choose([64, 65536]),
                 "errorBoundsStdDev": self.choose([None, 2])},
                {"type": "doubleMean", "fieldName": self.choose(["lat", "big", "tags", "code"])},
                {"type": "fixedBucketsHistogram", "fieldName": self.choose(["lat", "qty", "ratio"]), "numBuckets": 7, "lowerLimit": -10,
                 "upperLimit": 55.5,
                 "outlierHandlingMode": "overflow"},
                {"type": "expression", "fields": ["level"], "initialValue": "''", "fold": "if(__acc > level, __acc, nvl(level, ''))",
                 "combine": f"if(__acc > {name}, __acc, {name})"},
                {"type": "expression", "fields": ["tags"], "initialValue": "ARRAY<STRING>[]", "initialCombineValue": "ARRAY<STRING>[]",
                 "fold": "array_set_add_all(__acc, tags)", "combine": f"array_set_add_all(__acc, {name})", "finalize": "array_length(o)"},
                {"type": "expression", "fields": ["price"], "initialValue": "0.0", "fold": "__acc + price", "combine": f"__acc + {name}",
                 "shouldAggregateNullInputs": False, "isNullUnlessAggregated": self.maybe(0.5)},
            ]), "name": name}
        if depth > 0 and self.maybe(0.2):
            return {"type": "filtered", "filter": self.filter(1), "aggregator": chosen}
        return chosen

    def right_side(self):
        inline = {"type": "inline", "columnNames": ["k", "v", "n"], "columnTypes": ["STRING", "STRING", "LONG"],
                  "rows": [["phone", "P", 1], ["tablet", "T", 2], [None, "N", None], ["phone", "Q", 4], ["u1", "", 82], ["high", None, 9]]}
        grouped = {"queryType": "groupBy", "dataSource": "events", "intervals": ["2024-02-28/2024-03-02"], "granularity": "all",
                   "dimensions": [{"type": "default", "dimension": self.choose(["device", "user", "level"]), "outputName": "k"}],
                   "aggregations": [{"type": "longMax", "name": "n", "fieldName": "qty"}],
                   "postAggregations": [{"type": "expression", "name": "v", "expression": "concat('q', n)"}]}
        return self.choose([inline, inline, {"type": "query", "query": grouped}])

    def data_source(self):
        self.rolled = False
        if self.maybe(0.15):
            self.rolled = True
            return "rolled"
        if self.maybe(0.75):
            return super().data_source()
        condition = self.choose(['device == "j.k"', 'user == "j.k"', 'level == "j.k" && qty == "j.n"', 'tags == "j.k"',
                                 'concat(\'\', device) == "j.k"', 'qty == "j.n"'])
        join = {"type": "join", "left": "events", "right": self.right_side(), "rightPrefix": "j.", "condition": condition,
                "joinType": self.choose(["INNER", "LEFT", "INNER", "LEFT", "RIGHT", "FULL"])}
        return self.choose([
            join, {**join, "leftFilter": self.leaf_filter()}, {**join, "left": join, "rightPrefix": "k.", "condition": 'device == "k.k"'},
            {"type": "union", "dataSources": ["events", "rolled"]},
            {"type": "unnest", "base": {"type": "table", "name": "events"}, "virtualColumn":
                {"type": "expression", "name": self.choose(["unnested", "level"]),
                 "expression": self.choose(['"words"', '"counts"', "string_to_array(path, '/')"]),
                 "outputType": "STRING"}, **self.choose([{}, {"unnestFilter": {"type": "selector", "dimension": "unnested",
                                                                               "value": "ab"}}])},
            {"type": "filter", "base": {"type": "unnest", "base": {"type": "table", "name": "events"}, "virtualColumn":
                {"type": "expression", "name": "unnested", "expression": '"tags"', "outputType": "STRING"}}, "filter": self.leaf_filter()},
            {"type": "inline", "columnNames": ["__time", "device", "qty", "price", "tags", "level"],
             "columnTypes": ["LONG", "STRING", "LONG", "DOUBLE", "STRING", "STRING"],
             "rows": [[1709164800000 + i * 600000, self.choose(["phone", "tv", None]), self.choose([i, None]), i / 4,
                       ["a", "b"][:i % 3] or None, ""] for i in range(40)]}])

    # --- queries

    def context(self):
        more = {"vectorSize": [1, 64, 512, 4096], "vectorizeVirtualColumns": ["true", "false"], "useFilterCNF": [True, False],
                "groupByStrategy": ["v2"],
                "groupByIsSingleThreaded": [True], "bufferGrouperInitialBuckets": [16], "timeout": [60000], "priority": [-5, 3],
                "queryId": ["one", "two"],
                "applyLimitPushDown": [True, False], "forceLimitPushDown": [False], "minTopNThreshold": [1000, 5000],
                "maxOnDiskStorage": [100000000],
                "enableJoinFilterPushDown": [False], "enableJoinFilterRewrite": [False], "enableRewriteJoinToFilter": [False],
                "useCache": [True], "populateCache": [True],
                "sqlStringifyArrays": [False], "serializeDateTimeAsLong": [True], "maxScatterGatherBytes": [10 ** 9],
                "chunkPeriod": ["P1D"], "debug": [False],
                "secondaryPartitionPruning": [False], "inSubQueryThreshold": [3], "groupByEnableMultiValueUnnesting": [True]}
        return {**super().context(), **{key: self.choose(values) for key, values in more.items() if self.maybe(0.06)}}

    def shared(self, kind):
        query = super().shared(kind)
        if self.maybe(0.25):
            query["intervals"] = self.choose([[self.choose(MORE_INTERVALS)], [self.choose(MORE_INTERVALS), self.choose(MORE_INTERVALS)],
                                              ["2024-02-28T01:00/PT1H", "2024-02-28T01:30/PT2H", "2024-03-01T22:00/PT5H"]])
        return query

    def aggregating(self, kind):
        query, names = super().aggregating(kind)
        if self.maybe(0.2) and "146140482" not in repr(query["intervals"]) and "2023" not in repr(query["intervals"]):
            query["granularity"] = self.choose([*GRANULARITIES[:1], "fifteen_minute", "eight_hour", "year", *GRANULARITIES[8:]])
        if kind == "groupBy" and query["granularity"] != "all" and "146140482" in repr(query["intervals"]):
            query["granularity"] = "all"
        if "146140482" in repr(query["intervals"]) and kind != "groupBy":
            query["granularity"] = "all"
        return query, names

    def group_by(self):
        query = super().group_by()
        names = [spec.get("delegate", spec)["outputName"] for spec in query["dimensions"]]
        if names and self.maybe(0.1):
            query["limitSpec"] = {"type": "default", **self.choose([{"limit": 1000000}, {"offset": 2}, {}]), "columns": [
                {"dimension": name, "direction": "descending", "dimensionOrder": "lexicographic"} for name in names]}
        return query

    def scan(self):
        query = super().scan()
        if self.rolled:
            query["columns"] = ["__time", "city", "level", "tags", "count", "lat"]
        elif self.maybe(0.5):
            query["columns"] = [*self.random.sample([*TEXTS, *LISTS, *ARRAYS, *ANY, "big", "lat", "v0"], 5), "__time"]
        if self.maybe(0.2):
            query["batchSize"] = self.choose([1, 100])
        return query

    def search(self):
        query = super().search()
        if self.rolled:
            query["searchDimensions"] = ["city", "tags"]
        elif self.maybe(0.5):
            query["searchDimensions"] = self.random.sample([*TEXTS, *LISTS, "qty", "ratio"], 3)
        if self.maybe(0.2):
            query["granularity"] = self.choose(["day", "six_hour"])
        return query

    def segment_metadata(self):
        query = super().segment_metadata()
        query["dataSource"] = self.choose(["events", "rolled"])
        query["intervals"] = [self.choose(MORE_INTERVALS[:-2])]
        if self.maybe(0.3):
            query["aggregatorMergeStrategy"] = self.choose(["strict", "lenient", "earliest", "latest"])
        return query

    def data_source_metadata(self):
        return {"queryType": "dataSourceMetadata", "dataSource": self.choose(["events", "rolled", "none such"]),
                "context": {"useCache": False}}

    def nested(self):
        """Over another query of any type that gives rows."""
        if self.maybe(0.3):
            return super().nested()
        inner = self.choose([self.group_by, self.top_n, self.timeseries])()
        inner.pop("subtotalsSpec", None)
        inner["context"].update(finalize=True, grandTotal=False)
        specs = inner.get("dimensions") or ([inner["dimension"]] if "dimension" in inner else [])
        names = [spec.get("delegate", spec)["outputName"] for spec in specs]
        outer = {"dataSource": {"type": "query", "query": inner}, "granularity": "all", "intervals": ["2023/2025"],
                 "context": {"useCache": False},
                 "aggregations": [{"type": "doubleSum", "name": "s", "fieldName": "a0"}, {"type": "count", "name": "n"},
                                  {"type": "longMax", "name": "m", "fieldName": names[0] if names else "__time"}]}
        return {**outer, **self.choose([
            {"queryType": "groupBy", "dimensions": [{"type": "default", "dimension": name, "outputName": name} for name in names[:1]]},
            {"queryType": "timeseries"}, {"queryType": "topN",
                                          "dimension": {"type": "default", "dimension": names[0] if names else "none", "outputName": "d"},
                                          "metric": "n", "threshold": 7}])}

    def by_segment(self):
        query = self.timeseries()
        query.update(dataSource=query["dataSource"] if query["dataSource"] == "rolled" else "events", descending=False)
        query["context"].update(bySegment=True, grandTotal=False)
        return query

    def query(self):
        self.rolled = False
        kind = self.random.choices(["base", "metadata", "source", "nested", "segment"], weights=[92, 2, 1, 4, 1])[0]
        if kind == "base":
            return super().query()
        return {"metadata": self.segment_metadata, "source": self.data_source_metadata, "nested": self.nested,
                "segment": self.by_segment}[kind]()
