#include "server/api/cached_answers.h"

#include <memory>
#include <utility>

namespace sarsen::server {

void CachedAnswers::answer(const engine::QueryContext& context, const std::optional<std::string>& key, JsonStyle style,
                           const Emit& emit, const std::function<void(const Emit&)>& compute) {
  if (!key || !concerns(context)) return compute(emit);
  std::string styled = std::to_string(static_cast<int>(style)) + *key;
  if (uses(context))
    if (const engine::AnswerCache::Answer known = cache_.find(styled)) return emit(*known);
  if (!populates(context)) return compute(emit);
  std::string whole;
  bool fits = true;
  compute([&](std::string_view piece) {
    fits = fits && whole.size() + piece.size() <= cache_.entry_bytes_max();
    if (fits) whole += piece;
    emit(piece);
  });
  if (fits) cache_.put(std::move(styled), std::make_shared<const std::string>(std::move(whole)));
}

}  // namespace sarsen::server
