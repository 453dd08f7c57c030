#include "ingest/merge/merged_column.h"

#include <algorithm>
#include <utility>

#include "ingest/merge/column_vectors.h"
#include "ingest/merge/source_vectors.h"
#include "ingest/merge/structured_values.h"
#include "storage/base/error.h"

namespace sarsen::ingest {
namespace {

using engine::kVectorRows;
using storage::OwnedColumnValues;

/// Calls visit(vector, row in it, count) for the rows of the merged segment in order.
template <class Vectors, class Visit>
void each_row(const MergeInput& input, SourceVectors<Vectors>& vectors, Visit visit) {
  input.rows.for_each_piece(input.sources, [&](const RowPiece& piece) {
    if (!piece.folds) visit(vectors.of(piece), piece.position % kVectorRows, piece.count);
  });
}

template <class T>
struct Numbers {
  std::vector<T> values;
  std::vector<std::uint64_t> nulls;
};

template <class T>
OwnedColumnValues make_numbers(const MergeInput& input, const MergedColumn& column) {
  SourceVectors<NumberVectors<T>> vectors(input.sources);
  for (std::size_t i = 0; i < input.sources.size(); ++i)
    vectors.add(NumberVectors<T>(input.sources[i], column.columns[i]));
  const auto made = std::make_shared<Numbers<T>>();
  made->values.resize(input.rows.rows_out());
  std::size_t to = 0;
  each_row(input, vectors, [&](const auto& vector, std::uint32_t row, std::uint32_t count) {
    for (std::uint32_t i = 0; i < count; ++i) made->values[to + i] = vector.values[row + i];
    if (vector.nulls != nullptr) {
      made->nulls.resize((made->values.size() + 63) / 64);
      for (std::uint32_t i = 0; i < count; ++i)
        made->nulls[(to + i) / 64] |= (vector.nulls[(row + i) / 64] >> (row + i) % 64 & 1) << (to + i) % 64;
    }
    to += count;
  });
  return {storage::NumericColumnData<T>{.values = made->values, .nulls = made->nulls}, made};
}

struct Strings {
  std::vector<std::uint32_t> ids;
  std::vector<std::uint32_t> offsets;
};

void pick_ids(const MergeInput& input, const MergedColumn& column, const MergedDictionary& dictionary, Strings& made) {
  SourceVectors<IdVectors> vectors(input.sources);
  for (std::size_t i = 0; i < input.sources.size(); ++i)
    vectors.add(IdVectors(input.sources[i], column.columns[i], dictionary.new_ids(i)));
  made.ids.resize(input.rows.rows_out());
  std::uint32_t* to = made.ids.data();
  each_row(input, vectors, [&](const std::uint32_t* ids, std::uint32_t row, std::uint32_t count) {
    for (std::uint32_t i = 0; i < count; ++i) *to++ = ids[row + i];
  });
}

void pick_lists(const MergeInput& input, const MergedColumn& column, const MergedDictionary& dictionary,
                Strings& made) {
  SourceVectors<ListVectors> vectors(input.sources);
  for (std::size_t i = 0; i < input.sources.size(); ++i)
    vectors.add(ListVectors(input.sources[i], column.columns[i], dictionary.new_ids(i)));
  made.offsets.reserve(input.rows.rows_out() + 1);
  made.offsets.push_back(0);
  each_row(input, vectors, [&](const storage::StringReader::Lists& lists, std::uint32_t row, std::uint32_t count) {
    const std::size_t before = made.ids.size();
    made.ids.insert(made.ids.end(), lists.ids + lists.offsets[row], lists.ids + lists.offsets[row + count]);
    if (made.ids.size() > INT32_MAX)
      throw Error(ErrorCategory::kUnsupported,
                  "The merged rows hold more values than one column can: \"" + column.name + "\"");
    for (std::uint32_t i = 1; i <= count; ++i)
      made.offsets.push_back(static_cast<std::uint32_t>(before + lists.offsets[row + i] - lists.offsets[row]));
  });
}

/// Ids that no row has, since rows were left out, leave the dictionary; null stays where rows without values need it.
std::vector<bool> drop_unused(const MergedDictionary& dictionary, Strings& made) {
  std::vector<bool> used(dictionary.size());
  for (const std::uint32_t id : made.ids) used[id] = true;
  if (dictionary.has_null() && !used[0])
    used[0] = std::adjacent_find(made.offsets.begin(), made.offsets.end()) != made.offsets.end();
  if (std::find(used.begin(), used.end(), false) == used.end()) return used;
  std::vector<std::uint32_t> new_ids(used.size());
  for (std::uint32_t id = 0, next = 0; id < used.size(); ++id) {
    new_ids[id] = next;
    next += used[id] ? 1 : 0;
  }
  for (std::uint32_t& id : made.ids) id = new_ids[id];
  return used;
}

OwnedColumnValues make_strings(const MergeInput& input, const MergedColumn& column,
                               const MergedDictionary& dictionary) {
  const auto made = std::make_shared<Strings>();
  if (column.multiple_values)
    pick_lists(input, column, dictionary, *made);
  else
    pick_ids(input, column, dictionary, *made);
  const std::vector<bool> used = drop_unused(dictionary, *made);
  MergedDictionary::Values values = dictionary.values(used);
  std::size_t kept = 0;
  for (std::size_t id = 0; id < values.size(); ++id)
    if (used[id]) values[kept++] = values[id];
  values.resize(kept);
  return {storage::StringColumnData{.dictionary = std::move(values),
                                    .ids = made->ids,
                                    .offsets = made->offsets,
                                    .bitmap_index = column.bitmap_index,
                                    .spatial_index = column.spatial_index},
          made};
}

/// Values that are read one by one when the writer asks for them.
template <class Reader>
struct RowReaders {
  explicit RowReaders(const MergeInput& input) : walk(input.rows, input.sources), sources(input.sources) {}

