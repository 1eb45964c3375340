import Glibc
import System
import Terminal

extension Report {
    /// Words a file that could not be written to its end.
    init(write error: WriteError) {
        switch error.reason {
        case .code(let code):
            let system = String(cString: strerror(code))
            let rest =
                error.leavesPart
                ? "what is in it breaks off" : "nothing is left under that name that is not whole"
            switch code {
            case ENOSPC, EDQUOT:
                let what = code == ENOSPC ? "the disk is full" : "the disk quota is used up"
                self.init(
                    "cannot write \(error.path): \(what) (\(system))",
                    hint: "\(rest); make room or name a file on another disk, and write it again")
            case EFBIG:
                self.init(
                    "cannot write \(error.path): \(system)",
                    hint: "\(rest); the limit is that of ulimit -f or of the file system")
            default: self.init("cannot write \(error.path): \(system)", hint: rest)
            }
        case .compressor(let name, let status, let said):
            let end =
                switch status {
                case .exited(let code): "exit status \(code)"
                case .signalled(let signal): "signal \(signal)"
                }
            self.init(
                "cannot write \(error.path): \(name) ended with \(end)",
                detail: said.isEmpty ? nil : said.split(separator: "\n").map { "  " + $0 }.joined(separator: "\n"))
        case .brokenOff:
            self.init("\(error.path) was not written", detail: "  a result for it did not come to its end")
        }
    }
}
