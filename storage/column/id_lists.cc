#include "storage/column/id_lists.h"

#include <utility>
#include <vector>

namespace sarsen::storage {

namespace {

constexpr std::uint8_t kPlainVersion = 1;
constexpr std::uint8_t kBlocksVersion = 2;
constexpr std::uint8_t kWideOffsetsVersion = 3;

class IdListsReader final : public StringReader {
 public:
  IdListsReader(const IdLists::Offsets& offsets, const PackedIds& values, std::uint32_t dictionary_size,
                const Place& place)
      : place_(&place),
        ends_only_(offsets.ends_only),
        unit_(offsets.unit),
        offsets_(offsets.stored, static_cast<std::uint64_t>(values.size()) * offsets.unit + 1, place),
        ids_(values, dictionary_size, place) {}

  // A column of lists has no one id per row; nobody may ask.
  const std::uint32_t* read_ids(std::uint32_t, std::uint32_t, std::uint32_t*) override {
    throw Error(ErrorCategory::kDefensive, "one id per row asked of a multi-valued column");
  }

  Lists read_lists(std::uint32_t begin, std::uint32_t count) override {
    load_offsets(begin, count);
    const std::uint32_t first = list_offsets_[0];
    for (std::uint32_t& offset : list_offsets_) offset -= first;
    list_ids_.resize(list_offsets_[count]);
    return {list_offsets_.data(), ids_.read(first, list_offsets_[count], list_ids_.data())};
  }

 private:
  void load_offsets(std::uint32_t begin, std::uint32_t count) {
    list_offsets_.resize(static_cast<std::size_t>(count) + 1);
    list_offsets_[0] = 0;
    // With ends only, entry i is the end of row i, and so the begin of row i + 1.
    const bool at_first_row = ends_only_ && begin == 0;
    const std::uint32_t from = ends_only_ && begin > 0 ? begin - 1 : begin;
    const std::uint32_t read_count = at_first_row ? count : count + 1;
    std::uint32_t* target = list_offsets_.data() + (at_first_row ? 1 : 0);
    const std::uint32_t* stored = offsets_.read(from, read_count, target);
    for (std::uint32_t i = 0; i < read_count; ++i) target[i] = stored[i] / unit_;
    at_place(*place_, [&] {
      for (std::uint32_t i = 0; i < count; ++i)
        check_format(list_offsets_[i] <= list_offsets_[i + 1], "offsets of rows not ascending");
    });
  }

  const Place* place_;
  bool ends_only_;
  std::uint32_t unit_;
  PackedIdsReader offsets_;
  PackedIdsReader ids_;
  std::vector<std::uint32_t> list_offsets_;
  std::vector<std::uint32_t> list_ids_;
};

}  // namespace

IdLists::IdLists(Offsets offsets, PackedIds values) : offsets_(std::move(offsets)), values_(std::move(values)) {
  check_format(offsets_.ends_only || offsets_.stored.size() > 0, "no offsets of rows");
  row_count_ = offsets_.ends_only ? offsets_.stored.size() : offsets_.stored.size() - 1;
}

std::string IdLists::encoding() const { return "lists, " + values_.encoding(); }

std::unique_ptr<StringReader> IdLists::reader(std::uint32_t dictionary_size, const Place& place) const {
  return std::make_unique<IdListsReader>(offsets_, values_, dictionary_size, place);
}

// u8 version, u8 width, i32 size, i32 rows, i32 end of each row in bytes, values, 4 - width bytes of padding.
std::unique_ptr<IdLists> read_plain_id_lists(ByteReader& reader) {
  const std::uint8_t version = reader.read_byte();
  if (version != kPlainVersion)
    throw Error(ErrorCategory::kUnsupported, "lists of integers of unknown version " + std::to_string(version));
  const std::uint32_t width = reader.read_byte();
  reader.check(width >= 1 && width <= 4, "impossible width of integers");
  ByteReader body = reader.reader(reader.read_be<std::uint32_t>(), "lists of integers");
  const std::uint32_t rows = body.read_be<std::uint32_t>();
  body.check(rows <= body.remaining() / 4, "offset table past end");
  PackedIds ends = PackedIds::from_bytes(rows, 4, std::endian::big, body.bytes(std::size_t{4} * rows));
  body.check(body.remaining() >= 4 - width && (body.remaining() - (4 - width)) % width == 0,
             "no whole number of integers");
  const auto value_count = static_cast<std::uint32_t>((body.remaining() - (4 - width)) / width);
  PackedIds values = PackedIds::from_bytes(value_count, width, std::endian::big, body.rest());
  return std::make_unique<IdLists>(IdLists::Offsets{std::move(ends), true, width}, std::move(values));
}

std::unique_ptr<IdLists> read_id_lists(ByteReader& reader, std::endian byte_order, const LogicalFiles& files,
                                       const Place& place) {
  const std::uint8_t version = reader.read_byte();
  if (version != kBlocksVersion && version != kWideOffsetsVersion)
    throw Error(ErrorCategory::kUnsupported, "lists of integers of unknown version " + std::to_string(version));
  PackedIds offsets = version == kBlocksVersion ? PackedIds::read_blocks(reader, byte_order, files, place)
                                                : PackedIds::read_wide_blocks(reader, byte_order, files, place);
  PackedIds values = PackedIds::read_blocks(reader, byte_order, files, place);
  return std::make_unique<IdLists>(IdLists::Offsets{std::move(offsets), false, 1}, std::move(values));
}

}  // namespace sarsen::storage