  /// The reader, and the number there, of the first row that makes up row `row`.
  std::pair<Reader&, std::uint32_t> at(std::uint32_t row) {
    const RowPlace& place = walk.places(row).front();
    return {readers[place.source], sources[place.source].row(place.position)};
  }

  RowWalk walk;
  const Sources& sources;
  std::vector<Reader> readers;
};

OwnedColumnValues make_complex(const MergeInput& input, const MergedColumn& column) {
  using Reader = std::unique_ptr<storage::ComplexReader>;
  const auto made = std::make_shared<RowReaders<Reader>>(input);
  for (const storage::Column* source : column.columns)
    made->readers.push_back(source == nullptr ? nullptr : source->complex_reader());
  return {storage::ComplexColumnData{
              .type = column.complex_type,
              .value = [readers = made.get()](std::uint32_t row) -> std::optional<std::span<const std::byte>> {
                const auto [reader, source_row] = readers->at(row);
                return reader == nullptr ? std::nullopt : reader->read(source_row);
              }},
          made};
}

OwnedColumnValues make_structured(const MergeInput& input, const MergedColumn& column) {
  const auto made = std::make_shared<RowReaders<StructuredValues>>(input);
  for (const storage::Column* source : column.columns) made->readers.emplace_back(source);
  return {storage::StructuredColumnData{.json = column.json,
                                        .cast_to = column.cast_to,
                                        .value =
                                            [readers = made.get()](std::uint32_t row) {
                                              const auto [reader, source_row] = readers->at(row);
                                              return reader.read(source_row);
                                            }},
          made};
}

}  // namespace

std::vector<std::int64_t> make_times(const MergeInput& input) {
  SourceVectors<NumberVectors<std::int64_t>> vectors(input.sources);
  for (const SourceRows& source : input.sources)
    vectors.add(NumberVectors<std::int64_t>(source, source.segment->column(storage::kTimeColumn)));
  std::vector<std::int64_t> times_ms;
  times_ms.reserve(input.rows.rows_out());
  each_row(input, vectors, [&](const auto& vector, std::uint32_t row, std::uint32_t count) {
    for (std::uint32_t i = row; i < row + count; ++i) times_ms.push_back(input.time.stored(vector.values[i]));
  });
  return times_ms;
}

OwnedColumnValues make_column(const MergeInput& input, const MergedColumn& column, const MergedDictionary* dictionary) {
  switch (column.kind) {
    case MergedKind::kLong:
      return make_numbers<std::int64_t>(input, column);
    case MergedKind::kFloat:
      return make_numbers<float>(input, column);
    case MergedKind::kDouble:
      return make_numbers<double>(input, column);
    case MergedKind::kComplex:
      return make_complex(input, column);
    case MergedKind::kStructured:
      return make_structured(input, column);
    case MergedKind::kString:
      break;
  }
  return make_strings(input, column, *dictionary);
}

}  // namespace sarsen::ingest
