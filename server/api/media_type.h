#pragma once
// Which request and response types a query may have. JSON today: SMILE is refused with words instead of being misread.

#include "server/http/request.h"
#include "server/http/response_writer.h"

namespace sarsen::server {

/// True, with the client told (415 or 406), where the body is said to be anything but JSON or no answer in JSON is
/// wanted.
bool refuse_media_type(const Request& request, ResponseWriter& writer);

}  // namespace sarsen::server
