#include "server/api/cached_answers.h"

#include <algorithm>
#include <memory>

namespace sarsen::server {
namespace {

struct Answer final : engine::CachedResult {
  explicit Answer(std::string value) : text(std::move(value)) {}
  std::size_t bytes() const noexcept override { return text.size(); }

  std::string text;
};

}  // namespace

bool CachedAnswers::is_cacheable(const engine::Query& query) const {
  return std::find(settings_.uncacheable.begin(), settings_.uncacheable.end(), query.type()) ==
         settings_.uncacheable.end();
}

bool CachedAnswers::uses(const engine::Query& query) const {
  return settings_.use && query.context().boolean_or("useResultLevelCache", true) && is_cacheable(query);
}

bool CachedAnswers::populates(const engine::Query& query) const {
  return settings_.populate && query.context().boolean_or("populateResultLevelCache", true) && is_cacheable(query);
}

void CachedAnswers::answer(const engine::Query& query, const std::optional<std::string>& key, JsonStyle style,
                           const Emit& emit, const std::function<void(const Emit&)>& compute) {
  if (!key || !concerns(query)) return compute(emit);
  std::string styled = "answer " + std::to_string(static_cast<int>(style)) + *key;
  if (uses(query))
    if (const engine::ResultCache::Result known = cache_.find(styled))
      return emit(static_cast<const Answer&>(*known).text);
  if (!populates(query)) return compute(emit);
  const std::size_t bytes_max = std::min(cache_.entry_bytes_max(), settings_.entry_bytes_max);
  std::string whole;
  bool fits = true;
  compute([&](std::string_view piece) {
    fits = fits && whole.size() + piece.size() <= bytes_max;
    if (fits) whole += piece;
    emit(piece);
  });
  if (fits) cache_.put(std::move(styled), std::make_shared<const Answer>(std::move(whole)));
}

}  // namespace sarsen::server
