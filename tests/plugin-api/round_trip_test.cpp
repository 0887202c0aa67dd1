// What is encoded decodes to the same, for many random values of the largest message.
#include <random>

#include "paddock/contract/codec.hpp"
#include "paddock/contract/messages.hpp"
#include "sample_plan.hpp"
#include "support/catch.hpp"

using namespace paddock;
using namespace paddock::contract;

namespace {

class Dice {
 public:
  explicit Dice(unsigned seed) : engine_(seed) {}

  std::uint64_t below(std::uint64_t n) { return engine_() % n; }
  std::string text() {
    static const char* const kPieces[] = {"a", "/", "~", "\"",   "\\", "\n",
                                          "ü", "€", "😀", "\x01", "{",  " "};
    std::string text;
    for (std::uint64_t n = below(8); n > 0; --n) {
      text += kPieces[below(std::size(kPieces))];
    }
    return text;
  }
  std::vector<std::string> texts() {
    std::vector<std::string> list(below(4));
    for (std::string& item : list) {
      item = text();
    }
    return list;
  }

 private:
  std::mt19937_64 engine_;
};

std::optional<FileIdentity> random_identity(Dice& dice) {
  if (dice.below(2) == 0) {
    return std::nullopt;
  }
  return FileIdentity{~dice.below(1ULL << 63), dice.below(1ULL << 63)};
}

Plan random_plan(Dice& dice) {
  Plan plan = test::full_plan();
  plan.name = dice.text();
  plan.isolation = static_cast<Isolation>(dice.below(3));
  plan.process.command = dice.texts();
  plan.process.environment[dice.text()] = dice.text();
  plan.process.user.uid = static_cast<std::uint32_t>(dice.below(1ULL << 32));
  plan.mounts[dice.text()] = {static_cast<MountType>(dice.below(2)),
                              dice.text(),
                              dice.below(2) == 0,
                              dice.below(2) == 0,
                              ~dice.below(1ULL << 63),
                              dice.text(),
                              random_identity(dice)};
  if (dice.below(2) == 0) {
    plan.resources = {};
  }
  plan.security.rlimits[dice.text()] = ~std::uint64_t{0} - dice.below(10);
  plan.security.masked_paths = dice.texts();
  return plan;
}

}  // namespace

TEST_CASE("codec: 2000 random plans come back as they were") {
  Dice dice(20260101);
  for (int i = 0; i < 2000; ++i) {
    const std::string json = encode(PlanRequest{random_plan(dice)});
    const auto back = decode<PlanRequest>(json);
    if (!back || encode(*back) != json) {  // one assertion, or this is slow
      FAIL(json << "\n" << (back ? encode(*back) : back.error().what));
    }
  }
}

TEST_CASE("codec: a message cut anywhere is refused") {
  const std::string json = encode(PlanRequest{test::full_plan()});
  for (std::size_t size = 0; size < json.size(); ++size) {
    if (decode<PlanRequest>(json.substr(0, size))) {
      FAIL("accepted the first " << size << " bytes");
    }
  }
}

TEST_CASE("codec: an error with everything in it comes back as it was") {
  Error error;
  error.code = ErrorCode::kConflict;
  error.what = "two wishes";
  error.where = SourcePos{"p.toml", 1, 2, 3};
  error.excerpt = "x = 1";
  error.context = {"while merging"};
  error.hints = {"choose"};
  error.others = {error};
  const std::string json = encode(error);
  const auto back = decode<Error>(json);
  REQUIRE(back);
  CHECK(encode(*back) == json);
}
