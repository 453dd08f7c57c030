#pragma once
// The values of a dimension spec, hashed, for aggregators that take in hashes of several kinds of columns. Text is
// hashed once per dictionary entry (entry_hashes.h), decorated dimensions once per value; numbers of plain columns as
// they come. A `Kind` hashes std::string_view, std::int64_t, double, float, and a missing value (hash_null());
// std::nullopt: that one does not count.

#include <memory>
#include <string>
#include <vector>

#include "engine/aggregator/sketch_aggregator.h"
#include "engine/group/dimension.h"

namespace sarsen::engine {

/// A dimension that an aggregator reads. A plain one is a column in its own type, whatever type its spec asks for.
struct DimensionField {
  DimensionSpec spec;
  bool plain;
  Json json;

  static DimensionField parse(const JsonField& json) {
    const bool plain = json.json().is_string() || json["type"].string_or("default") == "default";
    return {parse_dimension(json), plain, json.json()};
  }
};

/// Values of a dimension by id.
template <class Kind>
class DimensionIdInput {
 public:
  using Hash = typename Kind::Hash;

  DimensionIdInput(const Kind& kind, std::unique_ptr<DimensionReader> reader)
      : kind_(kind), reader_(std::move(reader)) {}

  void read(std::uint32_t begin, std::uint32_t size) {
    if (reader_->multiple_values()) {
      lists_ = reader_->read_lists(begin, size);
    } else {
      ids_ = reader_->read_ids(begin, size);
    }
  }

  template <class Add>
  void each(std::uint32_t row, Add add) {
    if (ids_ != nullptr) return one(ids_[row], add);
    const std::uint32_t end = lists_.offsets[row + 1];
    if (lists_.offsets[row] == end) return one(reader_->null_id(), add);
    for (std::uint32_t i = lists_.offsets[row]; i < end; ++i) one(lists_.ids[i], add);
  }

 private:
  enum class Made : std::uint8_t { kNo, kNone, kYes };

  template <class Add>
  void one(std::uint32_t id, Add& add) {
    if (id >= made_.size()) {
      made_.resize(id + 1 + id / 2);
      hashes_.resize(made_.size());
    }
    if (made_[id] == Made::kNo) make(id);
    if (made_[id] == Made::kYes) add(hashes_[id]);
  }

  void make(std::uint32_t id) {
    const std::optional<Hash> hash = hash_of(reader_->value(id));
    made_[id] = hash ? Made::kYes : Made::kNone;
    hashes_[id] = hash.value_or(Hash{});
  }

  std::optional<Hash> hash_of(const Value& value) const {
    if (const auto* text = std::get_if<std::string>(&value)) return kind_.hash(std::string_view(*text));
    if (const auto* number = std::get_if<std::int64_t>(&value)) return kind_.hash(*number);
    if (const auto* number = std::get_if<float>(&value)) return kind_.hash(*number);
    if (const auto* number = std::get_if<double>(&value)) return kind_.hash(*number);
    return kind_.hash_null();
  }

  const Kind& kind_;
  std::unique_ptr<DimensionReader> reader_;
  const std::uint32_t* ids_ = nullptr;
  storage::StringReader::Lists lists_{nullptr, nullptr};
  std::vector<Made> made_;
  std::vector<Hash> hashes_;
};

/// Numbers, hashed as they come.
template <class Kind, class T>
class HashedNumberInput {
 public:
  HashedNumberInput(const Kind& kind, NumericSource<T>& source) : kind_(kind), source_(source) {}

  void read(std::uint32_t begin, std::uint32_t size) { vector_ = source_.read(begin, size); }

  template <class Add>
  void each(std::uint32_t row, Add add) {
    const bool null = vector_.nulls != nullptr && mask_has(vector_.nulls, row);
    const auto hash = null ? kind_.hash_null() : kind_.hash(vector_.values[row]);
    if (hash) add(*hash);
  }

 private:
  const Kind& kind_;
  NumericSource<T>& source_;
  NumericVector<T> vector_{nullptr, nullptr};
};

/// The aggregator that adds the hashes of one dimension to sketches of `Kind`; `kind` must outlive it. `shared`: those
/// of text.
template <class Kind>
std::unique_ptr<Aggregator> bind_hashes(const Kind& kind, const DimensionField& field, ColumnSources& columns,
                                        SharedEntryHashes<typename Kind::Hash>& shared) {
  const std::string& column = field.spec.dimension;
  const std::optional<ColumnKind> type = columns.kind(column);
  if (field.plain && type && type->type == storage::ValueType::kLong)
    return std::make_unique<SketchAggregator<Kind, HashedNumberInput<Kind, std::int64_t>>>(kind, kind,
                                                                                           columns.longs(column));
  if (field.plain && type && type->type == storage::ValueType::kFloat)
    return std::make_unique<SketchAggregator<Kind, HashedNumberInput<Kind, float>>>(kind, kind, columns.floats(column));
  if (field.plain && type && type->type == storage::ValueType::kDouble)
    return std::make_unique<SketchAggregator<Kind, HashedNumberInput<Kind, double>>>(kind, kind,
                                                                                     columns.doubles(column));
  if (field.plain)
    if (StringSource* strings = columns.strings(column)) return bind_dictionary(kind, *strings, shared);
  DimensionSpec spec = field.spec;
  if (field.plain) spec.output_type = storage::ValueType::kString;
  return std::make_unique<SketchAggregator<Kind, DimensionIdInput<Kind>>>(kind, kind, bind_dimension(spec, columns));
}

}  // namespace sarsen::engine
