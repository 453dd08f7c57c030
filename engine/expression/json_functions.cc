// Functions of COMPLEX<json>. Paths are literals and read once.

#include <algorithm>
#include <deque>

#include "engine/expression/function.h"
#include "engine/expression/nested_path.h"
#include "engine/result/java_hash_order.h"
#include "storage/base/error.h"

namespace sarsen::engine::expression {
namespace {

/// Nothing that json_merge makes is nested deeper: JSON that comes in is not, either.
constexpr std::size_t kMergeDepthMax = kJsonDepthMax;

NestedPath literal_path(std::string_view function, const Exprs& arguments) {
  const std::optional<std::string> text = literal_text(function, arguments, 1);
  if (!text) fail_function(function, "second argument must be a literal path");
  return NestedPath::parse(*text);
}

/// Of any value; text is a JSON string.
Json json_in(const Eval& value) { return json_of(value.value); }

/// A scalar, or an array of scalars; everything else is null. Booleans are longs but among strings.
Eval scalar_of(const Json& json) {
  if (json.is_object()) return {};
  if (!json.is_array()) return Eval::best_effort(value_of(json));
  const Json::Array& array = json.array();
  const auto nested = [](const Json& each) { return each.is_array() || each.is_object(); };
  if (std::any_of(array.begin(), array.end(), nested)) return {};
  const bool strings = std::any_of(array.begin(), array.end(), [](const Json& each) { return each.is_string(); });
  ListElements elements;
  for (const Json& each : array)
    elements.push_back(strings && each.is_bool() ? Value(std::string(each.boolean() ? "true" : "false"))
                                                 : value_of(each));
  return Eval::best_effort(Value(List(std::move(elements))));
}

MaybeType literal_type(const Exprs& arguments) {
  if (arguments.size() < 3) return std::nullopt;
  std::optional<std::string> name = literal_text("json_value", arguments, 2);
  if (!name) fail_function("json_value", "invalid output type: [null]");
  std::transform(name->begin(), name->end(), name->begin(),
                 [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
  const MaybeType type = Type::parse(*name);
  if (!type) fail_function("json_value", "Invalid type [" + *name + "]");
  if (name->ends_with("FLOAT") || name->ends_with("FLOAT>"))
    fail_function("json_value", "FLOAT types are not supported natively by Druid expressions");
  return type;
}

Apply bind_value(const Exprs& arguments) {
  return
      [path = literal_path("json_value", arguments), type = literal_type(arguments)](const Arguments& given) -> Eval {
        const Json json = json_in(given[0]);
        const Json* found = path.find(json);
        const Eval value = found != nullptr ? scalar_of(*found) : Eval();
        if (!type) return value;
        return value.is_null() ? Eval::null(*type) : value.cast_to(*type);
      };
}

MaybeType value_output(const ArgumentTypes& types) {
  if (types.size() < 3) return std::nullopt;
  const Eval* literal = literal_of(types.expr(2));
  return literal != nullptr ? Type::parse(literal->as_string().value_or("")) : std::nullopt;
}

Apply bind_query(const Exprs& arguments) {
  return [path = literal_path("json_query", arguments)](const Arguments& given) {
    const Json json = json_in(given[0]);
    const Json* found = path.find(json);
    return Eval::json(found != nullptr ? *found : Json());
  };
}

const Type& json_array() {
  static const Type type = Type::array(Type::json());
  return type;
}

MaybeType json_array_output(const ArgumentTypes&) { return json_array(); }

Apply bind_query_array(const Exprs& arguments) {
  return [path = literal_path("json_query_array", arguments)](const Arguments& given) {
    const Json json = json_in(given[0]);
    const Json* found = path.find(json);
    if (found == nullptr || found->is_null() || found->is_object()) return Eval::null(json_array());
    ListElements elements;
    const auto add = [&](const Json& each) { elements.push_back(each.is_null() ? Value() : Value(Nested{each})); };
    if (found->is_array()) {
      for (const Json& each : found->array()) add(each);
    } else {
      add(found->is_bool() ? Json(std::int64_t{found->boolean()}) : *found);
    }
    return Eval::array(json_array(), std::move(elements));
  };
}

/// In the order of a HashMap, where Druid keeps the members.
Json hash_map(Json::Object members) {
  JavaHashOrder order(16, KeyOrder::kJava8);
  Json::Object distinct;
  for (auto& [name, value] : members) {
    order.put(name);
    const auto same =
        std::find_if(distinct.begin(), distinct.end(), [&](const auto& each) { return each.first == name; });
    if (same == distinct.end()) {
      distinct.emplace_back(name, std::move(value));
    } else {
      same->second = std::move(value);
    }
  }
  Json::Object ordered;
  for (const std::size_t i : order.order()) ordered.push_back(distinct[i]);
  return ordered;
}

Apply bind_object(const Exprs& arguments) {
  if (arguments.size() % 2 != 0) fail_function("json_object", "must have an even number of arguments");
  return [](const Arguments& given) {
    Json::Object members;
    for (std::size_t i = 0; i < given.size(); i += 2) {
      const Eval name = given[i];
      if (!name.type.is_string() || name.is_null())
        fail_function("json_object", "field name must be a STRING and not null");
      members.emplace_back(*name.as_string(), json_in(given[i + 1]));
    }
    return Eval::json(hash_map(std::move(members)));
  };
}

/// Objects member by member, arrays one behind the other; of everything else the second wins.
Json merged(const Json& left, const Json& right, std::size_t depth) {
  if (depth > kMergeDepthMax) fail_function("json_merge", "JSON is nested too deep");
  if (left.is_array() && right.is_array()) {
    Json::Array elements = left.array();
    elements.insert(elements.end(), right.array().begin(), right.array().end());
    return elements;
  }
  if (!left.is_object() || !right.is_object()) return right;
  Json::Object members = left.object();
  for (const auto& [name, value] : right.object()) {
    const auto same =
        std::find_if(members.begin(), members.end(), [&](const auto& each) { return each.first == name; });
    if (same == members.end()) {
      members.emplace_back(name, value);
    } else {
      same->second = merged(same->second, value, depth + 1);
    }
  }
  return members;
}

Json merge_argument(const Eval& value) {
  if (value.is_null()) return {};
  if (value.type.is_json()) return json_in(value);
  if (!value.type.is_string())
    fail_function("json_merge", "invalid input expected STRING but got " + value.type.name() + " instead");
  try {
    return Json::parse(*value.as_string());
  } catch (const Error&) {
    fail_function("json_merge", "bad string input [" + *value.as_string() + "]");
  }
}

/// Whether `right` can update `left`: objects and arrays want their like.
bool can_update(const Json& left, const Json& right) {
  if (left.is_object() || left.is_array()) return left.is_object() ? right.is_object() : right.is_array();
  return !right.is_object() && !right.is_array();
}

Eval merge(const Arguments& arguments) {
  const Eval first = arguments[0];
  if (first.is_null())
    fail_function("json_merge", "invalid input expected STRING but got " + first.type.name() + " instead");
  Json json = merge_argument(first);
  if (json.is_null()) fail_function("json_merge", "cannot merge into null");
  for (std::size_t i = 1; i < arguments.size(); ++i) {
    const Eval argument = arguments[i];
    if (argument.is_null()) continue;
    const Json other = merge_argument(argument);
    if (other.is_null()) continue;
    if (!can_update(json, other)) fail_function("json_merge", "bad string input [" + other.dump() + "]");
    json = merged(json, other, 0);
  }
  return Eval::json(std::move(json));
}

template <bool kTry>
Eval parse(const Eval& value) {
  const std::string_view name = kTry ? "try_parse_json" : "parse_json";
  if (value.is_null()) return Eval::null(Type::json());
  if (!value.type.is_string()) {
    if (kTry) return Eval::null(Type::json());
    fail_function(name, "invalid input expected STRING but got " + value.type.name() + " instead");
  }
  try {
    return Eval::json(Json::parse(*value.as_string()));
  } catch (const Error& error) {
    if (kTry) return Eval::null(Type::json());
    fail_function(name, "bad string input [" + *value.as_string() + "]: " + error.what());
  }
}

/// One code point of the pair "\uD83D\uDE00" that begins at `i`.
void append_pair(std::string& out, const std::string& json, std::size_t i) {
  const auto unit = [&](std::size_t at) {
    return static_cast<std::uint32_t>(std::stoul(json.substr(at + 2, 4), nullptr, 16));
  };
  const std::uint32_t point = 0x10000 + ((unit(i) - 0xD800) << 10) + (unit(i + 6) - 0xDC00);
  for (const std::uint32_t shift : {18U, 12U, 6U, 0U})
    out += static_cast<char>((shift == 18 ? 0xF0 : 0x80) | ((point >> shift) & (shift == 18 ? 0x07 : 0x3F)));
}

/// As Jackson writes to a string, not to bytes: characters past the BMP stand for themselves.
std::string characters_text(const std::string& json) {
  std::string out;
  for (std::size_t i = 0; i < json.size(); ++i) {
    if (json[i] != '\\') {
      out += json[i];
    } else if (json.compare(i, 3, "\\uD") == 0) {
      append_pair(out, json, i);
      i += 11;
    } else {
      out.append(json, i++, 2);
    }
  }
  return out;
}

Eval to_text(const Eval& value) { return value.is_null() ? Eval() : Eval::of(characters_text(json_in(value).dump())); }

Apply bind_keys(const Exprs& arguments) {
  return [path = literal_path("json_keys", arguments)](const Arguments& given) {
    const Json json = json_in(given[0]);
    const Json* found = path.find(json);
    if (found == nullptr || (!found->is_object() && !found->is_array())) return Eval::null(Type::string_array());
    ListElements keys;
    if (found->is_object()) {
      for (const auto& [name, value] : found->object()) keys.emplace_back(name);
    } else {
      for (std::size_t i = 0; i < found->array().size(); ++i) keys.emplace_back(std::to_string(i));
    }
    return Eval::array(Type::string_array(), std::move(keys));
  };
}

bool is_leaf(const Json& json) {
  if (json.is_object()) return false;
  return !json.is_array() || std::none_of(json.array().begin(), json.array().end(),
                                          [](const Json& each) { return each.is_object() || each.is_array(); });
}

/// Of a list of Druid's path parts, each of which is hashed as the only element of an array.
std::uint32_t hash_of(const std::vector<NestedPath::Part>& parts) {
  std::uint32_t hash = 1;
  for (const NestedPath::Part& part : parts) {
    const auto* index = std::get_if<std::int64_t>(&part);
    hash = hash * 31 + 31 + (index ? static_cast<std::uint32_t>(*index) : java_hash_code(std::get<std::string>(part)));
  }
  return hash;
}

/// Level by level, as Druid walks; what it finds is a HashSet.
Eval paths(const Eval& value) {
  const Json root = json_in(value);
  std::deque<std::pair<std::vector<NestedPath::Part>, const Json*>> waiting;
  waiting.emplace_back(std::vector<NestedPath::Part>(), &root);
  std::vector<std::string> found;
  JavaHashOrder order(16, KeyOrder::kJava8);
  for (; !waiting.empty(); waiting.pop_front()) {
    const auto [parts, json] = waiting.front();
    if (is_leaf(*json)) {
      found.push_back(NestedPath(parts).text());
      order.put(found.back(), hash_of(parts));
      continue;
    }
    const auto add = [&](NestedPath::Part part, const Json& each) {
      std::vector<NestedPath::Part> longer = parts;
      longer.push_back(std::move(part));
      waiting.emplace_back(std::move(longer), &each);
    };
    if (json->is_object()) {
      for (const auto& [name, each] : json->object()) add(name, each);
    } else {
      for (std::size_t i = 0; i < json->array().size(); ++i) add(static_cast<std::int64_t>(i), json->array()[i]);
    }
  }
  ListElements elements;
  for (const std::size_t i : order.order()) elements.emplace_back(found[i]);
  return Eval::array(Type::string_array(), std::move(elements));
}

}  // namespace

void add_json_functions(FunctionRegistry& registry) {
  registry.add("json_value", 2, 3, bind_value, value_output);
  registry.add("json_query", 2, 2, bind_query, json_output);
  registry.add("json_query_array", 2, 2, bind_query_array, json_array_output);
  registry.add("json_object", 0, kAnyNumber, bind_object, json_output);
  registry.add("json_merge", 2, kAnyNumber, plain<merge>, json_output);
  registry.add("parse_json", 1, 1, of_one<parse<false>>, json_output);
  registry.add("try_parse_json", 1, 1, of_one<parse<true>>, json_output);
  registry.add("to_json_string", 1, 1, of_one<to_text>, string_output);
  registry.add("json_keys", 2, 2, bind_keys, string_array_output);
  registry.add("json_paths", 1, 1, of_one<paths>, string_array_output);
}

}  // namespace sarsen::engine::expression
