#!/bin/sh
# claims.sh ROOT SCRATCH: boots ROOT several times and looks whether everything is as it should be; run.sh starts it in namespaces of its own.
set -u

root=$1
scratch=$2
trap 'exit 1' INT TERM HUP
trap power_off EXIT

. tests/systemd/box.sh
. tests/systemd/claims_install.sh
. tests/systemd/claims_services.sh
. tests/systemd/claims_units.sh
. tests/systemd/claims_others.sh
. tests/systemd/claims_audit.sh
. tests/systemd/claims_boot.sh
. tests/systemd/claims_deploy.sh
. tests/systemd/claims_errors.sh
. tests/systemd/claims_walk.sh

# Before anything of ours is in it: what fails here is the machine's.
if ! make_box || ! power_on; then
        echo "skipped: systemd in a container: it does not boot here: $(tail -n 1 "$scratch/console" 2>/dev/null)"
        echo "0 passed, 0 failed"
        exit 0
fi
power_off

if claim "installed as the package would be" install_all && claim "boots" power_on; then
        claims_install
        claims_deploy
        claims_audit_of_shipped_profile
        give_profile tests/systemd/middle.yaml
        claims_services
        claims_bus
        claims_units
        claims_others
        claims_audit
        claims_boot
        claims_behind_gate
        claims_not_ready
        claims_broken_profile
        claims_cut_off
        claims_walk
        claims_errors
fi

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
