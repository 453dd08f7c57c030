#pragma once
// Where a batch task reads: Druid's inputSource: local, inline, http, s3, druid, and combinations of them. Immutable
// once parsed.

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "ingest/batch/line_reader.h"
#include "ingest/batch/segment_rows.h"
#include "ingest/batch/system_fields.h"
#include "ingest/http/http_input.h"
#include "ingest/s3/s3_input.h"
#include "storage/base/json.h"

namespace sarsen::ingest {

class InputSource {
 public:
  /// Relative paths are below `base_directory`. Files are looked up now: throws kInvalidInput naming the field where
  /// there are none, kUnsupported for sources that are not built. Where a file is missing and there is one with .gz or
  /// .zst behind its name, that is it.
  static InputSource parse(const JsonField& json, const std::filesystem::path& base_directory);

  /// The same with every object of S3 as an input of its own: asks the servers which there are, and throws as S3Input.
  /// Objects that nobody listed are one input, which cannot be opened.
  InputSource listed() const;

  /// The inputs are read in this order.
  std::size_t size() const noexcept { return inputs_.size(); }
  /// Of input i: its file or address; empty for text. Good as long as this lives.
  std::string_view name(std::size_t i) const noexcept;
  /// What the rows of input i are told of it.
  const std::vector<SystemField>& system_fields(std::size_t i) const noexcept { return inputs_[i].system_fields; }
  /// Of input i, where it is segments; else nullptr, and it is read by lines.
  const SegmentInput* segments(std::size_t i) const noexcept;
  /// REQUIRES: input i is one of lines, and not of objects that are not listed. What is fetched lies in a temporary
  /// folder below `scratch` meanwhile.
  std::unique_ptr<LineReader> open(std::size_t i, const std::filesystem::path& scratch) const;
  /// Whether an input is one of lines, for which the format matters.
  bool needs_format() const noexcept;
  /// As stored; of input i. Segments, URLs and objects that are named count as 0: they are looked up when they are
  /// read.
  std::uint64_t bytes(std::size_t i) const;
  std::uint64_t total_bytes() const;

 private:
  struct Input {
    std::filesystem::path file = {};  // empty: text
    std::string text = {};
    std::optional<SegmentInput> segments = {};
    std::optional<HttpRequest> request = {};
    std::vector<SystemField> system_fields = {};
    std::shared_ptr<const S3Input> s3 = {};
    std::optional<S3Object> object = {};       // nullopt: those of `s3` are not listed
    SystemFieldNames system_field_names = {};  // of those
  };

  std::vector<Input> inputs_;
};

}  // namespace sarsen::ingest
