// searchQuery: the value where a search finds it, else null.

#include "engine/text/search_query.h"

#include "engine/extraction/extraction_function.h"

namespace sarsen::engine {
namespace {

class Searched final : public ExtractionFunction {
 public:
  explicit Searched(std::shared_ptr<const SearchQuery> query) : query_(std::move(query)) {}
  using ExtractionFunction::apply;

  Text apply(std::optional<std::string_view> value) const override {
    return value && query_->accepts(*value) ? Text(*value) : Text();
  }

 private:
  std::shared_ptr<const SearchQuery> query_;
};

ExtractionPtr parse_searched(const JsonField& json) {
  return std::make_shared<Searched>(parse_search_query(json["query"]));
}

}  // namespace

void register_search_query(ExtractionRegistry& registry) {
  registry.add({.type = "searchQuery", .parse = parse_searched, .doc = "The value where `query` finds it."});
}

}  // namespace sarsen::engine
