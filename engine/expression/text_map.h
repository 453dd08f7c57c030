#pragma once
// Functions of one text that are asked for many texts: without values in between, and for ASCII without code points.

#include <functional>
#include <string>
#include <string_view>

#include "engine/expression/expr.h"

namespace sarsen::engine::expression {

/// Writes what it makes of a text into `out`, which is empty; false: null. Not thread-safe.
using TextMap = std::function<bool(std::string_view text, std::string& out)>;

/// What `expr` makes of the text of its only column; null gives null. Empty where there is no such form.
TextMap text_map(const Expr& expr);

}  // namespace sarsen::engine::expression
