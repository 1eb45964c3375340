import Testing

@testable import Shell

/// Markdown as it is drawn at a terminal and written into a page.
@Suite struct MarkdownTests {
    private func text(_ markdown: String, width: Int = 40, color: Bool = false) -> String {
        MarkdownText(width: width, color: color).draw(markdown)
    }

    @Test(arguments: [
        ("# One\ntext **bold** and `code`", "One\n═══\n\ntext *bold* and `code`\n"),
        ("Two\n---\n### three ###", "Two\n───\n\nthree\n"),
        ("- a\n- b\n  1. c\n  2. d\n- [x] e", "• a\n• b\n  1. c\n  2. d\n☑ e\n"),
        ("* a\n\n  more\n* b", "• a\n\n  more\n\n• b\n"),
        ("9. nine\n10. ten", " 9. nine\n10. ten\n"),
        ("> a\n> > b", "│ a\n│ \n│ │ b\n"),
        ("```sql\nselect 1\n\nfrom t\n```\nafter", "    select 1\n    \n    from t\n\nafter\n"),
        ("    indented\n\n***", "    indented\n\n────────────────────────────────────────\n"),
        ("[a](https://x.y) <https://z> ![p](q.png)", "a (https://x.y) https://z [p] (q.png)\n"),
        ("[a](https://x.y/b_(c)) [d](e(f) (g)", "a (https://x.y/b_(c)) d (e(f) (g)\n"),
        ("snake_case_name 2 * 3 * 4 \\*no\\* a<b", "snake_case_name 2 * 3 * 4 *no* a<b\n"),
        ("one\ntwo\\\nthree<br>four &lt; <b>x</b>", "one two\nthree\nfour < x\n"),
        ("a\u{1B}[31mb", "a\\x1b[31mb\n"),
    ])
    func isDrawn(_ markdown: String, _ expected: String) {
        #expect(text(markdown) == expected)
    }

    @Test func tablesAreFramedAndFit() {
        let rows = text("name | n\n:--|--:\na\\|b | 1\nlong words here and more | 22", width: 24, color: true)
            .split(separator: "\n")
        let plain = rows.map { $0.replacing(/\u{1B}\[[0-9;]*m/, with: "") }
        #expect(
            plain == [
                "┌─────────────────┬────┐", "│ name            │  n │", "├─────────────────┼────┤",
                "│ a|b             │  1 │",
                "│ long words here │ 22 │", "│ and more        │    │", "└─────────────────┴────┘",
            ])
    }

    @Test func runningTextBreaksAtWords() {
        #expect(text("aaaa **bbbb cccc** dddd", width: 20) == "aaaa *bbbb cccc*\ndddd\n")
        #expect(
            text("- " + String(repeating: "word ", count: 8), width: 20)
                == "• word word word\n  word word word\n  word word\n")
    }

    @Test func coloursAreThoseOfCode() {
        let drawn = text("**b**\n\n```python\nreturn 'x'\n```", color: true)
        #expect(drawn == "\u{1b}[1mb\u{1b}[0m\n\n    \u{1b}[1;34mreturn\u{1b}[0m \u{1b}[32m'x'\u{1b}[0m\n")
    }

    /// Depth and length cost no more than they must.
    @Test func hostileTextEnds() {
        for text in [
            String(repeating: "> ", count: 5000), String(repeating: "[", count: 3000),
            String(repeating: "*a ", count: 3000),
            String(repeating: "- ", count: 4000), String(repeating: "`", count: 5001),
            String(repeating: "<a", count: 3000),
        ] { #expect(!MarkdownText(width: 80, color: true).draw(text).isEmpty) }
    }

    @Test(arguments: [
        ("# a & b", "<h1>a &amp; b</h1>\n"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n"),
        ("3. a", "<ol start=\"3\">\n<li>a</li>\n</ol>\n"),
        ("**a** `<b>` ~~c~~", "<p><strong>a</strong> <code>&lt;b&gt;</code> <del>c</del></p>\n"),
        ("[x](javascript:alert) [y](https://a?b&c)", "<p>x <a href=\"https://a?b&amp;c\">y</a></p>\n"),
        ("<script>alert(1)</script>", "<p>alert(1)</p>\n"),
        (
            "a | b\n--|:-:\n1 | 2",
            "<table>\n<tr><th>a</th><th style=\"text-align:center\">b</th></tr>\n<tr><td>1</td><td style=\"text-align:center\">2</td></tr>\n</table>\n"
        ),
        (
            "```sql\nselect 'x' -- <\n```",
            "<pre class=\"code\"><span class=\"keyword\">select</span> <span class=\"string\">'x'</span> <span class=\"comment\">-- &lt;</span></pre>\n"
        ),
    ])
    func isWrittenAsHTML(_ markdown: String, _ expected: String) {
        #expect(MarkdownHTML.html(markdown) == expected)
    }
}
