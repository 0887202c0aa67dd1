// Keeps a workload that runs in the background: what it writes goes to a log and to the clients
// that are attached, what they type goes to it. [main thread]
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <list>
#include <string>
#include <vector>

#include "keep/guest.hpp"
#include "keep/log_writer.hpp"
#include "keep/traffic.hpp"
#include "os/unique_fd.hpp"

namespace paddock::keep {

/// The keeper's ends of a workload's streams, which do not block.
struct Ends {
  os::UniqueFd in;   ///< none: the workload has no input
  os::UniqueFd out;  ///< of a terminal, everything
  os::UniqueFd err;  ///< none with a terminal
  bool terminal = false;
};

class Keeper final : public Traffic {
 public:
  /// `listener`: where clients come, see control.hpp. `process`: a pidfd that gets their signals,
  /// which outlives this.
  Keeper(Ends ends, LogWriter log, os::UniqueFd listener, int process);

  void want(std::vector<pollfd>& polls) override;
  void proceed(const pollfd* ready) override;
  int patience_ms() const override;
  void end_input() override;
  bool is_over() override;
  bool is_pending() const override;

  /// The sandbox is warm until a client takes it. `take` runs the command that is asked for; its
  /// reply says how that went, with `refused` for not at all. `age`: of one that nobody wants any
  /// more, whose process is then killed.
  void wait_for_taker(std::function<Reply(const Request&)> take, std::chrono::seconds age);
  bool is_warm() const { return static_cast<bool>(take_); }

  /// The last word to all clients.
  void tell_end(std::optional<int> exit_code, bool oom_killed);

 private:
  struct Source {
    Stream stream;
    os::UniqueFd fd;
  };

  bool is_held() const;
  void read_source(Source& source);
  void write_input();
  void accept();
  void serve(Guest& guest, const pollfd* ready);
  void answer(Guest& guest, const Request& request);
  void enter(Guest& guest, const Request& request);
  void kill(int signal) const;
  void set_window(const Request& request) const;
  void dismiss();
  void drop_stuck();

  os::UniqueFd in_;
  std::vector<Source> sources_;
  bool terminal_, ended_ = false;
  std::string typed_;        ///< on its way to the workload
  bool input_ends_ = false;  ///< behind `typed_`
  LogWriter log_;
  os::UniqueFd listener_;
  int process_;
  std::list<Guest> guests_;
  const Guest* taker_ = nullptr;               ///< whose end is the sandbox's
  std::function<Reply(const Request&)> take_;  ///< while it is warm
  std::chrono::steady_clock::time_point stale_at_;
};

}  // namespace paddock::keep
