#pragma once
// The R-tree that a spatial index is written from: Druid's, with its linear split, decision by decision, so that the
// same points in the same order make the same tree. Not thread-safe.

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <vector>

namespace sarsen::storage {

class SpatialTree {
 public:
  static constexpr std::size_t kDimensions = 2;  // of every tree that Druid writes
  using Coordinates = std::array<float, kDimensions>;

  struct Node {
    Coordinates least;
    Coordinates greatest;  // of a point: as `least`
    bool leaf = true;      // its children are points; points are leaves themselves
    Node* parent = nullptr;
    std::vector<Node*> children = {};
    /// Whose rows the node's bitmap has: in Druid's trees not always those of all points below it.
    std::vector<std::uint32_t> points = {};
  };

  SpatialTree();
  SpatialTree(const SpatialTree&) = delete;
  SpatialTree& operator=(const SpatialTree&) = delete;

  /// REQUIRES: no coordinate is NaN.
  void insert(const Coordinates& coordinates, std::uint32_t point);

  bool empty() const noexcept { return root_->children.empty(); }
  const Node& root() const noexcept { return *root_; }

 private:
  Node& add_node(bool leaf);
  Node& choose_leaf(const Node& point);
  Node* split(Node& node);
  void adjust(Node& node, Node* partner);

  std::deque<Node> nodes_;  // which stay where they are
  Node* root_;
};

}  // namespace sarsen::storage
