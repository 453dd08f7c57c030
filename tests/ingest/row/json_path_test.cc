#include "ingest/row/json_path.h"

#include <gtest/gtest.h>

#include "ingest/row/json_rows.h"
#include "ingest/row/raw_json.h"
#include "storage/base/error.h"

namespace sarsen::ingest {
namespace {

constexpr std::string_view kDocument =
    R"({"a":{"b":[1,2,{"c":"x"}],"d":null,"e f":7},"l":[{"k":1,"v":"p"},{"k":2,"v":"q"},{"v":"r"}],"n":5,)"
    R"("s":"t'x","e":[],"m":[[1,2],[3]],"o":[null,{"j":1},{"i":2},null],"z":null,"y":{"q":null}})";

/// What a flattenSpec with this path makes of the document, as JSON.
std::string found(const std::string& path) {
  const Json spec = Json::Object{
      {"type", "json"},
      {"flattenSpec",
       Json::Object{{"fields", Json::Array{Json::Object{{"type", "path"}, {"name", "x"}, {"expr", path}}}}}}};
  FieldTable fields;
  JsonRowReader reader(InputFormat::parse(JsonField(spec)), fields, true);
  std::string text;
  const auto problem =
      reader.read(kDocument, [&](const RawRow& row) { text = json_of(row.value(*fields.find("x"))).dump(); });
  return problem ? "problem" : text;
}

struct PathCase {
  const char* path;
  const char* found;
};

// What Druid 33 finds in the same document.
constexpr PathCase kCases[] = {
    {"$.a.b", R"([1,2,{"c":"x"}])"},
    {"$.a.b[0]", "1"},
    {"$.a.b[2].c", R"("x")"},
    {"$.a.b[-1]", R"({"c":"x"})"},
    {"$['a']['e f']", "7"},
    {"$.a['b','d']", R"({"b":[1,2,{"c":"x"}],"d":null})"},
    {"$.l[*].k", "[1,2,null]"},
    {"$.l[?(@.k>1)].v", R"(["q"])"},
    {"$.l[?(@.k)].v", R"(["p","q","r"])"},
    {"$..v", R"(["p","q","r"])"},
    {"$..k", "[1,2]"},
    {"$.nope", "null"},
    {"$.a.nope.x", "null"},
    {"$.a.b[9]", "null"},
    {"$.a.b[0:2]", "[1,2]"},
    {"$.a.b[1:]", R"([2,{"c":"x"}])"},
    {"$.a.b[:1]", "[1]"},
    {"$.a.b[-2:]", R"([2,{"c":"x"}])"},
    {"$.a.b[0,2]", R"([1,{"c":"x"}])"},
    {"$.a.*", R"([[1,2,{"c":"x"}],null,7])"},
    {"$.l.length()", "3"},
    {"$.m[*][0]", "[1,3]"},
    {"$.n.x", "null"},
    // A member that is null is an object without members, an element that is null is none.
    {"$.o[?(@.j)].j", "[1,null]"},
    {"$.o[?(@.j)]", R"([null,{"j":1},{"i":2},null])"},
    {"$.o[?(!@.j)]", "[]"},
    {"$.o[*].j", "[1,null]"},
    {"$.o[0,1].j", "[1]"},
    {"$.o[0].j", "null"},
    {"$.z[?(@.j)].j", "[null]"},
    {"$.nope[?(@.j)].j.i", "[null]"},
    {"$.z[?(@.j>1)].j", "[]"},
    {"$.z[?(@==null)]", "[null]"},
    {"$.z[*].j", "[]"},
    {"$.z[0:1]", "[]"},
    {"$.z..j", "[]"},
    {"$.z['j','i']", "{}"},
    {"$.y[*].j", "[null]"},
    {"$.y.*.j", "[null]"},
    {"$.y[*]['j','i']", "[{}]"},
    {"n", "5"},
    {"a.b[0]", "1"},
    {"@.n", "5"},
    {"$.l[?(@.v=='q')].k", "[2]"},
    {"$.l[?(@.v!='q')].k", "[1,null]"},
    {"$.l[?(@.k>=1 && @.k<2)].v", R"(["p"])"},
    {"$.l[?(@.k==1 || @.v=='r')].v", R"(["p","r"])"},
    {"$.l[?(!(@.k))].v", "[]"},
    {"$.l[?(@.v in ['p','r'])].v", R"(["p","r"])"},
    {"$.l[?(@.v =~ /[pq]/)].v", R"(["p","q"])"},
    {"$.e", "[]"},
    {"$.e[*]", "[]"},
    {"$.e[0]", "null"},
    {"$.nope[*]", "[]"},
    {"$..nope", "[]"},
    {"$..a.b", R"([[1,2,{"c":"x"}]])"},
    {"$.a..c", R"(["x"])"},
    {"$.l[*]['k','v']", R"([{"k":1,"v":"p"},{"k":2,"v":"q"},{"v":"r"}])"},
    {"$.a.b[0].min()", "problem"},
    {"$.m[0].sum()", "3.0"},
    {"$.m[0].max()", "2.0"},
    {"$.a.keys()", R"(["b","d","e f"])"},
    {"$.l[?(@.k==null)].v", R"(["r"])"},
    {"$.l[?(@['k']==2)].v", R"(["q"])"},
    {"$.l[?(@.k in [1,2])].v", R"(["p","q"])"},
    {"$.l[?(@.v nin ['p'])].v", R"(["q","r"])"},
    {"$.l[?($.n==5)].v", R"(["p","q","r"])"},
    {"$.l[?('q'==@.v)].v", R"(["q"])"},
    {"$..[0]", R"([1,{"k":1,"v":"p"},null,[1,2],1,3,null])"},
    {"$.m[0,1][0]", "[1,3]"},
    {"$.l.k", "null"},
    {"$.a[0]", "null"},
    {"$.l[?(@.k == '1')].v", R"(["p"])"},
    {"$.l[?(@.k > 0.5)].v", R"(["p","q"])"},
    {"$.l[?(@.k > '0')].v", "[]"},
    {"$.l[?(@.v > 'p')].v", R"(["q","r"])"},
    {"$.m[?(@[0]==3)]", "[[3]]"},
    {"$.a.b[?(@>1)]", "[2]"},
    {"$.a[?(@.c)]", R"([{"b":[1,2,{"c":"x"}],"d":null,"e f":7}])"},
};

TEST(JsonPathTest, FindsWhatDruidFinds) {
  for (const PathCase& one : kCases) EXPECT_EQ(found(one.path), one.found) << one.path;
}

TEST(JsonPathTest, RefusesWhatIsNoPath) {
  for (const char* path : {"", "$.", "$..", "$[", "$[]", "$.a[", "$.a['b]", "$.a[::2]", "$.l[(@.length-1)]", "$.a[?(",
                           "$.a[?(@.b ==)]", "$.a[?(@.b)", "$.a b", "$.a[99999999999]", "$.l[?(@.v =~ 'x')]"})
    EXPECT_THROW(JsonPath::parse(path), Error) << path;
  std::string deep = "$.a[?(";
  deep.append(100'000, '(');
  EXPECT_THROW(JsonPath::parse(deep.substr(0, kJsonPathBytesMax)), Error);
}

}  // namespace
}  // namespace sarsen::ingest
