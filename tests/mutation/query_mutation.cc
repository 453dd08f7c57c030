#include "tests/mutation/query_mutation.h"

#include <limits>
#include <random>
#include <string>

namespace sarsen {
namespace {

using Random = std::mt19937_64;

std::size_t below(Random& random, std::size_t limit) { return static_cast<std::size_t>(random() % limit); }

std::size_t places_of(const Json& json) {
  std::size_t count = 1;
  if (json.is_array())
    for (const Json& element : json.array()) count += places_of(element);
  if (json.is_object())
    for (const auto& [key, value] : json.object()) count += places_of(value);
  return count;
}

/// The place-th value, counted from the root on.
const Json& value_at(const Json& json, std::size_t& place) {
  if (place-- == 0) return json;
  static const Json kNone;
  const auto look = [&](const Json& child) -> const Json* {
    const std::size_t size = places_of(child);
    if (place < size) return &value_at(child, place);
    place -= size;
    return nullptr;
  };
  if (json.is_array())
    for (const Json& element : json.array())
      if (const Json* found = look(element)) return *found;
  if (json.is_object())
    for (const auto& [key, value] : json.object())
      if (const Json* found = look(value)) return *found;
  return kNone;
}

Json odd_value(Random& random) {
  static const std::vector<Json> kOdd = {
      nullptr,
      true,
      std::int64_t{0},
      std::int64_t{-1},
      std::numeric_limits<std::int64_t>::min(),
      std::numeric_limits<std::int64_t>::max(),
      std::int64_t{2147483648},
      std::numeric_limits<double>::infinity(),
      -0.0,
      1e-310,
      "",
      "NaN",
      "\xF0\x9F\x9A\x80",
      "0000-00-00/9999",
      "1970-01-01T00:00:00.000Z/292278994-08-17",
      "P1M/2024",
      "(((((((((((((((((((((((((((((((1",
      "1 / 0",
      "(a+)+$",
      "%_%_%_%",
      "__time",
      "tags",
      "all",
      Json::Array{},
      Json::Object{},
      Json::Array{nullptr, nullptr},
      Json::Object{{"type", nullptr}},
  };
  return kOdd[below(random, kOdd.size())];
}

Json text_changed(const std::string& text, Random& random) {
  std::string changed = text;
  const std::size_t at = below(random, text.size() + 1);
  switch (below(random, 4)) {
    case 0:
      return changed.insert(at, 1, static_cast<char>(' ' + below(random, 95)));
    case 1:
      return changed.substr(0, at);
    case 2:
      return changed + changed;
    default:
      if (at < changed.size()) changed[at] = static_cast<char>(' ' + below(random, 95));
      return changed;
  }
}

Json number_changed(const Json& json, Random& random) {
  if (json.is_double()) return json.number() * (below(random, 2) == 0 ? -1e9 : 1e-9);
  const auto step = static_cast<std::int64_t>(below(random, 3)) - 1;
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(json.integer()) *
                                       (below(random, 2) == 0 ? 1U : 1000003U) +
                                   static_cast<std::uint64_t>(step));
}

Json array_changed(const Json& json, Random& random) {
  Json::Array elements = json.array();
  if (elements.empty()) return Json::Array{odd_value(random)};
  const auto at = static_cast<std::ptrdiff_t>(below(random, elements.size()));
  if (below(random, 2) == 0) {
    elements.erase(elements.begin() + at);
  } else {
    const Json copy = elements[static_cast<std::size_t>(at)];
    elements.insert(elements.begin() + at, copy);
  }
  return elements;
}

Json object_changed(const Json& json, Random& random) {
  Json::Object members = json.object();
  if (members.empty()) return Json::Object{{"type", odd_value(random)}};
  const std::size_t at = below(random, members.size());
  if (below(random, 2) == 0) {
    members.erase(members.begin() + static_cast<std::ptrdiff_t>(at));
  } else {
    std::swap(members[at].second, members[below(random, members.size())].second);
  }
  return members;
}

Json changed(const Json& json, const std::vector<Json>& queries, Random& random) {
  switch (below(random, 4)) {
    case 0:
      return odd_value(random);
    case 1: {
      const Json& other = queries[below(random, queries.size())];
      std::size_t place = below(random, places_of(other));
      return value_at(other, place);
    }
    default:
      if (json.is_string()) return text_changed(json.string(), random);
      if (json.is_number()) return number_changed(json, random);
      if (json.is_array()) return array_changed(json, random);
      if (json.is_object()) return object_changed(json, random);
      return odd_value(random);
  }
}

/// `json` with its place-th value changed.
Json with_change(const Json& json, std::size_t& place, const std::vector<Json>& queries, Random& random) {
  if (place == 0) {
    --place;
    return changed(json, queries, random);
  }
  if (place == SIZE_MAX) return json;  // done already
  --place;
  if (json.is_array()) {
    Json::Array elements;
    for (const Json& element : json.array()) elements.push_back(with_change(element, place, queries, random));
    return elements;
  }
  if (!json.is_object()) return json;
  Json::Object members;
  for (const auto& [key, value] : json.object()) members.emplace_back(key, with_change(value, place, queries, random));
  return members;
}

}  // namespace

Json query_mutant(const std::vector<Json>& queries, std::uint64_t number) {
  Random random(number * 0x9E3779B97F4A7C15U + 1);
  Json mutant = queries[below(random, queries.size())];
  for (std::size_t changes = 1 + below(random, 4); changes > 0; --changes) {
    std::size_t place = below(random, places_of(mutant));
    mutant = with_change(mutant, place, queries, random);
  }
  return mutant;
}

}  // namespace sarsen
