#include "storage/segment/smoosh_writer.h"

#include <fmt/format.h>

#include <utility>

#include "storage/base/error.h"

namespace sarsen::storage {

SmooshWriter::SmooshWriter(std::filesystem::path directory, std::uint64_t chunk_bytes_max)
    : directory_(std::move(directory)), chunk_bytes_max_(chunk_bytes_max) {}

void SmooshWriter::add(std::string_view name, std::span<const std::byte> bytes) {
  if (name.find_first_of(",\r\n") != std::string_view::npos)
    throw Error(ErrorCategory::kInvalidInput,
                "A name inside a segment must not contain a comma or a line break: " + std::string(name));
  if (places_.contains(name))
    throw Error(ErrorCategory::kInvalidInput, "A name appears twice inside a segment: " + std::string(name));
  if (bytes.size() > chunk_bytes_max_)
    throw Error(
        ErrorCategory::kUnsupported,
        fmt::format("Larger than a chunk file may be, {} bytes of at most {}; compress it, or write fewer rows into a "
                    "segment: {}",
                    bytes.size(), chunk_bytes_max_, name));
  if (!chunk_ || chunk_bytes_max_ - chunk_->size() < bytes.size()) begin_chunk();
  const std::uint64_t begin = chunk_->size();
  chunk_->write(bytes);
  size_bytes_ += bytes.size();
  places_.emplace(name, Place{.chunk = chunk_count_ - 1, .begin = begin, .end = chunk_->size()});
}

void SmooshWriter::begin_chunk() {
  if (chunk_) chunk_->finish();
  chunk_ = std::make_unique<FileWriter>(directory_ / fmt::format("{:05}.smoosh", chunk_count_));
  ++chunk_count_;
}

std::string SmooshWriter::index_text() const {
  std::string text = fmt::format("v1,{},{}\n", chunk_bytes_max_, chunk_count_);
  for (const auto& [name, place] : places_)
    text += fmt::format("{},{},{},{}\n", name, place.chunk, place.begin, place.end);
  return text;
}

void SmooshWriter::finish() {
  if (chunk_) chunk_->finish();
  chunk_.reset();
  FileWriter index(directory_ / "meta.smoosh");
  index.write(index_text());
  index.finish();
  size_bytes_ += index.size();
}

}  // namespace sarsen::storage
