#pragma once
// An answer as typed rows instead of JSON: what a query asked of another query reads, and everyone else who works on
// with a query's answer. A RowSink belongs to one query.

#include <string>
#include <vector>

#include "engine/result/value.h"

namespace sarsen::engine {

struct RowColumn {
  std::string name;
  std::string type;  // Druid's name, "LONG", "COMPLEX<json>"; empty where only the values tell
};
using RowSignature = std::vector<RowColumn>;

class RowSink {
 public:
  virtual ~RowSink() = default;

  /// Called once, before the first row, also where there is none.
  virtual void start(const RowSignature& signature) = 0;
  /// One value for each column; they may be moved away. False: no further row is wanted.
  virtual bool row(std::vector<Value>& values) = 0;
};

}  // namespace sarsen::engine
