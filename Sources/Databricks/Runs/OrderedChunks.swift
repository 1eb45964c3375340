/// The content of a result's chunks, in order, piece by piece; chunks ahead of the reader are fetched at the same time.
///
/// Memory is bounded: every fetch under way holds at most `limit` of what it has fetched, then its connection is not read.
final class OrderedChunks<Piece: Sendable> {
    /// Fetches a chunk, passes its pieces on and returns the index of the chunk after it, if it says so.
    typealias Fetch =
        @Sendable (
            _ index: Int, _ give: @escaping @Sendable (Piece) async throws -> Void
        ) async throws -> Int?

    /// A chunk that is being fetched.
    private struct Pending {
        let queue: BoundedQueue<Piece>
        let task: Task<Int?, any Error>

        func stop() {
            task.cancel()
            queue.abandon()
        }
    }

    private let plan: ChunkPlan
    private let limit: Int
    private let cost: @Sendable (Piece) -> Int
    private let fetch: Fetch
    /// Under way, the one being read first.
    private var pending: [Pending] = []
    /// Index of the next chunk to ask for; nil when there is none or it is not known yet.
    private var upcoming: Int?

    /// - Parameters:
    ///   - first: the first chunk to fetch.
    ///   - cost: bytes that a piece takes in memory.
    init(first: Int?, plan: ChunkPlan, cost: @escaping @Sendable (Piece) -> Int, fetch: @escaping Fetch) {
        upcoming = first
        self.plan = plan
        limit = plan.bytesAhead / (plan.ahead + 1)
        self.cost = cost
        self.fetch = fetch
    }

    deinit { pending.forEach { $0.stop() } }

    /// The next piece of the chunk being read; nil at its end, and `isAtEnd` says whether there is another chunk.
    func next() async throws -> Piece? {
        fetchAhead()
        guard let current = pending.first else { return nil }
        if let piece = try await current.queue.next() { return piece }
        pending.removeFirst()
        let following = try await current.task.value
        // With the number of chunks known, indices need not be learnt one by one.
        if pending.isEmpty, plan.count == nil { upcoming = following }
        fetchAhead()
        return nil
    }

    /// There are no more chunks.
    var isAtEnd: Bool { pending.isEmpty && upcoming == nil }

    /// Leaves out the chunks up to `index`, and what is left of the one being read.
    func skip(to index: Int) {
        pending.forEach { $0.stop() }
        pending = []
        upcoming = index
    }

    /// Starts what may be under way: the chunk being read, and those ahead of it.
    func fetchAhead() {
        while let index = upcoming, pending.count <= plan.ahead {
            pending.append(start(index))
            upcoming = plan.count.flatMap { index + 1 < $0 ? index + 1 : nil }
        }
    }

    private func start(_ index: Int) -> Pending {
        let queue = BoundedQueue<Piece>(limit: limit)
        let (fetch, cost) = (fetch, cost)
        let task = Task { () -> Int? in
            do {
                let next = try await fetch(index) { try await queue.send($0, cost: cost($0)) }
                queue.finish()
                return next
            } catch {
                queue.finish(throwing: error)
                throw error
            }
        }
        return Pending(queue: queue, task: task)
    }
}

/// How many chunks a result has, and how many are fetched ahead of the one being read.
struct ChunkPlan: Sendable, Equatable {
    /// Nil when the service does not say.
    let count: Int?
    /// Chunks fetched beside the one being read.
    let ahead: Int
    /// Bytes that all fetches together may hold.
    let bytesAhead: Int

    private static let budget = 8 << 20
    private static let mostAhead = 6

    /// With sizes known, one connection more than chunks fit the budget. While one chunk is read the others wait, each with
    /// its share held: n connections that hold (n - 1)/n of a chunk each keep the speed of all n, as what is missing of a
    /// chunk comes in the time that the others took. Without sizes two are ahead, since a chunk may have 25 MiB.
    init(count: Int?, extents: [ChunkExtent], readsAhead: Bool = true) {
        self.count = count
        bytesAhead = Self.budget
        if !readsAhead {
            ahead = 0
        } else if let largest = extents.compactMap(\.byteCount).max(), largest > 0 {
            ahead = min(max(Self.budget / largest, 1), Self.mostAhead)
        } else {
            ahead = 2
        }
    }
}
