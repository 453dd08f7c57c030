#pragma once
// What the vector compiler must know of certain calls before it makes a node of them.

#include <cstdint>
#include <optional>

#include "engine/expression/function.h"

namespace sarsen::engine::expression {

bool is_null_literal(const Expr& expr) noexcept;

/// REQUIRES: `call` is one of cast().
bool is_cast_to(const Call& call, Type::Kind kind);

/// The scale of round(); nullopt where it is no literal.
std::optional<std::int32_t> scale_of(const Call& call);

/// What if, case_searched, nvl and coalesce choose by, and from; both empty for other functions.
struct Choice {
  Exprs conditions;
  Exprs branches;
};

Choice choice_of(const Call& call);

}  // namespace sarsen::engine::expression
