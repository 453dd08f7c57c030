#pragma once
// The answer as it is written: a JSON array of elements, handed on in pieces. Belongs to one query.

#include <functional>
#include <string_view>

#include "engine/result/value.h"
#include "storage/base/json_writer.h"

namespace sarsen::engine {

class ResultWriter {
 public:
  ResultWriter(JsonStyle style, const std::function<void(std::string_view)>& emit) : json_(style), emit_(emit) {
    json_.begin_array();
  }

  JsonWriter& json() noexcept { return json_; }
  void value(const Value& value);

  /// To be called between elements: hands on what has gathered when it is a piece worth sending.
  void flush_if_full();
  /// Ends the array and hands on the rest.
  void finish();

 private:
  JsonWriter json_;
  const std::function<void(std::string_view)>& emit_;
};

}  // namespace sarsen::engine
