#include "privileges.hpp"

#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace gate {
namespace {

bool shrink_bounding_set(unsigned long kept) {
  for (int number = 0; ::prctl(PR_CAPBSET_READ, number, 0, 0, 0) >= 0; ++number) {
    if ((kept >> number & 1) == 0 && ::prctl(PR_CAPBSET_DROP, number, 0, 0, 0) != 0) {
      return false;
    }
  }
  return errno == EINVAL;  // one past the last that this kernel knows
}

bool become(unsigned user, unsigned group) {
  return user == 0 || (::setgroups(0, nullptr) == 0 && ::setresgid(group, group, group) == 0 &&
                       ::setresuid(user, user, user) == 0);
}

bool set_sets(unsigned long kept) {
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  const auto low = static_cast<uint32_t>(kept);
  const auto high = static_cast<uint32_t>(kept >> 32);
  __user_cap_data_struct data[2] = {{low, low, low}, {high, high, high}};
  return ::syscall(SYS_capset, &header, data) == 0;
}

bool raise_ambient(unsigned long kept) {
  ::prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
  for (int number = 0; number < 64; ++number) {
    if ((kept >> number & 1) != 0 &&
        ::prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, number, 0, 0) != 0) {
      return false;
    }
  }
  return true;
}

}  // namespace

bool keep_only(unsigned long kept, unsigned user, unsigned group) {
  return ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && shrink_bounding_set(kept) &&
         become(user, group) && set_sets(kept) && raise_ambient(kept);
}

}  // namespace gate
