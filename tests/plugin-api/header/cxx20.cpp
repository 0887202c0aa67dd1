#include "layout.h"
#include "paddock/plugin.h"

extern "C" layout layout_cxx20(void) {
  return LAYOUT;
}
