#include "plugin/gate_descriptors.hpp"

#include "paddock/contract/codec.hpp"
#include "paddock/contract/messages.hpp"

namespace paddock::plugin {
namespace {

using contract::GateSpec;

constexpr std::int32_t GateSpec::*kMembers[] = {&GateSpec::channel, &GateSpec::stdin_fd,
                                                &GateSpec::stdout_fd, &GateSpec::stderr_fd};

template <typename Request>
Result<std::vector<int>> numbers_in(std::string_view request) {
  const auto decoded = contract::decode<Request>(request);
  if (!decoded) {
    return fail_as(decoded);
  }
  std::vector<int> numbers;
  for (const auto member : kMembers) {
    if (decoded->gate.*member >= 0) {
      numbers.push_back(decoded->gate.*member);
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
  for (const auto member : kMembers) {
    std::int32_t& number = decoded->gate.*member;
    if (number >= 0 && next == numbers.size()) {
      return fail(ErrorCode::kInternal, "a descriptor of a request did not arrive");
    }
    number = number >= 0 ? numbers[next++] : number;
  }
  return contract::encode(*decoded);
}

}  // namespace

Result<std::vector<int>> gate_descriptors(std::string_view method, std::string_view request) {
  if (method == "create") {
    return numbers_in<contract::CreateRequest>(request);
  }
  if (method == "exec") {
    return numbers_in<contract::ExecRequest>(request);
  }
  return std::vector<int>{};
}

Result<std::string> renumber_gate(std::string_view method,
                                  std::string_view request,
                                  const std::vector<int>& numbers) {
  return method == "create" ? with_numbers<contract::CreateRequest>(request, numbers)
                            : with_numbers<contract::ExecRequest>(request, numbers);
}

}  // namespace paddock::plugin
