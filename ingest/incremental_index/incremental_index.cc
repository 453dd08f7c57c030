#include "ingest/incremental_index/incremental_index.h"

#include <algorithm>
#include <limits>
#include <memory>
#include <utility>

#include "ingest/row/column_name.h"
#include "storage/base/error.h"
#include "storage/base/log.h"

namespace sarsen::ingest {
namespace {

constexpr std::size_t kFirstSlots = 1024;

std::uint64_t hash_of_time(std::int64_t time_ms) noexcept {
  return static_cast<std::uint64_t>(time_ms) * 0x9E3779B97F4A7C15;
}

}  // namespace

IncrementalIndex::IncrementalIndex(std::shared_ptr<const DataSchema> schema, FieldTable& fields, Interval interval,
                                   const std::vector<DimensionSchema>& known)
    : fields_(fields),
      rows_(std::make_shared<IndexRows>(std::move(schema), interval)),
      spatial_(rows_->schema->dimensions_spec, fields),
      slot_array_(make_slots(kFirstSlots)),
      slots_(slot_array_.get(), kFirstSlots),
      batch_(fields),
      min_time_ms_(std::numeric_limits<std::int64_t>::max()),
      max_time_ms_(std::numeric_limits<std::int64_t>::min()),
      last_time_ms_(std::numeric_limits<std::int64_t>::min()) {
  bind_metrics();
  const DimensionsSpec& spec = rows_->schema->dimensions_spec;
  for (const DimensionSchema& dimension : spec.dimensions) add_dimension(dimension);
  for (const DimensionSchema& dimension : known)
    if (!spec.lists(dimension.name)) add_dimension(dimension);
}

IncrementalIndex::~IncrementalIndex() = default;

void IncrementalIndex::add_dimension(const DimensionSchema& schema) {
  auto dimension = LiveDimension::make(schema);
  settle();
  if (row_count() != 0) {  // earlier rows did not have it
    std::vector<std::string> problems;
    dimension->take(0, RawValue{}, problems);
    dimension->resolve(1);
    for (std::uint32_t row = 0; row < row_count(); ++row) dimension->append(0, 1);
  }
  rows_->dimensions.push_back(std::move(dimension));
  dimension_fields_.push_back(fields_.add(schema.name));
}

RowOutcome IncrementalIndex::add(const RawRow& row, std::int64_t time_ms, std::vector<std::string>& problems) {
  const std::size_t problems_before = problems.size();
  if (rows_->schema->dimensions_spec.discovery) discover(row);
  take_dimensions(row, problems);
  waiting_times_ms_[waiting_] = rows_->schema->granularity_spec.row_time(time_ms, rows_->interval.start_ms);
  batch_.add(row, time_ms, problems);
  ++waiting_;
  if (waiting_ == LiveDimension::kWaitingMax || !complex_metrics_.empty()) settle();
  if (!complex_metrics_.empty()) fold_checked(problems);
  if (batch_.full()) flush();
  return problems.size() == problems_before ? RowOutcome::kProcessed : RowOutcome::kProcessedWithError;
}

void IncrementalIndex::take_dimensions(const RawRow& row, std::vector<std::string>& problems) {
  for (std::size_t i = 0; i < dimension_fields_.size(); ++i) {
    LiveDimension& dimension = *rows_->dimensions[i];
    if (i < spatial_.size())
      dimension.take(waiting_, spatial_.value(i, row, problems), problems);
    else
      dimension.take(waiting_, value_of(i, row), problems);
  }
}

/// A discovered dimension has nothing that it would not have been discovered by.
const RawValue& IncrementalIndex::value_of(std::size_t dimension, const RawRow& row) const noexcept {
  static constexpr RawValue kMissing{};
  const std::uint32_t field = dimension_fields_[dimension];
  const RawValue& value = row.value(field);
  if (dimension < rows_->schema->dimensions_spec.dimensions.size() || value.absent()) return value;
  if (row.is_unlisted(field)) return kMissing;
  const bool nested = value.kind == RawValue::Kind::kObject || value.kind == RawValue::Kind::kList;
  const bool listed = !nested || row.listing_settled() || rows_->schema->lists(fields_.name(field), value);
  return listed ? value : kMissing;
}

void IncrementalIndex::discover(const RawRow& row) {
  if (field_uses_.size() < fields_.size()) field_uses_.resize(fields_.size(), FieldUse::kUnknown);
  for (const std::uint32_t field : row.declared())
    if (field_uses_[field] == FieldUse::kUnknown) discover(field, true);
  for (const std::uint32_t field : row.fields())
    if (field_uses_[field] == FieldUse::kUnknown)
      discover(field, row.listing_settled() || rows_->schema->lists(fields_.name(field), row.value(field)));
}

void IncrementalIndex::discover(std::uint32_t field, bool listed) {
  const DimensionsSpec& spec = rows_->schema->dimensions_spec;
  const std::string& name = fields_.name(field);
  const bool known = std::find(dimension_fields_.begin(), dimension_fields_.end(), field) != dimension_fields_.end();
  if (known) {
    field_uses_[field] = FieldUse::kDimension;
  } else if (spec.exclusions.contains(name)) {
    field_uses_[field] = FieldUse::kIgnored;
  } else if (const char* problem = column_name_problem(name)) {
    field_uses_[field] = FieldUse::kIgnored;
    log_warn("A field of the input cannot become a dimension, and is ignored: {}: [{}]", problem, name);
  } else if (listed) {
    field_uses_[field] = FieldUse::kDimension;
    add_dimension(spec.discovered(name));
  }
}

void IncrementalIndex::settle() {
  const std::uint32_t count = std::exchange(waiting_, 0);
  if (count == 0) return;
  for (const auto& dimension : rows_->dimensions) dimension->resolve(count);
  if (rows_->schema->granularity_spec.rollup()) return roll_up(count);
  for (std::uint32_t i = 0; i < count; ++i) groups_.push_back(rows_->times_ms.size() + i);
  append(0, count);
}

std::int64_t IncrementalIndex::take_growth() noexcept {
  const std::uint32_t before = std::exchange(row_count_told_, row_count());
  return std::int64_t{row_count_told_} - before;
}

void IncrementalIndex::roll_up(std::uint32_t count) {
  std::array<std::uint64_t, LiveDimension::kWaitingMax> hashes{};
  for (std::uint32_t i = 0; i < count; ++i) hashes[i] = hash_of_time(waiting_times_ms_[i]);
  for (const auto& dimension : rows_->dimensions) dimension->mix_keys(hashes.data(), count);
  const auto hash_of = [&hashes](std::uint32_t place) { return static_cast<std::uint32_t>(hashes[place] >> 32); };
  for (std::uint32_t i = 0; i < count; ++i) __builtin_prefetch(&slots_[hash_of(i) & (slots_.size() - 1)]);
  for (std::uint32_t i = 0; i < count; ++i) groups_.push_back(row_of(i, hash_of(i)));
}

bool IncrementalIndex::has_keys(std::uint32_t row, std::uint32_t place) const noexcept {
  if (rows_->times_ms[row] != waiting_times_ms_[place]) return false;
  const auto has_key = [row, place](const auto& dimension) { return dimension->has_key(row, place); };
  return std::all_of(rows_->dimensions.begin(), rows_->dimensions.end(), has_key);
}

/// The row that has the keys of the one at `place`, appended now where there is none.
std::uint32_t IncrementalIndex::row_of(std::uint32_t place, std::uint32_t hash) {
  const std::size_t mask = slots_.size() - 1;
  std::size_t slot = hash & mask;
  for (; slots_[slot].row != 0; slot = (slot + 1) & mask)
    if (slots_[slot].hash == hash && has_keys(slots_[slot].row - 1, place)) return slots_[slot].row - 1;
  const std::uint32_t row = rows_->times_ms.size();
  append(place, place + 1);
  slots_[slot] = {row + 1, hash};
  if ((std::size_t{row} + 1) * 2 > slots_.size()) grow_slots();
  return row;
}

LargeArray<IncrementalIndex::Slot> IncrementalIndex::make_slots(std::size_t count) {
  auto slots = make_large_array<Slot>(count);
  std::uninitialized_value_construct_n(slots.get(), count);
  return slots;
}

void IncrementalIndex::grow_slots() {
  LargeArray<Slot> grown_array = make_slots(slots_.size() * 2);
  const Slots grown(grown_array.get(), slots_.size() * 2);
  const std::size_t mask = grown.size() - 1;
  for (const Slot& old : slots_) {
    if (old.row == 0) continue;
    std::size_t slot = old.hash & mask;
    while (grown[slot].row != 0) slot = (slot + 1) & mask;
    grown[slot] = old;
  }
  slot_array_ = std::move(grown_array);
  slots_ = grown;
}

/// The rows at places [begin, end), each one of its own.
void IncrementalIndex::append(std::uint32_t begin, std::uint32_t end) {
  for (const auto& dimension : rows_->dimensions) dimension->append(begin, end);
  for (std::uint32_t place = begin; place < end; ++place) {
    const std::int64_t time_ms = waiting_times_ms_[place];
    rows_->times_ms.push_back(time_ms);
    min_time_ms_ = std::min(min_time_ms_, time_ms);
    max_time_ms_ = std::max(max_time_ms_, time_ms);
    sorted_by_time_ = sorted_by_time_ && time_ms >= last_time_ms_;
    last_time_ms_ = time_ms;
  }
}

void IncrementalIndex::bind_metrics() {
  numeric_metrics_.clear();
  complex_metrics_.clear();
  batch_.forget_texts();
  for (std::size_t i = 0; i < rows_->metrics.size(); ++i) {
    const engine::AggregatorFactory& factory = rows_->metrics.factory(i);
    const bool complex = factory.intermediate_kind().type == storage::ValueType::kComplex;
    (complex ? complex_metrics_ : numeric_metrics_).push_back({factory.bind(batch_), rows_->metrics.offset(i)});
  }
}

/// Folds the batch's last row into its complex metrics. One that cannot read it leaves it out, as Druid does.
void IncrementalIndex::fold_checked(std::vector<std::string>& problems) {
  const std::uint32_t last = batch_.size() - 1;
  const std::uint32_t position = last % 64;  // what lies before is read again with it
  const std::uint32_t begin = batch_.begin() + last - position;
  engine::Selection selection;
  selection.size = position + 1;
  selection.count = 1;
  selection.positions = &position;
  const std::lock_guard lock(rows_->states_mutex);
  rows_->states.grow_to(row_count());
  rows_->changes.note(&groups_.back(), 1, row_count());
  for (const BoundMetric& metric : complex_metrics_) {
    try {
      metric.aggregator->fold_groups(rows_->states.row(0) + metric.offset, rows_->metrics.stride(), &groups_.back(),
                                     begin, selection);
    } catch (const Error& error) {
      problems.emplace_back(error.what());
    }
  }
}

void IncrementalIndex::flush() {
  settle();
  if (batch_.size() == 0) return;
  {
    const std::lock_guard lock(rows_->states_mutex);
    rows_->states.grow_to(row_count());
    rows_->changes.note(groups_.data(), groups_.size(), row_count());
    engine::Selection selection;
    selection.size = batch_.size();
    selection.count = batch_.size();
    for (const BoundMetric& metric : numeric_metrics_)
      metric.aggregator->fold_groups(rows_->states.row(0) + metric.offset, rows_->metrics.stride(), groups_.data(),
                                     batch_.begin(), selection);
  }
  batch_.clear();
  groups_.clear();
  if (batch_.text_columns().entry_count() > kTextEntriesMax) bind_metrics();
  publish();
}

void IncrementalIndex::publish() {
  Published next;
  next.row_count = row_count();
  next.min_time_ms = min_time_ms_;
  next.max_time_ms = max_time_ms_;
  next.sorted_by_time = sorted_by_time_;
  for (const auto& dimension : rows_->dimensions) next.dimensions.push_back(dimension->published());
  const std::lock_guard lock(published_mutex_);
  next.version = published_.version + 1;
  published_ = std::move(next);
  snapshot_ = nullptr;
}

std::shared_ptr<const LiveSegment> IncrementalIndex::snapshot() const {
  const std::lock_guard lock(published_mutex_);
  if (!snapshot_) snapshot_ = std::make_shared<const LiveSegment>(rows_, published_);
  return snapshot_;
}

std::vector<DimensionSchema> IncrementalIndex::dimensions() const {
  std::vector<DimensionSchema> schemas;
  for (const auto& dimension : rows_->dimensions) schemas.push_back(dimension->schema());
  return schemas;
}

std::size_t IncrementalIndex::size_bytes() const noexcept {
  std::size_t bytes = std::size_t{row_count()} * (sizeof(std::int64_t) + rows_->metrics.stride());
  bytes += slots_.size() * sizeof(Slot);
  for (const auto& dimension : rows_->dimensions) bytes += dimension->size_bytes();
  return bytes;
}

}  // namespace sarsen::ingest
