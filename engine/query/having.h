#pragma once
// groupBy's having: which merged rows are answered. Asked of finalised values, by name. Immutable.

#include <functional>
#include <memory>
#include <string_view>

#include "engine/result/value.h"
#include "storage/base/json.h"

namespace sarsen::engine {

class Having {
 public:
  virtual ~Having() = default;
  /// `value_of(name)`: the row's value; null for a name that it does not have.
  virtual bool accepts(const std::function<Value(std::string_view)>& value_of) const = 0;
};

using HavingPtr = std::shared_ptr<const Having>;

/// nullptr when absent. Throws kInvalidInput naming the field.
HavingPtr parse_having(const JsonField& json);

}  // namespace sarsen::engine
