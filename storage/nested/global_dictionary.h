#pragma once
// The values of an auto or JSON column by global id: strings first (null is the first of them), then longs, doubles,
// and arrays of these. Columns with one kind of values have one of the four dictionaries only; there null is said by
// the dictionary of numbers. The fields of a JSON column refer to the global ids with lists of their own:
// SubsetDictionary and SubsetStrings.
//
// Thread safety: const methods from any thread.

#include <cstdint>
#include <memory>

#include "storage/column/column.h"
#include "storage/column/place.h"
#include "storage/column/string_dictionary.h"
#include "storage/nested/fixed_indexed.h"
#include "storage/nested/int_arrays.h"

namespace sarsen::storage {

class GlobalDictionary final : public ValueDictionary {
 public:
  struct Parts {
    std::unique_ptr<StoredDictionary> strings = nullptr;  // null: no strings
    FixedIndexed<std::int64_t> longs = {};
    FixedIndexed<double> doubles = {};
    IntArrays arrays = {};
  };

  GlobalDictionary(Parts parts, Place place);

  std::uint32_t size() const noexcept override { return scalar_count_ + parts_.arrays.size(); }
  Json value(std::uint32_t id) const override;

  const StoredDictionary* strings() const noexcept { return parts_.strings.get(); }
  /// Id 0 stands for null.
  bool begins_with_null() const;
  /// "utf8 dictionary"; empty where there are no strings.
  std::string encoding() const;

 private:
  Json scalar(std::uint32_t id) const;
  Json array(std::uint32_t index) const;

  Parts parts_;
  Place place_;
  std::uint32_t string_count_;
  std::uint32_t scalar_count_;
};

/// Some of the global ids, ascending, as ids of their own.
class SubsetDictionary final : public ValueDictionary {
 public:
  SubsetDictionary(FixedIndexed<std::uint32_t> ids, std::shared_ptr<const GlobalDictionary> all, Place place);

  std::uint32_t size() const noexcept override { return ids_.size(); }
  Json value(std::uint32_t id) const override;
  bool begins_with_null() const;

  const FixedIndexed<std::uint32_t>& ids() const noexcept { return ids_; }

 private:
  FixedIndexed<std::uint32_t> ids_;
  std::shared_ptr<const GlobalDictionary> all_;
  Place place_;
};

/// The same of strings alone, as a dictionary of strings.
class SubsetStrings final : public Dictionary {
 public:
  SubsetStrings(FixedIndexed<std::uint32_t> ids, std::shared_ptr<const GlobalDictionary> all, Place place);

  std::uint32_t size() const noexcept override { return ids_.size(); }
  std::optional<std::string_view> value(std::uint32_t id) const override;
  bool sorted() const noexcept override { return true; }
  std::optional<std::uint32_t> find(std::optional<std::string_view> value) const override;
  std::uint32_t lower_bound(std::string_view value) const override;

 private:
  FixedIndexed<std::uint32_t> ids_;
  std::shared_ptr<const GlobalDictionary> all_;
  Place place_;
};

}  // namespace sarsen::storage
