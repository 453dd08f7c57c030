#pragma once
// Values of a JSON column that is stored without its documents, put together from the fields as Druid does: keys in the
// order of the paths, members that are null left out, booleans as the numbers 0 and 1, what is empty as {}.
// Not thread-safe.

#include <map>
#include <utility>
#include <vector>

#include "storage/bitmap/null_rows.h"
#include "storage/nested/json_fields.h"
#include "storage/nested/json_path.h"

namespace sarsen::storage {

class RebuiltValues final : public StructuredReader {
 public:
  /// All of these must outlive the reader. Throws where a path cannot be understood.
  RebuiltValues(const JsonFields& fields, const NullRows& nulls, std::uint32_t row_count, const Place& place);

  Json read(std::uint32_t row) override;

 private:
  static constexpr std::uint32_t kBatchRows = 128;

  // A step of some path; the root has no part. What belongs to one row counts while `row_number` is that of the row.
  struct Node {
    std::uint32_t parent = 0;
    JsonPathPart part = {};
    std::uint64_t row_number = 0;
    Json value = {};                           // of a field that ends here
    std::vector<std::uint32_t> children = {};  // in the order of their first value
  };

  std::uint32_t add_path(const JsonPath& path, std::map<std::pair<std::uint32_t, JsonPathPart>, std::uint32_t>& nodes);
  void load_ids(std::uint32_t row);
  void touch(std::uint32_t node);
  Json build(std::uint32_t node);
  Json build_array(const std::vector<std::uint32_t>& children);
  Json build_object(const std::vector<std::uint32_t>& children);

  const JsonFields* fields_;
  const NullRows* nulls_;
  std::uint32_t row_count_;
  const Place* place_;
  std::vector<Node> nodes_;
  std::vector<std::uint32_t> field_nodes_;  // where the path of each field ends
  std::vector<std::uint32_t> ids_;          // of each field, kBatchRows rows
  std::uint32_t batch_ = UINT32_MAX;
  std::uint64_t row_number_ = 0;
  std::size_t elements_left_ = 0;
};

}  // namespace sarsen::storage
