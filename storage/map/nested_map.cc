// The further files of a column: their names end with what they are.
#include <algorithm>
#include <array>
#include <string>

#include "storage/map/column_map.h"
#include "storage/map/structures.h"

namespace sarsen::storage {
namespace {

using Walk = void (*)(PartWalk& walk);

void walk_bitmaps(PartWalk& walk) { walk_list(walk, "bitmaps"); }

void walk_longs(PartWalk& walk) { walk_numbers(walk, 8, true); }
void walk_doubles(PartWalk& walk) { walk_numbers(walk, 8, false); }

void walk_bitmap_file(PartWalk& walk) { walk_sized_bitmap(walk, "bitmap"); }

void walk_blob_header(PartWalk& walk) { walk.reader().skip(walk.reader().remaining()); }

void walk_field_numbers(PartWalk& walk, const char* name, std::size_t size, Walk values) {
  if (size == 0) return;
  const std::size_t end = walk.reader().position() + size;
  walk.part(name, values);
  walk.reader().check(walk.reader().position() == end, "numbers of the field have another size than stated");
}

// A field of a JSON column, storage/FORMAT.md, "Nested columns".
void walk_field(PartWalk& walk) {
  ByteReader& reader = walk.reader();
  const std::uint8_t version = reader.read_byte();
  reader.skip(4);
  walk.part("dictionary", [](PartWalk& ids) { walk_fixed_list(ids, 4); });
  const std::size_t long_bytes = reader.read_le<std::uint32_t>();
  const std::size_t double_bytes = reader.read_le<std::uint32_t>();
  walk_field_numbers(walk, "longs", long_bytes, walk_longs);
  walk_field_numbers(walk, "doubles", double_bytes, walk_doubles);
  walk.part("ids", version == 0 ? walk_plain_ids : walk_block_ids);
  if (reader.at_end()) return;
  // Bitmaps of all values, or, behind its size, one of the null rows.
  const std::size_t begin = reader.position();
  const bool nulls_only = reader.read_be<std::uint32_t>() == reader.remaining();
  reader.seek(begin);
  if (nulls_only) return walk_sized_bitmap(walk, "nulls");
  walk.part("bitmaps", walk_bitmaps);
  if (reader.at_end()) return;
  walk.part("element dictionary", [](PartWalk& ids) { walk_fixed_list(ids, 4); });
  walk.part("element bitmaps", walk_bitmaps);
}

struct FileKind {
  std::string_view ending;
  Walk walk;
};

constexpr std::array kFileKinds = {
    FileKind{".__stringDictionary", walk_dictionary},
    FileKind{".__longDictionary", [](PartWalk& walk) { walk_fixed_list(walk, 8); }},
    FileKind{".__doubleDictionary", [](PartWalk& walk) { walk_fixed_list(walk, 8); }},
    FileKind{".__arrayDictionary", walk_front_coded_arrays},
    FileKind{".__arrayElementDictionary", [](PartWalk& walk) { walk_fixed_list(walk, 4); }},
    FileKind{".__encodedColumn", walk_block_ids},
    FileKind{".__longColumn", walk_longs},
    FileKind{".__doubleColumn", walk_doubles},
    FileKind{".__valueIndexes", walk_bitmaps},
    FileKind{".__arrayElementIndexes", walk_bitmaps},
    FileKind{".__nullIndex", walk_bitmap_file},
    FileKind{".__raw", walk_blob_header},
    FileKind{".__complexColumn", walk_blob_header},
    FileKind{".__raw_offsets", walk_stream},
    FileKind{".__raw_compressed", walk_stream},
    FileKind{".__complexColumn_offsets", walk_stream},
    FileKind{".__complexColumn_compressed", walk_stream},
};

Walk walk_of(std::string_view name) {
  const auto kind = std::ranges::find_if(kFileKinds, [&](const FileKind& one) { return name.ends_with(one.ending); });
  if (kind != kFileKinds.end()) return kind->walk;
  // Pieces of lists that are spread over several files, storage/FORMAT.md, "GenericIndexed".
  const std::size_t digits = name.find_last_not_of("0123456789") + 1;
  if (name.ends_with("_header") || name.substr(0, digits).ends_with("_value_")) return walk_blob_header;
  return walk_field;
}

}  // namespace

Part map_column_file(std::span<const std::byte> file, std::string_view name) {
  return map_bytes(file, std::string(name), walk_of(name));
}

}  // namespace sarsen::storage
