import Databricks
import Results
import Testing

@testable import Shell

/// HTML as a reader of text sees it.
@MainActor @Suite struct HTMLDocumentTests {
    private func parts(_ html: String) throws -> [HTMLDocument.Part] { try #require(HTMLDocument(html)).parts }

    @Test func pandasTablesAreTables() throws {
        let html = """
            <div><style scoped>.dataframe tbody { color: red }</style>
            <table border="1" class="dataframe"><thead><tr style="text-align: right;"><th></th><th>a</th><th>b &amp; c</th></tr>
            </thead><tbody><tr><th>0</th><td>1</td><td>x<br>y</td></tr><tr><th>1</th><td></td><td>é</td></tr></tbody></table>
            <p>2 rows</p></div>
            """
        #expect(
            try parts(html) == [
                .table(columns: ["", "a", "b & c"], rows: [["0", "1", "x y"], ["1", "", "é"]]), .text("2 rows"),
            ])
    }

    /// Numbers stand at the right; what only looks like one (a zip code) is text.
    @Test(arguments: [
        (["1", "-20"], "BIGINT"), (["1.5", "NaN", "2e-3"], "DOUBLE"), (["NaN"], "STRING"), (["01234"], "STRING"),
        (["1", ""], "STRING"), ([], "STRING"), (["1", "x"], "STRING"), (["123456789012345678901"], "DOUBLE"),
    ])
    func columnsOfNumbersAreNumbers(_ cells: [String], _ type: String) {
        #expect(HTMLDocument.column("c", holding: cells).typeText == type)
    }

    @Test func tablesWithoutHeadersAndCellsOverSeveral() throws {
        let html = """
            <table><tr><td rowspan=2>a</td><td colspan="2">b</td></tr><tr><td>c</td><td>d<table><tr><td>in</td></tr></table></td>
            </tr></table>
            """
        #expect(
            try parts(html) == [
                .table(columns: ["c1", "c2", "c3"], rows: [["a", "b", "b"], ["a", "c", "din"]])
            ])
        let levels =
            "<table><tr><th>x</th><th colspan=2>y</th></tr><tr><th></th><th>p</th><th>q</th></tr>"
            + "<tr><td>1</td><td>2</td><td>3</td></tr></table>"
        #expect(try parts(levels) == [.table(columns: ["x", "p", "q"], rows: [["1", "2", "3"]])])
    }

    @Test func whatNobodySeesIsLeftOut() throws {
        let html = """
            <html><head><title>t</title><style>p{}</style></head><body><script>var x = "<b>1</b>";</script>
            <h1>Title</h1>some <b>bold</b>
               text &lt;int&gt;<ul><li>one<li>two<ol><li>deep</ol></ul><pre>a
              b</pre><img src="data:image/png;base64,iVBO" alt="plot"><!-- no -->end
            """
        let found = try parts(html)
        #expect(
            found == [
                .text("Title\nsome bold text <int>\n• one\n• two\n  1. deep\na\n  b"),
                .picture(.data(mediaType: "image/png", base64: "iVBO")), .text("[plot]end"),
            ])
    }

    @Test(arguments: [
        ("1 < 2 and 3 > 2", "1 < 2 and 3 > 2"), ("a &lt; b &amp;&nbsp;c", "a < b & c"),
        ("<p>one</p><p>two<br>three</p>", "one\ntwo\nthree"),
        ("<img alt='a > b'>x<!-- <p>no</p> -->y", "[a > b]xy"), ("<pre>a\n  b</pre>c", "a\n  b\nc"),
        ("<script>if (1 < 2) { f('</p>') }</SCRIPT>x", "x"),
    ])
    func textIsRead(_ html: String, _ text: String) throws {
        #expect(try parts(html) == [.text(text)])
    }

    @Test(arguments: ["", "<", "<table>", "<tr><td>", "</div></div>", "<p>a</p", "\u{0}", "<a <b <c", "&#x110000;"])
    func anythingIsRead(_ html: String) throws {
        _ = try parts(html)
    }
}
