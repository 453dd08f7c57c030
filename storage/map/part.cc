#include "storage/map/part.h"

namespace sarsen::storage {
namespace {

// Parts that were added up: the decoded size of the whole is that of its pieces.
void add_up(Part& part) {
  if (part.parts.empty()) {
    if (part.decoded == 0) part.decoded = part.size;
    return;
  }
  part.decoded = 0;
  for (const Part& piece : part.parts) {
    part.decoded += piece.decoded;
    part.understood = part.understood && piece.understood;
  }
}

// Bytes that a walk read between its named parts: headers.
void name_gaps(Part& part) {
  if (part.parts.empty()) return;
  std::vector<Part> whole;
  std::size_t position = part.begin;
  const auto fill = [&](std::size_t end) {
    if (position >= end) return;
    Part header;
    header.name = "header";
    header.begin = position;
    header.size = header.decoded = end - position;
    whole.push_back(std::move(header));
  };
  for (Part& piece : part.parts) {
    fill(piece.begin);
    position = piece.begin + piece.size;
    if (piece.size > 0) whole.push_back(std::move(piece));
  }
  fill(part.begin + part.size);
  part.parts = std::move(whole);
}

}  // namespace

void PartWalk::close(Part& mine, Part* outer) {
  here_ = outer;
  mine.size = reader_.position() - mine.begin;
  name_gaps(mine);
  add_up(mine);
  outer->parts.push_back(std::move(mine));
}

Part PartWalk::finish(const std::string& reason) {
  if (!reader_.at_end()) {
    leaf("unknown", reader_.remaining(), reason);
    root_.parts.back().understood = false;
  }
  root_.size = reader_.position();
  name_gaps(root_);
  add_up(root_);
  return std::move(root_);
}

}  // namespace sarsen::storage
