import Databricks
import Results
import Testing

/// The results object of API 1.2, in all its forms.
struct CommandOutcomeTests {
    private func outcome(_ results: String, status: String = "Finished") throws -> CommandOutcome? {
        CommandOutcome(
            CommandStatus(json: try JSONValue.parse(#"{"id":"1","status":"\#(status)","results":\#(results)}"#)))
    }

    /// One line that says what an outcome is.
    private func describe(_ outcome: CommandOutcome?) -> String {
        switch outcome {
        case nil: "unfinished"
        case .success(.text(let text, let truncated)): "text\(truncated ? " (truncated)" : ""): \(text)"
        case .success(.html(let html)): "html: \(html)"
        case .success(.table(let columns, let store, let truncated)):
            "table\(truncated ? " (truncated)" : ""): \(columns.map { "\($0.name) \($0.typeText)" }) \(store.rowCount)"
        case .success(.images(let images, let text)): "images: \(images) \(text ?? "-")"
        case .failure(let summary, let cause, let output):
            "failure: \(summary) | \(cause ?? "-")" + (output.map { " | printed: \($0)" } ?? "")
        case .interrupted(let summary, let cause): "interrupted: \(summary) | \(cause ?? "-")"
        }
    }

    static let cases: [(results: String, meaning: String)] = [
        (#"{"resultType":"text","data":"juhu"}"#, "text: juhu"),
        (#"{"resultType":"text","data":""}"#, "text: "),
        (#"{"resultType":"text"}"#, "text: "),
        (#"{"resultType":"TEXT_RESULT","data":"x","truncated":true}"#, "text (truncated): x"),
        (#"{"resultType":"text","data":"Out[3]: 42"}"#, "text: 42"),
        (#"{"resultType":"text","data":"printed\nOut[12]: 'a'\nmore"}"#, "text: printed\n'a'\nmore"),
        (#"{"resultType":"text","data":"Out[3]: \n   a  b\n0  1  2"}"#, "text:    a  b\n0  1  2"),
        (#"{"resultType":"text","data":"see Out[3]: there"}"#, "text: see Out[3]: there"),
        (#"{"resultType":"text","data":"Out[x]: y"}"#, "text: Out[x]: y"),
        (#"{"resultType":"text","data":"<div>1</div>"}"#, "html: <div>1</div>"),
        (#"{"resultType":"text","data":"\n<!DOCTYPE html><p>"}"#, "html: \n<!DOCTYPE html><p>"),
        (
            #"{"resultType":"text","data":"<style></style><table><tr></tr></table>\n"}"#,
            "html: <style></style><table><tr></tr></table>\n"
        ),
        (#"{"resultType":"text","data":"a < b </div>"}"#, "text: a < b </div>"),
        (#"{"resultType":"html","data":"<b>x</b>"}"#, "html: <b>x</b>"),
        (#"{"resultType":"hologram","data":{"a":[1]}}"#, #"text: {"a":[1]}"#),
        (#"{"resultType":"hologram","data":"x"}"#, "text: x"),
        (
            #"{"resultType":"table","isJsonSchema":true,"truncated":true,"#
                + #""schema":[{"name":"id","type":"\"long\"","metadata":"{}"}],"data":[[9007199254740993],[null]]}"#,
            #"table (truncated): ["id BIGINT"] 2"#
        ),
        (#"{"resultType":"table","data":""}"#, "table: [] 0"),
        (
            #"{"resultType":"error","summary":"<span class='ansi-red-fg'>ZeroDivisionError</span>: a &lt;int&gt; "#
                + #"&amp; &#39;b&#x27;","cause":"\u001b[0;31mTrace\u001b[0m"}"#,
            "failure: ZeroDivisionError: a <int> & 'b' | \u{1B}[0;31mTrace\u{1B}[0m"
        ),
        (
            #"{"resultType":"error","cause":"line 1\n\u001b[0;31mKeyError\u001b[0m: 'x'\n"}"#,
            "failure: KeyError: 'x' | line 1\n\u{1B}[0;31mKeyError\u{1B}[0m: 'x'\n"
        ),
        (#"{"resultType":"error","data":"it broke"}"#, "failure: it broke | it broke"),
        (#"{"resultType":"error","summary":"1 < 2 is not a tag"}"#, "failure: 1 < 2 is not a tag | -"),
        (#"{"resultType":"error"}"#, "failure: the command failed, and does not say why | -"),
        (
            #"{"resultType":"error","summary":"Cancelled","#
                + #""cause":"com.databricks.backend.common.rpc.CommandCancelledException\n\tat x"}"#,
            "interrupted: Cancelled | com.databricks.backend.common.rpc.CommandCancelledException\n\tat x"
        ),
        (
            #"{"resultType":"image","fileName":"data:image/png;base64,iVBO"}"#,
            #"images: [Databricks.ImageReference.data(mediaType: "image/png", base64: "iVBO")] -"#
        ),
        (
            #"{"resultType":"images","fileNames":["/plots/a.png","data:image/jpeg;x=1;base64,AA=="],"data":"hi"}"#,
            #"images: [Databricks.ImageReference.file(path: "/plots/a.png"), "#
                + #"Databricks.ImageReference.data(mediaType: "image/jpeg", base64: "AA==")] hi"#
        ),
    ]

    @Test(arguments: cases)
    func reads(results: String, meaning: String) throws {
        #expect(try describe(outcome(results)) == meaning)
    }

    static let states: [(status: String, results: String, meaning: String)] = [
        ("Queued", "null", "unfinished"),
        ("Running", #"{"resultType":"text","data":"early"}"#, "unfinished"),
        ("Cancelling", "null", "unfinished"),
        ("COMMAND_FINISHED", "null", "text: "),
        ("Cancelled", "null", "interrupted: the command was cancelled | -"),
        ("Cancelled", #"{"resultType":"text","data":"half"}"#, "interrupted: the command was cancelled | -"),
        ("Error", "null", "failure: the service could not run the command | -"),
        ("Error", #"{"resultType":"error","summary":"no"}"#, "failure: no | -"),
        ("Dancing", "null", "unfinished"),
    ]

    @Test(arguments: states)
    func ends(status: String, results: String, meaning: String) throws {
        #expect(try describe(outcome(results, status: status)) == meaning)
    }
}
