# Prints "FILE:LINE: code" of C sources without comments and without what stands in strings, so that a rule can look for words.
# With -v keep_strings=1 strings stay.

FNR == 1 {
        in_comment = 0
}

{
        out = ""
        rest = $0
        while (rest != "") {
                two = substr(rest, 1, 2)
                one = substr(rest, 1, 1)
                if (in_comment) {
                        end = index(rest, "*/")
                        if (!end)
                                break
                        in_comment = 0
                        rest = substr(rest, end + 2)
                } else if (two == "/*") {
                        in_comment = 1
                        rest = substr(rest, 3)
                } else if (two == "//") {
                        break
                } else if (one == "\"" || one == "'") {
                        text = one
                        rest = substr(rest, 2)
                        while (rest != "" && substr(rest, 1, 1) != one) {
                                size = substr(rest, 1, 1) == "\\" ? 2 : 1
                                text = text substr(rest, 1, size)
                                rest = substr(rest, size + 1)
                        }
                        rest = substr(rest, 2)
                        out = out (keep_strings ? text one : one one)
                } else {
                        out = out one
                        rest = substr(rest, 2)
                }
        }
        if (out ~ /[^ \t]/)
                print FILENAME ":" FNR ": " out
}
