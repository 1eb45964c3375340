/// Counts different values in bounded memory: exactly while they are few, from the smallest hashes of them when they are many
/// (Bar-Yossef et al., "Counting distinct elements in a data stream", 2002), then within about 2 %.
struct DistinctCount {
    private static let kept = 4096

    private var hashes: Set<UInt64> = []
    /// Hashes from here on are not kept; nil while all are.
    private var limit: UInt64?

    /// Takes in the bytes of a value.
    mutating func add(_ bytes: UnsafeBufferPointer<UInt8>) {
        var hasher = Hasher()
        hasher.combine(bytes: UnsafeRawBufferPointer(bytes))
        let hash = UInt64(bitPattern: Int64(hasher.finalize()))
        guard limit.map({ hash < $0 }) ?? true else { return }
        hashes.insert(hash)
        if hashes.count > 2 * Self.kept { trim() }
    }

    private mutating func trim() {
        let smallest = hashes.sorted().prefix(Self.kept + 1)
        limit = smallest.last
        hashes = Set(smallest.dropLast())
    }

    var isExact: Bool { limit == nil }

    /// How many different values came.
    var count: Int {
        guard let limit else { return hashes.count }
        return Int((Double(hashes.count) / (Double(limit) / 0x1p64)).rounded())
    }
}
