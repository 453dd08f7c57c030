#include "storage/map/column_map.h"

#include <string>

#include "storage/base/json.h"
#include "storage/column/vbyte.h"
#include "storage/map/structures.h"

namespace sarsen::storage {
namespace {

constexpr std::uint32_t kFlagMultiple = 1;
constexpr std::uint32_t kFlagMultipleV3 = 2;
constexpr std::uint32_t kFlagNoBitmaps = 4;
constexpr std::uint8_t kCompressed = 2;
constexpr std::uint8_t kCompressedComplex = 0x7F;

std::size_t number_width(std::string_view type) { return type.starts_with("float") ? 4 : 8; }

void walk_numeric(PartWalk& walk, std::string_view type) {
  const bool with_nulls = type.ends_with("V2");
  const bool longs = type.starts_with("long");
  if (with_nulls) walk.reader().skip(4);
  walk.part("values", [&](PartWalk& values) { walk_numbers(values, number_width(type), longs); });
  if (with_nulls && !walk.reader().at_end()) walk_sized_bitmap(walk, "nulls");
}

void walk_lists(PartWalk& walk) {
  const std::uint8_t version = walk.reader().read_byte();
  walk.part("offsets", version == 2 ? walk_block_ids : walk_wide_block_ids);
  walk.part("values", walk_block_ids);
}

std::uint32_t read_flags(ByteReader& reader, std::uint8_t version) {
  if (version < kCompressed) return version == 1 ? kFlagMultiple : 0;
  return reader.read_be<std::uint32_t>();
}

/// Packed integers begin with other bytes than a dictionary, but for one kind: uncompressed lists.
bool has_dictionary(PartWalk& walk) {
  const std::size_t begin = walk.reader().position();
  const std::uint8_t first = walk.reader().read_byte();
  walk.reader().seek(begin);
  return first == 1 || first == 0x7F;
}

void walk_string(PartWalk& walk, bool child) {
  const std::uint8_t version = walk.reader().read_byte();
  const std::uint32_t flags = read_flags(walk.reader(), version);
  if (!child || has_dictionary(walk)) walk.part("dictionary", walk_dictionary);
  const bool lists = (flags & (kFlagMultiple | kFlagMultipleV3)) != 0;
  walk.part("ids", version != kCompressed ? walk_plain_ids : lists ? walk_lists : walk_block_ids);
  if ((flags & kFlagNoBitmaps) == 0) walk.part("bitmaps", [](PartWalk& bitmaps) { walk_list(bitmaps, "bitmaps"); });
  if (!walk.reader().at_end())
    walk.part("spatial", [](PartWalk& tree) { tree.reader().skip(tree.reader().read_be<std::uint32_t>()); });
}

void walk_cells(PartWalk& walk) {
  walk.leaf("header", 12);
  for (const char* name : {"cell index", "cells"})
    walk.part(name, [](PartWalk& store) { store.reader().skip(store.reader().read_le<std::uint32_t>()); });
}

void walk_text(PartWalk& walk, std::string name) {
  walk.part(std::move(name), [](PartWalk& text) { text.reader().skip(text.reader().read_be<std::uint32_t>()); });
}

void walk_complex(PartWalk& walk, const std::string& type_name) {
  const std::size_t begin = walk.reader().position();
  const std::uint8_t version = walk.reader().read_byte();
  if (type_name == "json") {
    walk_text(walk, "metadata");
    return walk_nested_fields(walk);
  }
  if (version == kCompressedComplex) {
    walk.reader().skip(1);
    return walk_text(walk, "metadata");
  }
  walk.reader().seek(begin);
  if (version == 3) return walk.part("values", walk_cells);
  walk.part("values", [](PartWalk& values) { walk_list(values, "values"); });
}

void walk_nested_common(PartWalk& walk, const JsonField& part) {
  walk.reader().skip(1);
  walk.reader().skip(read_vbyte(walk.reader()));
  if (walk.reader().at_end()) return;
  if (part["logicalType"].string_or("") == "COMPLEX<json>") return walk_nested_fields(walk);
  walk.leaf("types", 1);
}

void walk_part(PartWalk& walk, const Json& descriptor, bool child) {
  const std::vector<JsonField> parts = JsonField(descriptor)["parts"].elements();
  check_format(parts.size() == 1, "descriptor: a column has one part");
  const std::string type = parts.front()["type"].string();
  if (type == "stringDictionary") return walk_string(walk, child);
  if (type == "complex") return walk_complex(walk, parts.front()["typeName"].string());
  if (type == "nestedCommonFormat") return walk_nested_common(walk, parts.front());
  if (type == "null") return;
  for (const std::string_view number : {"long", "float", "double"})
    if (type.starts_with(number)) return walk_numeric(walk, type);
  throw Error(ErrorCategory::kUnsupported, "column of a kind not understood: part type " + type);
}

}  // namespace

void walk_nested_fields(PartWalk& walk) {
  std::uint32_t count = 0;
  walk.part("fields", [&](PartWalk& fields) {
    const std::size_t begin = fields.reader().position();
    const std::uint8_t first = fields.reader().read_byte();
    fields.reader().seek(begin);
    if (first == 0x7F) return walk_dictionary(fields);
    count = walk_list(fields, "values");
  });
  walk.leaf("types", walk.reader().remaining());
}

std::string described_type(std::span<const std::byte> file) {
  try {
    ByteReader reader(file, "column");
    const Json descriptor = Json::parse(reader.text(reader.read_be<std::uint32_t>()));
    const std::vector<JsonField> parts = JsonField(descriptor)["parts"].elements();
    if (parts.empty()) return "unknown";
    if (const auto logical = parts.front()["logicalType"].optional_string()) return *logical;
    std::string type = JsonField(descriptor)["valueType"].string_or("unknown");
    if (const auto name = parts.front()["typeName"].optional_string()) type += "<" + *name + ">";
    return type;
  } catch (const Error&) {
    return "unknown";
  }
}

Part map_column(std::span<const std::byte> file, std::string_view name, bool child) {
  return map_bytes(file, std::string(name), [&](PartWalk& walk) {
    Json descriptor;
    walk.part("descriptor", [&](PartWalk& text) {
      descriptor = Json::parse(text.reader().text(text.reader().read_be<std::uint32_t>()));
    });
    walk_part(walk, descriptor, child);
  });
}

Part map_index_drd(std::span<const std::byte> file) {
  return map_bytes(file, "index.drd", [](PartWalk& walk) {
    const auto names = [&](const char* name) { walk.part(name, [](PartWalk& list) { walk_list(list, "names"); }); };
    names("columns");
    names("dimensions");
    walk.leaf("interval", 16);
    if (walk.reader().at_end()) return;
    walk_text(walk, "bitmap type");
    if (walk.reader().at_end()) return;
    names("all columns");
    names("all dimensions");
  });
}

}  // namespace sarsen::storage
