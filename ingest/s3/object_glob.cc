#include "ingest/s3/object_glob.h"

#include "storage/base/error.h"

namespace sarsen::ingest {
namespace {

/// The regular expression that stands for a glob, sign by sign.
class GlobTranslation {
 public:
  explicit GlobTranslation(std::string_view glob) : glob_(glob) {}

  std::string pattern() {
    while (at_ < glob_.size()) take_sign();
    if (in_group_) fail("a { is not closed");
    return pattern_;
  }

 private:
  [[noreturn]] void fail(std::string_view problem) const {
    throw Error(ErrorCategory::kInvalidInput,
                "this is no glob, at character " + std::to_string(at_) + ": " + std::string(problem));
  }

  bool take(char c) {
    const bool there = at_ < glob_.size() && glob_[at_] == c;
    if (there) ++at_;
    return there;
  }

  void append_plain(char c) {
    if (std::string_view(R"(\^$.|?*+()[]{})").find(c) != std::string_view::npos) pattern_ += '\\';
    pattern_ += c;
  }

  void take_sign() {
    const char c = glob_[at_++];
    if (c == '\\')
      take_escaped();
    else if (c == '*')
      pattern_ += take('*') ? ".*" : "[^/]*";
    else if (c == '?')
      pattern_ += "[^/]";
    else if (c == '[')
      take_class();
    else if (c == '{')
      begin_group();
    else if (c == '}' && in_group_)
      end_group();
    else if (c == ',' && in_group_)
      pattern_ += ")|(?:";
    else
      append_plain(c);
  }

  void take_escaped() {
    if (at_ == glob_.size()) fail("nothing stands behind the backslash");
    append_plain(glob_[at_++]);
  }

  void begin_group() {
    if (in_group_) fail("{ within { is not possible");
    in_group_ = true;
    pattern_ += "(?:(?:";
  }

  void end_group() {
    in_group_ = false;
    pattern_ += "))";
  }

  /// Slashes are in no class.
  void take_class() {
    pattern_ += "[[^/]&&[";
    if (take('!'))
      pattern_ += '^';
    else if (take('^'))
      pattern_ += "\\^";
    if (take('-')) pattern_ += "\\-";
    while (at_ < glob_.size() && glob_[at_] != ']') append_in_class(glob_[at_++]);
    if (!take(']')) fail("a [ is not closed");
    pattern_ += "]]";
  }

  void append_in_class(char c) {
    if (c == '/') fail("a slash is in no class");
    if (std::string_view(R"(\[&)").find(c) != std::string_view::npos) pattern_ += '\\';
    pattern_ += c;
  }

  const std::string_view glob_;
  std::size_t at_ = 0;
  bool in_group_ = false;
  std::string pattern_ = "(?s)";
};

/// As java.nio.file.Path has it: no slash twice, and none at the end.
std::string path_of(std::string_view key) {
  std::string path;
  for (const char c : key)
    if (c != '/' || !path.ends_with('/')) path += c;
  if (path.size() > 1 && path.ends_with('/')) path.pop_back();
  return path;
}

}  // namespace

ObjectGlob::ObjectGlob(std::string_view glob) : pattern_(GlobTranslation(glob).pattern()) {}

bool ObjectGlob::matches(std::string_view key) const { return pattern_.matches(path_of(key)); }

}  // namespace sarsen::ingest
