import CSpawn
import Glibc

/// The two ends of a pipe(2). Neither leaks into other programs: its reader would never see the end of its input.
struct Pipe {
    let reading: Int32
    let writing: Int32

    /// - Parameter program: named by the error.
    init(for program: String) throws(SystemCommand.StartError) {
        var ends: [Int32] = [0, 0]
        guard spawn_pipe(&ends) == 0 else { throw SystemCommand.StartError(program: program, code: errno) }
        (reading, writing) = (ends[0], ends[1])
    }

    /// Lets neither end block.
    func setNonblocking() {
        for end in [reading, writing] { _ = fcntl(end, F_SETFL, O_NONBLOCK) }
    }
}
