import Support

/// SplitMix64 (Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators", 2014).
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

/// A network and a service that do whatever they like, by seed: slow, dropped, 429 and 503 with Retry-After, garbage.
///
/// One thing they do not do: to make a context and keep silent about it. Nobody could destroy that.
final class RandomTrouble: Trouble {
    private let generator: Guarded<SplitMix>
    private let isOver = Guarded(false)

    init(seed: UInt64) { generator = Guarded(SplitMix(state: seed)) }

    /// From now on all goes well.
    func end() { isOver.withLock { $0 = true } }

    private func number(_ limit: Int) -> Int { generator.withLock { Int.random(in: 0..<limit, using: &$0) } }

    func reply(
        to request: FaultServer.Request, from answer: (FaultServer.Request) -> FaultServer.Reply
    ) -> FaultServer.Reply {
        if isOver.withLock({ $0 }) { return answer(request) }
        let busy = [("Retry-After", "\(number(2))")]
        switch number(100) {
        case 0..<60: return answer(request)
        case 60..<80: return answer(request).after(.milliseconds(number(300)))
        case 80..<82: return answer(request).after(.milliseconds(1500))
        case 82..<85: return .status(429, headers: busy, body: #"{"error_code":"REQUEST_LIMIT_EXCEEDED"}"#)
        case 85..<88: return .status(503, headers: busy, body: "<html>busy</html>")
        case 88..<90: return .html("<html><body>a proxy speaks</body></html>", status: 502)
        case 90..<92: return .json(#"{"error":"InternalError: something"}"#, status: 500)
        case 92..<94: return .hangUp
        case 94..<95: return .reset
        case 95..<97: return .garbage
        case 97..<98: return .json(#"{"this":["is not what was asked for"]}"#)
        default:
            // Done, and the reply gets lost.
            if request.path.hasSuffix("/contexts/create") { return answer(request) }
            _ = answer(request)
            return .hangUp
        }
    }
}
