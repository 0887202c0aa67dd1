#include "filters.hpp"

#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>

namespace gate {
namespace {

/// One program; what the file holds behind it, in `at`.
bool install(const uint64_t*& at, const uint64_t* end) {
  const uint64_t length = *at++;
  if (length == 0 || length > BPF_MAXINSNS || length > static_cast<uint64_t>(end - at)) {
    errno = EBADMSG;
    return false;
  }
  sock_fprog program{static_cast<unsigned short>(length),
                     reinterpret_cast<sock_filter*>(const_cast<uint64_t*>(at))};
  at += length;
  return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0) == 0;
}

}  // namespace

bool install_filters(int fd) {
  struct stat status {};
  if (fd == 0) {
    return true;
  }
  if (fstat(fd, &status) != 0) {
    return false;
  }
  const auto size = static_cast<size_t>(status.st_size);
  void* mapped = size == 0 ? nullptr : mmap(nullptr, size, PROT_READ, MAP_PRIVATE, fd, 0);
  if (mapped == MAP_FAILED) {
    return false;
  }
  const auto* at = static_cast<const uint64_t*>(mapped);
  const uint64_t* end = at + size / sizeof *at;
  while (at < end) {
    if (!install(at, end)) {
      return false;
    }
  }
  return true;
}

}  // namespace gate
