#pragma once
// Events pushed to the firehoses `receiver` of this process, as Tranquility and others push them:
//
//   POST /druid/worker/v1/chat/{serviceName}/push-events            an array of objects, JSON or SMILE: {"eventCount":
//   n} POST /druid/worker/v1/chat/{serviceName}/shutdown[?shutoffTime=ISO]
//
// {serviceName} is that of the spec, or what follows its last colon. With X-Firehose-Producer-Id a push needs
// X-Firehose-Producer-Seq too, and one whose number is not greater than that producer's last is answered and not taken:
// {"eventCount": 0, "skipped": true}. While the firehose's buffer is full a push waits for its answer, and costs no
// thread.

#include "ingest/firehose/chat_handlers.h"
#include "server/http/router.h"

namespace sarsen::server {

/// REQUIRES: `handlers` outlives the router.
void add_chat_routes(Router& router, const ingest::ChatHandlers& handlers);

}  // namespace sarsen::server
