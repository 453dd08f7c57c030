// like: SQL's LIKE.

#include "engine/exec/poll.h"
#include "engine/filter/candidate_ids.h"
#include "engine/filter/leaf_matcher.h"
#include "engine/text/like_pattern.h"
#include "storage/base/java_order.h"

namespace sarsen::engine {
namespace {

class Like final : public Filter {
 public:
  Like(std::string dimension, LikePattern pattern, ExtractionPtr function)
      : dimension_(std::move(dimension)),
        pattern_(std::make_shared<const LikePattern>(std::move(pattern))),
        function_(std::move(function)) {}

  std::unique_ptr<FilterMatcher> bind(ColumnSources& columns, const FilterUse& use) const override {
    const auto test = unknown_if_null([pattern = pattern_](std::string_view text) { return pattern->matches(text); });
    // Druid asks the function of null texts, and not of null numbers.
    return bind_text_leaf(
        columns, dimension_, use, function_, test,
        [this](const storage::Dictionary& dictionary) { return search(dictionary); }, Answer::kUnknown);
  }

 private:
  /// Only what begins with the pattern's text before the first wildcard is looked at, or what has its rarest bytes.
  std::optional<IdSet> search(const storage::Dictionary& dictionary) const {
    const std::string prefix = pattern_->prefix();
    if (const auto pair = pattern_->rarest_pair(); prefix.empty() && pair) return search_inside(dictionary, *pair);
    IdSet ids(dictionary.size());
    for (std::uint32_t id = dictionary.lower_bound(prefix); id < dictionary.size(); ++id) {
      poll();
      const std::optional<std::string_view> text = dictionary.value(id);
      if (!text) continue;
      if (!text->starts_with(prefix)) break;
      if (pattern_->is_prefix() || pattern_->matches(*text)) ids.add(id);
    }
    return ids;
  }

  std::optional<IdSet> search_inside(const storage::Dictionary& dictionary, const kernels::BytePair& pair) const {
    return accepted_candidates(dictionary, pair, [this](std::string_view text) { return pattern_->matches(text); });
  }

  std::string dimension_;
  std::shared_ptr<const LikePattern> pattern_;
  ExtractionPtr function_;
};

FilterPtr parse_like(const JsonField& json) {
  const std::string escape = json["escape"].string_or("");
  if (utf16_length(escape) > 1) json["escape"].fail("Escape must be null or a single character");
  if (json["escape"].present() && escape.empty()) json["escape"].fail("Escape must be null or a single character");
  return std::make_shared<Like>(json["dimension"].string(), LikePattern(json["pattern"].string(), escape),
                                parse_optional_extraction(json["extractionFn"]));
}

}  // namespace

void register_like(FilterRegistry& registry) {
  registry.add({.type = "like", .parse = parse_like, .doc = "`dimension` is like `pattern`, with % and _."});
}

}  // namespace sarsen::engine
