#pragma once
// Lookups: maps from text to text, given in a query or registered under a name. Immutable, shared.

#include <boost/unordered/unordered_flat_map.hpp>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "storage/base/json.h"

namespace sarsen::engine {

class Lookup {
 public:
  using Entries = std::vector<std::pair<std::string, std::string>>;

  /// A key that comes again replaces the one before.
  Lookup(Entries entries, bool one_to_one);

  /// nullptr where there is none.
  const std::string* find(std::string_view key) const noexcept;
  /// Different keys have different values, so that grouping by keys is grouping by values. As declared, not proven.
  bool is_one_to_one() const noexcept { return one_to_one_; }
  /// In the order in which they were given.
  const Entries& entries() const noexcept { return entries_; }
  /// All keys that have `value`.
  std::vector<std::string> keys_of(std::string_view value) const;

  /// {"type": "map", "map": {…}, "isOneToOne": …}
  Json to_json() const;

 private:
  Entries entries_;
  boost::unordered_flat_map<std::string_view, const std::string*> by_key_;
  bool one_to_one_;
};

using LookupPtr = std::shared_ptr<const Lookup>;

/// From {"type": "map", "map": {…}, "isOneToOne": false}. Throws kInvalidInput naming the field; types of Druid's
/// extensions, which read databases and the like, are kUnsupported.
LookupPtr parse_lookup(const JsonField& json);

}  // namespace sarsen::engine
