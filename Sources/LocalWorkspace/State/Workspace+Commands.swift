import System

/// Commands of execution contexts: one at a time per context, side by side between contexts.
extension Workspace {
    /// Takes a command. Returns its id.
    /// - Throws: `APIError` in 1.2 form when the context is unknown or lost.
    func execute(_ code: String, _ language: Language, in contextID: String) throws -> String {
        if case .lost(let why) = try context(contextID).state {
            throw APIError.execution("ContextNotFoundException", "Execution context \(contextID) is lost. \(why)")
        }
        let command = Command(id: Random.hexadecimal(bytes: 16), language: language, code: code)
        if let next = contexts[contextID]?.submit(command) { run(next, in: contextID) }
        return command.id
    }

    /// Python and R run in the context's process, SQL and Scala in the engine's.
    private func run(_ command: Command, in contextID: String) {
        switch command.language {
        case .sql where connect != nil, .scala where connect != nil, .python, .r:
            let message = EngineMessage.execute(command.code, language: command.language, id: command.id)
            contextProcesses[contextID]?.send(message.bytes)
        case .sql:
            tell(
                EngineMessage.sqlCommand(
                    command.code, id: command.id, context: contextID, directory: data.results(of: command.id)))
        case .scala:
            tell(EngineMessage.scalaCommand(command.code, id: command.id, context: contextID))
        }
    }

    /// The command called `id` of a context.
    /// - Throws: `APIError` in 1.2 form when there is no such context or command.
    func command(_ id: String, in contextID: String) throws -> Command {
        guard let command = try context(contextID).commands[id] else {
            throw APIError.execution("CommandNotFoundException", "Command \(id) does not exist")
        }
        return command
    }

    /// Cancels a command: at once, and the process that runs it follows when it can, as the service does it; for Spark elsewhere,
    /// when the process has asked for its end there.
    func cancelCommand(_ id: String, in contextID: String) throws {
        let command = try command(id, in: contextID)
        guard contexts[contextID]?.cancel(id, isConfirmed: connect != nil) == .interrupt else { return }
        switch command.language {
        case .sql where connect != nil, .scala where connect != nil, .python, .r:
            contextProcesses[contextID]?.send(EngineMessage.cancel(id).bytes)
        case .sql, .scala: tell(EngineMessage.cancel(id))
        }
    }

    /// The engine has begun with a command.
    func commandStarted(_ id: String) {
        guard let context = owner(of: id) else { return }
        contexts[context]?.started(id)
    }

    /// The engine is done with a command.
    func commandEnded(_ id: String, canceled: Bool, results: JSON) {
        guard let context = owner(of: id) else { return }
        finish(id, in: context, canceled: canceled, results: results)
    }

    /// A process is done with a command: the context's next one begins.
    func finish(_ id: String, in contextID: String, canceled: Bool, results: JSON) {
        if let next = contexts[contextID]?.finished(id, canceled: canceled, results: results) {
            run(next, in: contextID)
        }
    }

    private func owner(of command: String) -> String? {
        contexts.values.first { $0.current == command }?.id
    }
}
