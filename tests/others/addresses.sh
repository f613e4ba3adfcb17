#!/bin/sh
# addresses.sh PLUMBLINE FOLDER: gives the present network namespace addresses and default routes of all kinds, and keeps what plumbline and
# ip say of them.
# It is run in a namespace of its own; 77: nothing can be made there.
set -eu

plumbline=$1
folder=$2
mkdir -p "$folder"

ip link set lo up
ip link add one type veth peer name two 2>/dev/null || exit 77
ip link set one up
ip link set two up
ip address add 203.0.113.7/32 dev lo
ip address add 10.0.0.4/24 dev one
ip address add 10.0.0.5/24 dev one
ip address add 10.0.1.1 peer 10.0.1.2/24 dev one
ip address add 10.0.2.1/24 dev one scope link
ip address add fd00::1/64 dev one nodad 2>/dev/null || exit 77
ip address add fd00::2 peer fd00::3/128 dev one nodad
ip address add fd00::4/64 dev one nodad preferred_lft 0
# The same at both ends, which differ in the length only: the second one finds that the first has it.
ip address add fd00::5/128 dev one nodad
ip address add fd00::5/64 dev two
tries=0
while ! ip address show dev two | grep -q dadfailed || ip address | grep tentative | grep -q -v dadfailed; do
        tries=$((tries + 1))
        [ "$tries" -lt 100 ]
        sleep 0.1
done
# Two that lead to somebody, one of two hops, one to whoever is on the line; two that lead nowhere, one of another table.
ip route add default via 10.0.0.9 dev one metric 5
ip route add default via 10.0.0.10 dev one metric 6
ip route add default metric 7 nexthop via 10.0.0.9 dev one nexthop via 10.0.0.10 dev one
ip route add default dev two scope link metric 8
ip route add blackhole default metric 9
ip route add unreachable default metric 10
ip route add default via 10.0.0.11 dev one table 200
ip route add 0.0.0.0/1 dev one
ip -json address >"$folder/ip"
ip -json -4 route show table main >"$folder/ip-routes"
: >"$folder/ports"
"$plumbline" facts --format json >"$folder/facts.json"
