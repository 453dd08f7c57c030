#include "engine/lookup/lookup.h"

#include <algorithm>

#include "storage/base/error.h"

namespace sarsen::engine {

Lookup::Lookup(Entries entries, bool one_to_one) : one_to_one_(one_to_one) {
  boost::unordered_flat_map<std::string, std::size_t> places;
  for (auto& [key, value] : entries) {
    const auto [place, added] = places.try_emplace(key, entries_.size());
    if (added) {
      entries_.emplace_back(std::move(key), std::move(value));
    } else {
      entries_[place->second].second = std::move(value);
    }
  }
  for (const auto& [key, value] : entries_) by_key_.emplace(key, &value);
}

const std::string* Lookup::find(std::string_view key) const noexcept {
  const auto found = by_key_.find(key);
  return found == by_key_.end() ? nullptr : found->second;
}

std::vector<std::string> Lookup::keys_of(std::string_view value) const {
  std::vector<std::string> keys;
  for (const auto& [key, held] : entries_)
    if (held == value) keys.push_back(key);
  return keys;
}

Json Lookup::to_json() const {
  Json::Object map;
  for (const auto& [key, value] : entries_) map.emplace_back(key, value);
  return Json::Object{{"type", "map"}, {"map", std::move(map)}, {"isOneToOne", one_to_one_}};
}

LookupPtr parse_lookup(const JsonField& json) {
  if (!json.present()) json.fail("is required: a lookup such as {\"type\": \"map\", \"map\": {…}}");
  const JsonField type_field = json["type"];
  const std::string type = type_field.string();
  for (const std::string_view other : {"cachedNamespace", "kafka", "loadingLookup", "pollingLookup"})
    if (type == other)
      throw Error(ErrorCategory::kUnsupported,
                  type_field.path() + ": lookups of type \"" + type + "\" are not part of this version");
  if (type != "map")
    type_field.fail("unknown lookup type \"" + type + "\"" +
                    suggestion(type, {"map", "cachedNamespace", "kafka", "loadingLookup", "pollingLookup"}));
  const JsonField map = json["map"];
  if (!map.present()) map.fail("is required: an object of keys and values");
  Lookup::Entries entries;
  for (const auto& [key, value] : map.members()) {
    if (!value.present()) value.fail("null value in entry: " + key + "=null");
    entries.emplace_back(key, value.string());
  }
  return std::make_shared<Lookup>(std::move(entries), json["isOneToOne"].boolean_or(false));
}

}  // namespace sarsen::engine
