#include "storage/map/segment_map.h"

#include <algorithm>
#include <set>

#include "storage/base/json.h"
#include "storage/map/column_map.h"
#include "storage/segment/index_drd.h"
#include "storage/segment/segment.h"

namespace sarsen::storage {
namespace {

constexpr std::string_view kChunkEnding = ".smoosh";
constexpr std::string_view kMetaFile = "meta.smoosh";

Part leaf(std::string name, std::size_t size, std::string detail = {}) {
  Part part;
  part.name = std::move(name);
  part.detail = std::move(detail);
  part.size = part.decoded = size;
  return part;
}

/// The names by which logical files are told apart. Empty where index.drd or the metadata cannot be read.
struct Names {
  std::set<std::string, std::less<>> columns;
  std::vector<std::string> projections;
};

void add_projections(const Smoosh& smoosh, Names& names) {
  const auto bytes = smoosh.find("metadata.drd");
  if (!bytes) return;
  const Json metadata = Json::parse({reinterpret_cast<const char*>(bytes->data()), bytes->size()});
  for (const JsonField& projection : JsonField(metadata)["projections"].elements())
    names.projections.push_back(projection["schema"]["name"].string_or(""));
}

Names names_of(const Smoosh& smoosh) {
  Names names;
  names.columns.emplace(kTimeColumn);
  try {
    if (const auto bytes = smoosh.find("index.drd")) {
      const IndexDrd index = read_index_drd(*bytes, smoosh);
      names.columns.insert(index.dimensions.begin(), index.dimensions.end());
      names.columns.insert(index.metrics.begin(), index.metrics.end());
    }
    add_projections(smoosh, names);
  } catch (const Error&) {  // then fewer files are told apart; whoever opens the segment says why
  }
  return names;
}

/// Of the names that `file` begins with, followed by a dot or an underscore, the longest: "a.b" for "a.b.__raw".
std::string_view owner_of(std::string_view file, const std::set<std::string, std::less<>>& columns) {
  std::string_view owner;
  for (std::size_t at = file.find_first_of("._", 1); at != std::string_view::npos;
       at = file.find_first_of("._", at + 1))
    if (const auto found = columns.find(file.substr(0, at)); found != columns.end()) owner = *found;
  return owner;
}

// A file "P/C" is a column of projection P, or a further file of one.
bool name_projection_file(MappedPart& mapped, std::string_view name, const Names& names) {
  for (const std::string& projection : names.projections) {
    if (projection.empty() || !name.starts_with(projection + "/")) continue;
    mapped.group = "projection " + projection;
    const bool further = name.find(".__") != std::string_view::npos;
    mapped.part = further ? map_column_file(mapped.bytes, name) : map_column(mapped.bytes, name, true);
    return true;
  }
  return false;
}

void name_logical_file(MappedPart& mapped, std::string_view name, const Names& names) {
  if (name == "index.drd") {
    mapped.group = name;
    mapped.part = map_index_drd(mapped.bytes);
  } else if (name == "metadata.drd") {
    mapped.group = name;
    mapped.part = leaf(std::string(name), mapped.bytes.size());
  } else if (names.columns.contains(name)) {
    mapped.group = name;
    mapped.part = map_column(mapped.bytes, name);
  } else if (!name_projection_file(mapped, name, names)) {
    mapped.group = owner_of(name, names.columns);
    if (!mapped.group.empty()) {
      mapped.part = map_column_file(mapped.bytes, name);
    } else {
      mapped.group = name;
      mapped.part = leaf(std::string(name), mapped.bytes.size(), "no column has this name");
      mapped.part.understood = false;
    }
  }
}

// The logical files of one chunk, by begin, and the gaps between them.
void map_chunk(const std::string& chunk, std::span<const std::byte> bytes, const Smoosh& smoosh, const Names& names,
               SegmentMap& map) {
  std::vector<MappedPart> parts;
  for (const auto& [name, file] : smoosh.logical_files()) {
    if (file.data() < bytes.data() || file.data() + file.size() > bytes.data() + bytes.size()) continue;
    MappedPart mapped{.file = chunk,
                      .begin = static_cast<std::size_t>(file.data() - bytes.data()),
                      .group = {},
                      .bytes = file,
                      .part = {}};
    name_logical_file(mapped, name, names);
    parts.push_back(std::move(mapped));
  }
  std::ranges::sort(parts, {}, &MappedPart::begin);
  std::size_t position = 0;
  const auto fill = [&](std::size_t end) {
    if (position >= end) return;
    MappedPart gap{.file = chunk,
                   .begin = position,
                   .group = "unused",
                   .bytes = bytes.subspan(position, end - position),
                   .part = {}};
    gap.part = leaf("unused", end - position, "no logical file covers these bytes");
    gap.part.understood = false;
    map.parts.push_back(std::move(gap));
  };
  for (MappedPart& part : parts) {
    fill(part.begin);
    position = std::max(position, part.begin + part.bytes.size());
    map.parts.push_back(std::move(part));
  }
  fill(bytes.size());
}

const Part* descend(const Part& part, std::string_view path) {
  if (path.empty()) return &part;
  for (const Part& piece : part.parts) {
    if (!path.starts_with(piece.name)) continue;
    std::string_view rest = path.substr(piece.name.size());
    if (rest.empty()) return &piece;
    if (rest.front() == '/')
      if (const Part* found = descend(piece, rest.substr(1))) return found;
  }
  return nullptr;
}

std::vector<std::string> names_in(const SegmentMap& map) {
  std::vector<std::string> names;
  for (const MappedPart& mapped : map.parts) names.push_back(mapped.part.name);
  return names;
}

std::string parts_text(const Part& part) {
  std::string text;
  for (const Part& piece : part.parts) text += (text.empty() ? "" : ", ") + piece.name;
  return text.empty() ? "none" : text;
}

}  // namespace

SegmentMap::Found SegmentMap::find(std::string_view path) const {
  const MappedPart* best = nullptr;
  for (const MappedPart& mapped : parts) {
    const std::string& name = mapped.part.name;
    if (!path.starts_with(name) || (path.size() > name.size() && path[name.size()] != '/')) continue;
    if (best == nullptr || name.size() > best->part.name.size()) best = &mapped;
  }
  if (best == nullptr)
    throw Error(ErrorCategory::kInvalidInput,
                "The segment has no such file or column: " + std::string(path) + suggestion(path, names_in(*this)));
  const std::size_t length = best->part.name.size();
  const Part* part = descend(best->part, path.size() == length ? "" : path.substr(length + 1));
  if (part == nullptr)
    throw Error(ErrorCategory::kInvalidInput, best->part.name + " has no part " + std::string(path.substr(length + 1)) +
                                                  "; its parts are: " + parts_text(best->part));
  return {best, part};
}

SegmentMap map_segment(const StoredFiles& files, const Smoosh& smoosh) {
  SegmentMap map;
  const Names names = names_of(smoosh);
  for (const auto& [name, file] : files) {
    map.size += file.bytes.size();
    if (name.ends_with(kChunkEnding) && name != kMetaFile) {
      map_chunk(name, file.bytes, smoosh, names, map);
      continue;
    }
    MappedPart mapped{
        .file = name, .begin = 0, .group = name, .bytes = file.bytes, .part = leaf(name, file.bytes.size())};
    map.parts.push_back(std::move(mapped));
  }
  return map;
}

}  // namespace sarsen::storage
