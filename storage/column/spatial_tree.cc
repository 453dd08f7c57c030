#include "storage/column/spatial_tree.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <utility>

namespace sarsen::storage {
namespace {

using Node = SpatialTree::Node;
using Coordinates = SpatialTree::Coordinates;

constexpr std::size_t kDimensions = SpatialTree::kDimensions;
constexpr std::size_t kChildrenMax = 50;
constexpr float kInfinity = std::numeric_limits<float>::infinity();

// Math.min and Math.max of numbers: -0 is less than 0.
float java_min(float left, float right) noexcept {
  return left < right || (left == right && std::signbit(left)) ? left : right;
}
float java_max(float left, float right) noexcept {
  return left > right || (left == right && !std::signbit(left)) ? left : right;
}

bool same_bits(const Coordinates& left, const Coordinates& right) noexcept {
  return std::equal(left.begin(), left.end(), right.begin(), [](float l, float r) {
    return std::bit_cast<std::uint32_t>(l) == std::bit_cast<std::uint32_t>(r);
  });
}

/// Subtracted as floats, multiplied as doubles, as Druid does.
double area_of(const Node& node) noexcept {
  double area = 1;
  for (std::size_t i = 0; i < kDimensions; ++i) area *= double{node.greatest[i] - node.least[i]};
  return area;
}

/// Of the box around both.
double enclosing_area(const Node& left, const Node& right) noexcept {
  double area = 1;
  for (std::size_t i = 0; i < kDimensions; ++i)
    area *= double{std::max(left.greatest[i], right.greatest[i])} - double{std::min(left.least[i], right.least[i])};
  return area;
}

bool contains(const Node& node, const Coordinates& point) noexcept {
  for (std::size_t i = 0; i < kDimensions; ++i)
    if (point[i] < node.least[i] || point[i] > node.greatest[i]) return false;
  return true;
}

/// What it costs to let the point in. Druid takes the least corner for the greatest one here.
double expansion_cost(const Node& node, const Coordinates& point) noexcept {
  if (contains(node, point)) return 0;
  double expanded = 1;
  for (std::size_t i = 0; i < kDimensions; ++i)
    expanded *= double{std::max(point[i], node.least[i])} - double{std::min(point[i], node.least[i])};
  return expanded - area_of(node);
}

/// The box becomes that around all children; whether it changed.
bool enclose(Node& node) {
  Coordinates least, greatest;
  least.fill(kInfinity);
  greatest.fill(-kInfinity);
  for (const Node* child : node.children)
    for (std::size_t i = 0; i < kDimensions; ++i) {
      least[i] = java_min(child->least[i], least[i]);
      greatest[i] = java_max(child->greatest[i], greatest[i]);
    }
  const bool same = same_bits(least, node.least) && same_bits(greatest, node.greatest);
  node.least = least;
  node.greatest = greatest;
  return !same;
}

void add_child(Node& node, Node& child) {
  child.parent = &node;
  node.children.push_back(&child);
}

void add_points(Node& node, const Node& child) {
  node.points.insert(node.points.end(), child.points.begin(), child.points.end());
}

struct Pair {
  std::size_t first = 0;
  std::size_t second = 1;
};

/// The two that lie farthest apart in dimension `i`, and how far, as a part of the whole width; less than 0 where they
/// are one.
std::pair<Pair, double> farthest(const std::vector<Node*>& nodes, std::size_t i) {
  float least = kInfinity, greatest = -kInfinity, lowest_high = kInfinity, highest_low = -kInfinity;
  Pair pair{0, 0};
  for (std::size_t number = 0; number < nodes.size(); ++number) {
    const Node& node = *nodes[number];
    least = std::min(least, node.least[i]);
    greatest = std::max(greatest, node.greatest[i]);
    if (node.least[i] > highest_low) {
      highest_low = node.least[i];
      pair.first = number;
    }
    if (node.greatest[i] < lowest_high) {
      lowest_high = node.greatest[i];
      pair.second = number;
    }
  }
  const bool one = pair.first == pair.second;
  return {pair, one ? -1.0 : double{std::fabs((highest_low - lowest_high) / (greatest - least))}};
}

/// Gutman's linear choice of the first of each group: they are taken out of `nodes`.
std::pair<Node*, Node*> take_seeds(std::vector<Node*>& nodes) {
  Pair best;
  double best_separation = 0;
  for (std::size_t i = 0; i < kDimensions; ++i)
    if (const auto [pair, separation] = farthest(nodes, i); separation > best_separation) {
      best = pair;
      best_separation = separation;
    }
  const auto [low, high] = std::minmax(best.first, best.second);
  const std::pair<Node*, Node*> seeds(nodes[low], nodes[high]);
  nodes.erase(nodes.begin() + static_cast<std::ptrdiff_t>(high));
  nodes.erase(nodes.begin() + static_cast<std::ptrdiff_t>(low));
  return seeds;
}

Node& better_group(Node& left, Node& right, const Node& child) {
  const double left_area = enclosing_area(left, child), right_area = enclosing_area(right, child);
  if (left_area < right_area) return left;
  return left_area == right_area && area_of(left) < area_of(right) ? left : right;
}

}  // namespace

SpatialTree::SpatialTree() : root_(&add_node(true)) {}

Node& SpatialTree::add_node(bool leaf) {
  Node& node = nodes_.emplace_back(Node{.least = {}, .greatest = {}, .leaf = leaf});
  node.least.fill(-kInfinity);
  node.greatest.fill(kInfinity);
  return node;
}

void SpatialTree::insert(const Coordinates& coordinates, std::uint32_t point) {
  Node& node = add_node(true);
  node.least = node.greatest = coordinates;
  node.points = {point};
  Node& leaf = choose_leaf(node);
  add_child(leaf, node);
  adjust(leaf, leaf.children.size() > kChildrenMax ? split(leaf) : nullptr);
}

Node& SpatialTree::choose_leaf(const Node& point) {
  Node* node = root_;
  add_points(*node, point);
  while (!node->leaf) {
    Node* best = node->children.front();
    double least_cost = std::numeric_limits<double>::infinity();
    for (Node* child : node->children) {
      const double cost = expansion_cost(*child, point.least);
      if (cost < least_cost || (cost == least_cost && area_of(*child) < area_of(*best))) best = child;
      least_cost = std::min(least_cost, cost);
    }
    node = best;
    add_points(*node, point);
  }
  return *node;
}

/// Leaves the node some of its children, and puts the others under a new one, a sibling, which it returns. With Druid's
/// least number of children, 0, no group must be filled up.
Node* SpatialTree::split(Node& node) {
  std::vector<Node*> children = std::exchange(node.children, {});
  const auto [first, second] = take_seeds(children);
  node.points.clear();
  add_child(node, *first);
  add_points(node, *first);
  Node& other = add_node(node.leaf);
  add_child(other, *second);
  add_points(other, *second);
  if (node.parent != nullptr) add_child(*node.parent, other);
  enclose(node);
  enclose(other);
  for (Node* child : children) {
    Node& group = better_group(node, other, *child);
    add_points(group, *child);
    add_child(group, *child);
    enclose(group);
  }
  return &other;
}

/// `partner`: what `node` was split into besides; null where it was not.
void SpatialTree::adjust(Node& node, Node* partner) {
  if (&node == root_) {
    if (partner != nullptr) {  // The rows that are here already do not get into the new root's bitmap.
      root_ = &add_node(false);
      add_child(*root_, node);
      add_child(*root_, *partner);
    }
    enclose(*root_);
    return;
  }
  bool changed = enclose(node);
  if (partner != nullptr) {
    enclose(*partner);
    changed = true;
    Node& parent = *node.parent;
    if (parent.children.size() > kChildrenMax) adjust(parent, split(parent));
  }
  if (changed) adjust(*node.parent, nullptr);
}

}  // namespace sarsen::storage
