#include "engine/aggregator/aggregator_set.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "storage/base/large_array.h"

namespace sarsen::engine {

AggregatorSet::AggregatorSet(AggregatorFactories factories) : factories_(std::move(factories)) {
  for (const auto& factory : factories_) {
    offsets_.push_back(stride_);
    ranked_.push_back(dynamic_cast<const RankedStates*>(factory.get()));
    stride_ += (factory->state_size() + 7) / 8 * 8;
    trivially_destroyed_ &= factory->trivially_destroyed();
  }
}

std::ptrdiff_t AggregatorSet::find(std::string_view name) const noexcept {
  const auto found =
      std::find_if(factories_.begin(), factories_.end(), [&](const auto& factory) { return factory->name() == name; });
  return found == factories_.end() ? -1 : found - factories_.begin();
}

bool AggregatorSet::divides_segments() const noexcept {
  return std::all_of(factories_.begin(), factories_.end(),
                     [](const auto& factory) { return factory->divides_segments(); });
}

bool AggregatorSet::depends_on_order() const noexcept {
  return std::any_of(factories_.begin(), factories_.end(),
                     [](const auto& factory) { return factory->depends_on_order(); });
}

void AggregatorSet::init(std::byte* row) const noexcept {
  for (std::size_t i = 0; i < factories_.size(); ++i) factories_[i]->init(row + offsets_[i]);
}

void AggregatorSet::destroy(std::byte* row) const noexcept {
  if (trivially_destroyed_) return;
  for (std::size_t i = 0; i < factories_.size(); ++i) factories_[i]->destroy(row + offsets_[i]);
}

void AggregatorSet::merge(std::byte* into, const std::byte* from) const {
  for (std::size_t i = 0; i < factories_.size(); ++i) factories_[i]->merge(into + offsets_[i], from + offsets_[i]);
}

void AggregatorSet::merge_groups(std::byte* into, const std::uint32_t* groups, const std::byte* from,
                                 std::uint32_t count) const {
  for (std::size_t i = 0; i < factories_.size(); ++i)
    factories_[i]->merge_groups(into + offsets_[i], groups, from + offsets_[i], stride_, count);
}

void AggregatorSet::take_groups(std::byte* into, const std::uint32_t* groups, std::byte* from,
                                std::uint32_t count) const {
  for (std::size_t i = 0; i < factories_.size(); ++i)
    factories_[i]->take_groups(into + offsets_[i], groups, from + offsets_[i], stride_, count);
}

void AggregatorSet::save(const std::byte* row, ByteWriter& out) const {
  for (std::size_t i = 0; i < factories_.size(); ++i) factories_[i]->save(row + offsets_[i], out);
}

void AggregatorSet::load(std::byte* row, ByteReader& in) const {
  for (std::size_t i = 0; i < factories_.size(); ++i) factories_[i]->load(row + offsets_[i], in);
}

bool AggregatorSet::merges_associatively() const noexcept {
  return std::all_of(factories_.begin(), factories_.end(),
                     [](const auto& factory) { return factory->merges_associatively(); });
}

void AggregatorSet::ranks(const std::byte* rows, std::span<const std::uint32_t> groups, std::size_t i,
                          double* ranks) const noexcept {
  if (ranked_[i] == nullptr) {
    std::fill_n(ranks, groups.size(), std::numeric_limits<double>::quiet_NaN());
  } else {
    ranked_[i]->ranks(rows + offsets_[i], stride_, groups, ranks);
  }
}

Value AggregatorSet::result(const std::byte* row, std::size_t i, bool finalised) const {
  return finalised ? finalise(row, i) : factories_[i]->intermediate(row + offsets_[i]);
}

BoundAggregators::BoundAggregators(const AggregatorSet& set, ColumnSources& columns) : set_(set) {
  for (std::size_t i = 0; i < set.size(); ++i) {
    aggregators_.push_back(set.factory(i).bind(columns));
    defers_.push_back(dynamic_cast<DefersFolds*>(aggregators_.back().get()));
  }
}

void BoundAggregators::fold(std::byte* row, std::uint32_t begin, const Selection& selection) {
  for (std::size_t i = 0; i < aggregators_.size(); ++i) aggregators_[i]->fold(row + set_.offset(i), begin, selection);
}

void BoundAggregators::fold_groups(std::byte* rows, const std::uint32_t* groups, std::uint32_t begin,
                                   const Selection& selection) {
  for (std::size_t i = 0; i < aggregators_.size(); ++i)
    aggregators_[i]->fold_groups(rows + set_.offset(i), set_.stride(), groups, begin, selection);
}

void BoundAggregators::fold_masked(std::byte* rows, const MaskedGroups& groups, std::uint32_t begin) {
  for (std::size_t i = 0; i < aggregators_.size(); ++i)
    aggregators_[i]->fold_masked(rows + set_.offset(i), set_.stride(), groups, begin);
}

bool BoundAggregators::folds_runs() const {
  return std::all_of(aggregators_.begin(), aggregators_.end(),
                     [](const auto& aggregator) { return aggregator->folds_runs(); });
}

void BoundAggregators::fold_run(std::byte* row, std::uint32_t begin) {
  for (std::size_t i = 0; i < aggregators_.size(); ++i) aggregators_[i]->fold_run(row + set_.offset(i), begin);
}

void BoundAggregators::find_exact(std::uint32_t rows) {
  exact_.clear();
  for (const auto& aggregator : aggregators_) exact_.push_back(aggregator->folds_exactly(rows));
  exact_count_ = static_cast<std::size_t>(std::count(exact_.begin(), exact_.end(), true));
}

void BoundAggregators::fold_exact_masked(std::byte* rows, const MaskedGroups& groups, std::uint32_t begin) {
  for (std::size_t i = 0; i < aggregators_.size(); ++i)
    if (exact_[i]) aggregators_[i]->fold_masked(rows + set_.offset(i), set_.stride(), groups, begin);
}

void BoundAggregators::fold_inexact_groups(std::byte* rows, const std::uint32_t* groups, std::uint32_t begin,
                                           const Selection& selection) {
  for (std::size_t i = 0; i < aggregators_.size(); ++i)
    if (!exact_[i]) aggregators_[i]->fold_groups(rows + set_.offset(i), set_.stride(), groups, begin, selection);
}

void BoundAggregators::defer() {
  for (DefersFolds* const one : defers_)
    if (one != nullptr) one->defer();
}

void BoundAggregators::finish(std::byte* rows) {
  for (std::size_t i = 0; i < defers_.size(); ++i)
    if (defers_[i] != nullptr) defers_[i]->finish(rows + set_.offset(i), set_.stride());
}

StateRows::~StateRows() { shrink_to(0); }

StateRows::StateRows(StateRows&& other) noexcept
    : set_(other.set_),
      bytes_(std::move(other.bytes_)),
      size_(std::exchange(other.size_, 0)),
      capacity_(std::exchange(other.capacity_, 0)) {}

StateRows& StateRows::operator=(StateRows&& other) noexcept {
  std::swap(set_, other.set_);
  std::swap(bytes_, other.bytes_);
  std::swap(size_, other.size_);
  std::swap(capacity_, other.capacity_);
  return *this;
}

void StateRows::swap(std::uint32_t left, std::uint32_t right) noexcept {
  std::swap_ranges(row(left), row(left) + set_->stride(), row(right));
}

void StateRows::shrink_to(std::uint32_t rows) noexcept {
  if (set_->copies_initial_states()) size_ = std::min(size_, rows);
  while (size_ > rows) set_->destroy(row(--size_));
}

void StateRows::grow_to(std::uint32_t rows) {
  if (rows <= size_) return;
  if (rows > capacity_) {
    const std::size_t capacity = std::max<std::size_t>({rows, capacity_ * 2, 16});
    auto bytes = std::make_unique_for_overwrite<std::byte[]>(capacity * set_->stride());
    ask_for_huge_pages(bytes.get(), capacity * set_->stride());
    if (size_ > 0) std::memcpy(bytes.get(), bytes_.get(), size_ * set_->stride());
    bytes_ = std::move(bytes);
    capacity_ = capacity;
  }
  const std::uint32_t first = size_++;
  set_->init(row(first));
  if (set_->copies_initial_states()) {
    for (std::uint32_t made = 1; size_ < rows; made *= 2) {  // doubles what there is
      const std::uint32_t count = std::min(made, rows - size_);
      std::memcpy(row(size_), row(first), count * set_->stride());
      size_ += count;
    }
  } else {
    for (; size_ < rows; ++size_) set_->init(row(size_));
  }
}

}  // namespace sarsen::engine
