/* The only file of an image: no shell, no library, no directory. */
#include <stdio.h>
#include <unistd.h>

int main(void) {
  printf("hello from uid %d\n", (int)getuid());
  return 5;
}
