#pragma once
// The fields of a JSON column: a path each, the set of types of its values, and a logical file with a column of ids,
// parsed when it is first asked for. Thread safety: const methods from any thread.

#include <memory>
#include <string>
#include <vector>

#include "storage/column/column.h"
#include "storage/column/lazy_column.h"
#include "storage/nested/common_format.h"
#include "storage/nested/value_types.h"

namespace sarsen::storage {

/// What the column's own file says of one field.
struct StoredField {
  std::string path;    // "$.a.b[0]"
  std::string suffix;  // of its logical file: ".__field_0"
  ValueTypes types;
};
using StoredFields = std::vector<StoredField>;

/// Reads the list of paths and the types that start here and moves behind them; `jq`: paths and files as in Druid 24.
std::shared_ptr<const StoredFields> read_stored_fields(ByteReader& reader, const CommonFormat& format,
                                                       const Place& place, bool jq);

class JsonFields final : public NestedFields {
 public:
  JsonFields(std::shared_ptr<const StoredFields> fields, std::shared_ptr<const GlobalDictionary> dictionary,
             CommonFormat format);

  std::uint32_t size() const noexcept override { return static_cast<std::uint32_t>(fields_->size()); }
  std::string_view path(std::uint32_t field) const override { return (*fields_)[field].path; }
  const Column& column(std::uint32_t field) const override;

  const std::shared_ptr<const StoredFields>& stored() const noexcept { return fields_; }
  const std::shared_ptr<const GlobalDictionary>& dictionary() const noexcept { return dictionary_; }
  /// Of their logical files.
  std::size_t size_bytes() const;

 private:
  std::shared_ptr<const StoredFields> fields_;
  std::shared_ptr<const GlobalDictionary> dictionary_;
  CommonFormat format_;
  std::unique_ptr<LazyColumn[]> columns_;
};

/// The column in the logical file of `field`.
std::unique_ptr<Column> parse_json_field(const StoredField& field, const CommonFormat& format,
                                         const std::shared_ptr<const GlobalDictionary>& dictionary);

}  // namespace sarsen::storage
