# Completion of plumbline for bash.

_plumbline_profiles()
{
        plumbline profile list 2>/dev/null | while read -r name _; do echo "$name"; done
}

_plumbline()
{
        local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} verb=${COMP_WORDS[1]}
        local verbs="check facts plan apply audit drift baseline capture diff fleet history undo recover profile explain version help"
        local formats="text json"
        local options="--format --output --color --verbose --help"

        COMPREPLY=()
        if [ "$COMP_CWORD" -eq 1 ]; then
                mapfile -t COMPREPLY < <(compgen -W "$verbs --help --version" -- "$word")
                return
        fi
        case $before in
        --format)
                case $verb in
                check | audit) formats="$formats junit tap nagios prometheus html" ;;
                fleet) formats="$formats html" ;;
                esac
                mapfile -t COMPREPLY < <(compgen -W "$formats" -- "$word")
                return
                ;;
        --journal) mapfile -t COMPREPLY < <(compgen -W "audit gate" -- "$word") && return ;;
        --color) mapfile -t COMPREPLY < <(compgen -W "auto always never" -- "$word") && return ;;
        --root | --output | -o | lint) compopt -o filenames && mapfile -t COMPREPLY < <(compgen -f -- "$word") && return ;;
        --profile | show)
                compopt -o filenames
                mapfile -t COMPREPLY < <(compgen -W "$(_plumbline_profiles)" -- "$word"; compgen -f -- "$word")
                return
                ;;
        esac
        case $verb in
        check) options="$options --root --profile --quiet-only --settle --max-age --time-limit --alert-after --before-start --journal" ;;
        baseline) options="$options --root --profile --quiet-only --after-apply" ;;
        plan | audit | drift | diff) options="$options --root --profile --quiet-only" ;;
        capture) options="$options --root --profile --quiet-only --evidence --redact --no-redact" ;;
        facts) options="$options --root --profile --quiet-only" ;;
        apply) options="$options --root --profile --quiet-only --running" ;;
        profile) options="$options --root --profile --quiet-only" ;;
        undo | recover) options="$options --root --quiet-only" ;;
        history) options="$options --root" ;;
        esac
        case $verb:$COMP_CWORD:$word in
        *:-*) mapfile -t COMPREPLY < <(compgen -W "$options" -- "$word") ;;
        profile:2:*) mapfile -t COMPREPLY < <(compgen -W "list show lint" -- "$word") ;;
        diff:* | fleet:*) compopt -o filenames && mapfile -t COMPREPLY < <(compgen -f -- "$word") ;;
        help:2:*) mapfile -t COMPREPLY < <(compgen -W "$verbs" -- "$word") ;;
        esac
}

complete -F _plumbline plumbline
