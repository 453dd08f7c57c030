#pragma once
// Which queries are answered from the cache of whole answers: Druid's settings and the query's context decide together.
// Thread-safe.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/cache/result_cache.h"
#include "engine/query/query.h"
#include "storage/base/json_writer.h"

namespace sarsen::server {

struct AnswerCacheSettings {
  bool use = false;                           // druid.broker.cache.useResultLevelCache
  bool populate = false;                      // druid.broker.cache.populateResultLevelCache
  std::vector<std::string> uncacheable = {};  // types of queries: druid.broker.cache.unCacheable
  std::size_t entry_bytes_max = INT32_MAX;    // druid.broker.cache.resultLevelCacheLimit
};

class CachedAnswers {
 public:
  using Emit = std::function<void(std::string_view)>;

  /// The cache outlives it.
  CachedAnswers(AnswerCacheSettings settings, engine::ResultCache& cache)
      : settings_(std::move(settings)), cache_(cache) {}

  /// Whether the query needs its key.
  bool concerns(const engine::Query& query) const { return uses(query) || populates(query); }

  /// Emits the answer from the cache, or has `compute` emit it, and keeps it. `key`: nullopt for answers that cannot be
  /// kept.
  void answer(const engine::Query& query, const std::optional<std::string>& key, JsonStyle style, const Emit& emit,
              const std::function<void(const Emit&)>& compute);

 private:
  bool uses(const engine::Query& query) const;
  bool populates(const engine::Query& query) const;
  bool is_cacheable(const engine::Query& query) const;

  const AnswerCacheSettings settings_;
  engine::ResultCache& cache_;
};

}  // namespace sarsen::server
