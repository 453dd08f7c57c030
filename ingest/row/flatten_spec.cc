#include "ingest/row/flatten_spec.h"

#include <algorithm>

#include "ingest/row/jq_path.h"
#include "ingest/row/jq_program.h"
#include "ingest/row/json_path.h"
#include "storage/base/ascii_case.h"
#include "storage/base/error.h"

namespace sarsen::ingest {
namespace {

const std::vector<std::string> kTypes = {"root", "path", "jq", "tree"};

/// root and tree: names, one below the other.
class TreeExtractor final : public FieldExtractor {
 public:
  explicit TreeExtractor(std::vector<std::string> names) : names_(std::move(names)) {}

  RawValue extract(const RawValue& root, RowArena&) const override {
    const RawValue* value = &root;
    for (const std::string& name : names_) {
      value = member_of(*value, name);
      if (value == nullptr) return RawValue::null();
    }
    return *value;
  }

 private:
  std::vector<std::string> names_;
};

class PathExtractor final : public FieldExtractor {
 public:
  explicit PathExtractor(JsonPath path) : path_(std::move(path)) {}
  RawValue extract(const RawValue& root, RowArena& arena) const override { return path_.find(root, arena); }

 private:
  JsonPath path_;
};

class JqPathExtractor final : public FieldExtractor {
 public:
  explicit JqPathExtractor(JqPath path) : path_(std::move(path)) {}
  RawValue extract(const RawValue& root, RowArena&) const override { return path_.find(root); }

 private:
  JqPath path_;
};

class JqExtractor final : public FieldExtractor {
 public:
  explicit JqExtractor(const std::string& text) : program_(text) {}
  RawValue extract(const RawValue& root, RowArena& arena) const override { return program_.first(root, arena); }

 private:
  const JqProgram program_;
};

/// What is wrong with an expression is told with the field's place.
template <class Parse>
auto parsed(const JsonField& json, Parse parse) {
  if (!json.present()) json.fail("missing");
  try {
    return parse(json.string());
  } catch (const Error& error) {
    throw Error(error.category(), json.path() + ": " + error.what());
  }
}

std::shared_ptr<const FieldExtractor> parse_extractor(const JsonField& json, const std::string& name) {
  const std::string type = storage::lower_ascii(json["type"].string());
  if (type == "root")
    return std::make_shared<TreeExtractor>(std::vector<std::string>{json["expr"].string_or(name.c_str())});
  if (type == "path") return std::make_shared<PathExtractor>(parsed(json["expr"], JsonPath::parse));
  if (type == "jq")
    return parsed(json["expr"], [](const std::string& text) -> std::shared_ptr<const FieldExtractor> {
      if (auto path = JqPath::parse(text)) return std::make_shared<JqPathExtractor>(std::move(*path));
      return std::make_shared<JqExtractor>(text);
    });
  if (type != "tree") json["type"].fail("unknown type of field: " + type + suggestion(type, kTypes));
  std::vector<std::string> names;
  for (const JsonField& node : json["nodes"].elements()) names.push_back(node.string());
  if (names.empty()) json["nodes"].fail("the names on the way to the field are wanted");
  return std::make_shared<TreeExtractor>(std::move(names));
}

FlattenSpec::Field parse_field(const JsonField& json) {
  if (!json.json().is_object()) {
    std::string name = json.string();
    auto extractor = std::make_shared<TreeExtractor>(std::vector<std::string>{name});
    return {std::move(name), std::move(extractor)};
  }
  std::string name = json["name"].string();
  auto extractor = parse_extractor(json, name);
  return {std::move(name), std::move(extractor)};
}

}  // namespace

FlattenSpec FlattenSpec::parse(const JsonField& json) {
  FlattenSpec spec;
  spec.use_field_discovery = json["useFieldDiscovery"].boolean_or(true);
  for (const JsonField& element : json["fields"].elements()) {
    Field field = parse_field(element);
    if (spec.lists(field.name)) element.fail("a field of this name is defined already: " + field.name);
    spec.fields.push_back(std::move(field));
  }
  return spec;
}

bool FlattenSpec::lists(std::string_view name) const noexcept {
  return std::any_of(fields.begin(), fields.end(), [name](const Field& field) { return field.name == name; });
}

}  // namespace sarsen::ingest
