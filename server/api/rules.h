#pragma once
// The rules of retention, under /druid/coordinator/v1/rules:
//   GET  /                                   of all data sources, and the default ones ("_default")
//   GET  /{name}[?full]                      of one; with the default ones behind them
//   POST /{name}                             an array of rules; headers X-Druid-Author and X-Druid-Comment
//   GET  /history, /{name}/history           ?interval=…, ?count=…; without either the last seven days

#include "ingest/retention/retention.h"
#include "server/http/router.h"

namespace sarsen::server {

/// REQUIRES: both outlive the router.
void add_rule_routes(Router& router, ingest::RuleStore& rules, ingest::Retention& retention);

}  // namespace sarsen::server
