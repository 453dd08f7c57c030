#include "ingest/merge/column_vectors.h"

#include <algorithm>
#include <type_traits>

#include "storage/base/check.h"

namespace sarsen::ingest {
namespace {

template <class T>
std::unique_ptr<storage::NumericReader<T>> reader_of(const storage::Column* column) {
  if (column == nullptr) return nullptr;
  if constexpr (std::is_same_v<T, std::int64_t>)
    return column->long_reader();
  else if constexpr (std::is_same_v<T, float>)
    return column->float_reader();
  else
    return column->double_reader();
}

std::size_t words_of(std::size_t rows) { return (rows + 63) / 64; }

}  // namespace

template <class T>
NumberVectors<T>::NumberVectors(const SourceRows& source, const storage::Column* column)
    : source_(&source), reader_(reader_of<T>(column)) {}

template <class T>
typename NumberVectors<T>::Vector NumberVectors<T>::read(std::uint32_t first, std::uint32_t count) {
  if (values_.size() < count) {
    values_.resize(count);
    nulls_.resize(words_of(count));
  }
  if (reader_ == nullptr) {  // missing, or a column of nulls alone
    std::fill_n(values_.begin(), count, T{});
    std::fill_n(nulls_.begin(), words_of(count), ~std::uint64_t{0});
    return {values_.data(), nulls_.data()};
  }
  if (!source_->rows.empty()) return pick(first, count);
  DCHECK(first % 64 == 0);
  const T* values = reader_->read(first, count, values_.data());
  return {values, reader_->read_nulls(first, count, nulls_.data()) ? nulls_.data() : nullptr};
}

template <class T>
typename NumberVectors<T>::Vector NumberVectors<T>::pick(std::uint32_t first, std::uint32_t count) {
  if (all_ == nullptr) {
    const std::uint32_t row_count = source_->segment->row_count();
    all_values_.resize(row_count);
    all_nulls_.resize(words_of(row_count));
    all_ = reader_->read(0, row_count, all_values_.data());
    any_null_ = reader_->read_nulls(0, row_count, all_nulls_.data());
  }
  const std::uint32_t* rows = source_->rows.data() + first;
  for (std::uint32_t i = 0; i < count; ++i) values_[i] = all_[rows[i]];
  if (!any_null_) return {values_.data(), nullptr};
  std::fill_n(nulls_.begin(), words_of(count), 0);
  for (std::uint32_t i = 0; i < count; ++i) nulls_[i / 64] |= (all_nulls_[rows[i] / 64] >> rows[i] % 64 & 1) << i % 64;
  return {values_.data(), nulls_.data()};
}

template class NumberVectors<std::int64_t>;
template class NumberVectors<float>;
template class NumberVectors<double>;

IdVectors::IdVectors(const SourceRows& source, const storage::Column* column, std::span<const std::uint32_t> new_ids)
    : source_(&source), new_ids_(new_ids), reader_(column == nullptr ? nullptr : column->string_reader()) {}

const std::uint32_t* IdVectors::read_rows(std::uint32_t begin, std::uint32_t count, std::vector<std::uint32_t>& ids) {
  if (ids.size() < count) ids.resize(count);
  const std::uint32_t* old_ids = reader_->read_ids(begin, count, ids.data());
  for (std::uint32_t i = 0; i < count; ++i) ids[i] = new_ids_[old_ids[i]];
  return ids.data();
}

const std::uint32_t* IdVectors::read(std::uint32_t first, std::uint32_t count) {
  if (ids_.size() < count) ids_.resize(count);
  if (reader_ == nullptr) {
    std::fill_n(ids_.begin(), count, new_ids_.front());
    return ids_.data();
  }
  if (source_->rows.empty()) return read_rows(first, count, ids_);
  if (all_.empty()) read_rows(0, source_->segment->row_count(), all_);
  for (std::uint32_t i = 0; i < count; ++i) ids_[i] = all_[source_->rows[first + i]];
  return ids_.data();
}

ListVectors::ListVectors(const SourceRows& source, const storage::Column* column,
                         std::span<const std::uint32_t> new_ids)
    : source_(&source),
      new_ids_(new_ids),
      reader_(column == nullptr ? nullptr : column->string_reader()),
      multiple_values_(column != nullptr && column->multiple_values()) {}

void ListVectors::read_rows(std::uint32_t begin, std::uint32_t count, Lists& lists) {
  lists.ids.clear();
  lists.offsets.resize(std::size_t{count} + 1);
  if (multiple_values_) {
    const storage::StringReader::Lists read = reader_->read_lists(begin, count);
    for (std::uint32_t i = 0; i <= count; ++i) lists.offsets[i] = read.offsets[i] - read.offsets[0];
    lists.ids.reserve(lists.offsets[count]);
    for (std::uint32_t i = read.offsets[0]; i < read.offsets[count]; ++i) lists.ids.push_back(new_ids_[read.ids[i]]);
    return;
  }
  for (std::uint32_t i = 0; i <= count; ++i) lists.offsets[i] = i;
  if (reader_ == nullptr) {
    lists.ids.assign(count, new_ids_.front());
    return;
  }
  scratch_.resize(count);
  const std::uint32_t* ids = reader_->read_ids(begin, count, scratch_.data());
  for (std::uint32_t i = 0; i < count; ++i) lists.ids.push_back(new_ids_[ids[i]]);
}

storage::StringReader::Lists ListVectors::read(std::uint32_t first, std::uint32_t count) {
  if (source_->rows.empty() || reader_ == nullptr)
    read_rows(first, count, lists_);
  else
    pick(first, count);
  return {lists_.offsets.data(), lists_.ids.data()};
}

void ListVectors::pick(std::uint32_t first, std::uint32_t count) {
  if (all_.offsets.empty()) read_rows(0, source_->segment->row_count(), all_);
  lists_.ids.clear();
  lists_.offsets.assign(1, 0);
  for (std::uint32_t i = 0; i < count; ++i) {
    const std::uint32_t row = source_->rows[first + i];
    lists_.ids.insert(lists_.ids.end(), all_.ids.begin() + all_.offsets[row], all_.ids.begin() + all_.offsets[row + 1]);
    lists_.offsets.push_back(static_cast<std::uint32_t>(lists_.ids.size()));
  }
}

}  // namespace sarsen::ingest
