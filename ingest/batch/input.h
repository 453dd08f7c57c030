#pragma once
// One input of a batch task: a file, a text, what an address gives, an object in a bucket, or segments. A type of input
// source is a function that makes them of its specification: one file, and one line in input_types.h and in
// input_source.cc. Thread safety: immutable.

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "ingest/batch/line_reader.h"
#include "ingest/batch/segment_rows.h"
#include "ingest/batch/system_fields.h"

namespace sarsen::ingest {

class Input;
using Inputs = std::vector<std::shared_ptr<const Input>>;

class Input {
 public:
  virtual ~Input() = default;

  /// Its file or address; empty for text. Good as long as this lives.
  virtual std::string_view name() const noexcept { return {}; }
  /// What its rows are told of it.
  virtual std::vector<SystemField> system_fields() const { return {}; }
  /// Where it is segments; nullptr: it is read by lines.
  virtual const SegmentInput* segments() const noexcept { return nullptr; }
  /// What is fetched lies in a temporary folder below `scratch` meanwhile. Throws where it has no lines: it is
  /// segments, or stands for others.
  virtual std::unique_ptr<LineReader> open(const std::filesystem::path& scratch) const;
  /// As stored; 0 where that is told only when it is read.
  virtual std::uint64_t bytes() const { return 0; }
  /// Those that it stands for, which only asking somebody tells; nullopt: itself.
  virtual std::optional<Inputs> listed() const { return std::nullopt; }
};

}  // namespace sarsen::ingest
