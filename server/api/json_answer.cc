#include "server/api/json_answer.h"

#include <utility>

#include "server/http/error_body.h"
#include "storage/base/error.h"

namespace sarsen::server {
namespace {

bool is_of_the_request(const Error& error) noexcept {
  return error.category() == ErrorCategory::kInvalidInput || error.category() == ErrorCategory::kUnsupported;
}

/// `refuse` answers for what goes wrong.
template <class Refuse>
Handler guarded(Answering answering, Refuse refuse) {
  return [answering = std::move(answering), refuse](const Request& request, ResponseWriter& writer) {
    try {
      answering(request, writer);
    } catch (const Error& error) {
      refuse(error, request, writer);
    }
  };
}

}  // namespace

void respond(const Request& request, ResponseWriter& writer, int status, const Json& json) {
  JsonWriter text(style_of(request));
  write_json(text, json);
  writer.respond_json(status, text.text());
}

void respond_error(const Request& request, ResponseWriter& writer, int status, const std::string& message) {
  respond(request, writer, status, Json::Object{{"error", message}});
}

Handler checked(Answering answering) {
  return guarded(std::move(answering), [](const Error& error, const Request& request, ResponseWriter& writer) {
    respond_error(request, writer, is_of_the_request(error) ? 400 : 500, error.what());
  });
}

Handler checked_structured(Answering answering) {
  return guarded(std::move(answering), [](const Error& error, const Request& request, ResponseWriter& writer) {
    const Error told(is_of_the_request(error) ? ErrorCategory::kInvalidInput : error.category(), error.what());
    const ErrorAnswer answer = error_answer(told, style_of(request));
    writer.respond_json(answer.status, answer.body);
  });
}

}  // namespace sarsen::server
