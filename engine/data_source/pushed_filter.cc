#include "engine/data_source/pushed_filter.h"

#include <algorithm>

#include "engine/data_source/gathered_segment.h"
#include "engine/data_source/probed_filter.h"
#include "engine/filter/logical.h"

namespace sarsen::engine {
namespace {

template <class Element, class Wanted>
bool contains(const std::vector<Element>& elements, const Wanted& wanted) {
  return std::find(elements.begin(), elements.end(), wanted) != elements.end();
}

bool passes(const storage::Segment& segment, const FilterPtr& conjunct) {
  const auto* gathered = dynamic_cast<const GatheredSegment*>(&segment);
  return gathered != nullptr && contains(gathered->passed(), conjunct);
}

VirtualColumnsPtr joined(const VirtualColumns& first, const VirtualColumns& second) {
  std::vector<VirtualColumnPtr> all = first.all();
  all.insert(all.end(), second.all().begin(), second.all().end());
  return std::make_shared<const VirtualColumns>(std::move(all));
}

}  // namespace

PushedFilter::PushedFilter(const FilterPtr& filter, VirtualColumnsPtr virtual_columns)
    : virtual_columns_(std::move(virtual_columns)) {
  if (filter == nullptr) return;
  for (FilterPtr& conjunct : conjuncts_of(filter)) conjuncts_.push_back({std::move(conjunct), true});
}

PushedFilter PushedFilter::without_prefix(std::string prefix) const {
  PushedFilter below = *this;
  below.prefixes_above_.push_back(std::move(prefix));
  return below;
}

PushedFilter PushedFilter::without_column(std::string name) const {
  PushedFilter below = *this;
  below.names_above_.push_back(std::move(name));
  return below;
}

PushedFilter PushedFilter::with(const FilterPtr& filter) const {
  PushedFilter more = *this;
  if (filter != nullptr)
    for (FilterPtr& conjunct : conjuncts_of(filter)) more.conjuncts_.push_back({std::move(conjunct), false});
  return more;
}

bool PushedFilter::is_above(std::string_view name) const {
  return contains(names_above_, name) ||
         std::any_of(prefixes_above_.begin(), prefixes_above_.end(), [&](const std::string& prefix) {
           return name.size() > prefix.size() && name.starts_with(prefix);
         });
}

PushedFilter::Choice PushedFilter::over(const SourcePart& part, const VirtualColumnsPtr& own,
                                        const std::vector<std::string>& stored) const {
  Choice choice{part.filter, own};
  if (conjuncts_.empty()) return choice;
  // A virtual column would hide a stored one of its name from those who mean that one.
  const std::vector<VirtualColumnPtr>& virtuals = virtual_columns_->all();
  const auto hides_one = [&](const VirtualColumnPtr& column) {
    return part.segment->column(column->name()) != nullptr || contains(stored, column->name()) ||
           own->find(column->name()) != nullptr;
  };
  const bool hides = part.filter != nullptr || std::any_of(virtuals.begin(), virtuals.end(), hides_one);
  bool some_read_virtual = false;
  const auto is_elsewhere = [&](std::string_view name) {
    return is_above(name) || virtual_columns_->find(name) != nullptr;
  };
  for (const Conjunct& conjunct : conjuncts_) {
    if (passes(*part.segment, conjunct.filter)) {
      choice.passed.push_back(conjunct.filter);
      continue;
    }
    const bool reads_virtual = conjunct.reads_virtual_columns && !hides && !virtuals.empty();
    const VirtualColumns* visible = reads_virtual ? virtual_columns_.get() : nullptr;
    const ProbedFilter probed(*conjunct.filter, *part.segment, visible, is_elsewhere, ProbedFilter::Use::kToLearn);
    if (!probed.is_within()) continue;
    choice.filter = both(choice.filter, conjunct.filter);
    if (conjunct.reads_virtual_columns) choice.passed.push_back(conjunct.filter);
    some_read_virtual = some_read_virtual || reads_virtual;
  }
  if (some_read_virtual) choice.virtual_columns = joined(*own, *virtual_columns_);
  return choice;
}

void PushedFilter::matches(const storage::Segment& segment, const std::string& prefix, const MaskVisit& visit) const {
  const auto is_elsewhere = [&](std::string_view name) {
    return is_above(name) || name.size() <= prefix.size() || !name.starts_with(prefix);
  };
  for (const Conjunct& conjunct : conjuncts_) {
    ProbedFilter probed(*conjunct.filter, segment, conjunct.reads_virtual_columns ? virtual_columns_.get() : nullptr,
                        is_elsewhere, ProbedFilter::Use::kToAsk);
    if (!probed.is_within()) continue;
    if (const auto mask = probed.mask()) visit(conjunct.filter, *mask);
  }
}

FilterPtr PushedFilter::rest(const FilterPtr& filter, const storage::Segment& segment) {
  const auto* gathered = dynamic_cast<const GatheredSegment*>(&segment);
  if (filter == nullptr || gathered == nullptr || gathered->passed().empty()) return filter;
  FilterPtr rest;
  for (const FilterPtr& conjunct : conjuncts_of(filter))
    if (!contains(gathered->passed(), conjunct)) rest = both(rest, conjunct);
  return rest;
}

}  // namespace sarsen::engine
