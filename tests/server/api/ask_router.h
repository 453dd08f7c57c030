#pragma once
// What a router's handler answers, without a server around it.

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "server/http/router.h"
#include "tests/server/http/recording_writer.h"

namespace sarsen::server {

/// "STATUS BODY"
inline std::string ask_router(const Router& router, const std::string& method, const std::string& target,
                              const std::string& body = "", std::vector<Header> headers = {}) {
  Request request;
  EXPECT_TRUE(parse_target(target, request));
  request.method = method;
  request.body = body;
  request.headers = std::move(headers);
  RecordingWriter writer;
  (*router.match(request).handler)(request, writer);
  return std::to_string(writer.status) + " " + writer.body;
}

}  // namespace sarsen::server
