import Databricks
import Results
import Testing

/// The results object of API 1.2, in all its forms.
struct CommandOutcomeTests {
    private func outcome(
        _ results: String, status: String = "Finished", of source: CommandSource? = nil
    ) throws -> CommandOutcome? {
        CommandOutcome(
            CommandStatus(json: try JSONValue.parse(#"{"id":"1","status":"\#(status)","results":\#(results)}"#)),
            of: source)
    }

    /// One line that says what an outcome is.
    private func describe(_ outcome: CommandOutcome?) -> String {
        switch outcome {
        case nil: "unfinished"
        case .success(.text(let text, let truncated)): "text\(truncated ? " (truncated)" : ""): \(text)"
        case .success(.html(let html)): "html: \(html)"
        case .success(.table(let columns, let store, let truncated)):
            "table\(truncated ? " (truncated)" : ""): \(columns.map { "\($0.name) \($0.typeText)" }) \(store.rowCount)"
        case .success(.several(let parts)): parts.map { describe(.success($0)) }.joined(separator: " + ")
        case .success(.images(let images, let text)): "images: \(images) \(text ?? "-")"
        case .failure(let summary, let cause, let output):
            "failure: \(summary) | \(cause ?? "-")" + (output.map { " | before: \(describe(.success($0)))" } ?? "")
        case .contextEnded(let summary): "context ended: \(summary)"
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
        (#"{"resultType":"html","data":"<b>x</b>","text":"printed"}"#, "text: printed + html: <b>x</b>"),
        (#"{"resultType":"text","data":"<div class=\"ansiout\">1 &lt; 2</div>"}"#, "text: 1 < 2"),
        (
            #"{"resultType":"table","isJsonSchema":true,"schema":[{"name":"b","type":"\"long\""}],"data":[[1],[2]],"parts":["#
                + #"{"resultType":"table","isJsonSchema":true,"schema":[{"name":"a","type":"\"long\""}],"data":[[1]]},"#
                + #"{"resultType":"text","data":"between"},null,{"resultType":"image","fileName":"/plots/p.png"}]}"#,
            #"table: ["a BIGINT"] 1 + text: between + table: ["b BIGINT"] 2 + images: [Databricks.ImageReference.file(path: "/plots/p.png")] -"#
        ),
        (
            #"{"resultType":"error","summary":"E: x","cause":"Traceback\nE: x","parts":[{"resultType":"table","#
                + #""isJsonSchema":true,"schema":[{"name":"a","type":"\"long\""}],"data":[[1]]}]}"#,
            "failure: E: x | Traceback\nE: x | before: table: [\"a BIGINT\"] 1"
        ),
        (#"{"resultType":"text","data":"Out[1]: printed\nOut[2]: 'a'"}"#, "text: Out[1]: printed\n'a'"),
        (#"{"resultType":"hologram","data":{"a":[1]}}"#, #"text: {"a":[1]}"#),
        (#"{"resultType":"hologram","data":"x"}"#, "text: x"),
        (
            #"{"resultType":"table","isJsonSchema":true,"truncated":true,"#
                + #""schema":[{"name":"id","type":"\"long\"","metadata":"{}"}],"data":[[9007199254740993],[null]]}"#,
            #"table (truncated): ["id BIGINT"] 2"#
        ),
        (#"{"resultType":"table","data":""}"#, "table: [] 0"),
        (
            #"{"resultType":"table","schema":[],"data":[],"text":"before","textAfter":"after"}"#,
            "text: before + table: [] 0 + text: after"
        ),
        (
            #"{"resultType":"error","summary":"<span class='ansi-red-fg'>ZeroDivisionError</span>: a &lt;int&gt; "#
                + #"&amp; &#39;b&#x27;","cause":"\u001b[0;31mTrace\u001b[0m"}"#,
            "failure: ZeroDivisionError: a <int> & 'b' | \u{1B}[0;31mTrace\u{1B}[0m"
        ),
        (
            #"{"resultType":"error","cause":"line 1\n\u001b[0;31mKeyError\u001b[0m: 'x'\n"}"#,
            "failure: KeyError: 'x' | line 1\n\u{1B}[0;31mKeyError\u{1B}[0m: 'x'\n"
        ),
        (
            #"{"resultType":"error","summary":null,"cause":"com.databricks.ReplStartFailureException: no\n\tat a.B.c(B.scala:3)\n"#
                + #"\tat java.lang.Thread.run(Thread.java:750)"}"#,
            "failure: com.databricks.ReplStartFailureException: no | com.databricks.ReplStartFailureException: no\n"
                + "\tat a.B.c(B.scala:3)\n\tat java.lang.Thread.run(Thread.java:750)"
        ),
        (
            #"{"resultType":"error","summary":"list<int> &amp; <b>x</b> map<string,b>"}"#,
            "failure: list<int> & x map<string,b> | -"
        ),
        (#"{"resultType":"error","summary":"array<struct<a:b>> &amp;"}"#, "failure: array<struct<a:b>> &amp; | -"),
        (
            #"{"resultType":"error","summary":"Cancelled","cause":"com.databricks.backend.common.rpc.CommandCancelledException\n"#
                + #"\tat com.databricks.ExecContextState.$anonfun$shutdown$1(ExecContextState.scala:1)"}"#,
            "context ended: Cancelled"
        ),
        (
            #"{"resultType":"text","data":"a\n*** WARNING: max output size exceeded, skipping output. ***\nb"}"#,
            "text (truncated): a\n*** WARNING: max output size exceeded, skipping output. ***\nb"
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

    /// Text that looks like the service's marks is the program's own, when the program can only have printed it.
    static let sources: [(language: Language, code: String, data: String, meaning: String)] = [
        (.python, "print('<div>1</div>')", "<div>1</div>", "text: <div>1</div>"),
        (.python, "%sh cat displayHTML.html", "<html>1</html>", "text: <html>1</html>"),
        (.python, "displayHTML('<div>1</div>')", "<div>1</div>", "html: <div>1</div>"),
        (.scala, "println(page)", "<html>1</html>", "text: <html>1</html>"),
        (.python, "print('Out[1]: hello')", "Out[1]: hello", "text: Out[1]: hello"),
        (.python, "%sh cat log", "Out[1]: hello", "text: Out[1]: hello"),
        (.scala, "println(log)", "Out[1]: hello", "text: Out[1]: hello"),
        (.python, "1 + 1", "Out[4]: 2", "text: 2"),
    ]

    @Test(arguments: sources)
    func whatWasRunSaysWhatTextMeans(language: Language, code: String, data: String, meaning: String) throws {
        let results = #"{"resultType":"text","data":"\#(data)"}"#
        #expect(try describe(outcome(results, of: CommandSource(language, code))) == meaning)
    }

    @Test func summariesOfSQLKeepTheirTypes() throws {
        let summary = "Cannot cast struct<a:array<string>,b:double> to struct<b:double> &amp; <b>"
        let results = JSONValue.object([.init("resultType", .string("error")), .init("summary", .string(summary))])
        let found = try describe(outcome(results.serialized(), of: CommandSource(.sql, "select 1")))
        #expect(found == "failure: \(summary) | -")
    }

    static let states: [(status: String, results: String, meaning: String)] = [
        ("Queued", "null", "unfinished"),
        ("Running", #"{"resultType":"text","data":"early"}"#, "unfinished"),
        ("Cancelling", "null", "unfinished"),
        ("COMMAND_FINISHED", "null", "text: "),
        ("Cancelled", "null", "interrupted: the command was cancelled | -"),
        ("Cancelled", #"{"resultType":"text","data":"half"}"#, "interrupted: the command was cancelled | -"),
        ("Error", "null", "failure: the service could not run the command, and does not say why | -"),
        ("Error", "{}", "failure: the service could not run the command, and does not say why | -"),
        (
            "Error", #"{"resultType":"text","data":"half"}"#,
            "failure: the service could not run the command, and does not say why | - | before: text: half"
        ),
        (
            "Error", #"{"resultType":"table","schema":[],"data":[]}"#,
            "failure: the service could not run the command, and does not say why | -"
        ),
        ("Error", #"{"resultType":"error","summary":"no"}"#, "failure: no | -"),
        ("Dancing", "null", "unfinished"),
    ]

    @Test(arguments: states)
    func ends(status: String, results: String, meaning: String) throws {
        #expect(try describe(outcome(results, status: status)) == meaning)
    }
}
