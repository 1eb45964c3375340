import Databricks
import Text

/// Shows in the status line what a long statement is doing: its state, its progress, and while it waits for its
/// warehouse, the warehouse's state.
///
/// It is driven by the polls of the statement: no request before 2 s, then one every 2.5 s, a little after a poll and as far
/// from the next one. Nothing waits for a reply. After a refusal there are no more requests.
final class StatementWatch {
    private let console: Console
    private let client: Client
    private let warehouse: String
    private var state = StatementState.pending
    private var metrics: QueryMetrics?
    private var lastAsked = Duration.zero
    private var asking: Task<Void, Never>?
    private var answersOfWarehouse = true
    private var answersOfHistory = true

    private static let firstAsk = Duration.seconds(2)
    private static let interval = Duration.seconds(2.5)
    /// After a poll: no two requests within 50 ms. From 2 s on, polls are 200 ms apart and more.
    private static let distance = Duration.milliseconds(60)

    init(console: Console, client: Client, warehouse: String) {
        self.console = console
        self.client = client
        self.warehouse = warehouse
    }

    /// The statement was polled.
    func update(_ progress: StatementProgress) {
        if progress.state != state {
            state = progress.state
            show(nil)
        }
        guard console.showsWaiting, asking == nil, progress.elapsed >= max(Self.firstAsk, lastAsked + Self.interval)
        else { return }
        guard state == .pending ? answersOfWarehouse : state == .running && answersOfHistory else { return }
        lastAsked = progress.elapsed
        let id = progress.id
        asking = Background.start {
            try? await Task.sleep(for: Self.distance)
            if !Task.isCancelled { await self.ask(about: id) }
            self.asking = nil
        }
    }

    /// The statement has ended.
    func end() { asking?.cancel() }

    private func ask(about id: String) async {
        if state == .pending {
            let found = try? await client.warehouses.get(warehouse)
            answersOfWarehouse = found != nil
            if !Task.isCancelled, state == .pending, let found, found.state != .running { show(found) }
        } else {
            do {
                let found = try await client.queryHistory.metrics(ofStatement: id)
                metrics = found ?? metrics
                if !Task.isCancelled, state == .running { show(nil) }
            } catch { answersOfHistory = false }
        }
    }

    private func show(_ warehouse: Warehouse?) {
        if let warehouse {
            return console.nowWaiting(for: "\(state): warehouse \(warehouse.name) is \(warehouse.state)")
        }
        console.nowWaiting(for: ([state.rawValue] + (metrics.map(Self.words) ?? [])).joined(separator: " · "))
    }

    /// The metrics in words, without zeros, which mostly stand for "not counted".
    private static func words(_ metrics: QueryMetrics) -> [String] {
        func word(_ count: Int?, _ text: (Int) -> String) -> String? { count.flatMap { $0 > 0 ? text($0) : nil } }
        return [
            word(metrics.rowsRead) { $0 == 1 ? "1 row read" : "\(Quantity.grouped($0)) rows read" },
            word(metrics.bytesRead, Quantity.bytes),
            word(metrics.tasksLeft) { $0 == 1 ? "1 task left" : "\(Quantity.grouped($0)) tasks left" },
        ].compactMap(\.self)
    }
}
