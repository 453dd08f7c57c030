#pragma once
// The texts that DataSketches prints for its sketches, line by line: "   Name                    : value". Not
// thread-safe.

#include <cstdint>
#include <string>
#include <string_view>

#include "storage/base/json_writer.h"

namespace sarsen::engine::sketch {

class SketchSummary {
 public:
  /// Names are padded to `width`; lines begin with `indent` blanks.
  SketchSummary(std::string title, std::size_t width, std::size_t indent = 3)
      : text_(std::move(title) + "\n"), width_(width), indent_(indent) {}

  SketchSummary& line(std::string_view name, std::string_view value) {
    text_.append(indent_, ' ').append(name);
    if (name.size() < width_) text_.append(width_ - name.size(), ' ');
    text_.append(": ").append(value).append("\n");
    return *this;
  }
  SketchSummary& line(std::string_view name, const char* value) { return line(name, std::string_view(value)); }
  SketchSummary& line(std::string_view name, const std::string& value) { return line(name, std::string_view(value)); }
  SketchSummary& line(std::string_view name, bool value) { return line(name, value ? "true" : "false"); }
  SketchSummary& line(std::string_view name, std::int64_t value) { return line(name, std::to_string(value)); }
  SketchSummary& line(std::string_view name, double value) { return line(name, java_text(value)); }

  std::string end(std::string_view text) const { return text_ + std::string(text); }

 private:
  std::string text_;
  std::size_t width_;
  std::size_t indent_;
};

/// "7fffffffffffffff".
std::string hexadecimal(std::uint64_t value);
/// "93cc | 37836".
std::string seed_hash_text(std::uint16_t seed_hash);
/// "1,272".
std::string grouped_digits(std::uint64_t value);
/// "1.406%".
std::string percent_text(double part);

}  // namespace sarsen::engine::sketch
