#pragma once
// Strings that are computed from those of another source.

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "engine/vector/column_sources.h"
#include "engine/vector/growing_dictionary.h"

namespace sarsen::engine::expression {

/// Another source with every entry of its dictionary replaced by a string that is computed from it. A small dictionary
/// is mapped whole when that cannot fail; else entries are mapped when they are met, and the dictionary grows.
class MappedStrings final : public StringSource {
 public:
  using Map = std::function<std::optional<std::string>(std::optional<std::string_view>)>;

  /// `base` must outlive it. `whole`: mapping cannot fail. Where it can, only rows that are alive at `position` are
  /// mapped (ColumnSources::position); the others are null.
  MappedStrings(StringSource& base, Map map, bool whole, const CursorPosition* position = nullptr);

  const storage::Dictionary& dictionary() const override { return dictionary_; }
  bool grows() const override { return !whole_; }
  bool multiple_values() const override { return base_.multiple_values(); }
  const std::uint32_t* read_ids(std::uint32_t begin, std::uint32_t size) override;
  storage::StringReader::Lists read_lists(std::uint32_t begin, std::uint32_t size) override;

 private:
  std::uint32_t mapped_id(std::uint32_t id);

  StringSource& base_;
  Map map_;
  bool whole_;
  const CursorPosition* position_;
  GrowingDictionary dictionary_;
  std::vector<std::uint32_t> ids_;  // by id of the base; kUnknown where it was not met
  std::vector<std::uint32_t> row_offsets_;
  std::vector<std::uint32_t> row_ids_;
};

}  // namespace sarsen::engine::expression
