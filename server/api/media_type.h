#pragma once
// The forms of queries and answers: JSON, or SMILE, its binary form, chosen as Druid chooses. A request is SMILE where
// Content-Type is exactly one of SMILE's two names; an answer where Accept (Content-Type where there is none) is. What
// is neither is refused with words instead of being misread.

#include <string_view>

#include "server/http/request.h"
#include "server/http/response_writer.h"
#include "storage/base/json.h"
#include "storage/base/json_writer.h"

namespace sarsen::server {

inline constexpr std::string_view kSmileType = "application/x-jackson-smile";

/// True, with the client told (415 or 406), where the body is said to be, or the answer has to be, anything else.
bool refuse_media_type(const Request& request, ResponseWriter& writer);

/// The body as a tree. Throws kInvalidInput.
Json parse_body(const Request& request);

/// kSmile, or what style_of says.
JsonStyle answer_style(const Request& request) noexcept;

/// Never SMILE's other name.
std::string_view content_type(JsonStyle style) noexcept;

}  // namespace sarsen::server
