#pragma once
// Samples of each filter, aggregator, extraction function, virtual column, dimension and having that Druid knows, over
// a column that is to be filled in for $C.

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sarsen::engine {

using Samples = std::vector<std::pair<std::string_view, std::string_view>>;  // the type, the other members

inline const Samples kFilterSamples = {
    {"and", R"("fields":[{"type":"selector","dimension":"$C","value":"a"},{"type":"null","column":"text"}])"},
    {"arrayContainsElement", R"("column":"$C","elementMatchValueType":"STRING","elementMatchValue":"a")"},
    {"bloom",
     R"("dimension":"$C","bloomKFilter":"BAAAAAgAAAAAACAEAAAAAAAAAAACAAAACEAAAAAAAIAAAAAgAACCAAAAAAAAAAAAAAAEAAAAAABAAAAAgAAAAAAAAAAA")"},
    {"bound", R"("dimension":"$C","lower":"-0.0","upper":"NaN","ordering":"lexicographic")"},
    {"bound", R"("dimension":"$C","upper":"9223372036854775806.5","ordering":"numeric")"},
    {"bound", R"("dimension":"$C","lower":"","lowerStrict":true,"ordering":"alphanumeric")"},
    {"columnComparison", R"("dimensions":["$C","text"])"},
    {"equals", R"("column":"$C","matchValueType":"DOUBLE","matchValue":-0.0)"},
    {"equals", R"("column":"$C","matchValueType":"LONG","matchValue":-9223372036854775808)"},
    {"equals", R"("column":"$C","matchValueType":"STRING","matchValue":"")"},
    {"expression", R"("expression":"\"$C\" >= 0")"},
    {"expression", R"("expression":"nvl(\"$C\", '') == 'a'")"},
    {"extraction", R"("dimension":"$C","value":"A","extractionFn":{"type":"upper"})"},
    {"false", R"("x":0)"},
    {"in", R"("dimension":"$C","values":["a",null,"-0.0","9223372036854775807","1e400"])"},
    {"inType", R"("column":"$C","matchValueType":"LONG","values":[null,0,9223372036854775807])"},
    {"interval", R"("dimension":"$C","intervals":["1970/1971","-146136543-09-08T08:23:32.096Z/1960"])"},
    {"isfalse", R"("field":{"type":"selector","dimension":"$C","value":"a"})"},
    {"istrue", R"("field":{"type":"not","field":{"type":"selector","dimension":"$C","value":"a"}})"},
    {"javascript", R"("dimension":"$C","function":"function(x) { return true; }")"},
    {"like", R"("dimension":"$C","pattern":"%a_")"},
    {"like", R"("dimension":"$C","pattern":"%")"},
    {"not", R"("field":{"type":"range","column":"$C","matchValueType":"DOUBLE","lower":0})"},
    {"null", R"("column":"$C")"},
    {"or", R"("fields":[{"type":"selector","dimension":"$C","value":"a"},{"type":"null","column":"text"}])"},
    {"range", R"("column":"$C","matchValueType":"LONG","lower":-9223372036854775808,"upper":0)"},
    {"range", R"("column":"$C","matchValueType":"DOUBLE","lower":-0.0,"lowerOpen":true)"},
    {"range", R"("column":"$C","matchValueType":"STRING","upper":"b")"},
    {"regex", R"("dimension":"$C","pattern":"^[-a]|^$")"},
    {"search", R"("dimension":"$C","query":{"type":"insensitive_contains","value":"A"})"},
    {"selector", R"("dimension":"$C","value":"-0.0")"},
    {"selector", R"("dimension":"$C","value":null)"},
    {"spatial", R"("dimension":"$C","bound":{"type":"rectangular","minCoords":[0,0],"maxCoords":[1,1]})"},
    {"true", R"("x":0)"}};

inline const Samples kAggregatorSamples = {
    {"HLLSketchBuild", R"("fieldName":"$C")"},
    {"HLLSketchMerge", R"("fieldName":"$C")"},
    {"KllDoublesSketch", R"("fieldName":"$C")"},
    {"KllDoublesSketchMerge", R"("fieldName":"$C")"},
    {"KllFloatsSketch", R"("fieldName":"$C")"},
    {"KllFloatsSketchMerge", R"("fieldName":"$C")"},
    {"approxHistogram", R"("fieldName":"$C")"},
    {"approxHistogramFold", R"("fieldName":"$C")"},
    {"arrayOfDoublesSketch", R"("fieldName":"$C","metricColumns":["double","long"])"},
    {"bloom", R"("field":"$C","maxNumEntries":10)"},
    {"bloomMerge", R"("fieldName":"$C","maxNumEntries":10)"},
    {"cardinality", R"("fields":["$C","text"],"byRow":true)"},
    {"cardinality", R"("fields":["$C"])"},
    {"count", R"("x":0)"},
    {"doubleAny", R"("fieldName":"$C")"},
    {"doubleFirst", R"("fieldName":"$C")"},
    {"doubleLast", R"("fieldName":"$C","timeColumn":"long")"},
    {"doubleMax", R"("fieldName":"$C")"},
    {"doubleMean", R"("fieldName":"$C")"},
    {"doubleMin", R"("fieldName":"$C")"},
    {"doubleSum", R"("fieldName":"$C")"},
    {"doubleSum", R"("expression":"\"$C\" / 0.0")"},
    {"expression", R"("fields":["$C"],"initialValue":"0","fold":"__acc + 1","combine":"__acc + x")"},
    {"filtered", R"("filter":{"type":"not","field":{"type":"null","column":"$C"}},)"
                 R"("aggregator":{"type":"longSum","name":"x","fieldName":"long"})"},
    {"fixedBucketsHistogram",
     R"("fieldName":"$C","lowerLimit":-1,"upperLimit":1,"numBuckets":4,"outlierHandlingMode":"overflow")"},
    {"floatAny", R"("fieldName":"$C")"},
    {"floatFirst", R"("fieldName":"$C")"},
    {"floatLast", R"("fieldName":"$C")"},
    {"floatMax", R"("fieldName":"$C")"},
    {"floatMin", R"("fieldName":"$C")"},
    {"floatSum", R"("fieldName":"$C")"},
    {"grouping", R"("groupings":["$C"])"},
    {"hyperUnique", R"("fieldName":"$C")"},
    {"javascript", R"("fieldNames":["$C"],"fnAggregate":"f","fnCombine":"f","fnReset":"f")"},
    {"longAny", R"("fieldName":"$C")"},
    {"longFirst", R"("fieldName":"$C")"},
    {"longLast", R"("fieldName":"$C")"},
    {"longMax", R"("fieldName":"$C")"},
    {"longMin", R"("fieldName":"$C")"},
    {"longSum", R"("fieldName":"$C")"},
    {"quantilesDoublesSketch", R"("fieldName":"$C")"},
    {"quantilesDoublesSketchMerge", R"("fieldName":"$C")"},
    {"singleValue", R"("fieldName":"$C","columnType":"LONG")"},
    {"stringAny", R"("fieldName":"$C")"},
    {"stringFirst", R"("fieldName":"$C")"},
    {"stringLast", R"("fieldName":"$C","maxStringBytes":4)"},
    {"thetaSketch", R"("fieldName":"$C")"},
    {"variance", R"("fieldName":"$C","estimator":"population")"},
    {"varianceFold", R"("fieldName":"$C")"}};

inline const Samples kExtractionSamples = {
    {"bucket", R"("size":2,"offset":1)"},
    {"cascade", R"("extractionFns":[{"type":"upper"},{"type":"substring","index":1}])"},
    {"identity", R"("x":0)"},
    {"javascript", R"("function":"f")"},
    {"lookup", R"("lookup":{"type":"map","map":{"a":"b","":"empty","0.0":"zero"}},"retainMissingValue":true)"},
    {"lookup", R"("lookup":{"type":"map","map":{"a":""}},"replaceMissingValueWith":"none")"},
    {"lower", R"("x":0)"},
    {"partial", R"("expr":"^[-a]")"},
    {"regex", R"x("expr":"(.)$","replaceMissingValue":true)x"},
    {"registeredLookup", R"("lookup":"nobody")"},
    {"searchQuery", R"("query":{"type":"contains","value":"a"})"},
    {"stringFormat", R"("format":"[%s]","nullHandling":"emptyString")"},
    {"strlen", R"("x":0)"},
    {"substring", R"("index":1,"length":2)"},
    {"time", R"("timeFormat":"yyyy","resultFormat":"yy")"},
    {"timeFormat", R"("format":"yyyy-MM-dd","granularity":"hour")"},
    {"upper", R"("x":0)"}};

inline const Samples kVirtualColumnSamples = {
    {"expression", R"x("expression":"concat(\"$C\", 'x')")x"},
    {"expression", R"("expression":"\"$C\" + 1","outputType":"LONG")"},
    {"fallback", R"("columns":["$C","text"])"},
    {"mv-filtered", R"("delegate":"$C","values":["a",null,"-0.0"],"isAllowList":true)"},
    {"mv-filtered", R"("delegate":"$C","values":["a"],"isAllowList":false)"},
    {"mv-filtered",
     R"("delegate":{"type":"extraction","dimension":"$C","extractionFn":{"type":"upper"}},"values":["A"])"},
    {"nested-field", R"("columnName":"$C","outputName":"w","path":"$.a","expectedType":"STRING")"}};

inline const Samples kDimensionSamples = {
    {"default", R"("dimension":"$C","outputType":"STRING")"},
    {"default", R"("dimension":"$C","outputType":"LONG")"},
    {"default", R"("dimension":"$C","outputType":"FLOAT")"},
    {"default", R"("dimension":"$C","outputType":"DOUBLE")"},
    {"extraction", R"("dimension":"$C","extractionFn":{"type":"strlen"},"outputType":"LONG")"},
    {"listFiltered", R"("delegate":"$C","values":["a",null],"isWhitelist":false)"},
    {"lookup", R"("dimension":"$C","lookup":{"type":"map","map":{"a":"b"}},"retainMissingValue":false)"},
    {"prefixFiltered", R"("delegate":"$C","prefix":"")"},
    {"regexFiltered", R"("delegate":"$C","pattern":"a|")"}};

inline const Samples kHavingSamples = {
    {"always", R"("x":0)"},
    {"and", R"("havingSpecs":[{"type":"always"},{"type":"equalTo","aggregation":"rows","value":1}])"},
    {"dimSelector", R"("dimension":"w","value":"a","extractionFn":{"type":"lower"})"},
    {"equalTo", R"("aggregation":"sum","value":-0.0)"},
    {"filter", R"("filter":{"type":"not","field":{"type":"null","column":"sum"}})"},
    {"greaterThan", R"("aggregation":"sum","value":0)"},
    {"lessThan", R"("aggregation":"sum","value":9223372036854775807)"},
    {"not", R"("havingSpec":{"type":"greaterThan","aggregation":"sum","value":0})"},
    {"or", R"("havingSpecs":[{"type":"equalTo","aggregation":"nobody","value":1},{"type":"always"}])"}};

}  // namespace sarsen::engine
