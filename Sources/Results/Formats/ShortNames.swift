import Text

/// Names of columns that do not fit, cut so that those that differ still do: `metr…_028`, `metr…_029`.
package enum ShortNames {
    /// Each name as it fits its width: whole, else its start; else, where several starts look the same, start and end, also of
    /// others that begin so; else from where the names differ.
    package static func fitted(_ names: [String], _ widths: [Int]) -> [String] {
        let cut = names.indices.filter { DisplayWidth.of(names[$0]) > widths[$0] }
        var shown = names
        for index in cut { shown[index] = start(Array(names[index]), widths[index]) }
        let halves = cut.map { names[$0].prefix(max(0, widths[$0] - 1) / 2) }
        let clashing = Set(groups(shown, names, among: cut).flatMap(\.self))
        let beginnings = Set(zip(cut, halves).filter { clashing.contains($0.0) }.map(\.1))
        for (index, half) in zip(cut, halves) where beginnings.contains(half) {
            shown[index] = startAndEnd(Array(names[index]), widths[index])
        }
        for group in groups(shown, names, among: cut) {
            let common = commonStart(group.map { Array(names[$0]) })
            for index in group { shown[index] = rest(Array(names[index]), from: common, widths[index]) }
        }
        return shown
    }

    /// Names that are cut to the same text and are not the same.
    private static func groups(_ shown: [String], _ names: [String], among cut: [Int]) -> [[Int]] {
        Dictionary(grouping: cut) { shown[$0] }.values.filter { group in
            Set(group.map { names[$0] }).count > 1
        }
    }

    private static func start(_ name: [Character], _ width: Int) -> String {
        width < 1 ? "" : String(prefix(name[...], fitting: width - 1)) + "…"
    }

    private static func startAndEnd(_ name: [Character], _ width: Int) -> String {
        guard width >= 3 else { return start(name, width) }
        let head = prefix(name[...], fitting: (width - 1) / 2)
        let tail = prefix(name.reversed()[...], fitting: width - 1 - DisplayWidth.of(String(head)))
        return String(head) + "…" + String(tail.reversed())
    }

    private static func rest(_ name: [Character], from common: Int, _ width: Int) -> String {
        guard width >= 2 else { return start(name, width) }
        return "…" + String(prefix(name[min(common, name.count)...], fitting: width - 1))
    }

    private static func prefix(_ name: ArraySlice<Character>, fitting width: Int) -> ArraySlice<Character> {
        var left = width
        return name.prefix { character in
            left -= DisplayWidth.of(String(character))
            return left >= 0
        }
    }

    private static func commonStart(_ names: [[Character]]) -> Int {
        guard let first = names.first else { return 0 }
        return first.indices.first { index in names.contains { $0.count <= index || $0[index] != first[index] } }
            ?? first.count
    }
}
