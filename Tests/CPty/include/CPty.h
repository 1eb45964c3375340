#pragma once
#include <stdbool.h>
#include <termios.h>

/// A pseudo-terminal of a fixed size. Returns the master (close-on-exec, never blocking) or -1; `slave` gets the other end.
int cpty_open(int rows, int columns, int *slave);
/// Starts a program on a new pseudo-terminal, as the leader of a session that has it as its terminal, with default signals and
/// no other descriptors, in `directory`. Returns the master, or -1 with errno; `mode` gets the terminal's mode before the program
/// could change it. Only C runs between fork and exec.
int cpty_spawn(const char *const arguments[], const char *const environment[], const char *directory, int rows,
               int columns, int *pid, struct termios *mode);
/// Gives the window another size; a foreground program gets SIGWINCH.
int cpty_resize(int master, int rows, int columns);
/// Whether whoever has the terminal reads single keys without echo.
bool cpty_is_raw(int master);
/// Removes a directory and everything in it, following no symbolic links (nftw(3), which Swift's Glibc module does not show).
void cpty_remove_tree(const char *path);
