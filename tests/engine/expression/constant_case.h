#pragma once
// Constant expressions and what stock Druid 33 answers to them, one line a case.

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "engine/expression/parser.h"
#include "storage/base/error.h"

namespace sarsen::engine::expression {

struct ConstantCase {
  const char* text;
  const char* value;
};

inline std::string answer(const std::string& text) {
  const Eval eval = parse_expression(std::string_view(text))->eval(RootBindings());
  return json_of(eval.value).dump() + (eval.is_null() ? "" : " " + eval.type.name());
}

/// "refused": it is an error of the query.
inline void expect(const std::vector<ConstantCase>& cases) {
  for (const ConstantCase& each : cases) {
    try {
      EXPECT_EQ(answer(each.text), each.value) << each.text;
    } catch (const Error& error) {
      EXPECT_EQ(error.category(), ErrorCategory::kInvalidInput) << each.text;
      EXPECT_STREQ("refused", each.value) << each.text << ": " << error.what();
    }
  }
}

}  // namespace sarsen::engine::expression
