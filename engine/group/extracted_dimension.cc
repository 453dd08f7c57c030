// Dimensions behind an extraction function, which is asked once for each id that is met.

#include <array>
#include <boost/unordered/unordered_flat_map.hpp>

#include "engine/group/dimension.h"
#include "engine/result/value_cast.h"
#include "engine/vector/selection.h"

namespace sarsen::engine {
namespace {

class ExtractedDimension final : public DimensionReader {
 public:
  ExtractedDimension(std::unique_ptr<DimensionReader> inner, ExtractionPtr function, storage::ValueType output_type,
                     bool by_id)
      : inner_(std::move(inner)), function_(std::move(function)), output_type_(output_type), by_id_(by_id) {
    // A row without any value stays null; the function is asked of nulls only where they are values.
    null_id_ = inner_->multiple_values() ? id_of_text(std::nullopt) : id_of(inner_->null_id());
  }

  std::uint64_t radix() const noexcept override { return std::min(inner_->radix() + 1, std::uint64_t{1} << 32); }
  bool multiple_values() const noexcept override { return inner_->multiple_values(); }

  const std::uint32_t* read_ids(std::uint32_t begin, std::uint32_t size) override {
    const std::uint32_t* inner_ids = inner_->read_ids(begin, size);
    if (!take_known(inner_ids, size))
      for (std::uint32_t row = 0; row < size; ++row) row_ids_[row] = id_of(inner_ids[row]);
    return row_ids_.data();
  }

  storage::StringReader::Lists read_lists(std::uint32_t begin, std::uint32_t size) override {
    const storage::StringReader::Lists lists = inner_->read_lists(begin, size);
    list_ids_.resize(lists.offsets[size] - lists.offsets[0]);
    offsets_.resize(std::size_t{size} + 1);
    for (std::uint32_t i = 0; i <= size; ++i) offsets_[i] = lists.offsets[i] - lists.offsets[0];
    for (std::size_t i = 0; i < list_ids_.size(); ++i) list_ids_[i] = id_of(lists.ids[lists.offsets[0] + i]);
    return {offsets_.data(), list_ids_.data()};
  }

  std::uint32_t null_id() const noexcept override { return null_id_; }
  Value value(std::uint32_t id) const override { return values_[id]; }

  bool ids_are_distinct() const noexcept override { return output_type_ == storage::ValueType::kString && !by_id_; }
  bool understands(const DimensionReader& other) const noexcept override {
    return ids_are_distinct() && dynamic_cast<const ExtractedDimension*>(&other) != nullptr;
  }
  void translate(const DimensionReader& other, std::span<std::uint32_t> ids) override {
    for (std::uint32_t& id : ids)
      id = id_of_text(value_text(static_cast<const ExtractedDimension&>(other).values_[id]));
  }

 private:
  static constexpr std::uint32_t kUnknown = UINT32_MAX;
  static constexpr std::uint64_t kRoomMax = 1 << 16;  // ids that there is room for from the start

  /// The ids of rows whose values were all met before, without a branch for each; false where one was not.
  bool take_known(const std::uint32_t* inner_ids, std::uint32_t size) {
    if (inner_->radix() > kRoomMax) return false;
    ids_.resize(std::max<std::size_t>(ids_.size(), inner_->radix()), kUnknown);
    const std::uint32_t* const ids = ids_.data();
    std::uint32_t greatest = 0;
    for (std::uint32_t row = 0; row < size; ++row) {
      row_ids_[row] = ids[inner_ids[row]];
      greatest = std::max(greatest, row_ids_[row]);
    }
    return greatest != kUnknown;
  }

  std::uint32_t id_of(std::uint32_t inner_id) {
    if (inner_id >= ids_.size()) [[unlikely]]
      ids_.resize(std::max<std::size_t>(std::size_t{inner_id} + 1, ids_.size() * 2), kUnknown);
    if (ids_[inner_id] == kUnknown) [[unlikely]]
      ids_[inner_id] = id_of_text(extracted(inner_->value(inner_id)));
    return ids_[inner_id];
  }

  ExtractionFunction::Text extracted(const Value& value) const {
    if (const auto* number = std::get_if<std::int64_t>(&value)) return function_->apply(*number);
    if (const auto* number = std::get_if<float>(&value)) return function_->apply(*number);
    if (const auto* number = std::get_if<double>(&value)) return function_->apply(*number);
    const auto* text = std::get_if<std::string>(&value);
    return function_->apply(text != nullptr ? std::optional<std::string_view>(*text) : std::nullopt);
  }

  std::uint32_t id_of_text(const ExtractionFunction::Text& text) {
    const auto next = static_cast<std::uint32_t>(values_.size());
    if (by_id_) return append(text);
    const auto id = text ? ids_of_text_.try_emplace(*text, next).first->second : null_text_id_.value_or(next);
    if (id != next) return id;
    if (!text) null_text_id_ = next;
    return append(text);
  }

  std::uint32_t append(const ExtractionFunction::Text& text) {
    values_.push_back(text ? cast_value(Value(*text), output_type_) : Value());
    return static_cast<std::uint32_t>(values_.size() - 1);
  }

  std::unique_ptr<DimensionReader> inner_;
  ExtractionPtr function_;
  storage::ValueType output_type_;
  bool by_id_;
  std::vector<std::uint32_t> ids_;  // by inner id
  boost::unordered_flat_map<std::string, std::uint32_t> ids_of_text_;
  std::optional<std::uint32_t> null_text_id_;
  std::vector<Value> values_;
  std::uint32_t null_id_ = 0;
  std::array<std::uint32_t, kVectorRows> row_ids_;
  std::vector<std::uint32_t> offsets_;
  std::vector<std::uint32_t> list_ids_;
};

}  // namespace

std::unique_ptr<DimensionReader> extract_dimension(std::unique_ptr<DimensionReader> inner, ExtractionPtr function,
                                                   storage::ValueType output_type, bool by_id) {
  return std::make_unique<ExtractedDimension>(std::move(inner), std::move(function), output_type, by_id);
}

}  // namespace sarsen::engine
