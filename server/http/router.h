#pragma once
// Which handler answers for which path and method. A path with and without its final slash is the same resource.
// Built before the server starts, then only read: thread-safe from there on.

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "server/http/request.h"
#include "server/http/response_writer.h"

namespace sarsen::server {

using Handler = std::function<void(const Request&, ResponseWriter&)>;

/// kPooled handlers may compute and wait: their number at a time is limited. So may kPrompt ones, but mostly they
/// answer at once, and where not they say so (ResponseWriter::takes_long). kInline ones must answer at once; they work
/// even when all places are taken.
enum class Execution : std::uint8_t { kInline, kPrompt, kPooled };

class Router {
 public:
  struct Match {
    const Handler* handler;  // never null: unknown paths and methods have a handler too
    Execution execution;
  };

  Router();
  /// Routes keep pointers into the router.
  Router(const Router&) = delete;
  Router& operator=(const Router&) = delete;

  /// `pattern` is a path in which a segment may be {anything}: it matches any one segment. Literal paths come first.
  void add(std::string_view method, std::string_view pattern, Execution execution, Handler handler);

  /// Answers in place of all paths that begin with `prefix`, those that are not there too, while `takes` says so.
  /// `takes` is thread-safe and answers at once.
  struct Guard {
    std::string prefix;
    std::function<bool(const Request&)> takes;
    Handler handler;
  };
  void guard(Guard guard) { guards_.push_back(std::move(guard)); }

  /// Fills request.path_values.
  Match match(Request& request) const;

 private:
  struct Action {
    std::string method;
    Execution execution;
    Handler handler;
  };
  struct Resource {
    std::string pattern;
    std::vector<std::string> segments;
    std::vector<Action> actions;
  };

  Resource& resource(std::string_view pattern);
  const Resource* find(Request& request) const;
  void not_found(const Request& request, ResponseWriter& writer) const;
  void wrong_method(const Request& request, ResponseWriter& writer) const;

  std::map<std::string, Resource, std::less<>> literal_;
  std::map<std::string, Resource, std::less<>> patterns_;
  std::vector<Guard> guards_;
  Handler not_found_;
  Handler wrong_method_;
};

}  // namespace sarsen::server
