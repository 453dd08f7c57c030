#pragma once
// A dimension of any shape of the growing index: Druid's auto and json. Distinct values are kept once each and have ids
// in order of arrival; a row is an id. What the column is shows from the values seen so far, so that it may be one of
// longs in one snapshot and one of JSON in the next.
//
// Thread safety: as LiveDimension.

#include <deque>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "ingest/incremental_index/live_dimension.h"
#include "storage/base/byte_writer.h"
#include "storage/base/json.h"
#include "storage/base/smile_writer.h"
#include "storage/growing/growing_array.h"
#include "storage/growing/growing_texts.h"
#include "storage/structured/column_kind.h"

namespace sarsen::ingest {

class LiveStructuredDimension final : public LiveDimension {
 public:
  static constexpr std::uint32_t kNullId = 0;

  explicit LiveStructuredDimension(DimensionSchema schema);

  void take(std::uint32_t place, const RawValue& value, std::vector<std::string>& problems) override;
  void append(std::uint32_t begin, std::uint32_t end) override;
  void mix_keys(std::uint64_t* hashes, std::uint32_t count) const noexcept override;
  bool has_key(std::uint32_t row, std::uint32_t place) const noexcept override;
  std::size_t size_bytes() const noexcept override;
  PublishedDimension published() const noexcept override;

  /// One id per row.
  const storage::GrowingArray<std::uint32_t>& ids() const noexcept { return ids_; }

  // REQUIRES for each: `id` is published.
  const Json& value(std::uint32_t id) const noexcept { return *values_[id].json; }
  /// The id of what the value is to readers: `true` is 1, ["a", 1] is ["a", "1"].
  std::uint32_t simple_id(std::uint32_t id) const noexcept { return values_[id].simple_id; }
  /// As SMILE; nullopt for null.
  std::optional<std::string_view> smile(std::uint32_t id) const noexcept { return smiles_.value(id); }
  /// The id of a value, perhaps a newer one than is published.
  std::optional<std::uint32_t> find(const Json& value) const;

 private:
  struct Value {
    const Json* json;
    std::uint32_t simple_id;
    std::uint32_t rollup_id;
  };

  std::uint32_t id_of(const RawValue& value, std::vector<std::string>& problems);
  void append(std::uint32_t id);
  /// Druid's rollup takes 1 and 1.0 for one value, as its order of rows does.
  std::uint32_t rollup_id(std::uint64_t id) const noexcept { return values_[static_cast<std::uint32_t>(id)].rollup_id; }
  std::optional<std::string_view> smile_of(const Json& value);  // into smile_
  std::uint32_t add(const Json& value);
  storage::ColumnKind kind() const noexcept;
  std::uint32_t rollup_id_of(const Json& value, std::uint32_t id);

  storage::GrowingTexts smiles_;
  std::deque<Json> jsons_;
  storage::GrowingArray<Value> values_;
  storage::GrowingArray<std::uint32_t> ids_;
  std::vector<bool> seen_;     // by id: a row has it
  storage::FieldTypes types_;  // of all values of rows that are no compounds
  bool any_compound_ = false;
  bool any_null_ = false;
  std::unordered_map<std::uint64_t, std::uint32_t> ids_by_number_;       // bits of the double
  std::unordered_map<std::string, std::uint32_t> ids_by_sorted_object_;  // objects with their keys in order
  std::size_t json_bytes_ = 0;
  SmileWriter smile_writer_;
  ByteWriter smile_;  // scratch
};

}  // namespace sarsen::ingest
