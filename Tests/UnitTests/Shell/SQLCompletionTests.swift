import Testing

@testable import Shell

/// What Tab offers at the `|`, given what a workspace has.
@Suite struct SQLCompletionTests {
    static let names: [SQLCompletion.Question: [String]] = [
        .catalogs: ["main", "samples"], .schemas(catalog: nil): ["default", "staging"],
        .schemas(catalog: "samples"): ["nyctaxi"], .tables(schema: []): ["orders", "odd name"],
        .tables(schema: ["staging"]): ["raw"], .tables(schema: ["samples", "nyctaxi"]): ["trips"],
        .columns(table: ["orders"]): ["id", "amount", "Größe"], .columns(table: ["odd name"]): ["x"],
        .columns(table: ["samples", "nyctaxi", "trips"]): ["fare"],
    ]

    @Test(arguments: [
        ("select * from |", "orders `odd name` default. staging. main. samples."),
        ("select * from or|", "orders"),
        ("select * from OR|", "orders"),
        ("select * from a join |", "orders `odd name` default. staging. main. samples."),
        ("select * from orders, o|", "orders `odd name`"),
        ("select a, o|", ""),
        ("select f(a, b), o| from orders", "orders."),
        ("select * from samples.|", "nyctaxi."),
        ("select * from samples.nyctaxi.|", "trips"),
        ("select * from staging.|", "raw"),
        ("select * from `o|", "`orders` `odd name`"),
        ("select o.| from orders o", "id amount `Größe`"),
        ("select orders.a| from orders", "amount"),
        ("select o.i| from orders as o where 'it''s;'", "id"),
        ("select * from orders o where |", "id amount `Größe` o."),
        ("select t.| from samples.nyctaxi.trips t", "fare"),
        ("select n.| from `odd name` n", "x"),
        ("select 1; select * from s|", "staging. samples."),
        ("select * from orders -- from x\nwhere a|", "amount"),
        ("use s|", "staging samples"),
        ("use samples.|", "nyctaxi"),
        ("insert into o|", "orders `odd name`"),
        ("select 'from |", ""),
    ])
    func offers(_ text: String, _ expected: String) {
        #expect(Self.complete(text).names.joined(separator: " ") == expected)
    }

    static func complete(_ text: String) -> (completion: SQLCompletion, names: [String]) {
        let bar = text.utf8.firstIndex(of: UInt8(ascii: "|"))!
        let cursor = text.utf8.distance(from: text.startIndex, to: bar)
        let completion = SQLCompletion(text.replacing("|", with: ""), cursor: cursor)
        let found = completion.candidates { names[$0]?.map { .init(text: $0) } }
        return (completion, found.map { completion.written($0.name.text) + ($0.suffix == "." ? "." : "") })
    }

    /// Behind a whole table or operand only keywords can follow; behind the former the ones that do are offered unasked.
    @Test(arguments: [
        ("select * from orders |", "as where join limit", "orders id"),
        ("SELECT * FROM orders |", "AS WHERE JOIN LIMIT", "where"),
        ("select * from orders o |", "where join", "as o on id"),
        ("select * from orders as |", "", "as where id"),
        ("select * from samples.nyctaxi.trips |", "where", "trips fare"),
        ("select * from `odd name` |", "as where", "x"),
        ("select * from orders, `odd name` |", "as where", "on set x"),
        ("select * from orders WH|", "WHERE", "where"),
        ("select * from orders gr|", "group_by", "GROUP"),
        ("select * from orders o join trips |", "on using as", "set"),
        ("update orders |", "set as", "where"),
        ("insert into orders |", "values select", "using set"),
        ("merge into orders |", "using as", "values"),
        ("select * from range(3) |", "", "as where"),
        ("select id | from orders", "", "id orders from"),
        ("select id fr| from orders", "from", "orders"),
        ("select * from orders where id |", "", "id amount and"),
        ("select * from orders where id = 'x' |", "", "id"),
        ("select * from orders where id = 1 a|", "and", "amount"),
        ("select * from orders where a|", "and", "where"),
        ("select o.| from orders o", "", "as"),
    ])
    func offersTheKeywordsThatFollow(_ text: String, _ offered: String, _ missing: String) {
        let (completion, names) = Self.complete(text)
        let all = (completion.keywords + names).map { $0.replacing(" ", with: "_") }
        #expect(Set(offered.split(separator: " ").map(String.init)).isSubset(of: all), "\(all)")
        #expect(Set(missing.split(separator: " ").map(String.init)).isDisjoint(with: all), "\(all)")
    }

    @Test func asksForWhatItLacks() {
        let place = SQLCompletion("select * from samples.nyctaxi.t", cursor: 31)
        var asked: [SQLCompletion.Question] = []
        #expect(
            place.candidates {
                asked.append($0); return nil
            }.isEmpty)
        #expect(asked == [.tables(schema: ["samples", "nyctaxi"])])
        #expect(place.start == 30)
    }
}
