/// Completion scripts for other shells. They hold no lists: they ask dbsh, which knows its own options.
enum ShellCompletions {
    static let bash = #"""
        # Completion of dbsh's command line for bash: dbsh itself says what may stand there.

        _dbsh() {
            local words=() word i prefix='' files=''
            # bash splits --mode=json into three words.
            for ((i = 1; i <= COMP_CWORD; i++)); do
                word=${COMP_WORDS[i]}
                if ((${#words[@]})) && [[ $word == '=' || ${COMP_WORDS[i - 1]} == '=' ]]; then
                    words[${#words[@]} - 1]+=$word
                else
                    words+=("$word")
                fi
            done
            local current=${words[${#words[@]} - 1]}
            [[ $current == --*=* ]] && prefix=${current%%=*}=
            COMPREPLY=()
            while IFS=$'\t' read -r word _; do
                if [[ $word == ':files' ]]; then
                    files=true
                else
                    printf -v word %q "${word#"$prefix"}"
                    COMPREPLY+=("$word")
                fi
            done < <("${COMP_WORDS[0]}" --complete "${words[@]}" 2>/dev/null)
            if [[ $files ]]; then
                compopt -o filenames 2>/dev/null
                while IFS= read -r word; do COMPREPLY+=("$word"); done < <(compgen -f -- "${current#"$prefix"}")
            fi
        }

        complete -F _dbsh dbsh
        """#

    static let zsh = #"""
        #compdef dbsh
        # Completion of dbsh's command line for zsh: dbsh itself says what may stand there.

        _dbsh() {
            local -a candidates
            local line text note files='' result=1
            for line in ${(f)"$(${(Q)words[1]} --complete "${(@Q)words[2,CURRENT-1]}" "${(Q)PREFIX}" 2>/dev/null)"}; do
                if [[ $line == ':files' ]]; then
                    files=true
                    continue
                fi
                text=${line%%$'\t'*} note=${line#*$'\t'}
                candidates+=("${text//:/\\:}${note:+:$note}")
            done
            (( $#candidates )) && _describe dbsh candidates && result=0
            if [[ -n $files ]]; then
                compset -P '--*='
                _files && result=0
            fi
            return result
        }

        _dbsh "$@"
        """#

    static let fish = #"""
        # Completion of dbsh's command line for fish: dbsh itself says what may stand there.

        function __dbsh_complete
            set -l words (commandline -opc)
            set -l current (commandline -ct)
            set -l program $words[1]
            set -e words[1]
            for line in (command $program --complete $words "$current" 2>/dev/null)
                if test "$line" = ':files'
                    set -l prefix (string match -r -- '^--[^=]*=' "$current")
                    for path in (__fish_complete_path (string replace -- "$prefix" '' "$current"))
                        echo -- "$prefix$path"
                    end
                else
                    echo -- $line
                end
            end
        end

        complete -c dbsh -f -a '(__dbsh_complete)'
        """#
}
