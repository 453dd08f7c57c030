// constant: the same number in every row. The simplest post-aggregator, and so the one to imitate.

#include "engine/post_aggregator/post_aggregator.h"

namespace sarsen::engine {
namespace {

class Constant final : public PostAggregator {
 public:
  Constant(std::string name, Value value) : PostAggregator(std::move(name)), value_(std::move(value)) {}
  Value compute(const RowValues&) const override { return value_; }

 private:
  Value value_;
};

PostAggregatorPtr parse_constant(const JsonField& json, const NameScope&, std::string name) {
  const JsonField value = json["value"];
  if (!value.present() || value.json().is_bool()) value.fail("must be a number");
  // Text is a number, too, as Jackson reads it.
  const bool whole = value.json().is_integer() ||
                     (value.json().is_string() && value.json().string().find_first_of(".eEnN") == std::string::npos);
  return std::make_shared<Constant>(std::move(name), whole ? Value(value.integer()) : Value(value.number()));
}

}  // namespace

void register_constant_post_aggregator(PostAggregatorRegistry& registry) {
  registry.add({.type = "constant", .parse = parse_constant, .doc = "A number."});
}

}  // namespace sarsen::engine
