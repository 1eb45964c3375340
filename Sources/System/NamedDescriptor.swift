import Glibc

/// Paths that name a descriptor of this process, such as `/dev/stdout` and `/dev/fd/3` (fd(4), proc(5)).
package enum NamedDescriptor {
    /// A copy of the descriptor that `path` names, for its caller to close; -1 with errno when that one is not open. Nil when
    /// `path` names none.
    ///
    /// What is written to the copy comes after what was written to the descriptor. A file behind it that is opened anew begins at
    /// its start instead, and loses what is there.
    package static func copy(of path: String) -> Int32? {
        number(in: path).map { fcntl($0, F_DUPFD_CLOEXEC, 0) }
    }

    /// The number of the descriptor that `path` names.
    package static func number(in path: String) -> Int32? {
        switch path {
        case "/dev/stdout": STDOUT_FILENO
        case "/dev/stderr": STDERR_FILENO
        default:
            ["/dev/fd/", "/proc/self/fd/"].first(where: path.hasPrefix).flatMap { Int32(path.dropFirst($0.utf8.count)) }
        }
    }
}
