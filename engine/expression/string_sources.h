#pragma once
// Strings that are computed from those of another source.

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "engine/vector/column_sources.h"
#include "engine/vector/growing_dictionary.h"
#include "engine/vector/text_arena.h"
#include "engine/vector/text_source.h"

namespace sarsen::engine::expression {

/// Another source with every entry of its dictionary replaced by a string that is computed from it. A small dictionary
/// is mapped whole when that cannot fail; else entries are mapped when they are met, and the dictionary grows.
class MappedStrings final : public StringSource, public TextSource {
 public:
  using Map = std::function<std::optional<std::string>(std::optional<std::string_view>)>;

  /// `base` must outlive it. `whole`: mapping cannot fail. Where it can, only rows that are alive at `position` are
  /// mapped (ColumnSources::position); the others are null.
  MappedStrings(StringSource& base, Map map, bool whole, const CursorPosition* position = nullptr);

  const storage::Dictionary& dictionary() const override {
    const_cast<MappedStrings*>(this)->map_whole();  // NOLINT: before anybody sees it
    return dictionary_;
  }
  bool grows() const override { return !whole_; }
  bool multiple_values() const override { return base_.multiple_values(); }
  const std::uint32_t* read_ids(std::uint32_t begin, std::uint32_t size) override;
  storage::StringReader::Lists read_lists(std::uint32_t begin, std::uint32_t size) override;
  /// REQUIRES: !multiple_values().
  const std::optional<std::string_view>* read_texts(std::uint32_t begin, std::uint32_t size) override;

 private:
  void map_whole();
  std::uint32_t mapped_id(std::uint32_t id);
  std::optional<std::string_view> mapped_text(std::uint32_t id);

  StringSource& base_;
  Map map_;
  bool whole_;
  bool is_mapped_ = false;  // whole
  const CursorPosition* position_;
  const CursorPosition* text_position_;
  GrowingDictionary dictionary_;
  std::vector<std::uint32_t> ids_;  // by id of the base; kUnknown where it was not met
  // For those who want texts: their places, by id of the base, and what they point to.
  std::vector<std::uint32_t> places_;
  std::vector<std::optional<std::string_view>> texts_;
  TextArena bytes_;
  std::vector<std::optional<std::string_view>> row_texts_;
  std::vector<std::uint32_t> row_offsets_;
  std::vector<std::uint32_t> row_ids_;
};

}  // namespace sarsen::engine::expression
