#include "engine/expression/string_sources.h"

#include "engine/exec/poll.h"
#include "engine/expression/vector_node.h"

namespace sarsen::engine::expression {
namespace {

constexpr std::uint32_t kUnknown = UINT32_MAX;

/// Larger dictionaries are not mapped before their entries are met: a query may read only a few.
constexpr std::uint32_t kWholeMax = 8192;

}  // namespace

MappedStrings::MappedStrings(StringSource& base, Map map, bool whole, const CursorPosition* position)
    : base_(base),
      map_(std::move(map)),
      whole_(whole && !base.grows() && base.dictionary().size() <= kWholeMax),
      position_(whole ? nullptr : position),
      text_position_(position) {}

/// Not before ids are asked for.
void MappedStrings::map_whole() {
  if (!whole_ || is_mapped_) return;
  is_mapped_ = true;
  for (std::uint32_t id = 0; id < base_.dictionary().size(); ++id) {
    poll();
    mapped_id(id);
  }
}

std::uint32_t MappedStrings::mapped_id(std::uint32_t id) {
  if (id >= ids_.size()) ids_.resize(base_.dictionary().size(), kUnknown);
  if (ids_[id] == kUnknown) ids_[id] = dictionary_.id_of(map_(base_.dictionary().value(id)));
  return ids_[id];
}

/// Texts are kept as ids are, without being told apart.
std::optional<std::string_view> MappedStrings::mapped_text(std::uint32_t id) {
  if (id >= places_.size()) places_.resize(base_.dictionary().size(), kUnknown);
  if (places_[id] == kUnknown) {
    const std::optional<std::string> text = map_(base_.dictionary().value(id));
    texts_.push_back(text ? std::optional(bytes_.keep(*text)) : std::nullopt);
    places_[id] = static_cast<std::uint32_t>(texts_.size() - 1);
  }
  return texts_[places_[id]];
}

const std::optional<std::string_view>* MappedStrings::read_texts(std::uint32_t begin, std::uint32_t size) {
  const std::uint32_t* ids = base_.read_ids(begin, size);
  row_texts_.assign(size, std::nullopt);
  for_each_live(text_position_, begin, size, [&](std::uint32_t row) { row_texts_[row] = mapped_text(ids[row]); });
  return row_texts_.data();
}

const std::uint32_t* MappedStrings::read_ids(std::uint32_t begin, std::uint32_t size) {
  map_whole();
  const std::uint32_t* ids = base_.read_ids(begin, size);
  row_ids_.assign(size, 0);
  for_each_live(position_, begin, size, [&](std::uint32_t row) { row_ids_[row] = mapped_id(ids[row]); });
  return row_ids_.data();
}

storage::StringReader::Lists MappedStrings::read_lists(std::uint32_t begin, std::uint32_t size) {
  map_whole();
  const storage::StringReader::Lists lists = base_.read_lists(begin, size);
  const std::uint32_t first = lists.offsets[0];
  row_offsets_.resize(size + 1);
  for (std::uint32_t row = 0; row <= size; ++row) row_offsets_[row] = lists.offsets[row] - first;
  row_ids_.assign(row_offsets_.back(), 0);
  for_each_live(position_, begin, size, [&](std::uint32_t row) {
    for (std::uint32_t i = row_offsets_[row]; i < row_offsets_[row + 1]; ++i)
      row_ids_[i] = mapped_id(lists.ids[first + i]);
  });
  return {row_offsets_.data(), row_ids_.data()};
}

}  // namespace sarsen::engine::expression
