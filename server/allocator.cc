// How jemalloc is set up, where the program has it: one arena for a processor, so that what a query frees serves the
// next one, whichever thread runs it; and a thread of its own that gives memory back that nobody wanted for some
// seconds. The environment's MALLOC_CONF goes before.

#include <unistd.h>

#include <string_view>

namespace {

/// What it has to say goes to stderr, but for that a process which may not run on all processors has no such arenas.
void write_message(void*, const char* text) {
  const std::string_view message(text);
  if (message.find("Per-CPU arena disabled") == std::string_view::npos)
    static_cast<void>(!::write(STDERR_FILENO, message.data(), message.size()));
}

}  // namespace

extern "C" {
extern const char* malloc_conf;
extern void (*malloc_message)(void*, const char*);
const char* malloc_conf = "percpu_arena:percpu,background_thread:true";
void (*malloc_message)(void*, const char*) = write_message;
}
