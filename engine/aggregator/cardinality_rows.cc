#include "engine/aggregator/cardinality_rows.h"

#include <algorithm>
#include <bit>
#include <type_traits>

#include "engine/sketch/utf16.h"
#include "storage/base/java_order.h"

namespace sarsen::engine {
namespace {

template <class T>
class NumberBytes final : public RowBytes {
 public:
  explicit NumberBytes(NumericSource<T>& source) : source_(source) {}

  void append(std::uint32_t begin, std::uint32_t size, std::vector<std::string>& rows) override {
    const NumericVector<T> vector = source_.read(begin, size);
    for (std::uint32_t row = 0; row < size; ++row) {
      if (vector.nulls != nullptr && mask_has(vector.nulls, row)) continue;
      const auto bytes = std::bit_cast<std::array<char, sizeof(T)>>(vector.values[row]);
      rows[row].append(bytes.data(), bytes.size());
    }
  }

 private:
  NumericSource<T>& source_;
};

/// Values by id; the bytes of each are made once.
class IdBytes final : public RowBytes {
 public:
  explicit IdBytes(std::unique_ptr<DimensionReader> reader) : reader_(std::move(reader)) {}

  void append(std::uint32_t begin, std::uint32_t size, std::vector<std::string>& rows) override {
    if (reader_->multiple_values()) return append_lists(begin, size, rows);
    const std::uint32_t* ids = reader_->read_ids(begin, size);
    for (std::uint32_t row = 0; row < size; ++row) rows[row] += entry(ids[row]).bytes;
  }

 private:
  struct Entry {
    bool made = false;
    bool null = false;
    std::string text;
    std::string bytes;
  };

  static std::string utf16(std::string_view text) {
    std::vector<std::byte> units;
    sketch::to_utf16_le(text, units);
    return {reinterpret_cast<const char*>(units.data()), units.size()};
  }

  const Entry& entry(std::uint32_t id) {
    if (id >= entries_.size()) entries_.resize(id + 1 + id / 2);
    Entry& entry = entries_[id];
    if (!entry.made) make(entry, reader_->value(id));
    return entry;
  }

  static void make(Entry& entry, const Value& value) {
    entry.made = true;
    entry.null = is_null(value);
    if (const auto* text = std::get_if<std::string>(&value)) {
      entry.text = *text;
      entry.bytes = utf16(*text);
    } else if (const auto* number = std::get_if<std::int64_t>(&value)) {
      entry.bytes.assign(reinterpret_cast<const char*>(number), sizeof *number);
    } else if (const auto* wide = std::get_if<double>(&value)) {
      entry.bytes.assign(reinterpret_cast<const char*>(wide), sizeof *wide);
    } else if (const auto* narrow = std::get_if<float>(&value)) {
      entry.bytes.assign(reinterpret_cast<const char*>(narrow), sizeof *narrow);
    }
  }

  void append_lists(std::uint32_t begin, std::uint32_t size, std::vector<std::string>& rows) {
    const storage::StringReader::Lists lists = reader_->read_lists(begin, size);
    for (std::uint32_t row = 0; row < size; ++row) {
      const std::span<const std::uint32_t> ids(lists.ids + lists.offsets[row], lists.ids + lists.offsets[row + 1]);
      if (ids.size() == 1) {
        rows[row] += entry(ids[0]).bytes;
      } else if (!ids.empty()) {
        append_list(ids, rows[row]);
      }
    }
  }

  /// In the order of their text, with U+0001 between; U+0000 for a null. Nothing where all are null.
  void append_list(std::span<const std::uint32_t> ids, std::string& row) {
    texts_.clear();
    bool any = false;
    for (const std::uint32_t id : ids) {
      any = any || !entry(id).null;
      texts_.push_back(entry(id).null ? std::string(1, '\0') : entry(id).text);
    }
    if (!any) return;
    std::sort(texts_.begin(), texts_.end(),
              [](const std::string& left, const std::string& right) { return java_compare(left, right) < 0; });
    for (std::size_t i = 0; i < texts_.size(); ++i) row.append(i == 0 ? "" : utf16("\x01")).append(utf16(texts_[i]));
  }

  std::unique_ptr<DimensionReader> reader_;
  std::vector<Entry> entries_;
  std::vector<std::string> texts_;
};

}  // namespace

std::unique_ptr<RowBytes> bind_row_bytes(const DimensionField& field, ColumnSources& columns) {
  const std::string& column = field.spec.dimension;
  const std::optional<ColumnKind> kind = columns.kind(column);
  if (field.plain && kind && kind->type == storage::ValueType::kLong)
    return std::make_unique<NumberBytes<std::int64_t>>(columns.longs(column));
  if (field.plain && kind && kind->type == storage::ValueType::kFloat)
    return std::make_unique<NumberBytes<float>>(columns.floats(column));
  if (field.plain && kind && kind->type == storage::ValueType::kDouble)
    return std::make_unique<NumberBytes<double>>(columns.doubles(column));
  DimensionSpec spec = field.spec;
  if (field.plain) spec.output_type = storage::ValueType::kString;
  return std::make_unique<IdBytes>(bind_dimension(spec, columns));
}

}  // namespace sarsen::engine
