#include "ingest/row/jq_program.h"

#include "storage/base/error.h"

#ifdef SARSEN_HAS_JQ
extern "C" {
#include <jq.h>
#include <jv.h>
}

#include <cmath>
#include <limits>
#include <mutex>
#include <vector>
#endif

namespace sarsen::ingest {

#ifndef SARSEN_HAS_JQ

class JqProgram::Impl {};

JqProgram::JqProgram(const std::string&) {
  throw Error(ErrorCategory::kUnsupported,
              "This program was built without libjq (libjq-dev): jq programs are not run; use a path, or a transform "
              "with an expression");
}
JqProgram::~JqProgram() = default;
RawValue JqProgram::first(const RawValue&, RowArena&) const { return {}; }

#else

namespace {

constexpr double kExactMax = 9007199254740992;  // 2^53

[[noreturn]] void fail(const std::string& problem) { throw Error(ErrorCategory::kInvalidInput, problem); }

/// A value of jq that is freed here.
class Held {
 public:
  explicit Held(jv value) noexcept : value_(value) {}
  ~Held() { jv_free(value_); }
  Held(const Held&) = delete;
  Held& operator=(const Held&) = delete;

  jv get() const noexcept { return value_; }
  jv copy() const noexcept { return jv_copy(value_); }

 private:
  jv value_;
};

jv text_jv(std::string_view text) { return jv_string_sized(text.data(), static_cast<int>(text.size())); }

jv jv_of(const RawValue& value) {
  switch (value.kind) {
    case RawValue::Kind::kMissing:
    case RawValue::Kind::kNull:
      return jv_null();
    case RawValue::Kind::kBoolean:
      return jv_bool(value.boolean);
    case RawValue::Kind::kLong:
      return jv_number(static_cast<double>(value.integer));
    case RawValue::Kind::kDouble:
      return jv_number(value.number);
    case RawValue::Kind::kText:
    case RawValue::Kind::kComplex:
      return text_jv(value.text);
    case RawValue::Kind::kList: {
      jv list = jv_array();
      for (const RawValue& element : value.list) list = jv_array_append(list, jv_of(element));
      return list;
    }
    case RawValue::Kind::kObject:
      break;
  }
  jv object = jv_object();
  for (std::size_t i = 0; i + 1 < value.list.size(); i += 2)
    object = jv_object_set(object, text_jv(value.list[i].text), jv_of(value.list[i + 1]));
  return object;
}

std::string_view text_of_jv(jv text) {
  return {jv_string_value(text), static_cast<std::size_t>(jv_string_length_bytes(jv_copy(text)))};
}

RawValue number_of(double number) {
  if (!std::isfinite(number) || std::trunc(number) != number) return RawValue::of(number);
  if (std::fabs(number) >= kExactMax) fail("The jq program gives a whole number of 2^53 or more, which jq cannot hold");
  return RawValue::of(static_cast<std::int64_t>(number));
}

RawValue raw_of(jv value, RowArena& arena);

RawValue list_of(jv list, RowArena& arena) {
  std::vector<RawValue> elements;
  const int size = jv_array_length(jv_copy(list));
  for (int i = 0; i < size; ++i) elements.push_back(raw_of(Held(jv_array_get(jv_copy(list), i)).get(), arena));
  return RawValue::of(arena.keep(elements));
}

RawValue object_of(jv object, RowArena& arena) {
  std::vector<RawValue> members;
  for (int i = jv_object_iter(object); jv_object_iter_valid(object, i); i = jv_object_iter_next(object, i)) {
    const Held key(jv_object_iter_key(object, i));
    const Held member(jv_object_iter_value(object, i));
    members.push_back(RawValue::of(arena.keep(text_of_jv(key.get()))));
    members.push_back(raw_of(member.get(), arena));
  }
  return RawValue::object(arena.keep(members));
}

RawValue raw_of(jv value, RowArena& arena) {
  switch (jv_get_kind(value)) {
    case JV_KIND_TRUE:
    case JV_KIND_FALSE:
      return RawValue::of(jv_get_kind(value) == JV_KIND_TRUE);
    case JV_KIND_NUMBER:
      return number_of(jv_number_value(value));
    case JV_KIND_STRING:
      return RawValue::of(arena.keep(text_of_jv(value)));
    case JV_KIND_ARRAY:
      return list_of(value, arena);
    case JV_KIND_OBJECT:
      return object_of(value, arena);
    case JV_KIND_NULL:
    case JV_KIND_INVALID:
      break;
  }
  return RawValue::null();
}

/// The message of an invalid value, or of what jq reports.
std::string message_of(jv message) {
  const Held text(jv_get_kind(message) == JV_KIND_STRING ? jv_copy(message) : jv_dump_string(jv_copy(message), 0));
  return std::string(text_of_jv(text.get()));
}

void take_problem(void* problems, jv message) {
  const Held held(message);
  std::string& all = *static_cast<std::string*>(problems);
  all += (all.empty() ? "" : "; ") + message_of(held.get());
}

}  // namespace

class JqProgram::Impl {
 public:
  explicit Impl(const std::string& text) : state_(jq_init()) {
    if (!state_) throw std::bad_alloc();
    std::string problems;
    jq_set_error_cb(state_.get(), take_problem, &problems);
    const bool compiled = jq_compile(state_.get(), text.c_str()) != 0;
    jq_set_error_cb(state_.get(), nullptr, nullptr);
    if (!compiled) fail("The jq program is wrong: " + problems);
  }

  RawValue first(const RawValue& root, RowArena& arena) {
    const std::lock_guard lock(mutex_);
    jq_start(state_.get(), jv_of(root), 0);
    const Held result(jq_next(state_.get()));
    if (jv_is_valid(result.get())) return raw_of(result.get(), arena);
    const Held message(jv_invalid_get_msg(result.copy()));
    if (jv_get_kind(message.get()) == JV_KIND_NULL) fail("The jq program gives no value");
    fail("The jq program fails: " + message_of(message.get()));
  }

 private:
  struct Close {
    void operator()(jq_state* state) const noexcept { jq_teardown(&state); }
  };

  std::mutex mutex_;
  std::unique_ptr<jq_state, Close> state_;
};

JqProgram::JqProgram(const std::string& text) : impl_(std::make_unique<Impl>(text)) {}
JqProgram::~JqProgram() = default;

RawValue JqProgram::first(const RawValue& root, RowArena& arena) const { return impl_->first(root, arena); }

#endif

}  // namespace sarsen::ingest
