#include "server/cli/query_node.h"

#include "engine/group/shared_texts.h"
#include "engine/lookup/lookup_registry.h"
#include "storage/cache/block_cache.h"

namespace sarsen::server {
namespace {

engine::QueryLimits limits_of(const ServerSettings& settings, engine::ResultCache& results) {
  engine::QueryLimits limits = settings.query_limits;
  limits.segment_cache.cache = &results;
  return limits;
}

/// What of the memory for decoded blocks may be texts that queries share, on top of it.
constexpr std::size_t kBlocksPerSharedTexts = 4;

}  // namespace

QueryNode::QueryNode(const ServerSettings& settings, const DataFolder& data, const storage::Catalog& catalog)
    : pool_(settings.processing_threads),
      results_(settings.cache_bytes),
      engine_(catalog, pool_, limits_of(settings, results_)),
      scheduler_(settings.scheduler, settings.http.requests_max),
      cache_(settings.answer_cache, results_),
      lookups_(data.lookups(), engine::lookup_registry()) {
  storage::BlockCache::shared().set_budget_bytes(settings.block_cache_bytes);
  engine::SharedTextsPool::shared().set_budget_bytes(settings.block_cache_bytes / kBlocksPerSharedTexts);
}

void QueryNode::add_routes(Router& router) {
  add_native_query_routes(router, engine_, scheduler_, running_, cache_);
  add_lookup_routes(router, lookups_);
}

}  // namespace sarsen::server
