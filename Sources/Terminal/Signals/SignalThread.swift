import CEdit
import Glibc
import System

/// The thread that turns signals into calls: handlers write a number into a pipe, it reads the pipe. So nothing but a write
/// happens inside a handler (signal-safety(7)), and signals arrive in order. Started once, on first use.
enum SignalThread {
    static let isRunning: Bool = {
        guard cedit_signal_pipe() >= 0 else { return false }
        return BlockingThread.start(named: "signals", stackSize: 256 << 10) {
            var numbers = [UInt8](repeating: 0, count: 64)
            while true {
                let count = read(cedit_signal_pipe(), &numbers, numbers.count)
                if count > 0 {
                    for number in numbers[..<count] { Interrupts.shared.deliver(Int32(number)) }
                } else if count == 0 || errno != EINTR {
                    return
                }
            }
        }
    }()
}
