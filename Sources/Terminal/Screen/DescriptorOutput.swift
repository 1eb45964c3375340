import Glibc

/// Writes all of `text`, waiting where the descriptor does not block. What cannot be written (the terminal is gone) is
/// dropped.
func writeAll(_ descriptor: Int32, _ text: String) {
    var text = text
    text.withUTF8 { bytes in
        var done = 0
        while done < bytes.count {
            // Within the buffer: `done` never passes its count, and the loop ends there.
            let written = write(descriptor, bytes.baseAddress! + done, bytes.count - done)
            if written > 0 {
                done += written
            } else if written < 0, errno == EAGAIN {
                var wait = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                poll(&wait, 1, 1000)
            } else if written == 0 || errno != EINTR {
                return
            }
        }
    }
}
