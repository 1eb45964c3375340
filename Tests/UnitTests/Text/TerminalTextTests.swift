import Testing
import Text

@Suite struct TerminalTextTests {
    @Test(
        arguments: [
            // A progress bar is one line, and so is one that a shorter text writes over.
            ("  0%|     |\r 50%|##   |\r100%|#####|\ndone", "100%|#####|\ndone"),
            ("downloading\rdone\u{1B}[K\n", "done\n"), ("downloading\rok", "okwnloading"),
            ("\u{1B}[2K\rall\u{1B}[1K", ""), ("abc\u{8}\u{8}X", "aXc"), ("\u{8}a", "a"),
            // Lines of other systems.
            ("a\r\nb\r\n", "a\nb\n"),
            // Tabs go to multiples of 8 where columns count, and stay tabs where they do not.
            ("a\tb", "a\tb"), ("xxxx\ra\tb", "axxx    b"),
            // Wide characters, of which no half stays.
            ("漢字\rx", "x 字"), ("漢字\r漢x", "漢x"), ("e\u{301}f\rg", "gf"), ("a\r\u{301}", "a"),
            // Everything else that could steer the terminal.
            ("a\u{1B}[2Jb\u{1B}[10;10Hc\u{1B}[?25l", "abc"),
            ("a\u{1B}]0;title\u{7}b\u{1B}]8;;http://x\u{1B}\\c", "abc"),
            ("a\u{1B}(Bb\u{1B}7c", "abc"), ("a\u{7}\u{202E}b\r", "a\\x07\\u202eb"), ("a\u{1B}[", "a\\x1b["),
            ("a\u{1B}]0;no end", "a\\x1b]0;no end"), ("\u{9B}31ma\u{9B}0mb", "ab"),
        ] as [(String, String)])
    func actsOnTheLine(_ text: String, _ shown: String) {
        #expect(TerminalText.shown(text, color: false) == shown)
    }

    @Test(
        arguments: [
            ("\u{1B}[31mred\u{1B}[0m plain", "\u{1B}[31mred\u{1B}[0m plain"),
            // Each line stands for itself.
            ("\u{1B}[1;32mone\ntwo\u{1B}[m\nthree", "\u{1B}[1;32mone\u{1B}[0m\n\u{1B}[1;32mtwo\u{1B}[0m\nthree"),
            (
                "\u{1B}[38;5;196ma\u{1B}[39mb\u{1B}[48;2;1;2;3mc",
                "\u{1B}[38;5;196ma\u{1B}[0mb\u{1B}[48;2;1;2;3mc\u{1B}[0m"
            ),
            ("\u{1B}[01;34mbin\u{1B}[0m\r\n", "\u{1B}[1;34mbin\u{1B}[0m\n"), ("\u{1B}[8mhidden\u{1B}[28m", "hidden"),
            ("\u{1B}[31mab\rc\u{1B}[0md", "\u{1B}[31mc\u{1B}[0md"), ("\u{1B}[1m\u{1B}[22ma", "a"),
        ] as [(String, String)])
    func coloursGoThrough(_ text: String, _ shown: String) {
        #expect(TerminalText.shown(text, color: true) == shown)
    }

    @Test func wrapsAtBlanks() {
        #expect(Wrapping.lines("one two three", width: 8) == ["one two", "three"])
        #expect(Wrapping.lines("  one two", width: 6, hanging: 2) == ["  one", "  two"])
        #expect(Wrapping.lines("unbreakable", width: 4) == ["unbreakable"])
        #expect(Wrapping.lines("漢字 漢字", width: 8) == ["漢字", "漢字"])
        #expect(Wrapping.lines("", width: 4) == [""])
        #expect(Wrapping.lines("one two · three four · five", width: 16) == ["one two ·", "three four ·", "five"])
        #expect(Wrapping.lines("one two three · four", width: 9) == ["one two", "three ·", "four"])
    }

    @Test func listsKeepTheirColumns() {
        let list = "  .a           the first of them\n  .b           x"
        #expect(Wrapping.fitted(list, width: 80) == list)
        #expect(
            Wrapping.fitted("  .a    does one thing and another, and more", width: 36)
                == "  .a    does one thing and another,\n        and more")
        #expect(
            Wrapping.fitted("  .command ARGUMENT      does a thing", width: 30)
                == "  .command ARGUMENT\n      does a thing")
        #expect(Wrapping.fitted("one two three", width: 8) == "one two\nthree")
        #expect(Wrapping.row("-a", "x", indent: 8) == "  -a    x")
        #expect(Wrapping.row("--long", "x", indent: 8) == "  --long\n        x")
    }

    @Test func sentencesGoOnInTheNextLine() {
        #expect(
            Wrapping.paragraphs("A sentence that goes\non here. Another:\non   columns\noff  too\n\nLast\none")
                == ["A sentence that goes on here. Another:", "on   columns", "off  too", "", "Last one"])
        let columns = "a   column,\n    below\n  code\n  more"
        #expect(Wrapping.paragraphs(columns) == ["a   column, below", "  code", "  more"])
    }
}
