#pragma once
// The sources of another column, for virtual columns that are one under another name.

#include <memory>

#include "engine/vector/column_sources.h"

namespace sarsen::engine {

template <class T>
class ForwardedNumbers final : public NumericSource<T> {
 public:
  explicit ForwardedNumbers(NumericSource<T>& source) : source_(source) {}
  NumericVector<T> read(std::uint32_t begin, std::uint32_t size) override { return source_.read(begin, size); }

 private:
  NumericSource<T>& source_;
};

class ForwardedStrings final : public StringSource {
 public:
  explicit ForwardedStrings(StringSource& source) : source_(source) {}
  const storage::Dictionary& dictionary() const override { return source_.dictionary(); }
  const storage::BitmapIndex* bitmap_index() const override { return source_.bitmap_index(); }
  bool grows() const override { return source_.grows(); }
  bool multiple_values() const override { return source_.multiple_values(); }
  const std::uint32_t* read_ids(std::uint32_t begin, std::uint32_t size) override {
    return source_.read_ids(begin, size);
  }
  storage::StringReader::Lists read_lists(std::uint32_t begin, std::uint32_t size) override {
    return source_.read_lists(begin, size);
  }

 private:
  StringSource& source_;
};

class ForwardedValues final : public ValueSource {
 public:
  explicit ForwardedValues(ValueSource& source) : source_(source) {}
  ValueView value(std::uint32_t row) override { return source_.value(row); }

 private:
  ValueSource& source_;
};

template <class T>
std::unique_ptr<NumericSource<T>> forward(NumericSource<T>& source) {
  return std::make_unique<ForwardedNumbers<T>>(source);
}
/// nullptr for nullptr.
inline std::unique_ptr<StringSource> forward(StringSource* source) {
  return source != nullptr ? std::make_unique<ForwardedStrings>(*source) : nullptr;
}
inline std::unique_ptr<ValueSource> forward(ValueSource& source) { return std::make_unique<ForwardedValues>(source); }

}  // namespace sarsen::engine
