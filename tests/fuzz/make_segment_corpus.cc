// Makes the seeds of segment_fuzz: from each kind of column that is found in segments below a folder, the smallest, as
// a segment of that column and __time alone. Seeds are written in the form that segment_fuzz reads.
//
// usage: make_segment_corpus FOLDER OUT

#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "storage/base/byte_reader.h"
#include "storage/base/byte_writer.h"
#include "storage/base/error.h"
#include "storage/base/json.h"
#include "storage/base/log.h"
#include "storage/segment/index_drd_writer.h"
#include "storage/segment/open_stored_segment.h"
#include "tests/mutation/segment_parts.h"

namespace sarsen::storage {
namespace {

namespace fs = std::filesystem;

// Larger seeds would slow the search down, and the corpus must stay small.
constexpr std::size_t kSeedBytesMax = 12 << 10;

struct Seed {
  std::string name;
  std::string bytes;
};

/// By what tells kinds of columns apart: the kinds of parts and the encodings.
using Seeds = std::map<std::string, Seed>;

/// The kinds of its parts, and the first byte of the first, which is a version everywhere.
std::string part_kinds_of(const std::string& file) {
  ByteReader reader(std::as_bytes(std::span(file)), "column");
  const Json descriptor = Json::parse(reader.text(reader.read_be<std::uint32_t>()));
  std::string kinds = JsonField(descriptor)["valueType"].string_or("");
  for (const JsonField& part : JsonField(descriptor)["parts"].elements()) kinds += ' ' + part["type"].string();
  return kinds + ' ' + std::to_string(reader.at_end() ? 0 : reader.read_byte()) + ' ';
}

std::string index_drd(const std::string& column, bool dimension, const Segment& segment) {
  IndexDrdContent content;
  content.interval = segment.data_interval();
  (dimension ? content.dimensions : content.metrics).push_back({column});
  ByteWriter out;
  write_index_drd(content, out);
  return std::string(reinterpret_cast<const char*>(out.view().data()), out.view().size());
}

// Where the column is spread over several logical files, they begin with its name.
std::string seed_of(const SegmentParts& parts, const std::string& column, std::string index) {
  FileTexts chosen{{"index.drd", std::move(index)}, {"__time", parts.logical_files().at("__time")}};
  for (const auto& [name, text] : parts.logical_files()) {
    if (name == column || name.starts_with(column + '.') || name.starts_with(column + "_")) chosen[name] = text;
  }
  std::string meta = "v1,2147483647,1\n";
  std::string chunk;
  for (const auto& [name, text] : chosen) {
    meta += fmt::format("{},0,{},{}\n", name, chunk.size(), chunk.size() + text.size());
    chunk += text;
  }
  return meta + '\0' + chunk;
}

void add_column(const SegmentParts& parts, const Segment& segment, const std::string& name, bool dimension,
                const std::string& label, Seeds& seeds) {
  std::string kind = part_kinds_of(parts.logical_files().at(name));
  try {
    const Column& column = *segment.column(name);
    kind += column.encoding() + ' ' + column.logical_type();
  } catch (const Error& error) {
    if (error.category() != ErrorCategory::kUnsupported) return;
  }
  Seed seed{label + '-' + name, seed_of(parts, name, index_drd(name, dimension, segment))};
  if (seed.bytes.size() > kSeedBytesMax) return;
  const auto [found, fresh] = seeds.try_emplace(kind, seed);
  if (!fresh && seed.bytes.size() < found->second.bytes.size()) found->second = seed;
}

void add_segment(const fs::path& path, const std::string& label, Seeds& seeds) {
  try {
    const SegmentParts parts(path);
    const auto segment = open_stored_segment(parts.whole(), path.string());
    for (const std::string& name : segment->dimensions()) add_column(parts, *segment, name, true, label, seeds);
    for (const std::string& name : segment->metrics()) add_column(parts, *segment, name, false, label, seeds);
  } catch (const Error& error) {
    std::cerr << "left out: " << error.what() << '\n';
  }
}

std::string file_name(std::string name) {
  for (char& c : name) {
    if (std::isalnum(static_cast<unsigned char>(c)) == 0 && c != '.' && c != '-') c = '_';
  }
  return name;
}

void make(const fs::path& root, const fs::path& out) {
  Seeds seeds;
  for (const auto& entry : fs::recursive_directory_iterator(root)) {
    const std::string name = entry.path().filename().string();
    if (name != "version.bin" && name != "index.zip") continue;
    const fs::path folder = entry.path().parent_path();
    add_segment(name == "index.zip" ? entry.path() : folder, fs::relative(folder, root).string(), seeds);
  }
  std::size_t size = 0;
  for (const auto& [kind, seed] : seeds) {
    std::ofstream(out / file_name(seed.name), std::ios::binary) << seed.bytes;
    size += seed.bytes.size();
  }
  std::cout << seeds.size() << " seeds, " << size << " bytes\n";
}

}  // namespace
}  // namespace sarsen::storage

int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "usage: " << argv[0] << " FOLDER OUT\n";
    return 2;
  }
  sarsen::set_log_level(sarsen::LogLevel::kOff);
  sarsen::storage::make(argv[1], argv[2]);
  return 0;
}
