#pragma once
// A dimension of the growing index: it turns a raw value into a key (what rollup compares), and keeps one key per row.
//
// Strings: the key is a dictionary id, or the number of a list of ids with the top bit set. Lists are kept once each,
// so that equal lists have equal keys. Null, [], and [null] are one key. Numbers: the bits of the value, and whether it
// is null.
//
// Rows wait until there are some of them, and get their keys together: each dimension looks all its texts up at once,
// so that the memory which they touch is on its way while others are compared.
//
// Thread safety: one writer; readers use what was published (incremental_index.h says how).

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "ingest/row/dimensions_spec.h"
#include "ingest/row/raw_value.h"
#include "storage/growing/growing_array.h"
#include "storage/growing/growing_texts.h"
#include "storage/structured/column_kind.h"

namespace sarsen::ingest {

struct DimensionKey {
  std::uint64_t bits = 0;
  bool null = false;  // numbers only

  bool operator==(const DimensionKey&) const = default;
};

class LiveDimension;

/// A dimension as of the moment when rows were published.
struct PublishedDimension {
  const LiveDimension* dimension;
  std::uint32_t dictionary_size;  // strings, any shape
  bool has_lists;                 // strings: some row has several values
  bool has_nulls;                 // numbers, any shape
  storage::ColumnKind kind = {};  // any shape
};

class LiveDimension {
 public:
  static std::unique_ptr<LiveDimension> make(const DimensionSchema& schema);
  virtual ~LiveDimension() = default;

  const DimensionSchema& schema() const noexcept { return schema_; }

  /// So many rows wait at most.
  static constexpr std::uint32_t kWaitingMax = 64;

  /// Takes the value of the row that waits at `place`, in place of one taken before. Where it cannot be a value of this
  /// dimension, it is null and a sentence is added to `problems`. REQUIRES: place < kWaitingMax.
  virtual void take(std::uint32_t place, const RawValue& value, std::vector<std::string>& problems) = 0;
  /// Gives the rows at places [0, count) their keys. REQUIRES: each has a value.
  virtual void resolve(std::uint32_t) {}
  /// Appends the rows at places [begin, end). REQUIRES: they have keys.
  virtual void append(std::uint32_t begin, std::uint32_t end) = 0;

  // Rollup, of rows that have keys.
  /// Mixes the keys of the rows at places [0, count) into their hashes.
  virtual void mix_keys(std::uint64_t* hashes, std::uint32_t count) const noexcept = 0;
  /// Whether rollup takes the value of `row`, which was appended, and of the row at `place` for one.
  virtual bool has_key(std::uint32_t row, std::uint32_t place) const noexcept = 0;

  virtual std::size_t size_bytes() const noexcept = 0;
  /// What readers may use of it from now on. For the writer.
  virtual PublishedDimension published() const noexcept = 0;

 protected:
  explicit LiveDimension(DimensionSchema schema) : schema_(std::move(schema)) {}

  static std::uint64_t mix(std::uint64_t hash, std::uint64_t word) noexcept {
    hash = (hash ^ word) * 0xFF51AFD7ED558CCD;
    return hash ^ hash >> 32;
  }

  DimensionKey& waiting(std::uint32_t place) noexcept { return waiting_[place]; }
  const DimensionKey& waiting(std::uint32_t place) const noexcept { return waiting_[place]; }

 private:
  const DimensionSchema schema_;
  std::array<DimensionKey, kWaitingMax> waiting_;  // by place
};

class LiveStringDimension final : public LiveDimension {
 public:
  static constexpr std::uint32_t kListBit = 1u << 31;

  /// The code of a row without values: list 0 is empty.
  static constexpr std::uint32_t kEmptyList = kListBit;

  explicit LiveStringDimension(DimensionSchema schema) : LiveDimension(std::move(schema)) {
    list_ends_.push_back(0);
    list_ends_.push_back(0);
  }

