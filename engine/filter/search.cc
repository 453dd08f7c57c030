// search: a search finds something in the column's text.

#include "engine/filter/candidate_ids.h"
#include "engine/filter/leaf_matcher.h"
#include "engine/text/search_query.h"

namespace sarsen::engine {
namespace {

class Search final : public Filter {
 public:
  Search(std::string dimension, std::shared_ptr<const SearchQuery> query, ExtractionPtr function)
      : dimension_(std::move(dimension)), query_(std::move(query)), function_(std::move(function)) {}

  std::unique_ptr<FilterMatcher> bind(ColumnSources& columns, const FilterUse& use) const override {
    return bind_text_leaf(columns, dimension_, use, function_,
                          unknown_if_null([query = query_](std::string_view text) { return query->accepts(text); }),
                          [this](const storage::Dictionary& dictionary) { return search(dictionary); });
  }

 private:
  std::optional<IdSet> search(const storage::Dictionary& dictionary) const {
    const std::optional<kernels::BytePair> pair = query_->rarest_pair();
    if (!pair) return std::nullopt;
    return accepted_candidates(dictionary, *pair, [this](std::string_view text) { return query_->accepts(text); });
  }

  std::string dimension_;
  std::shared_ptr<const SearchQuery> query_;
  ExtractionPtr function_;
};

FilterPtr parse_search(const JsonField& json) {
  return std::make_shared<Search>(json["dimension"].string(), parse_search_query(json["query"]),
                                  parse_optional_extraction(json["extractionFn"]));
}

}  // namespace

void register_search(FilterRegistry& registry) {
  registry.add({.type = "search", .parse = parse_search, .doc = "`query` finds something in `dimension`."});
}

}  // namespace sarsen::engine
