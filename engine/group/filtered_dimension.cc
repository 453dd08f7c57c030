// Dimensions of which only some values count. Each id is asked once.

#include <algorithm>

#include "engine/group/dimension.h"
#include "engine/result/value_cast.h"

namespace sarsen::engine {
namespace {

class FilteredDimension final : public DimensionReader {
 public:
  FilteredDimension(std::unique_ptr<DimensionReader> inner, std::vector<ValueFilter> filters,
                    storage::ValueType output_type)
      : inner_(std::move(inner)), filters_(std::move(filters)), output_type_(output_type) {}

  std::uint64_t radix() const noexcept override { return inner_->radix(); }
  bool multiple_values() const noexcept override { return true; }
  const std::uint32_t* read_ids(std::uint32_t begin, std::uint32_t size) override {
    return inner_->read_ids(begin, size);
  }

  storage::StringReader::Lists read_lists(std::uint32_t begin, std::uint32_t size) override {
    ids_.clear();
    offsets_.assign(1, 0);
    if (inner_->multiple_values()) {
      const storage::StringReader::Lists lists = inner_->read_lists(begin, size);
      for (std::uint32_t row = 0; row < size; ++row) add_row(lists.ids, lists.offsets[row], lists.offsets[row + 1]);
    } else {
      const std::uint32_t* ids = inner_->read_ids(begin, size);
      for (std::uint32_t row = 0; row < size; ++row) add_row(ids, row, row + 1);
    }
    return {offsets_.data(), ids_.data()};
  }

  std::uint32_t null_id() const noexcept override { return inner_->null_id(); }
  Value value(std::uint32_t id) const override { return cast_value(inner_->value(id), output_type_); }

  bool ids_are_distinct() const noexcept override {
    return output_type_ == storage::ValueType::kString && inner_->ids_are_distinct();
  }
  bool ids_ascend() const noexcept override { return ids_are_distinct() && inner_->ids_ascend() && null_id() == 0; }
  bool understands(const DimensionReader& other) const noexcept override {
    const auto* filtered = dynamic_cast<const FilteredDimension*>(&other);
    return filtered != nullptr && inner_->understands(*filtered->inner_);
  }
  void translate(const DimensionReader& other, std::span<std::uint32_t> ids) override {
    inner_->translate(*static_cast<const FilteredDimension&>(other).inner_, ids);
  }

 private:
  enum class Counts : std::uint8_t { kUnknown, kYes, kNo };

  void add_row(const std::uint32_t* ids, std::uint32_t begin, std::uint32_t end) {
    for (std::uint32_t i = begin; i < end; ++i)
      if (counts(ids[i])) ids_.push_back(ids[i]);
    offsets_.push_back(static_cast<std::uint32_t>(ids_.size()));
  }

  bool counts(std::uint32_t id) {
    if (id >= known_.size()) known_.resize(std::max<std::size_t>(std::size_t{id} + 1, known_.size() * 2));
    if (known_[id] == Counts::kUnknown) known_[id] = passes(inner_->value(id)) ? Counts::kYes : Counts::kNo;
    return known_[id] == Counts::kYes;
  }

  bool passes(const Value& value) const {
    const std::optional<std::string> text = value_text(value);
    return std::all_of(filters_.begin(), filters_.end(), [&](const ValueFilter& filter) {
      return filter(text ? std::optional<std::string_view>(*text) : std::nullopt);
    });
  }

  std::unique_ptr<DimensionReader> inner_;
  std::vector<ValueFilter> filters_;
  storage::ValueType output_type_;
  std::vector<Counts> known_;  // by id
  std::vector<std::uint32_t> offsets_;
  std::vector<std::uint32_t> ids_;
};

}  // namespace

std::unique_ptr<DimensionReader> filter_dimension(std::unique_ptr<DimensionReader> inner,
                                                  std::vector<ValueFilter> filters, storage::ValueType output_type) {
  return std::make_unique<FilteredDimension>(std::move(inner), std::move(filters), output_type);
}

}  // namespace sarsen::engine
