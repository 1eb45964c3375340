import Text

/// The magics that a Python cell may begin with: dbsh's, those built into IPython, and those of Databricks.
///
/// Facts: IPython 8's and 9's built-in magics (its documentation, "Built-in magic commands"); Databricks' documentation of
/// notebooks (`%tensorboard`, `%set_cell_max_output_size_in_mb`).
enum PythonMagics {
    static func isKnown(_ name: String) -> Bool { Magic(name: name) != nil || builtIn.contains(name) }

    /// The name behind the `%` or `%%` that a cell's first line with something on it begins with.
    static func name(atStartOf text: [UInt8]) -> String? {
        let start = text.drop { $0.isBlank || $0 == .newline }
        guard start.first == .percent else { return nil }
        let rest = start.dropFirst(start.dropFirst().first == .percent ? 2 : 1)
        guard let first = rest.first, first.isLetter else { return nil }
        return String(decoding: rest.prefix { $0.isWordPart || $0 == .minus }, as: UTF8.self)
    }

    private static let builtIn = Set(
        """
        alias alias_magic autoawait autocall automagic autosave bookmark cat cd clear code_wrap colors config connect_info \
        cp debug dhist dirs doctest_mode ed edit env gui hist history killbgscripts ldir less lf lk ll load load_ext loadpy \
        logoff logon logstart logstate logstop ls lsmagic lx macro magic mamba man matplotlib micromamba mkdir more mv \
        notebook page pastebin pdb pdef pdoc pfile pinfo pinfo2 pixi popd pprint precision prun psearch psource pushd pwd \
        pycat pylab qtconsole quickref recall rehashx reload_ext rep rerun reset reset_selective rm rmdir save sc set_env \
        store subshell sx system tb time timeit unalias unload_ext who who_ls whos xdel xmode \
        HTML SVG bash capture file html javascript js latex markdown perl pypy python2 python3 ruby script svg writefile \
        tensorboard set_cell_max_output_size_in_mb autoreload aimport
        """.split(separator: " ").map(String.init))
}
