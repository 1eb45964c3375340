import Databricks
import Testing

@testable import Shell

/// Values of parameters are checked against their types where they are given.
@MainActor @Suite struct ParameterValueTests {
    @Test(arguments: [
        ("INT", "5"), ("INT", " -5 "), ("INT", "+2147483647"), ("TINYINT", "-128"), ("BIGINT", "9223372036854775807"),
        ("DECIMAL(10,2)", "12345678.999"), ("DECIMAL(10,2)", "00012345678"), ("DECIMAL(3,0)", "1e2"),
        ("DECIMAL", "5.00"),
        ("DOUBLE", "1e-3"), ("DOUBLE", "-Infinity"), ("FLOAT", "NaN"), ("BOOLEAN", "True"), ("BOOLEAN", "0"),
        ("DATE", "2024-02-29"), ("DATE", "2024-5"), ("DATE", "2024-05-17T10:00"),
        ("TIMESTAMP", "2024-05-17 10:00:00+02:00"),
        ("TIMESTAMP", "T10:00"), ("TIMESTAMP_NTZ", "2024-05-17"), ("STRING", "abc"), ("INTERVAL DAY", "abc"),
    ])
    func fits(_ type: String, _ value: String) throws {
        try ParameterValue.check(value, of: type)
    }

    @Test(arguments: [
        ("INT", "abc"), ("INT", "1.5"), ("INT", ""), ("INT", "2147483648"), ("TINYINT", "128"), ("SMALLINT", "99999"),
        ("BIGINT", "9223372036854775808"), ("DECIMAL(10,2)", "123456789"), ("DECIMAL(10,2)", "x"),
        ("DECIMAL(4)", "12345"), ("DECIMAL", "1.5"), ("dec", ".5"), ("NUMERIC(5)", "1.50"),
        ("DOUBLE", "1,5"), ("DOUBLE", "0x1p3"), ("BOOLEAN", "maybe"), ("DATE", "2023-02-29"), ("DATE", "17.5.2024"),
        ("DATE", "2024-13-01"), ("TIMESTAMP", "yesterday"),
    ])
    func doesNotFit(_ type: String, _ value: String) {
        #expect(throws: UsageError.self) { try ParameterValue.check(value, of: type) }
        var parameters = Parameters()
        #expect(throws: UsageError.self) { try parameters.set(.init(name: "n", type: type, value: value)) }
        #expect(parameters.all.isEmpty)
    }
}
