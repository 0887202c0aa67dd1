// Walks a plan's describe() down to the leaves that the table names.
#include "paddock/contract/leaves.hpp"

#include <algorithm>

#include "encode.hpp"

namespace paddock::contract {
namespace {

class LeafCollector {
 public:
  std::vector<Leaf> take();

  template <class T>
  void visit(const std::string& pointer, const T& value);

 private:
  std::vector<Leaf> leaves_;
};

template <class Owner>
class LeafVisitor {
 public:
  LeafVisitor(LeafCollector& collector, const std::string& pointer, const Owner& owner)
      : collector_(collector), pointer_(pointer), owner_(owner) {}

  template <class Member>
  void field(std::string_view name, Member Owner::*member, std::string_view) {
    collector_.visit(pointer_ + "/" + std::string(name), owner_.*member);
  }

  template <class Member>
  void optional_field(std::string_view name, Member Owner::*member, std::string_view doc) {
    field(name, member, doc);
  }

 private:
  LeafCollector& collector_;
  const std::string& pointer_;
  const Owner& owner_;
};

template <class T>
void LeafCollector::visit(const std::string& pointer, const T& value) {
  if constexpr (detail::kIsOptional<T>) {
    if (value) {
      visit(pointer, *value);
    }
  } else if (const LeafRule* rule = leaf_rule(pointer)) {
    leaves_.push_back({pointer, {}, rule});
    detail::append(leaves_.back().value, value);
  } else if constexpr (detail::kIsMap<T>) {
    for (const auto& [key, entry] : value) {
      visit(pointer + "/" + escape_pointer(key), entry);
    }
  } else if constexpr (detail::Described<T>) {
    LeafVisitor<T> visitor(*this, pointer, value);
    T::describe(visitor);
  }
}

std::vector<Leaf> LeafCollector::take() {
  std::stable_sort(leaves_.begin(), leaves_.end(), [](const Leaf& a, const Leaf& b) {
    return a.rule < b.rule;  // rows of one table
  });
  return std::move(leaves_);
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  for (std::size_t at = text.find(from); at != std::string::npos;
       at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
  return text;
}

}  // namespace

std::vector<Leaf> leaves(const Plan& plan) {
  LeafCollector collector;
  collector.visit({}, plan);
  return collector.take();
}

std::string escape_pointer(std::string_view token) {
  return replaced(replaced(std::string(token), "~", "~0"), "/", "~1");
}

std::string unescape_pointer(std::string_view token) {
  return replaced(replaced(std::string(token), "~1", "/"), "~0", "~");
}

}  // namespace paddock::contract
