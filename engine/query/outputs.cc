#include "engine/query/outputs.h"

#include <algorithm>

namespace sarsen::engine {
namespace {

class StatesRow final : public RowValues {
 public:
  StatesRow(const Outputs& outputs, const std::byte* states) : outputs_(outputs), states_(states) {}
  Value finalised(std::size_t position) const override { return outputs_.value(states_, position); }
  Value intermediate(std::size_t position) const override { return outputs_.value(states_, position, false); }

 private:
  const Outputs& outputs_;
  const std::byte* states_;
};

AggregatorFactories parse_aggregators(const JsonField& json) {
  AggregatorFactories factories;
  for (const JsonField& element : json.elements()) factories.push_back(parse_aggregator(element));
  return factories;
}

}  // namespace

Outputs::Outputs(const JsonField& query, bool sent)
    : aggregators_(std::make_shared<const AggregatorSet>(parse_aggregators(query["aggregations"]))) {
  const auto add = [&](const std::string& name, const JsonField& json) {
    if (find(name) >= 0) json["name"].fail("the name \"" + name + "\" is used twice");
    names_.push_back(name);
  };
  for (std::size_t i = 0; i < aggregators_->size(); ++i)
    unsent_.push_back(sent ? nullptr : dynamic_cast<const UnsentEstimate*>(&aggregators_->factory(i)));
  const std::vector<JsonField> aggregations = query["aggregations"].elements();
  for (std::size_t i = 0; i < aggregations.size(); ++i) add(aggregators_->factory(i).name(), aggregations[i]);
  NameScope scope(names_);
  for (const JsonField& element : query["postAggregations"].elements()) {
    post_aggregators_.push_back(parse_post_aggregator(element, scope));
    add(post_aggregators_.back()->name(), element);
    scope.add(names_.back());
  }
}

std::ptrdiff_t Outputs::find(std::string_view name) const noexcept {
  const auto found = std::find(names_.begin(), names_.end(), name);
  return found == names_.end() ? -1 : found - names_.begin();
}

Value Outputs::value(const std::byte* states, std::size_t i, bool finalised) const {
  if (i < aggregators_->size() && states == nullptr)
    return finalised ? aggregators_->factory(i).finalise_null() : Value();
  if (i < aggregators_->size() && finalised && unsent_[i] != nullptr)
    return unsent_[i]->finalise_unsent(states + aggregators_->offset(i));
  if (i < aggregators_->size()) return aggregators_->result(states, i, finalised);
  return post_aggregators_[i - aggregators_->size()]->compute(StatesRow(*this, states));
}

Value Outputs::ordered_by(const std::byte* states, std::size_t i) const {
  return i < aggregators_->size() ? aggregators_->ordered_by(states, i) : value(states, i);
}

std::string Outputs::type_name(std::size_t i, bool finalised) const {
  if (i >= aggregators_->size()) return {};
  const ColumnKind kind = aggregators_->factory(i).intermediate_kind();
  return finalised && kind.type == storage::ValueType::kComplex ? std::string() : kind.type_name();
}

int Outputs::compare(std::size_t i, const Value& left, const Value& right) const {
  if (i < aggregators_->size()) return aggregators_->factory(i).compare(left, right);
  return post_aggregators_[i - aggregators_->size()]->compare(left, right);
}

bool Outputs::nulls_rank_highest(std::size_t i) const noexcept {
  return i >= aggregators_->size() && post_aggregators_[i - aggregators_->size()]->nulls_rank_highest();
}

}  // namespace sarsen::engine
