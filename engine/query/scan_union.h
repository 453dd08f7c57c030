#pragma once
// The rows of scan where the data source is a union: Druid asks each table for its own answer and merges the answers,
// row by row where they are in order of time, and batch by batch where they are not. One table is a union of itself.
// Belongs to one query.

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "engine/query/scan_rows.h"
#include "engine/result/java_priority_queue.h"

namespace sarsen::engine {

/// The sources of each table, in the order of the union.
using UnionSources = std::vector<std::vector<RowsSource>>;

/// In order of time.
class UnionRows {
 public:
  UnionRows(UnionSources tables, ScanOrder order, const QueryRun& run);

  bool next();
  PartRows& rows() noexcept { return current_->rows(); }
  const RowsSource& source() const noexcept { return current_->source(); }

 private:
  struct Before {
    bool operator()(const MergedRows* left, const MergedRows* right) const { return left->before(*right); }
  };

  std::vector<std::unique_ptr<MergedRows>> tables_;
  JavaPriorityQueue<MergedRows*, Before> queue_{Before()};
  MergedRows* current_ = nullptr;  // not in the queue
};

/// The parts of one table, one after the other, in batches of rows.
class TableBatches {
 public:
  /// `run` must outlive it.
  TableBatches(std::vector<RowsSource> sources, std::int64_t batch_rows, const QueryRun& run);

  /// To the next row, as long as it is of the same batch; false: the batch has ended.
  bool next_in_batch() { return next() && number_ % batch_rows_ != 0; }
  /// To the next row; false at the end.
  bool next();
  bool at_end() const noexcept { return rows_ == nullptr; }

  PartRows& rows() noexcept { return *rows_; }
  const RowsSource& source() const noexcept { return sources_[at_]; }
  /// Of the current row, counted in its part.
  std::int64_t number() const noexcept { return number_; }

 private:
  std::vector<RowsSource> sources_;
  std::int64_t batch_rows_;
  const QueryRun& run_;
  ChosenPlans plans_;
  std::size_t at_ = 0;  // of the source that `rows_` reads
  std::unique_ptr<PartRows> rows_;
  std::int64_t number_ = 0;
};

/// In no order.
class UnionBatches {
 public:
  UnionBatches(UnionSources tables, std::int64_t batch_rows, const QueryRun& run);

  /// To the next batch, which stands on its first row; nullptr at the end. The one before must have been read to its
  /// end.
  TableBatches* next();

 private:
  struct Before {
    bool operator()(const TableBatches* left, const TableBatches* right) const;
  };

  std::vector<std::unique_ptr<TableBatches>> tables_;
  JavaPriorityQueue<TableBatches*, Before> queue_{Before()};
  TableBatches* current_ = nullptr;  // not in the queue
};

}  // namespace sarsen::engine
