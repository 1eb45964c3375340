import Results
import Support

/// Contexts and commands of the scripted workspace (API 1.2).
extension ScriptedWorkspace {
    static func executionReply(
        _ request: FaultServer.Request, _ body: JSONValue, _ state: inout State
    ) -> FaultServer.Reply {
        func parameter(_ name: String) -> String {
            if let text = body[name]?.text { return text }
            let pairs = request.query.split(separator: "&").map { $0.split(separator: "=", maxSplits: 1) }
            return pairs.first { $0.first == name[...] }.flatMap { $0.count == 2 ? String($0[1]) : nil } ?? ""
        }
        let context = parameter("contextId")
        switch request.path {
        case "/api/1.2/contexts/create":
            let id = "ctx\(state.nextID())"
            state.contexts[id] = Context()
            return .json(#"{"id":"\#(id)"}"#)
        case "/api/1.2/contexts/destroy":
            state.contexts[context]?.isDestroyed = true
            return .json(#"{"id":"\#(context)"}"#)
        case "/api/1.2/contexts/status":
            guard lives(context, state) else { return unknown(context) }
            return .json(#"{"id":"\#(context)","status":"\#(state.contextState)"}"#)
        case "/api/1.2/commands/execute":
            guard lives(context, state) else { return unknown(context) }
            return execute(
                body["command"]?.text ?? "", body["language"]?.text ?? "", in: context, &state)
        case "/api/1.2/commands/status":
            guard lives(context, state) else { return unknown(context) }
            return commandStatus(parameter("commandId"), state)
        case "/api/1.2/commands/cancel":
            state.works[parameter("commandId")]?.isCancelled = true
            return .json(#"{"id":"\#(parameter("commandId"))"}"#)
        default: return .json(#"{"error":"no such method"}"#, status: 404)
        }
    }

    private static func lives(_ context: String, _ state: State) -> Bool {
        state.contexts[context].map { !$0.isLost && !$0.isDestroyed } ?? false
    }

    private static func unknown(_ context: String) -> FaultServer.Reply {
        .json(#"{"error":"ContextNotFound: there is no context \#(context)"}"#, status: 500)
    }

    private static func execute(
        _ code: String, _ language: String, in context: String, _ state: inout State
    ) -> FaultServer.Reply {
        let work = Work(text: code, language: language, context: context, hangs: state.hangs)
        if work.word == .lose { state.contexts[context]?.isLost = true }
        let id = "cmd\(state.nextID())"
        state.works[id] = work
        return .json(#"{"id":"\#(id)"}"#)
    }

    private static func commandStatus(_ id: String, _ state: State) -> FaultServer.Reply {
        guard let work = state.works[id] else {
            return .json(#"{"error":"CommandNotFound: there is no command \#(id)"}"#, status: 500)
        }
        func isOver(_ work: Work) -> Bool {
            work.isOver && (work.isCancelled || !work.asksForNames || state.names != nil)
        }
        // The commands of a context run one after another.
        let isBehind = state.works.contains { other, earlier in
            earlier.context == work.context && !isOver(earlier) && (other.count, other) < (id.count, id)
        }
        guard isOver(work), !isBehind || work.isCancelled else {
            let status = work.isCancelled ? "Cancelling" : work.word == .queue || isBehind ? "Queued" : "Running"
            return .json(#"{"id":"\#(id)","status":"\#(status)","results":null}"#)
        }
        if work.isCancelled, [.hang, .queue].contains(work.word) || work.asksForNames {
            return .json(#"{"id":"\#(id)","status":"Cancelled","results":null}"#)
        }
        let names = (state.names ?? []).map { #"["\#($0)", "int"]"# }.joined(separator: ", ")
        let text = work.asksForNames ? "[\(names)]" : "ran " + work.text
        let results =
            switch work.word {
            case .fail:
                #"{"resultType":"error","summary":"Failed: on purpose","cause":"Traceback\nFailed: on purpose"}"#
            case .show:
                #"{"resultType":"table","isJsonSchema":true,"schema":[{"name":"n","type":"\"long\""}],"data":[[7]]}"#
            default: #"{"resultType":"text","data":\#(JSONValue.string(text).serialized())}"#
            }
        return .json(#"{"id":"\#(id)","status":"Finished","results":\#(results)}"#)
    }
}
