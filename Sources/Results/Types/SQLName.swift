/// Names in SQL.
enum SQLName {
    /// The words that ANSI mode reserves (Spark documentation, "ANSI Compliance", SQL keywords) and those that Databricks
    /// reserves ("Reserved words and schemas").
    private static let reserved = Set(
        """
        all and anti any as authorization between both by case cast check collate column constraint create cross current_date \
        current_time current_timestamp current_user default delete distinct drop else end escape except exists extract false \
        fetch filter for foreign from full function grant group having in inner insert intersect into is join lateral leading \
        left like local minus natural no not null on only or order outer overlaps primary references revoke right select \
        self semi session_user set some start sql table then time to trailing true truncate union unique unknown update user \
        using values when where window with within
        """.split(separator: " ").map { String($0) })

    /// The name as an identifier: in backticks when it has other characters than letters of ASCII, digits and underscores,
    /// begins with a digit, or is a reserved word.
    static func quoted(_ name: String) -> String {
        let isPlain = name.utf8.allSatisfy { byte in
            byte == 0x5F || (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20)
        }
        let beginsWell = name.utf8.first.map { !(0x30...0x39).contains($0) } ?? false
        if isPlain, beginsWell, !reserved.contains(name.lowercased()) { return name }
        return "`" + name.split(separator: "`", omittingEmptySubsequences: false).joined(separator: "``") + "`"
    }
}
