// identity: the value as text.

#include "engine/extraction/extraction_function.h"

namespace sarsen::engine {
namespace {

class Identity final : public ExtractionFunction {
 public:
  using ExtractionFunction::apply;

  Text apply(std::optional<std::string_view> value) const override { return value ? Text(*value) : Text(); }
  bool is_one_to_one() const override { return true; }
};

ExtractionPtr parse_identity(const JsonField&) { return std::make_shared<Identity>(); }

}  // namespace

void register_identity(ExtractionRegistry& registry) {
  registry.add({.type = "identity", .parse = parse_identity, .doc = "The value itself."});
}

}  // namespace sarsen::engine
