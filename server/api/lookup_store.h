#pragma once
// The lookups of this server as the coordinator's API keeps them: by tier and name, in one file that is replaced as a
// whole. The lookups of the tier `__default` are those that queries know; other tiers are kept for whoever wrote them.
//
// Thread safety: any thread. A change is on disk before it is seen.

#include <filesystem>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "engine/lookup/lookup_registry.h"

namespace sarsen::server {

inline constexpr std::string_view kLookupTier = "__default";

class LookupStore {
 public:
  using Lookups = engine::LookupRegistry::Lookups;
  using Tiers = std::map<std::string, Lookups, std::less<>>;

  /// Reads `file` where there is one, and tells `registry`. Throws kRuntimeFailure, naming the file, where it cannot be
  /// read.
  LookupStore(std::filesystem::path file, engine::LookupRegistry& registry);

  /// nullopt until the first update: Druid then answers as if there were nothing to ask.
  std::optional<Tiers> tiers() const;

  /// Adds and replaces. Throws kInvalidInput where a lookup would replace one whose version is not less than its own,
  /// and differs from it; nothing is changed then.
  void update(const Tiers& changes);

  // False where there was none.
  bool remove_tier(std::string_view tier);
  bool remove(std::string_view tier, std::string_view name);

 private:
  void commit(Tiers tiers);
  void publish();

  std::filesystem::path file_;
  engine::LookupRegistry& registry_;
  mutable std::mutex mutex_;
  std::optional<Tiers> tiers_;
};

/// {"tier": {"name": {"version", "lookupExtractorFactory"}}}
LookupStore::Tiers parse_lookup_tiers(const JsonField& json);
LookupStore::Lookups parse_lookups(const JsonField& json);
Json to_json(const LookupStore::Lookups& lookups);
Json to_json(const LookupStore::Tiers& tiers);

}  // namespace sarsen::server
