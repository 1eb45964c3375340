import Testing

@testable import Shell

/// What the history does not keep.
@Suite struct SecretTextTests {
    @Test(arguments: [
        "token = 'dapi0123456789abcdef0123456789abcdef'", "dapi0123456789abcdef0123456789abcdef-2",
        "spark.conf.set('fs.azure.account.key', key); client_secret = 'abc'", "password=hunter2",
        "create user x identified by 'pw'", "create connection c options (host 'h', password 'pw')",
        #"{"password": "x"}"#, "headers = {'Authorization': 'Bearer abcdefghijklmnopqrstuvwx'}",
        "aws AKIAIOSFODNN7EXAMPLE", "-----BEGIN RSA PRIVATE KEY-----\nabc", "my_api_key => 'x'",
        "os.environ['DB_PASSWORD'] = 'x'",
    ])
    func isFound(_ text: String) { #expect(SecretText.isIn(text)) }

    @Test(arguments: [
        "select count(*) from tokens", "select token_count from t where token_count > 3", "describe secret_scopes",
        "password = :password", "password = dbutils.secrets.get('a', 'b')", "select dapi from t",
        "token = getpass.getpass()", ".connect https://example.com", "select 'sk-1'", "show tables",
    ])
    func isNotFound(_ text: String) { #expect(!SecretText.isIn(text)) }
}
