import Results
import Support

/// Statements of the scripted workspace. Their result is one row, what follows the first word; `chunks` has a second chunk that
/// keeps the client waiting, and the storage behind external links does that too.
extension ScriptedWorkspace {
    private static let root = "/api/2.0/sql/statements"

    static func statementReply(
        _ request: FaultServer.Request, _ body: JSONValue, _ state: inout State
    ) -> FaultServer.Reply {
        let parts = request.path.dropFirst(root.count).split(separator: "/").map(String.init)
        guard let id = parts.first else {
            let id = "01ef-\(state.nextID())"
            var work = Work(text: body["statement"]?.text ?? "", language: "sql", context: nil, hangs: state.hangs)
            work.isLinked = body["disposition"]?.text == "EXTERNAL_LINKS"
            state.works[id] = work
            return .json(reply(id, work, state))
        }
        guard let work = state.works[id] else {
            return .json(#"{"error_code":"NOT_FOUND","message":"no statement \#(id)"}"#, status: 404)
        }
        if parts.last == "cancel" {
            state.works[id]?.isCancelled = true
            return .json("{}")
        }
        guard parts.count > 1 else { return .json(reply(id, work, state)) }
        guard work.isLinked, let host = request["host"] else { return .silence }  // a chunk
        let link = #""external_link":"http://\#(host)/storage/\#(id)","expiration":"2999-01-01T00:00:00Z""#
        return .json(#"{"external_links":[{"chunk_index":0,"row_offset":0,"row_count":1,\#(link)}]}"#)
    }

    private static func reply(_ id: String, _ work: Work, _ state: State) -> String {
        func status(_ name: String, _ more: String = "") -> String {
            #"{"statement_id":"\#(id)","status":{"state":"\#(name)"\#(more)}"#
        }
        guard work.isOver, state.warehouseState == "RUNNING" || work.isCancelled else {
            let isPending = work.word == .queue || state.warehouseState != "RUNNING"
            return status(isPending ? "PENDING" : "RUNNING") + "}"
        }
        switch work.word {
        case .hang where work.isCancelled, .queue: return status("CANCELED") + "}"
        case .fail:
            return status("FAILED", #","error":{"error_code":"BAD_REQUEST","message":"on purpose"}"#) + "}"
        default: return status("SUCCEEDED") + "," + result(work) + "}"
        }
    }

    private static func result(_ work: Work) -> String {
        let isLong = work.word == .chunks
        let column = #"{"name":"x","type_text":"STRING","type_name":"STRING","position":0}"#
        let extents = (0..<(isLong ? 2 : 1)).map {
            #"{"chunk_index":\#($0),"row_offset":\#($0),"row_count":1,"byte_count":20}"#
        }
        let manifest =
            #"{"format":"JSON_ARRAY","schema":{"column_count":1,"columns":[\#(column)]},"chunks":"#
            + #"[\#(extents.joined(separator: ","))],"total_chunk_count":\#(extents.count),"#
            + #""total_row_count":\#(extents.count),"total_byte_count":40,"truncated":false}"#
        let next = isLong ? #","next_chunk_index":1"# : ""
        let rest = JSONValue.string(work.words.dropFirst().joined(separator: " ")).serialized()
        let rows = work.isLinked ? "" : #","data_array":[[\#(rest)]]"#
        return #""manifest":\#(manifest),"result":{"chunk_index":0,"row_offset":0,"row_count":1\#(next)\#(rows)}"#
    }
}
