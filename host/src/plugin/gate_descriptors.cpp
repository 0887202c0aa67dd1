#include "plugin/gate_descriptors.hpp"

#include "paddock/contract/codec.hpp"
#include "paddock/contract/messages.hpp"

namespace paddock::plugin {
namespace {

/// Where a request holds descriptors, in a fixed order.
template <typename Request>
std::vector<std::int32_t*> places_in(Request& request) {
  if constexpr (requires { request.gate; }) {
    contract::GateSpec& gate = request.gate;
    return {&gate.channel, &gate.stdin_fd, &gate.stdout_fd, &gate.stderr_fd};
  } else {
    return {&request.progress_fd};
  }
}

template <typename Request>
Result<std::vector<int>> numbers_in(std::string_view request) {
  auto decoded = contract::decode<Request>(request);
  if (!decoded) {
    return fail_as(decoded);
  }
  std::vector<int> numbers;
  for (const std::int32_t* number : places_in(*decoded)) {
    if (*number >= 0) {
      numbers.push_back(*number);
    }
  }
  return numbers;
}

template <typename Request>
Result<std::string> with_numbers(std::string_view request, const std::vector<int>& numbers) {
  auto decoded = contract::decode<Request>(request);
  if (!decoded) {
    return fail_as(decoded);
  }
  std::size_t next = 0;
  for (std::int32_t* number : places_in(*decoded)) {
    if (*number >= 0 && next == numbers.size()) {
      return fail(ErrorCode::kInternal, "a descriptor of a request did not arrive");
    }
    *number = *number >= 0 ? numbers[next++] : *number;
  }
  return contract::encode(*decoded);
}

/// What to do with a request that may hold descriptors, by method.
struct Row {
  std::string_view method;
  Result<std::vector<int>> (*find)(std::string_view request);
  Result<std::string> (*replace)(std::string_view request, const std::vector<int>& numbers);
};

template <typename Request>
constexpr Row row(std::string_view method) {
  return {method, numbers_in<Request>, with_numbers<Request>};
}

constexpr Row kRows[] = {
    row<contract::CreateRequest>("create"),
    row<contract::ExecRequest>("exec"),
    row<contract::ImagePullRequest>("image-pull"),
    row<contract::ImageBuildRequest>("image-build"),
    row<contract::ImageImportRequest>("image-import"),
};

const Row* find_row(std::string_view method) {
  for (const Row& one : kRows) {
    if (one.method == method) {
      return &one;
    }
  }
  return nullptr;
}

}  // namespace

Result<std::vector<int>> gate_descriptors(std::string_view method, std::string_view request) {
  const Row* const found = find_row(method);
  return found != nullptr ? found->find(request) : std::vector<int>{};
}

Result<std::string> renumber_gate(std::string_view method,
                                  std::string_view request,
                                  const std::vector<int>& numbers) {
  const Row* const found = find_row(method);
  return found != nullptr ? found->replace(request, numbers)
                          : fail(ErrorCode::kInternal, "a request of '" + std::string(method) +
                                                           "' came with descriptors");
}

}  // namespace paddock::plugin
