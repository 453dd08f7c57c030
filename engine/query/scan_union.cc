#include "engine/query/scan_union.h"

#include <numeric>
#include <utility>

#include "storage/base/java_order.h"

namespace sarsen::engine {
namespace {

std::vector<std::size_t> in_order(const std::vector<RowsSource>& sources) {
  std::vector<std::size_t> turns(sources.size());
  std::iota(turns.begin(), turns.end(), std::size_t{0});
  return turns;
}

}  // namespace

UnionRows::UnionRows(UnionSources tables, ScanOrder order, const QueryRun& run) {
  for (std::vector<RowsSource>& sources : tables) {
    tables_.push_back(std::make_unique<MergedRows>(std::move(sources), order, run));
    if (tables_.back()->next()) queue_.push(tables_.back().get());
  }
}

bool UnionRows::next() {
  if (current_ != nullptr && current_->next()) queue_.push(current_);
  current_ = queue_.empty() ? nullptr : queue_.pop();
  return current_ != nullptr;
}

TableBatches::TableBatches(std::vector<RowsSource> sources, std::int64_t batch_rows, const QueryRun& run)
    : sources_(std::move(sources)), batch_rows_(batch_rows), run_(run), plans_(sources_, in_order(sources_), run) {
  next();
}

bool TableBatches::next() {
  if (rows_ != nullptr) {
    ++number_;
    if (rows_->next()) return true;
    ++at_;
  }
  for (number_ = 0; at_ < sources_.size(); ++at_) {
    rows_ = std::make_unique<PartRows>(plans_.next(), ScanOrder::kNone, *sources_[at_].columns, run_);
    if (rows_->next()) return true;
  }
  rows_.reset();
  return false;
}

bool UnionBatches::Before::operator()(const TableBatches* left, const TableBatches* right) const {
  return java_compare(*left->source().id, *right->source().id) < 0;
}

UnionBatches::UnionBatches(UnionSources tables, std::int64_t batch_rows, const QueryRun& run) {
  for (std::vector<RowsSource>& sources : tables) {
    tables_.push_back(std::make_unique<TableBatches>(std::move(sources), batch_rows, run));
    if (!tables_.back()->at_end()) queue_.push(tables_.back().get());
  }
}

TableBatches* UnionBatches::next() {
  if (current_ != nullptr && !current_->at_end()) queue_.push(current_);
  current_ = queue_.empty() ? nullptr : queue_.pop();
  return current_;
}

}  // namespace sarsen::engine
