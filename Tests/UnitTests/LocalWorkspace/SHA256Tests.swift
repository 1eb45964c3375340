import System
import Testing

/// The examples of FIPS 180-4, and the one of RFC 7636 appendix B.
struct SHA256Tests {
    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
        (
            "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
            "13d31e961a1ad8ec2f16b10c4c982e0876a878ad6df144566ee1894acb70f9c3"
        ),
    ])
    func hashes(message: String, hash: String) {
        let digits = SHA256.hash(Array(message.utf8)).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }
        #expect(digits.joined() == hash)
    }

    @Test func crossesBlocks() {
        let digits = SHA256.hash([UInt8](repeating: UInt8(ascii: "a"), count: 1000)).prefix(4)
        #expect(Array(digits) == [0x41, 0xed, 0xec, 0xe4])
    }
}
