#pragma once
// Which queries are answered from the cache of whole answers: Druid's settings and the query's context decide together.
// Thread-safe.

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "engine/cache/answer_cache.h"
#include "engine/query/query.h"
#include "storage/base/json_writer.h"

namespace sarsen::server {

struct AnswerCacheSettings {
  std::size_t bytes_max = std::size_t{64} << 20;  // druid.cache.sizeInBytes
  bool use = false;                               // druid.broker.cache.useResultLevelCache
  bool populate = false;                          // druid.broker.cache.populateResultLevelCache
};

class CachedAnswers {
 public:
  using Emit = std::function<void(std::string_view)>;

  explicit CachedAnswers(const AnswerCacheSettings& settings)
      : settings_(settings), cache_(settings.use || settings.populate ? settings.bytes_max : 0) {}

  /// Whether the query needs its key.
  bool concerns(const engine::QueryContext& context) const { return uses(context) || populates(context); }

  /// Emits the answer from the cache, or has `compute` emit it, and keeps it. `key`: nullopt for answers that cannot be
  /// kept.
  void answer(const engine::QueryContext& context, const std::optional<std::string>& key, JsonStyle style,
              const Emit& emit, const std::function<void(const Emit&)>& compute);

  engine::AnswerCache::Statistics statistics() const { return cache_.statistics(); }

 private:
  bool uses(const engine::QueryContext& context) const {
    return settings_.use && context.boolean_or("useResultLevelCache", true);
  }
  bool populates(const engine::QueryContext& context) const {
    return settings_.populate && context.boolean_or("populateResultLevelCache", true);
  }

  const AnswerCacheSettings settings_;
  engine::AnswerCache cache_;
};

}  // namespace sarsen::server
