#include "ingest/merge/merged_dictionary.h"

#include <algorithm>
#include <numeric>

#include "ingest/merge/merge_heap.h"
#include "storage/base/check.h"
#include "storage/base/java_order.h"

namespace sarsen::ingest {
namespace {

using Value = std::optional<std::string_view>;

/// The values of one source, ascending.
class DictionaryCursor {
 public:
  /// A missing column (nullptr) has one value, null.
  explicit DictionaryCursor(const storage::Dictionary* dictionary)
      : dictionary_(dictionary), size_(dictionary == nullptr ? 1 : dictionary->size()) {
    if (dictionary_ != nullptr && !dictionary_->sorted()) sort();
    read();
  }

  bool at_end() const noexcept { return place_ == size_; }
  const Value& value() const noexcept { return value_; }
  std::uint32_t id() const noexcept { return ids_.empty() ? place_ : ids_[place_]; }

  void step() {
    const Value before = value_;
    ++place_;
    read();
    // Equal values follow each other in some segments of 0.8: two empty strings.
    check_format(at_end() || java_compare_nullable(before, value_) <= 0, "the dictionary is not sorted");
  }

 private:
  void sort() {
    ids_.resize(size_);
    std::iota(ids_.begin(), ids_.end(), 0u);
    std::sort(ids_.begin(), ids_.end(), [this](std::uint32_t left, std::uint32_t right) {
      return java_compare_nullable(dictionary_->value(left), dictionary_->value(right)) < 0;
    });
  }

  void read() {
    if (!at_end() && dictionary_ != nullptr) value_ = dictionary_->value(id());
  }

  const storage::Dictionary* dictionary_;
  std::uint32_t size_;
  std::vector<std::uint32_t> ids_;  // of a dictionary that is not sorted
  std::uint32_t place_ = 0;
  Value value_;
};

}  // namespace

MergedDictionary::MergedDictionary(const std::vector<const storage::Column*>& columns) {
  std::vector<DictionaryCursor> cursors;
  cursors.reserve(columns.size());
  for (const storage::Column* column : columns) {
    dictionaries_.push_back(column == nullptr ? nullptr : column->dictionary());
    cursors.emplace_back(dictionaries_.back());
    new_ids_.emplace_back(dictionaries_.back() == nullptr ? 1 : dictionaries_.back()->size());
  }
  MergeHeap heap([&cursors](std::uint32_t left, std::uint32_t right) {
    const auto order = java_compare_nullable(cursors[left].value(), cursors[right].value());
    return order < 0 ? -1 : static_cast<int>(order > 0);
  });
  for (std::uint32_t source = 0; source < cursors.size(); ++source)
    if (!cursors[source].at_end()) heap.add(source);
  Value last;
  while (!heap.empty()) {
    const std::uint32_t source = heap.top();
    DictionaryCursor& cursor = cursors[source];
    if (size_ == 0 || last != cursor.value()) {
      last = cursor.value();
      has_null_ = has_null_ || !last;
      ++size_;
    }
    new_ids_[source][cursor.id()] = size_ - 1;
    cursor.step();
    if (cursor.at_end())
      heap.pop();
    else
      heap.top_changed();
  }
}

MergedDictionary::Values MergedDictionary::values(const std::vector<bool>& wanted) const {
  Values values(size_);
  std::vector<bool> missing = wanted;
  for (std::size_t source = 0; source < dictionaries_.size(); ++source) {
    for (std::uint32_t id = 0; dictionaries_[source] != nullptr && id < new_ids_[source].size(); ++id) {
      const std::uint32_t new_id = new_ids_[source][id];
      if (!missing[new_id]) continue;
      values[new_id] = dictionaries_[source]->value(id);
      missing[new_id] = false;
    }
  }
  return values;
}

}  // namespace sarsen::ingest
