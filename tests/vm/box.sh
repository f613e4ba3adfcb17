# box.sh: a virtual trading box: starting it, talking to it, cutting its power. Sourced; needs $cache (image.sh) and $work.
# shellcheck shell=bash
#
# 32 CPUs in two nodes, 128 GiB that cost nothing until they are touched, eight DIMMs, two NVMe drives of 1.92 TB, a 10 Gbit/s port with
# eight queues on the second node, and a slow port that only the tests talk through. Software emulation: no /dev/kvm is needed.

box_cpus=32
port=2222

# What is the same in every start, or a snapshot would not fit.
box_arguments()
{
        local half=$((box_cpus / 2)) second=64 dimm top
        read -r top _ <"$work/top"
        echo "$top root" >"$work/top"
        # Without the last DIMM there is less memory, too: plumbline does not believe a table of DIMMs that the kernel contradicts.
        [ "${box_last_dimm:-dimm7}" = dimm7 ] || second=48
        arguments=(-machine q35,usb=off,smm=off,vmport=off,hpet=off -nodefaults -accel tcg,thread=multi,tb-size=768
                -cpu "max,vendor=GenuineIntel,family=6,model=85,stepping=7,monitor=off,model-id=Intel(R) Xeon(R) Gold 6248 CPU @ 3.00GHz"
                -smp "$box_cpus,sockets=2,cores=$half,threads=1" -m $((64 + second))G
                -object memory-backend-ram,id=m0,size=64G,reserve=off -object memory-backend-ram,id=m1,size=${second}G,reserve=off
                -numa "node,nodeid=0,cpus=0-$((half - 1)),memdev=m0" -numa "node,nodeid=1,cpus=$half-$((box_cpus - 1)),memdev=m1"
                -acpitable "file=$work/cpufreq$box_cpus.aml"
                -smbios "type=0,vendor=Dell Inc.,version=2.18.1,date=01/02/2024" -smbios "type=1,manufacturer=Dell Inc.,product=PowerEdge R750"
                -smbios "type=4,manufacturer=Intel,version=Intel(R) Xeon(R) Gold 6248,max-speed=3000"
                -blockdev "driver=qcow2,node-name=root,file.driver=file,file.filename=$top"
                -device virtio-blk-pci,drive=root,bus=pcie.0,bootindex=0,num-queues=4
                -blockdev "driver=raw,node-name=repo,read-only=on,file.driver=file,file.filename=$cache/repo.img"
                -device virtio-blk-pci,drive=repo,bus=pcie.0,num-queues=1
                -blockdev "driver=raw,node-name=swap,file.driver=file,file.filename=$work/swap.raw" -device virtio-blk-pci,drive=swap,bus=pcie.0,num-queues=1
                -netdev "user,id=control,restrict=on,hostfwd=tcp:127.0.0.1:$port-:22" -device virtio-net-pci,netdev=control,bus=pcie.0,romfile=
                -device pxb-pcie,id=far,bus_nr=64,numa_node=1,bus=pcie.0
                -device pcie-root-port,id=farport,bus=far,chassis=9,slot=9
                -netdev tap,id=trading,ifname=boxtap,script=no,downscript=no,vhost=off,queues=8
                -device virtio-net-pci,netdev=trading,bus=farport,romfile=,mq=on,vectors=18,speed=10000,duplex=full
                -device pcie-root-port,id=rp1,bus=pcie.0,chassis=1,slot=1 -device pcie-root-port,id=rp2,bus=pcie.0,chassis=2,slot=2
                -device virtio-rng-pci,bus=pcie.0 -display none -serial "file:$work/$disk.log"
                -chardev "socket,id=qmp,path=$work/qmp,server=on,wait=off" -mon chardev=qmp,mode=control)
        for dimm in 0 1 2 3 4 5 6; do arguments+=(-smbios "file=$work/dimm$dimm"); done
        arguments+=(-smbios "file=$work/${box_last_dimm:-dimm7}")
}

# The drives are there from the start of a box that starts cold; QEMU cannot snapshot them.
box_drives()
{
        local drive
        for drive in 1 2; do
                arguments+=(-blockdev "driver=raw,node-name=nvme$drive,file.driver=file,file.filename=$work/nvme$drive.raw"
                        -device "nvme,id=ssd$drive,drive=nvme$drive,serial=PHLJ000$drive,bus=rp$drive,max_ioqpairs=8")
        done
}

