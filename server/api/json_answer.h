#pragma once
// What handlers of JSON share: answers, and what becomes of a request that cannot be granted.

#include <functional>
#include <string>

#include "server/http/router.h"
#include "storage/base/json.h"

namespace sarsen::server {

/// Pretty where the request asks for it.
void respond(const Request& request, ResponseWriter& writer, int status, const Json& json);
/// {"error": "…"}
void respond_error(const Request& request, ResponseWriter& writer, int status, const std::string& message);

using Answering = std::function<void(const Request&, ResponseWriter&)>;

/// What `answering` throws becomes Druid's answer of the coordinator's and overlord's APIs, {"error": "…"}: 400 where
/// the request is at fault or asks for what is not built, else 500.
Handler checked(Answering answering);

/// The same in the structured shape (error_body.h).
Handler checked_structured(Answering answering);

}  // namespace sarsen::server
