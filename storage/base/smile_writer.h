#pragma once
// JSON as SMILE, its binary form, with the bytes that Jackson writes for Druid: header 3A 29 0A 05, names shared,
// string values not (storage/FORMAT.md, "SMILE"). Not thread-safe; a writer keeps its table of names from value to
// value only as memory.

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

#include "storage/base/byte_writer.h"
#include "storage/base/json.h"

namespace sarsen {

class SmileWriter {
 public:
  /// Appends a whole document. REQUIRES: strings are UTF-8.
  void write(const Json& value, ByteWriter& out);

 private:
  void write_value(const Json& value);
  void write_object(const Json::Object& object);
  void write_key(const std::string& key);
  void write_integer(std::int64_t value);
  void write_double(double value);
  void write_string(std::string_view text);
  void remember(const std::string& key);
  void write_byte(std::uint64_t byte) { out_->write_be(static_cast<std::uint8_t>(byte)); }

  ByteWriter* out_ = nullptr;
  std::unordered_map<std::string, std::uint32_t> key_references_;
  std::uint32_t key_count_ = 0;  // since the table was emptied, those that cannot be referred to included
};

}  // namespace sarsen
