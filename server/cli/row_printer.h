#pragma once
// The rows of a segment as JSON objects, one a line: null as null, multi-value strings as arrays, times as
// milliseconds, complex values as base64 of their stored bytes. Not thread-safe.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "storage/segment/segment.h"

namespace sarsen::server {

/// Prints one column's values, vector by vector.
class ColumnPrinter;

class RowPrinter {
 public:
  /// `columns` in the order wanted. Throws kInvalidInput for one that the segment has not.
  RowPrinter(std::shared_ptr<const storage::Segment> segment, const std::vector<std::string>& columns);
  ~RowPrinter();
  RowPrinter(const RowPrinter&) = delete;
  RowPrinter& operator=(const RowPrinter&) = delete;

  /// The first `limit` rows, to `emit` in pieces of whole lines.
  void print(std::uint64_t limit, const std::function<void(std::string_view)>& emit);

 private:
  std::shared_ptr<const storage::Segment> segment_;
  std::vector<std::string> keys_;  // "\"page\":"
  std::vector<std::unique_ptr<ColumnPrinter>> printers_;
};

}  // namespace sarsen::server
