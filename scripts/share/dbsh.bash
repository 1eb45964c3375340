# Completion of dbsh's command line for bash. The options are those that `dbsh --help` lists.

_dbsh_options() { "$1" ${2:+"$2"} --help 2>/dev/null | grep -oE '^ +(-[a-zA-Z], )?--[a-z-]+' | grep -oE -- '-[a-zA-Z-]+$|-[a-zA-Z](,|$)' | tr -d ,; }

_dbsh_profiles() { sed -n 's/^\[\(.*\)\][[:space:]]*$/\1/p' "${DATABRICKS_CONFIG_FILE:-$HOME/.databrickscfg}" 2>/dev/null | grep -vx __settings__; }

_dbsh() {
    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} subcommand='' words=''
    COMPREPLY=()
    case ${COMP_WORDS[1]-} in test | verify | serve) ((COMP_CWORD > 1)) && subcommand=${COMP_WORDS[1]} ;; esac
    case $before in
        -p | --profile) words=$(_dbsh_profiles) ;;
        -m | --mode) words='box table markdown vertical csv tsv json jsonl html insert auto' ;;
        -l | --language) words='sql python scala r' ;;
        --on-error) words='stop continue' ;;
        --color) words='auto always never' ;;
        -c | --command | -P | --param | --host | --cluster | --warehouse | --catalog | --schema | --jobs | --port) return ;;
        *)
            if [[ $word == -* ]]; then
                words=$(_dbsh_options "${COMP_WORDS[0]}" "$subcommand")
            else
                ((COMP_CWORD == 1)) && words='test verify serve'
                mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word"; compgen -f -- "$word")
                compopt -o filenames 2>/dev/null
                return
            fi
            ;;
    esac
    # One word a line: the names of profiles may hold blanks.
    [[ $words == *$'\n'* ]] && local IFS=$'\n'
    mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
}

complete -F _dbsh dbsh
