// Where every byte of the files goes: a tree of groups (a column, a projection, a file), their logical files and the
// parts of these, with bytes, share and a bar. The sizes of the groups add up to that of all files.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "server/cli/dump/dump_views.h"
#include "server/cli/output.h"
#include "server/cli/progress_bar.h"
#include "storage/map/segment_map.h"

namespace sarsen::server {
namespace {

using storage::MappedPart;
using storage::Part;
using storage::SegmentMap;

constexpr std::size_t kBarWidth = 20;
constexpr std::string_view kBlocks[] = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};

/// A line of the tree.
struct Line {
  std::size_t depth;
  std::string path;
  std::string name;
  std::size_t size;
  std::size_t decoded;
  std::string detail;
};

void add_parts(const Part& part, std::size_t depth, const std::string& path, std::vector<Line>& lines) {
  for (const Part& piece : part.parts) {
    const std::string piece_path = path + "/" + piece.name;
    lines.push_back({depth, piece_path, piece.name, piece.size, piece.decoded, piece.detail});
    add_parts(piece, depth + 1, piece_path, lines);
  }
}

std::vector<Line> lines_of(const SegmentMap& map) {
  std::map<std::string, std::vector<const MappedPart*>> groups;
  for (const MappedPart& mapped : map.parts) groups[mapped.group].push_back(&mapped);
  std::vector<std::pair<std::size_t, std::string>> by_size;
  for (const auto& [name, parts] : groups) {
    std::size_t size = 0;
    for (const MappedPart* mapped : parts) size += mapped->part.size;
    by_size.emplace_back(size, name);
  }
  std::ranges::sort(by_size, [](const auto& a, const auto& b) {
    return a.first != b.first ? a.first > b.first : a.second < b.second;
  });
  std::vector<Line> lines;
  for (const auto& [size, name] : by_size) {
    const auto& parts = groups[name];
    std::size_t decoded = 0;
    for (const MappedPart* mapped : parts) decoded += mapped->part.decoded;
    const bool one = parts.size() == 1 && parts.front()->part.name == name;
    lines.push_back({0, name, name, size, decoded, one ? parts.front()->part.detail : ""});
    for (const MappedPart* mapped : parts) {
      const Part& part = mapped->part;
      if (!one) lines.push_back({1, part.name, part.name, part.size, part.decoded, part.detail});
      add_parts(part, one ? 1 : 2, part.name, lines);
    }
  }
  return lines;
}

std::string bar(double share) {
  const auto eighths = static_cast<std::size_t>(share * static_cast<double>(kBarWidth * 8) + 0.5);
  std::string text;
  for (std::size_t i = 0; i < eighths / 8; ++i) text += "█";
  return text.append(kBlocks[eighths % 8]);
}

double share_of(std::size_t part, std::size_t whole) {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

void write_tree(const SegmentMap& map, const std::vector<Line>& lines, RecordWriter& writer) {
  Record record(writer.style());
  const auto put = [&](const std::string& name, std::size_t size, std::size_t decoded, std::string_view detail) {
    record.clear();
    record.add_string(name);
    record.add_string(with_separators(size));
    record.add_string(fmt::format("{:.1f} %", 100 * share_of(size, map.size)));
    record.add_string(bar(share_of(size, map.size)));
    record.add_string(decoded == size ? "" : with_separators(decoded));
    record.add_string(detail);
    writer.write(record);
  };
  for (const Line& line : lines)
    put(std::string(2 * line.depth, ' ') + line.name, line.size, line.decoded, line.detail);
  put("all files", map.size, map.size, "");
}

void write_records(const SegmentMap& map, const std::vector<Line>& lines, RecordWriter& writer) {
  Record record(writer.style());
  for (const Line& line : lines) {
    record.clear();
    record.add_string(line.path);
    record.add_number(line.depth);
    record.add_number(line.size);
    record.add_number(line.decoded);
    record.add_raw(fmt::format("{:.6f}", share_of(line.size, map.size)));
    record.add_string(line.detail);
    writer.write(record);
  }
}

}  // namespace

void show_sizes(const DumpedSegment& dumped, const DumpOptions& options) {
  const SegmentMap map = storage::map_segment(dumped.files, dumped.smoosh);
  std::vector<Line> lines = lines_of(map);
  if (!options.columns.empty())
    std::erase_if(lines, [&](const Line& line) {
      const std::string first = line.path.substr(0, line.path.find('/'));
      return std::ranges::find(options.columns, first) == options.columns.end();
    });
  const bool table = options.format == DumpFormat::kTable || options.format == DumpFormat::kAutomatic;
  const auto writer = dump_writer(
      options, table ? std::vector<std::string>{"part", "bytes", "share", "", "decoded", "what"}
                     : std::vector<std::string>{"path", "depth", "bytes", "decodedBytes", "share", "detail"});
  if (table)
    write_tree(map, lines, *writer);
  else
    write_records(map, lines, *writer);
  writer->finish();
}

}  // namespace sarsen::server
