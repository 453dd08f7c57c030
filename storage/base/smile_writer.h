#pragma once
// JSON as SMILE, its binary form, with the bytes that Jackson writes for Druid: header 3A 29 0A 05, names shared,
// string values not (storage/FORMAT.md, "SMILE"). Not thread-safe; a writer keeps its table of names from value to
// value only as memory.

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "storage/base/byte_writer.h"
#include "storage/base/json.h"

namespace sarsen {

class SmileWriter {
 public:
  /// Appends a whole document. REQUIRES: strings are UTF-8.
  void write(const Json& value, ByteWriter& out);

  // The same piece by piece, for documents that are not in memory: begin(), then its one value. Nothing checks that
  // arrays and objects are ended, or that keys stand in objects.
  void begin(ByteWriter& out);
  void value(const Json& value);
  void begin_array();
  void end_array();
  void begin_object();
  void end_object();
  void key(std::string_view key);
  void null();
  void boolean(bool value);
  void integer(std::int64_t value);
  void number(double value);
  void number(float value);
  void string(std::string_view text);

 private:
  void remember(std::string key);
  void write_byte(std::uint64_t byte) { out_->write_be(static_cast<std::uint8_t>(byte)); }

  ByteWriter* out_ = nullptr;
  std::map<std::string, std::uint32_t, std::less<>> key_references_;
  std::uint32_t key_count_ = 0;  // since the table was emptied, those that cannot be referred to included
};

}  // namespace sarsen
