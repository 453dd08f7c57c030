#pragma once
// What a verification found, and where. Findings of one step are collected by one thread.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "storage/base/error.h"

namespace sarsen::storage {

struct Finding {
  bool note = false;    // a known defect of stock Druid that readers pass over
  std::string column;   // or the logical file, or the file
  std::string part;     // "bitmaps", "dictionary"; may be empty
  std::string problem;  // a sentence
  // Where the part begins on disk, as far as the segment's map knows.
  std::string file;
  std::optional<std::size_t> offset;
};

class Findings {
 public:
  /// Of one part of one column only the first are kept, with a word on the others.
  static constexpr std::size_t kPerPartMax = 10;

  void damage(std::string_view column, std::string_view part, std::string problem) {
    add({.note = false,
         .column = std::string(column),
         .part = std::string(part),
         .problem = std::move(problem),
         .file = {},
         .offset = {}});
  }
  void note(std::string_view column, std::string_view part, std::string problem) {
    add({.note = true,
         .column = std::string(column),
         .part = std::string(part),
         .problem = std::move(problem),
         .file = {},
         .offset = {}});
  }
  /// What a reader threw: the place in its text becomes column and part where it is one.
  void damage(std::string_view column, const std::string& segment_path, const Error& error);

  const std::vector<Finding>& all() const noexcept { return findings_; }

 private:
  void add(Finding finding);

  std::vector<Finding> findings_;
};

}  // namespace sarsen::storage
