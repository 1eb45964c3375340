import Glibc

/// Descriptors 0, 1 and 2, which a caller may have closed (`dbsh <&-`).
enum StandardStreams {
    /// Opens the closed ones so that using them fails with EBADF, as it should. Otherwise the next files and pipes of our own
    /// would get their numbers: standard input would be read from one of them, for ever.
    static func reserve() {
        for descriptor in STDIN_FILENO...STDERR_FILENO where fcntl(descriptor, F_GETFD) < 0 {
            // The lowest free number is given out, which is this one.
            _ = open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY)
        }
    }
}
