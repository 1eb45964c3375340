import Support
import Testing

/// Pictures that matplotlib draws on the local workspace, on a terminal that takes PNG files: what it gets can be judged.
@Suite struct PictureSparkTests {
    @Test func matplotlibsPicturesAreDrawnSmallAndLarge() async throws {
        let shell = try TerminalSparkTests.open(["--local", "--ephemeral", "-q"], ["TERM": "xterm-kitty"])
        try await shell.wait(for: "the prompt") { $0.cursorLine == "sql @local>" }
        shell.send("%python import matplotlib.pyplot as plt; plt.plot([1, 4, 9]); plt.show()\r")
        try await shell.wait(for: "a chart") { $0.cursorLine == "sql @local>" && $0.pictures.count == 1 }
        // Every pixel another colour: more than half a megabyte, so a file of DBFS, and more than it gives at a time.
        shell.send("%python import numpy as np; plt.imsave('x.png', np.random.rand(700, 900, 3))\r")
        shell.send("%python from IPython.display import Image; display(Image('x.png'))\r")
        try await shell.wait(for: "a photograph") {
            $0.cursorLine == "sql @local>" && $0.pictures.count == 2 && $0.pictures.last?.isComplete == true
        }
        let pictures = shell.screen.pictures
        for picture in pictures {
            #expect(picture.file?.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) == true)
            #expect(picture.columns <= 99 && picture.rows <= 27)
        }
        #expect((pictures.last?.file?.count ?? 0) > 1 << 20)
        // 900 × 700 pixels in 27 rows of 20: 540 high, 694 wide.
        #expect(pictures.last?.columns == 69 && pictures.last?.rows == 27)
        shell.send(".quit\r")
        #expect(try await shell.exitStatus() == 0)
    }
}
