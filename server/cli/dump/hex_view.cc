// Bytes as offset, hex and text, sixteen a line.
#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "server/cli/dump/dump_views.h"
#include "server/cli/output.h"
#include "storage/map/segment_map.h"

namespace sarsen::server {
namespace {

constexpr std::size_t kLineBytes = 16;
constexpr std::size_t kPieceBytes = std::size_t{64} << 10;

void append_line(std::string& out, std::size_t offset, std::span<const std::byte> bytes) {
  auto end = std::back_inserter(out);
  fmt::format_to(end, "{:08x} ", offset);
  for (std::size_t i = 0; i < kLineBytes; ++i) {
    if (i % 8 == 0) out += ' ';
    if (i < bytes.size())
      fmt::format_to(end, "{:02x} ", std::to_integer<unsigned>(bytes[i]));
    else
      out += "   ";
  }
  out += " |";
  for (const std::byte byte : bytes) {
    const auto letter = std::to_integer<char>(byte);
    out += letter >= 0x20 && letter < 0x7F ? letter : '.';
  }
  out += "|\n";
}

}  // namespace

void show_bytes(const DumpedSegment& dumped, const DumpOptions& options) {
  const storage::SegmentMap map = storage::map_segment(dumped.files, dumped.smoosh);
  const auto [file, part] = map.find(options.part);
  std::span<const std::byte> bytes = file->bytes.subspan(part->begin, part->size);
  std::string out = fmt::format("{}: {} bytes from byte {} of {}{}{}\n", options.part, bytes.size(),
                                file->begin + part->begin, file->file, part->detail.empty() ? "" : ": ", part->detail);
  bytes = bytes.first(static_cast<std::size_t>(std::min<std::uint64_t>(bytes.size(), options.limit)));
  for (std::size_t at = 0; at < bytes.size(); at += kLineBytes) {
    append_line(out, part->begin + at, bytes.subspan(at, std::min(kLineBytes, bytes.size() - at)));
    if (out.size() < kPieceBytes) continue;
    write_out(out);
    out.clear();
  }
  write_out(out);
}

}  // namespace sarsen::server
