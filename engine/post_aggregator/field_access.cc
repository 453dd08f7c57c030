// fieldAccess: an aggregator's value as it stands; finalizingFieldAccess: as it is answered.

#include "engine/post_aggregator/post_aggregator.h"

namespace sarsen::engine {
namespace {

template <bool kFinalised>
class FieldAccess final : public PostAggregator {
 public:
  FieldAccess(std::string name, std::size_t position) : PostAggregator(std::move(name)), position_(position) {}
  Value compute(const RowValues& row) const override {
    return kFinalised ? row.finalised(position_) : row.intermediate(position_);
  }

 private:
  std::size_t position_;
};

template <bool kFinalised>
PostAggregatorPtr parse_field_access(const JsonField& json, const NameScope& scope, std::string name) {
  const std::size_t position = scope.position(json["fieldName"]);
  return std::make_shared<FieldAccess<kFinalised>>(name.empty() ? json["fieldName"].string() : std::move(name),
                                                   position);
}

}  // namespace

void register_field_access(PostAggregatorRegistry& registry) {
  registry.add(
      {.type = "fieldAccess", .parse = parse_field_access<false>, .doc = "The value of `fieldName`, not finalised."});
  registry.add({.type = "finalizingFieldAccess",
                .parse = parse_field_access<true>,
                .doc = "The finalised value of `fieldName`."});
}

}  // namespace sarsen::engine
