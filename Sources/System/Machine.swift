import Glibc

/// What this machine has.
package enum Machine {
    /// Processors that are on (sysconf(3)).
    package static var cores: Int { max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }

    /// Memory, in MiB (sysconf(3)).
    package static var memoryMegabytes: Int {
        sysconf(Int32(_SC_PHYS_PAGES)) / 1024 * sysconf(Int32(_SC_PAGESIZE)) / 1024
    }
}