  void take(std::uint32_t place, const RawValue& value, std::vector<std::string>& problems) override;
  void resolve(std::uint32_t count) override;
  void append(std::uint32_t begin, std::uint32_t end) override;
  void mix_keys(std::uint64_t* hashes, std::uint32_t count) const noexcept override;
  bool has_key(std::uint32_t row, std::uint32_t place) const noexcept override;
  std::size_t size_bytes() const noexcept override;
  PublishedDimension published() const noexcept override { return {this, dictionary_.size(), has_lists_, false}; }
  /// What kEmptyList reads as where no row has several values. REQUIRES: a published row has kEmptyList.
  std::uint32_t null_id() const noexcept { return null_id_; }

  const storage::GrowingTexts& dictionary() const noexcept { return dictionary_; }
  /// One per row: an id, or kListBit and a list's number.
  const storage::GrowingArray<std::uint32_t>& codes() const noexcept { return codes_; }

  /// The ids of list `number`, by position. REQUIRES: the list belongs to a published row.
  std::uint32_t list_size(std::uint32_t number) const noexcept { return list_ends_[number + 1] - list_ends_[number]; }
  std::uint32_t list_id(std::uint32_t number, std::uint32_t position) const noexcept {
    return list_ids_[list_ends_[number] + position];
  }

 private:
  /// A text that waits for its id.
  struct WaitingText {
    storage::KeptText text;
    storage::GrowingTexts::Hash hash;
    bool has_id;  // the key is there already
  };
  static constexpr std::size_t kWaitingBytes = 64 * 1024;

  void take_code(std::uint32_t place, std::uint32_t code);
  void take_text(std::uint32_t place, std::string_view text);
  void take_long_text(std::uint32_t place, std::string_view text);
  void wait(std::uint32_t place, storage::KeptText text, storage::GrowingTexts::Hash hash) {
    waiting_texts_[place] = {text, hash, false};
  }
  std::uint64_t rollup_key(std::uint64_t code) const noexcept { return code == kEmptyList ? null_id_ : code; }
  std::uint32_t list_count() const noexcept { return list_ends_.size() - 1; }
  std::uint32_t code_of_list(std::span<const RawValue> list);
  std::uint32_t code_of_ids();

  static constexpr std::uint32_t kNone = UINT32_MAX;

  storage::GrowingTexts dictionary_;
  storage::GrowingArray<std::uint32_t> codes_;
  bool has_lists_ = false;
  std::uint32_t null_id_ = kNone;                   // set once, before the first row without values is published
  storage::GrowingArray<std::uint32_t> list_ends_;  // [0] = 0; list i has ids [list_ends_[i], list_ends_[i + 1])
  storage::GrowingArray<std::uint32_t> list_ids_;
  std::unordered_multimap<std::uint64_t, std::uint32_t> lists_by_hash_;
  std::vector<std::optional<std::string>> texts_;  // scratch
  std::vector<std::uint32_t> ids_;                 // scratch
  std::string scratch_;
  std::array<WaitingText, kWaitingMax> waiting_texts_;  // by place
  std::unique_ptr<char[]> waiting_bytes_;               // of those that do not lie within: kWaitingBytes
  std::size_t waiting_bytes_used_ = 0;
};

template <class T>
class LiveNumericDimension final : public LiveDimension {
 public:
  explicit LiveNumericDimension(DimensionSchema schema) : LiveDimension(std::move(schema)) {}

  void take(std::uint32_t place, const RawValue& value, std::vector<std::string>& problems) override;
  void append(std::uint32_t begin, std::uint32_t end) override;
  void mix_keys(std::uint64_t* hashes, std::uint32_t count) const noexcept override;
  bool has_key(std::uint32_t row, std::uint32_t place) const noexcept override;
  std::size_t size_bytes() const noexcept override { return std::size_t{values_.size()} * (sizeof(T) + 1); }
  PublishedDimension published() const noexcept override { return {this, 0, false, has_nulls_}; }

  const storage::GrowingArray<T>& values() const noexcept { return values_; }
  const storage::GrowingArray<std::uint8_t>& nulls() const noexcept { return nulls_; }

 private:
  storage::GrowingArray<T> values_;  // 0 where null
  storage::GrowingArray<std::uint8_t>
      nulls_;  // a byte each: bits would be shared by rows that are read and rows that are written
  bool has_nulls_ = false;
};

}  // namespace sarsen::ingest
