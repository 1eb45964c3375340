import Terminal
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
        .columns(table: ["customers"]): ["id", "name"], .columns(table: ["sales"]): ["sale_id", "customer_id", "day"],
        .columns(table: ["days"]): ["day", "week"], .functions(schema: []): ["own_fun"],
    ]

    static func proposals(_ text: String) -> (texts: [String], asked: [SQLCompletion.Question]) {
        let bar = text.utf8.firstIndex(of: UInt8(ascii: "|"))!
        let cursor = text.utf8.distance(from: text.startIndex, to: bar)
        let place = SQLCompletion(text.replacing("|", with: ""), cursor: cursor)
        var asked: [SQLCompletion.Question] = []
        let found = place.proposals(parameters: ["day", "n"]) { question in
            asked.append(question)
            return names[question].map { $0.map { .init(text: $0) } }
        }
        return (found.map { $0.text + ($0.suffix == "." ? "." : "") }, asked)
    }

    @Test(arguments: [
        ("select * from |", "orders `odd name` default. staging. main. samples."),
        ("select * from or|", "orders"),
        ("select * from OR|", "orders"),
        ("select * from a join |", "orders `odd name` default. staging. main. samples."),
        ("select * from orders, o|", "orders `odd name`"),
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
        ("use s|", "staging samples"),
        ("use samples.|", "nyctaxi"),
        ("insert into o|", "orders `odd name`"),
        ("insert into orders (|", "id amount `Größe` orders."),
        ("select 'from |", ""),
        ("select x -- from |", ""),
        // What the statement itself defines.
        ("with t as (select id, amount * 2 as twice, count(*) c from orders) select | from t", "id twice c t."),
        ("with t as (select * from orders), u (a, b) as (select 1, 2) select u.| from t, u", "a b"),
        ("with t as (select * from orders) select * from t|", "t"),
        ("select s.| from (select o.id, name n from orders o join customers) s", "id n"),
        ("select * from (select | from orders) s", "id amount `Größe` orders."),
        ("select (select | from customers c where c.id = o.id) from orders o", "id name c. o. amount `Größe`"),
        ("select | from range(3)", "id range."),
        ("select | from values (1, 2) v(a, b)", "a b v."),
        ("select | from orders lateral view explode(x) e as item", "id amount `Größe` item orders. e."),
        ("select id from orders union select | from customers", "id name customers."),
        ("select | from orders o join customers c", "o.id amount `Größe` c.id name o. c."),
        ("update orders set |", "id amount `Größe` orders."),
        ("merge into orders o using customers c on |", "o.id = c.id o.id amount `Größe` c.id name o. c."),
        // Before FROM is typed, what WITH defines, if there is only one to choose.
        ("with t as (select id, 2 as two from orders) select |", "id two t."),
        ("with t as (select id from orders), u as (select id as x from t) select |", "x u."),
        ("with t as (select 1 as a), u as (select 2 as b) select |", ""),
        ("with t as (select 1 as a) insert into |", "t orders `odd name` default. staging. main. samples."),
        // What does not exist yet has no name to offer, but a place.
        ("create table |", "default. staging. main. samples. if not exists"),
        ("create view samples.|", "nyctaxi."), ("create table samples.nyctaxi.|", ""),
        ("create table if not exists s|", "staging. samples."), ("create schema main.|", ""),
        ("alter table orders rename to |", "default. staging. main. samples."),
        ("create or replace table o|", "orders `odd name`"), ("drop table if exists o|", "orders `odd name`"),
        ("create table t like o|", "orders `odd name`"), ("drop schema if exists s|", "staging samples"),
        ("create table t (na|", ""), ("create table t (id big|", "bigint"), ("create table t (id int, x|", ""),
        // Joins.
        (
            "select * from sales s join customers c on |",
            "s.customer_id = c.id sale_id customer_id day id name s. c."
        ),
        ("select * from sales s join customers c on c|", "customer_id c. cardinality( cast( cbrt("),
        ("select * from sales s join days d on s.|", "day = d.day sale_id customer_id day"),
        ("select * from sales s join days d on d.|", "day = s.day day week"),
        ("select * from sales s join days d using (|", "day"),
        // Parameters, types.
        ("select * from orders where id = :|", "day n"),
        ("select * from orders where id = :d|", "day"),
        ("select id::str| from orders", "string struct<"),
        ("select cast(id as big| from orders", "bigint"),
    ])
    func offers(_ text: String, _ expected: String) {
        let texts = Self.proposals(text).texts
        let all = text.contains("on c|") ? Array(texts.prefix(5)) : texts
        #expect(all.joined(separator: " ") == expected)
    }

    /// Only what can follow; behind a whole table or operand it is offered unasked.
    @Test(arguments: [
        ("|", "SELECT WITH INSERT_INTO", "AND WHERE BY"),
        ("sel|", "select", "self"),
        ("select * from orders |", "as where join limit", "orders id"),
        ("SELECT * FROM orders |", "AS WHERE JOIN LIMIT", "where"),
        ("select * from orders o |", "where join left_join", "as o on id"),
        ("select * from orders as |", "", "as where id"),
        ("select * from samples.nyctaxi.trips |", "where", "trips fare"),
        ("select * from `odd name` |", "as where", "x"),
        ("select * from orders, `odd name` |", "as where", "on set x"),
        ("select * from orders WH|", "WHERE", "where"),
        ("select * from orders gr|", "group_by", "GROUP"),
        ("select * from orders o join trips |", "on using as", "set"),
        ("select * from orders o left |", "join outer_join semi_join", "by"),
        ("update orders |", "set as", "where"),
        ("insert into orders |", "values select", "using set"),
        ("merge into orders |", "using as", "values"),
        ("select * from range(3) |", "as where", "by"),
        ("select id fr| from orders", "from", "orders"),
        ("select * from orders where id |", "and or group_by order_by limit", "id amount where from"),
        ("select * from orders where id = 'x' |", "and", "id"),
        ("select * from orders where id = 1 a|", "and", "amount any"),
        ("select * from orders where a|", "amount abs( avg(", "where and"),
        ("select * from orders order b|", "by", "between both bigint( bin("),
        ("select * from orders group |", "by", "id"),
        ("select * from orders order by id |", "desc limit", "where group_by"),
        ("select * from orders o join customers c on o.id = c.id |", "where and left_join", "set"),
        ("select case when id |", "then end", "where"),
        ("select sum(id) ov|", "over", "overlay("),
        ("select sum(id) over (|", "partition_by order_by", "id"),
        ("create |", "table or_replace view", "select"),
        ("create table t |", "as using", "where"), ("alter table orders |", "add_column rename_to", "where"),
        ("create table if |", "not_exists", "exists"), ("drop table if |", "exists", "not_exists"),
        ("create table t (id int |", "not_null", "and"),
        ("create table t as select a| from orders", "amount", "if_not_exists"),
        ("select id is |", "null not_null", "id"),
        ("select o.| from orders o", "", "as"),
        ("select date_t|", "date_trunc(", "date"),
        ("select DATE_T|", "DATE_TRUNC(", "date_trunc("),
        ("select current_d|", "current_date() current_database()", "current_date("),
        ("select own|", "own_fun(", "over"),
        ("select ab|(1)", "abs", "abs("),
        ("select extract(year from |", "", "orders"),
    ])
    func offersWhatCanFollow(_ text: String, _ offered: String, _ missing: String) {
        let all = Self.proposals(text).texts.map { $0.replacing(" ", with: "_") }
        #expect(Set(offered.split(separator: " ").map(String.init)).isSubset(of: all), "\(all)")
        #expect(Set(missing.split(separator: " ").map(String.init)).isDisjoint(with: all), "\(all)")
    }

    @Test func asksForWhatItLacks() {
        #expect(Self.proposals("select * from samples.nope.t|").asked == [.tables(schema: ["samples", "nope"])])
    }

    /// What the server has beside what dbsh knows; it is offered as it is called, once that is known.
    @Test func functionsOfTheServerAreOffered() {
        let place = SQLCompletion("select frob", cursor: 11)
        let found = place.proposals { question in
            question == .builtInFunctions
                ? [.init(text: "frob_nothing", note: "frob_nothing()"), .init(text: "frobnicate")] : nil
        }
        #expect(found.map(\.text) == ["frob_nothing()", "frobnicate("])
        #expect(found.map(\.note) == ["frob_nothing()", "function"])
    }

    @Test(arguments: [
        (["Function: f", "Usage: \n    f(a, b[, c]) - Does it.\n  f(x) - Other."], "f(a, b[, c])"),
        (["Usage: f(a) - x (y)", "Extended Usage:"], "f(a)"), (["Usage: F((a), b)"], "f((a), b)"),
        (["Usage: expr1 f expr2 - operator"], nil), (["Usage: N/A."], nil), (["Usage: f(a"], nil), ([], nil),
        (["Usage: f(\u{1B}[31ma) - hostile"], #"f(\x1b[31ma)"#),
    ])
    func usagesAreReadFromDescriptions(_ rows: [String], _ expected: String?) {
        #expect(FunctionUsages.signature(of: "f", in: rows) == expected)
    }

    @Test(arguments: [
        ("select date_trunc(|", "date_trunc(*unit, *expr)"),
        ("select date_trunc('day', x|", "date_trunc(unit, *expr*)"),
        ("select concat(a, b, c|)", "concat(*expr, *…)"), ("select abs(round(x, |", "round(expr[, *scale]*)"),
        ("select (|", ""), ("select f(|", ""), ("select abs(1) |", ""),
        ("select count(*) from t where abs(|", "abs(*expr*)"),
    ])
    func signaturesAreShownInBrackets(_ text: String, _ expected: String) {
        let bar = text.utf8.firstIndex(of: UInt8(ascii: "|"))!
        let cursor = text.utf8.distance(from: text.startIndex, to: bar)
        let line = SQLHint.line(text.replacing("|", with: ""), at: cursor)
        #expect(line.map { $0.style == .bold ? "*\($0.text)*" : $0.text }.joined() == expected)
    }
}
