import Databricks
import System

/// The session that outlives this dbsh: its execution contexts, its SQL session, its parameters and its language stay for the
/// next one that asks for its name. Only when asked for, because a cluster holds 145 contexts, and no API lists them.
final class KeptSession {
    let name: String
    /// What is lost is made anew (`--new-if-lost`).
    let isRenewed: Bool
    private let record: SessionRecord
    private let made: WallTime
    private unowned let session: Session

    init(_ name: String, _ record: SessionRecord, made: WallTime?, isRenewed: Bool, in session: Session) {
        self.name = name
        self.record = record
        self.made = made ?? .now
        self.isRenewed = isRenewed
        self.session = session
        session.workspace.isKept = true
    }

    /// Writes down how the session stands, if that has changed.
    func save() {
        let workspace = session.workspace
        guard let host = workspace.host else { return }
        var content = SessionContent()
        content.host = host
        content.contexts = workspace.contexts.listed
        content.pythons = workspace.bridges.kept
        content.sqlSession = workspace.sessions.current.map {
            .init(
                id: $0.id, warehouse: $0.warehouse, transaction: workspace.sessions.transaction,
                commitsByItself: workspace.sessions.commitsByItself)
        }
        content.cluster = workspace.cluster.map { $0.id ?? $0.reference }
        content.clusterIsConnect = workspace.cluster?.isConnect == true
        content.warehouse = workspace.warehouse.map { $0.id ?? $0.reference }
        content.target = workspace.chosenSQLTarget
        content.catalog = workspace.catalog
        content.schema = workspace.schema
        content.language = session.language
        content.parameters = session.parameters.all
        content.user = workspace.user
        content.made = made
        record.keep(content)
    }

    /// Leaves the session as it stands to the next dbsh.
    func leave() {
        save()
        record.release()
        session.kept = nil
    }

    /// The session ends with this dbsh, as any other does.
    func forget() {
        record.remove()
        session.workspace.isKept = false
        session.kept = nil
        session.workspace.contextsChanged()
    }
}
