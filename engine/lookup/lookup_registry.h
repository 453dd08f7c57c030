#pragma once
// The lookups that queries know by name. A query resolves its names while it is parsed, so all of it sees the lookups
// of one moment. There is one registry per process, because queries, expressions and ingestion name lookups in places
// that know nothing of servers; the server (or a test) fills it.
//
// Thread safety: any thread; readers take a snapshot, writers publish a new one.

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/lookup/lookup.h"

namespace sarsen::engine {

struct RegisteredLookup {
  std::string version;  // compared as text; the greater one is newer
  LookupPtr lookup;
};

class LookupRegistry {
 public:
  using Lookups = std::map<std::string, RegisteredLookup, std::less<>>;

  std::shared_ptr<const Lookups> snapshot() const;
  /// nullptr where there is none of that name.
  LookupPtr find(std::string_view name) const;

  void put(const std::string& name, RegisteredLookup lookup);
  /// False where there was none.
  bool remove(std::string_view name);
  void replace_all(Lookups lookups);

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const Lookups> lookups_ = std::make_shared<const Lookups>();
};

LookupRegistry& lookup_registry();

/// Throws kInvalidInput in Druid's words where there is none of that name.
LookupPtr registered_lookup(std::string_view name);

/// From {"version": "v1", "lookupExtractorFactory": {…}}: how the lookup API holds a lookup.
RegisteredLookup parse_registered_lookup(const JsonField& json);
Json to_json(const RegisteredLookup& lookup);

}  // namespace sarsen::engine
