// Many launches that want the same.
#pragma once

#include <algorithm>

#include "integration/world.hpp"
#include "support/catch.hpp"
#include "support/text_file.hpp"

namespace paddock::test {

/// Has fifty race for one name: one gets it, the others are told, and nothing is left.
inline void race_for_a_name(const World& world) {
  constexpr int kRacers = 50;
  std::vector<Started> racers;
  for (int i = 0; i < kRacers; ++i) {
    racers.push_back(world.start({"run", "--name", "box", "quickstart", "--", "sh", "-c",
                                  "echo ran >> log; while [ ! -e go ]; do sleep 0.05; done"}));
  }
  // The winner holds the name until everybody else was refused.
  const auto refused = [&] {
    return std::count_if(racers.begin(), racers.end(),
                         [](Started& racer) { return racer.await_exit(std::chrono::seconds(0)); });
  };
  REQUIRE(eventually([&] { return refused() == kRacers - 1; }, std::chrono::seconds(60)));
  world.write(world.project() / "go", "");
  int won = 0, lost = 0;
  for (Started& racer : racers) {
    const Ran ran = racer.wait();
    won += ran.status == 0 ? 1 : 0;
    lost += ran.status == 125 && ran.err.find("error[P0602]") != std::string::npos ? 1 : 0;
  }
  CHECK(won == 1);
  CHECK(lost == kRacers - 1);
  CHECK(read_text(world.project() / "log") == "ran\n");
  CHECK(residue(world).empty());
}

}  // namespace paddock::test
