// paddock-schema-writer DIRECTORY: writes the JSON Schema of every message as <Message>.json.
#include <fstream>
#include <iostream>
#include <string>

#include "paddock/contract/codec.hpp"
#include "paddock/contract/message_list.hpp"
#include "paddock/contract/messages.hpp"

namespace {

bool write(const std::string& directory, const std::string& name, const std::string& schema) {
  std::ofstream file(directory + "/" + name + ".json", std::ios::binary);
  file << schema << std::flush;
  return file.good();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: paddock-schema-writer DIRECTORY\n";
    return 2;
  }
  bool good = true;
#define PADDOCK_X(Message) \
  good = good && write(argv[1], #Message, paddock::contract::schema<paddock::contract::Message>());
  PADDOCK_MESSAGES(PADDOCK_X)
#undef PADDOCK_X
  good = good && write(argv[1], "Error", paddock::contract::schema<paddock::Error>());
  if (!good) {
    std::cerr << "cannot write to '" << argv[1] << "'\n";
  }
  return good ? 0 : 1;
}
