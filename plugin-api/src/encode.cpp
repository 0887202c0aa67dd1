#include "encode.hpp"

#include "paddock/contract/codec.hpp"
#include "paddock/contract/message_list.hpp"

namespace paddock::contract {

template <typename Message>
std::string encode(const Message& message) {
  std::string out;
  out.reserve(1024);
  detail::append(out, message);
  return out;
}

#define PADDOCK_X(Message) template std::string encode(const Message&);
PADDOCK_MESSAGES(PADDOCK_X)
PADDOCK_PARTS(PADDOCK_X)
PADDOCK_X(Error)
#undef PADDOCK_X

}  // namespace paddock::contract
