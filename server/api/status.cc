#include "server/api/status.h"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <utility>

#include "server/http/error_body.h"

#ifndef SARSEN_VERSION
#define SARSEN_VERSION "0.0.0"
#endif

namespace sarsen::server {
namespace {

struct Memory {
  std::int64_t all_bytes;
  std::int64_t used_bytes;
};

/// What the process holds now, and what the machine has, or the cgroup where that is less.
Memory memory_now() {
  const std::int64_t page_bytes = ::sysconf(_SC_PAGESIZE);
  Memory memory{::sysconf(_SC_PHYS_PAGES) * page_bytes, 0};
  std::int64_t limit = 0;
  if (std::ifstream("/sys/fs/cgroup/memory.max") >> limit) memory.all_bytes = std::min(memory.all_bytes, limit);
  std::int64_t virtual_pages = 0;
  std::int64_t resident_pages = 0;
  if (std::ifstream("/proc/self/statm") >> virtual_pages >> resident_pages)
    memory.used_bytes = resident_pages * page_bytes;
  return memory;
}

void put_memory(JsonWriter& json) {
  const Memory memory = memory_now();
  json.begin_object().key("maxMemory").integer(memory.all_bytes).key("totalMemory").integer(memory.all_bytes);
  json.key("freeMemory").integer(std::max<std::int64_t>(0, memory.all_bytes - memory.used_bytes));
  json.key("usedMemory").integer(memory.used_bytes).key("directMemory").integer(-1).end_object();
}

void status(const Request& request, ResponseWriter& writer) {
  JsonWriter json(style_of(request));
  json.begin_object().key("version").string(kDruidVersion).key("modules").begin_array();
  json.begin_object().key("name").string("sarsen").key("artifact").string("sarsen");
  json.key("version").string(program_version()).end_object().end_array().key("memory");
  put_memory(json);
  json.end_object();
  writer.respond_json(200, json.text());
}

Handler json_answer(std::string body) {
  return [body = std::move(body)](const Request&, ResponseWriter& writer) { writer.respond_json(200, body); };
}

}  // namespace

std::string_view program_version() noexcept { return SARSEN_VERSION; }

void add_status_routes(Router& router, std::map<std::string, std::string> properties) {
  router.add("GET", "/status", Execution::kInline, status);
  router.add("GET", "/status/health", Execution::kInline, json_answer("true"));
  router.add("GET", "/status/selfDiscovered/status", Execution::kInline, json_answer(R"({"selfDiscovered":true})"));
  router.add("GET", "/status/selfDiscovered", Execution::kInline,
             [](const Request&, ResponseWriter& writer) { writer.respond(200, "", ""); });
  router.add("GET", "/status/properties", Execution::kInline,
             [properties = std::move(properties)](const Request& request, ResponseWriter& writer) {
               JsonWriter json(style_of(request));
               json.begin_object();
               for (const auto& [name, value] : properties) json.key(name).string(value);
               json.end_object();
               writer.respond_json(200, json.text());
             });
}

}  // namespace sarsen::server
