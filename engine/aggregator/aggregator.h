#pragma once
// Aggregators: state apart from function (as in ClickHouse). An AggregatorFactory is what a query or a metricsSpec
// names; it owns no state: the caller gives memory. bind() joins it to the columns of one cursor and gives an
// Aggregator, whose fold loops run over vectors. States of several cursors are merged, then finalised. Adding one:
// CONTRIBUTING.md; the simplest is count.cc.
//
// Thread safety: a factory is immutable and shared; an Aggregator belongs to one cursor; a state to one thread at a
// time.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/aggregator/masked_groups.h"
#include "engine/result/value.h"
#include "engine/vector/column_sources.h"
#include "engine/vector/selection.h"
#include "storage/base/byte_reader.h"
#include "storage/base/byte_writer.h"
#include "storage/base/json.h"

namespace sarsen::engine {

class Aggregator {
 public:
  virtual ~Aggregator() = default;

  /// Folds the selected rows of the vector that begins at row `begin` into one state. REQUIRES: selection.count > 0.
  virtual void fold(std::byte* state, std::uint32_t begin, const Selection& selection) = 0;

  /// The same, each selected row into the state of its group: the i-th selected row (in the order of the selection)
  /// into `states + groups[i] * stride`. `states` points at this aggregator's part of group 0. The selection is all
  /// rows or positions.
  virtual void fold_groups(std::byte* states, std::size_t stride, const std::uint32_t* groups, std::uint32_t begin,
                           const Selection& selection) = 0;

  /// Whether fold_run() may be called: then it is faster than fold() of each vector.
  virtual bool folds_runs() const { return false; }
  /// Folds all rows of kRunVectors vectors, the first of which begins at `begin`, a multiple of their rows: to the last
  /// bit what fold() of each in turn gives.
  virtual void fold_run(std::byte* /*state*/, std::uint32_t /*begin*/) {}

  /// The rows of each group into `states + groups.groups[i] * stride`: to the last bit what fold() gives for each.
  virtual void fold_masked(std::byte* states, std::size_t stride, const MaskedGroups& groups, std::uint32_t begin);

  /// Whether fold_masked() gives to the last bit what fold_groups() does, over `rows` rows in all, and is faster also
  /// for dozens of groups.
  virtual bool folds_exactly(std::uint32_t /*rows*/) const { return false; }
};

class AggregatorFactory {
 public:
  virtual ~AggregatorFactory() = default;

  const std::string& name() const noexcept { return name_; }

  /// Columns that it reads.
  virtual std::vector<std::string> required_columns() const = 0;

  // --- the state: `state_size()` bytes at an address aligned to 8.
  virtual std::size_t state_size() const noexcept = 0;
  virtual void init(std::byte* state) const noexcept = 0;
  /// False: destroy() must be called before the memory goes.
  virtual bool trivially_destroyed() const noexcept { return true; }
  virtual void destroy(std::byte*) const noexcept {}
  virtual void merge(std::byte* into, const std::byte* from) const = 0;
  /// merge() of `count` states that lie `stride` apart, the i-th into `into + groups[i] * stride`, one after the other.
  virtual void merge_groups(std::byte* into, const std::uint32_t* groups, const std::byte* from, std::size_t stride,
                            std::uint32_t count) const;
  /// The same, where nobody reads the states at `from` again: they may be left without what they own.
  virtual void take_groups(std::byte* into, const std::uint32_t* groups, std::byte* from, std::size_t stride,
                           std::uint32_t count) const {
    merge_groups(into, groups, from, stride, count);
  }
  /// Appends what load() makes the same state of again, in this process. The default is for states trivially destroyed:
  /// their bytes.
  virtual void save(const std::byte* state, ByteWriter& out) const;
  /// `state` is initialised, and so it stays where this throws.
  virtual void load(std::byte* state, ByteReader& in) const;
  /// True where, to the last bit, (a + b) + c is a + (b + c) for partial results that are merged.
  virtual bool merges_associatively() const noexcept { return false; }
  /// False: the rows of one segment must be folded by one Aggregator, as parts of it cannot be merged.
  virtual bool divides_segments() const noexcept { return true; }
  /// Whether the answer depends on the order in which rows are folded.
  virtual bool depends_on_order() const noexcept { return false; }
  /// Told, for a group of a subtotal, the output names of the dimensions that it is grouped by.
  virtual void note_dimensions(std::byte* /*state*/, const std::vector<std::string>& /*names*/) const {}
  /// What merging makes of a state without another: Druid's groupBy folds what a segment gives into a union, be it the
  /// only one.
  virtual void merge_alone(std::byte* /*state*/) const {}

  virtual std::unique_ptr<Aggregator> bind(ColumnSources& columns) const = 0;

  // --- results
  virtual Value finalise(const std::byte* state) const = 0;
  /// What Druid finalises null to: the grand total of no rows.
  virtual Value finalise_null() const { return {}; }
  /// Druid's intermediate form: the number itself, the bytes of a complex value, or an object.
  virtual Value intermediate(const std::byte* state) const { return finalise(state); }
  /// The same as a column of a segment holds it: numbers, or bytes.
  virtual Value stored(const std::byte* state) const { return intermediate(state); }
  /// The column type of the intermediate form: how ingestion stores it.
  virtual ColumnKind intermediate_kind() const = 0;
  /// What a limit or a topN orders by, as compare() takes it.
  virtual Value ordered_by(const std::byte* state) const { return finalise(state); }
  /// Negative, 0 or positive: how values of ordered_by() are ordered, nulls lowest. The default compares numbers and
  /// text.
  virtual int compare(const Value& left, const Value& right) const;

  // --- ingestion
  /// The factory that folds this one's stored output again: longSum of its own name for count. REQUIRES, where it is
  /// not overridden: folding() gives one.
  virtual std::unique_ptr<AggregatorFactory> combining() const { return folding(name()); }
  /// The one that folds what this one stored in `column`, of that name, into states that are as this one's and can be
  /// merged with them: for rows of a projection. nullptr: there is none.
  virtual std::unique_ptr<AggregatorFactory> folding(const std::string& /*column*/) const { return nullptr; }
  /// Druid's JSON, as metadata.drd holds it.
  virtual Json to_json() const = 0;

 protected:
  explicit AggregatorFactory(std::string name) : name_(std::move(name)) {}

 private:
  std::string name_;
};

using AggregatorFactories = std::vector<std::shared_ptr<const AggregatorFactory>>;

/// From {"type", "name", …}. Throws kInvalidInput naming the field; unknown types come with a suggestion.
std::shared_ptr<const AggregatorFactory> parse_aggregator(const JsonField& json);

/// longSum of `field_name`: what counts and sums are folded with again.
std::unique_ptr<AggregatorFactory> make_long_sum(std::string name, std::string field_name);

/// hyperUnique of `field_name`: what its own collectors and those of cardinality are folded with again.
std::unique_ptr<AggregatorFactory> make_hyper_unique(std::string name, std::string field_name, bool round);

/// What an aggregator's file adds to the registry. Nothing registers itself; registry.cc lists them all.
struct AggregatorType {
  std::string_view type;  // "longSum"
  std::shared_ptr<const AggregatorFactory> (*parse)(const JsonField& json);
  std::string_view doc;  // one sentence for the manual
};

class AggregatorRegistry {
 public:
  void add(AggregatorType type) { types_.push_back(type); }
  const std::vector<AggregatorType>& types() const noexcept { return types_; }

 private:
  std::vector<AggregatorType> types_;
};

/// All aggregators, built once.
const AggregatorRegistry& aggregators();

}  // namespace sarsen::engine
