import Testing

@testable import LocalWorkspace

/// What the catalog's routes read and write as text.
@Suite struct CatalogTextTests {
    @Test(arguments: [
        (nil, "x", true), ("a%", "abc", true), ("a_c", "abc", true), ("a_c", "ac", false), ("%b%", "abc", true),
        ("A%", "abc", true), ("%", "", true), ("_%", "", false), ("a%c%", "abdc", true), ("a", "ab", false),
    ])
    func like(pattern: String?, name: String, isMatch: Bool) { #expect(LikePattern(pattern).matches(name) == isMatch) }

    @Test func functionsAreTakenApart() {
        let function = FunctionText(
            "CREATE FUNCTION `spark_catalog`.`a`.`f`(x INT, y DECIMAL(10, 2) DEFAULT 1, z ARRAY<STRUCT<a: INT, b: STRING>>) "
                + "RETURNS MAP<STRING, INT> LANGUAGE SQL COMMENT 'returns one' RETURN map('a', x)")
        #expect(function.parameters.map(\.name) == ["x", "y", "z"])
        #expect(function.parameters.map(\.type) == ["int", "decimal(10,2)", "array<struct<a:int,b:string>>"])
        #expect(function.returns == "map<string,int>")
        #expect(function.isSQL)
        #expect(function.body == "map('a', x)")
    }

    @Test func functionsInOtherLanguagesAreTold() {
        let function = FunctionText("CREATE FUNCTION f() RETURNS STRING LANGUAGE PYTHON AS $$ return 'x' $$")
        #expect(function.parameters.isEmpty && function.returns == "string" && !function.isSQL)
    }
}
