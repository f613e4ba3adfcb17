#!/bin/sh
# resolver.sh PLUMBLINE FOLDER: gives the present mount namespace one resolv.conf after another, and keeps what plumbline and the C library
# make of each.
# It is run in a namespace of its own; 77: there is no file that another could be laid over, or no compiler.
set -eu

plumbline=$1
folder=$2
place=$(readlink -f /etc/resolv.conf) && [ -f "$place" ] || exit 77
command -v gcc >/dev/null || exit 77
mkdir -p "$folder"
gcc -o "$folder/loaded" "$(dirname "$0")/resolver.c" -lresolv

count=0
while IFS= read -r text; do
        count=$((count + 1))
        here=$folder/$count
        mkdir "$here"
        printf "$text" >"$here/resolv.conf"
        mount --bind "$here/resolv.conf" "$place"
        "$folder/loaded" >"$here/resolver"
        "$plumbline" facts net.nameservers --format json >"$here/facts.json"
        echo '{ "facts": [] }' >"$here/ports.json"
        umount "$place"
done <<'END'
nameserver 10.0.0.1\n
nameserver 10.0.0.1
nameserver 10.0.0.2\nnameserver 10.0.0.1\nsearch a\n
nameserver 10.0.0.4\nnameserver 10.0.0.3\nnameserver 10.0.0.2\nnameserver 10.0.0.1\n
nameserver\t10.0.0.1 # of the rack\n
nameserver 10.0.0.1\t;of the rack\n
nameserver 10.0.0.1#old\nnameserver 10.0.0.2\n
nameserver 10.0.0.1;old\n
nameserver 2001:db8::1#old\nnameserver 2001:DB8::0:53\n
nameserver fe80::1%%lo\nnameserver 10.1\n
nameserver 0x0a000001\nnameserver 10.0.0.1x\nnameserver 10.0.0.256\n
nameserver 10.0.0.1\r\nnameserver 10.0.0.2\v\n
 nameserver 10.0.0.1\nnameserver=10.0.0.2\nNAMESERVER 10.0.0.3\nnameservers 10.0.0.4\n
nameserver box\nnameserver\nnameserver %%\nnameserver fe80::1::2\n
# nothing\n
END
