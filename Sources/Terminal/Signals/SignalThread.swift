import CEdit
import Glibc

/// The thread that turns signals into calls: handlers write a number into a pipe, it reads the pipe. So nothing but a write
/// happens inside a handler (signal-safety(7)), and signals arrive in order. Started once, on first use.
enum SignalThread {
    static let isRunning: Bool = {
        guard cedit_signal_pipe() >= 0 else { return false }
        return startThread(named: "signals", stackSize: 256 << 10) {
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

/// Starts a detached thread for work that blocks: Swift's own threads are as many as there are cores, and must not.
/// False when the system has none left.
func startThread(named name: String, stackSize: Int, _ body: @escaping @Sendable () -> Void) -> Bool {
    final class Start {
        let name: String
        let body: @Sendable () -> Void
        init(name: String, body: @escaping @Sendable () -> Void) {
            self.name = name
            self.body = body
        }
    }
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    defer { pthread_attr_destroy(&attributes) }
    pthread_attr_setstacksize(&attributes, stackSize)
    pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
    // Retained for the thread, which takes the reference over; when there is no thread it is given back here.
    let start = Unmanaged.passRetained(Start(name: name, body: body))
    var thread = pthread_t()
    let result = pthread_create(
        &thread, &attributes,
        { argument in
            let start = Unmanaged<Start>.fromOpaque(argument!).takeRetainedValue()
            cedit_thread_name(start.name)
            start.body()
            return nil
        }, start.toOpaque())
    if result != 0 { start.release() }
    return result == 0
}