# box_start [OPTION...]: starts QEMU with what `arguments` holds; the caller waits for what it needs.
box_start()
{
        # The one before would go on answering in its place.
        [ -z "$qemu" ] || box_cut_power
        rm -f "$work/qmp" "$work/$disk.log"
        # A box that outlived its lane would go on for ever, and whoever reads what the lane says would wait for it.
        setpriv --pdeathsig KILL qemu-system-x86_64 -name "$disk" "${arguments[@]}" "$@" >"$work/qemu.out" 2>&1 3>&- &
        qemu=$!
        ups=0
}

# box_new_disk NAME BASE FORMAT: a disk that starts as BASE is, and leaves it as it is. $work/top: the file that is written to now, and
# what QEMU calls it; a file, since who freezes a disk may be another process than who starts the box the next time.
box_new_disk()
{
        disk=$1
        rm -f "$work/$disk.qcow2"
        qemu-img create -q -f qcow2 -b "$2" -F "$3" "$work/$disk.qcow2"
        echo "$work/$disk.qcow2 root" >"$work/top"
}

# box_freeze NAME: what the disk holds at this moment, what the guest has not flushed left out, stays as $layers/NAME: that is what a
# power cut at this moment would leave. The box runs on, on a new layer.
box_freeze()
{
        local top node
        read -r top node <"$work/top"
        qmp 20 blockdev-snapshot-sync "{\"node-name\": \"$node\", \"snapshot-file\": \"$work/$disk-$1.qcow2\",
                \"snapshot-node-name\": \"$1\", \"format\": \"qcow2\"}" >/dev/null || return
        ln -sfn "$top" "$layers/$1"
        echo "$work/$disk-$1.qcow2 $1" >"$work/top"
}

qmp()
{
        python3 "$here/qmp.py" "$work/qmp" "$@"
}

# Ends QEMU as a power cut ends a machine: what the guest had not flushed is gone.
box_cut_power()
{
        box_hang_up
        kill -9 "$qemu" 2>/dev/null
        wait "$qemu" 2>/dev/null
        qemu=
}

box_hang_up()
{
        ssh -o ControlPath="$work/ssh" -O exit box >/dev/null 2>&1 || true
}

# in_box COMMAND...: runs a command of the box's shell, with its exit status; no command of a test takes longer than $patience.
in_box()
{
        timeout "${patience:-120}" ssh -n -i "$cache/key" -p "$port" -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null \
                -o LogLevel=ERROR -o BatchMode=yes -o ConnectTimeout=5 -o ControlMaster=auto -o ControlPath="$work/ssh" \
                -o ControlPersist=900 -o ServerAliveInterval=30 root@127.0.0.1 "$@"
}

# to_box FILE PLACE
to_box()
{
        timeout 60 ssh -i "$cache/key" -p "$port" -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR \
                -o ControlMaster=auto -o ControlPath="$work/ssh" -o ControlPersist=900 root@127.0.0.1 "cat >'$2'" <"$1"
}

# How often this console told of a box that is up.
box_ups()
{
        grep -c -a 'the box is up' "$work/$disk.log"
}

# box_wait SECONDS: until the box is up once more than $ups times, and lets us in. Thirty-two emulated CPUs that wait for each other with
# interrupts off now and then never get out of it, while their kernel starts: such a box is switched off and on once, after half of the time.
box_wait()
{
        local began=$SECONDS again=
        while [ $((SECONDS - began)) -lt "$1" ]; do
                if ! kill -0 "$qemu" 2>/dev/null; then
                        tail -n 5 "$work/qemu.out"
                        return 1
                fi
                if [ "$(box_ups)" -gt "$ups" ] && patience=20 in_box true; then
                        ups=$(box_ups)
                        return 0
                fi
                if [ -z "$again" ] && [ $((SECONDS - began)) -gt $(($1 / 2)) ] && [ "$(box_ups)" -le "$ups" ]; then
                        again=yes
                        echo "box: switched off and on again after $((SECONDS - began)) s" | tee -a "$work/again"
                        qmp 20 system_reset >/dev/null
                fi
                sleep 0.5
        done
        echo "box: nobody answers after $1 s; the last words of its console:"
        tail -n 15 "$work/$disk.log"
        return 1
}

# box_settled SECONDS: until every job of the boot is done.
box_settled()
{
        patience=$1 in_box systemctl is-system-running --wait
        return 0
}

# Ends as a machine that is switched off in order.
box_power_off()
{
        local end=$((SECONDS + 120))
        in_box systemctl poweroff >/dev/null 2>&1
        box_hang_up
        while kill -0 "$qemu" 2>/dev/null && [ "$SECONDS" -lt "$end" ]; do sleep 0.5; done
        box_cut_power
}

box_reboot()
{
        in_box systemctl reboot >/dev/null 2>&1
        box_hang_up
        box_wait "${1:-300}" && box_settled 200
}
