// How jemalloc is set up, where the program has it: one arena for a processor, so that what a query frees serves the
// next one, whichever thread runs it; and a thread of its own that gives memory back that nobody wanted for some seconds.
// The environment's MALLOC_CONF goes before.

extern "C" {
extern const char* malloc_conf;
const char* malloc_conf = "percpu_arena:percpu,background_thread:true";
}
