#include "base/node.hpp"

#include "support/catch.hpp"

using paddock::Node;

TEST_CASE("node: dotted paths find nested values", "[base]") {
  Node root(Node::Table{{"process", Node(Node::Table{{"uid", Node(std::int64_t{1000})}})}});
  REQUIRE(root.find("process.uid") != nullptr);
  CHECK(*root.find("process.uid")->integer() == 1000);
  CHECK(root.find("process.gid") == nullptr);
  CHECK(root.find("process.uid.deeper") == nullptr);
  CHECK(root.find("") == &root);
}

TEST_CASE("node: JSON keeps types and sorts keys", "[base]") {
  const Node root(Node::Table{{"b", Node(true)},
                              {"a", Node(Node::Array{Node(1.5), Node(std::string("\"x\n"))})}});
  CHECK(paddock::to_json(root) == "{\"a\":[1.5,\"\\\"x\\n\"],\"b\":true}");
}

TEST_CASE("node: a copy keeps its place", "[base]") {
  const Node original(std::string("x"), {"a.toml", 3, 7, 3});
  const Node copy = original;  // NOLINT(performance-unnecessary-copy-initialization): the point
  CHECK(copy.where.line == 3);
  CHECK(copy.where.column == 7);
}
