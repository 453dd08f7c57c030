#include "ingest/zookeeper/zookeeper.h"

#include "storage/base/error.h"

namespace sarsen::ingest {
namespace {

[[noreturn]] void refuse(const std::string& name, const std::string& text) {
  throw Error(
      ErrorCategory::kInvalidInput,
      name +
          " must be HOST:PORT, or several with commas between, perhaps with /a/path after the last, but is: " + text);
}

void check_chroot(const std::string& name, const std::string& text, const std::string& chroot) {
  if (chroot.empty()) return;
  if (chroot.ends_with('/') || chroot.find("//") != std::string::npos || chroot.find(',') != std::string::npos)
    refuse(name, text);
}

void check_servers(const std::string& name, const std::string& text, const std::string& servers) {
  if (servers.empty() || servers.starts_with(',') || servers.ends_with(',')) refuse(name, text);
  if (servers.find(",,") != std::string::npos || servers.find(' ') != std::string::npos) refuse(name, text);
}

std::string with_ports(const std::string& servers) {
  std::string result;
  for (std::size_t begin = 0; begin <= servers.size();) {
    const std::size_t end = std::min(servers.find(',', begin), servers.size());
    const std::string server = servers.substr(begin, end - begin);
    const bool has_port =
        server.find(':', server.rfind(']') == std::string::npos ? 0 : server.rfind(']')) != std::string::npos;
    result += (result.empty() ? "" : ",") + server + (has_port ? "" : ":2181");
    begin = end + 1;
  }
  return result;
}

}  // namespace

ZooKeeperSettings parse_connect_string(const std::string& name, const std::string& text) {
  std::string plain;
  for (const char c : text)
    if (c != ' ') plain += c;  // "a:2181, b:2181"
  ZooKeeperSettings settings;
  const std::size_t slash = std::min(plain.find('/'), plain.size());
  settings.chroot = plain.substr(slash);
  if (settings.chroot == "/") settings.chroot.clear();
  check_chroot(name, text, settings.chroot);
  check_servers(name, text, plain.substr(0, slash));
  settings.servers = with_ports(plain.substr(0, slash));
  return settings;
}

ZooKeeperAnswer create_parents(ZooKeeper& zookeeper, const std::string& path) {
  for (std::size_t slash = path.find('/', 1); slash != std::string::npos; slash = path.find('/', slash + 1)) {
    const ZooKeeperAnswer answer = zookeeper.create(path.substr(0, slash), "", NodeKind::kPersistent, nullptr);
    if (answer != ZooKeeperAnswer::kDone && answer != ZooKeeperAnswer::kExists) return answer;
  }
  return ZooKeeperAnswer::kDone;
}

const char* text_of(ZooKeeperAnswer answer) noexcept {
  switch (answer) {
    case ZooKeeperAnswer::kDone:
      return "done";
    case ZooKeeperAnswer::kExists:
      return "the node exists";
    case ZooKeeperAnswer::kMissing:
      return "there is no such node";
    case ZooKeeperAnswer::kAway:
      return "ZooKeeper does not answer";
    case ZooKeeperAnswer::kRefused:
      return "ZooKeeper refuses it";
  }
  return "";
}

}  // namespace sarsen::ingest
