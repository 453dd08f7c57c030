#pragma once
// Values to numbers, and back. Numbers can be adopted whole, such as the ids of a dictionary: their values are then
// made only when somebody asks for them. Texts and longs are numbered without making values of them. Not thread-safe.

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "engine/group/group_table.h"
#include "engine/group/made_values.h"
#include "engine/group/shared_texts.h"
#include "engine/result/value.h"
#include "storage/growing/growing_texts.h"

namespace sarsen::engine {

/// Values to numbers: 0, 1, 2, … in the order in which they come.
class ValueNumbers {
 public:
  ValueNumbers();

  std::uint32_t number_of(const Value& value);
  std::uint32_t number_of(std::int64_t value);
  void numbers_of(std::span<const std::int64_t> longs, std::uint32_t* numbers);
  /// So many longs, at least, will be asked for.
  void expect(std::uint32_t longs) noexcept { longs_.expect(longs); }
  /// Of texts, and null.
  void numbers_of(std::span<const storage::KeptText> texts, std::uint32_t* numbers);
  /// Of what has these numbers in `other`.
  void numbers_of(const ValueNumbers& other, std::span<const std::uint32_t> theirs, std::uint32_t* numbers);
  /// A new number, whether or not the value has one already: for those who look nothing up.
  std::uint32_t append(Value value);
  const Value& value(std::uint32_t number) const;
  /// The same; one that was never asked for is not kept.
  Value made(std::uint32_t number) const;

  /// Takes numbers that stand for different values, those of `source`. REQUIRES: no number is given. None may be asked
  /// for afterwards.
  void adopt(std::function<Value(std::uint32_t)> source);

  /// Numbers are those of the pool's texts of `key` from now on, if queries share them so far and they are not too many
  /// for so many groups. All entries of `dictionary`, which are among the values, then have different numbers.
  /// REQUIRES: no number is given; all values are texts or null.
  void share(SharedTextsPool& pool, const std::string& key, const storage::StoredDictionary& dictionary,
             std::uint32_t groups);
  SharedTexts* shared() const noexcept { return shared_.get(); }
  /// This shared number is one of those that are here.
  void note_shared(std::uint32_t number) {
    if (number < noted_.size() && noted_[number]) return;
    note_first(number);
  }

  /// What Druid takes the dictionary of the texts for that got numbers by number_of() and numbers_of(), or are noted.
  std::uint64_t dictionary_bytes() const noexcept { return dictionary_bytes_; }

 private:
  enum class Kind : std::uint8_t { kText, kLong, kOther };
  struct Entry {
    std::uint64_t bits;  // the number of the text, the long, or nothing
    Kind kind;
  };
  struct Hash {
    std::size_t operator()(const Value* value) const noexcept { return hash_value(*value); }
  };
  struct Equal {
    bool operator()(const Value* left, const Value* right) const noexcept { return equal_values(*left, *right); }
  };

  /// And nothing else.
  bool holds_longs() const noexcept { return source_ == nullptr && shared_ == nullptr && entries_.empty(); }
  std::uint32_t number_of_other(const Value& value);
  std::uint32_t add(Entry entry);
  void enter_longs();
  void note_first(std::uint32_t number);
  Value make(std::uint32_t number) const;

  std::vector<Entry> entries_;               // empty: all are longs, and a number is the group of its long
  GroupTable longs_;                         // by their bits
  std::vector<std::uint32_t> long_numbers_;  // by group of the long
  std::vector<std::uint64_t> keys_;          // of the longs that are looked up just now
  std::unique_ptr<storage::GrowingTexts> texts_;
  std::vector<std::uint32_t> text_numbers_;  // by number of the text
  boost::unordered_flat_map<const Value*, std::uint32_t, Hash, Equal> other_numbers_;
  std::function<Value(std::uint32_t)> source_;  // where they are adopted
  mutable MadeValues made_;                     // those that were asked for, and those of no other kind
  std::shared_ptr<SharedTexts> shared_;
  std::vector<bool> noted_;  // by shared number
  std::uint64_t dictionary_bytes_ = 0;
};

}  // namespace sarsen::engine
