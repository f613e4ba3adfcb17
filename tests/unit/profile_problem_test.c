/* What is refused in a profile, and the place and the words of each refusal. */

#include "agent/core/pool.h"
#include "agent/core/text.h"
#include "agent/profile.h"
#include "tests/support/expect.h"
#include "tests/support/tree.h"
#include "tests/unit/profile_tree.h"
#include "tests/unit/suites.h"

#include <errno.h>

#define HEAD    "plumbline: 1\n"
#define BASE    "require: { critical: { cpu.cores: 1 } }\n"
#define NOTHING "found a profile that asks nothing, expected something in require or tune, or units or endpoints in health"

/* The problem without its "FILE:". */
static const struct {
        const char *name, *text, *problem;
} wrong[] = {
        { "empty", "", "1:1: found nothing: the profile is empty, expected a map that begins with \"plumbline: 1\"" },
        { "a comment", "# nothing\n",
          "2:1: found nothing: the profile is empty, expected a map that begins with \"plumbline: 1\"" },
        { "an empty document", "---\n", "2:1: found nothing, expected a map: a map that begins with \"plumbline: 1\"" },
        { "a list", "[a]", "1:1: found a list, expected a map: a map that begins with \"plumbline: 1\"" },
        { "text", "hello", "1:1: found \"hello\", expected a map: a map that begins with \"plumbline: 1\"" },
        { "no version", "name: x\n", "1:1: found no \"plumbline\", expected \"plumbline: 1\" in it" },
        { "another version", "plumbline: 2\n", "1:12: found \"2\" as the version of the form, expected 1" },
        { "a version that is a map", "plumbline: {}\n", "1:12: found a map as the version of the form, expected 1" },
        { "two documents", HEAD "---\n" HEAD, "2:1: found a second document, expected one" },
        { "asks nothing", HEAD "name: x\n", "1:1: " NOTHING },
        { "only what the journal may say", HEAD "health: { journal: { window: boot } }\n", "1:1: " NOTHING },
        { "no units", HEAD "health: { units: [] }\n", "1:1: " NOTHING },
        { "no endpoints", HEAD "health: { endpoints: {} }\n", "1:1: " NOTHING },
        { "no facts", HEAD "require: { critical: {} }\n", "1:1: " NOTHING },
        { "all of it dropped", HEAD "extends: [below]\nrequire: !drop\n", "1:1: " NOTHING },
        { "nothing but what is dropped", HEAD "extends: [below]\nrequire: { critical: { cpu.cores: !drop } }\n",
          "1:1: " NOTHING },
        { "unknown key at the top", HEAD "tuen: {}\n",
          "2:1: found unknown key \"tuen\", expected one of plumbline, name, summary, extends, cpus, require, tune, health, "
          "audit, "
          "waivers; did you mean \"tune\"?" },
        { "duplicate key", HEAD "name: a\nname: b\n",
          "3:1: found the key \"name\" a second time, expected it once: it is on line 2" },
        { "duplicate key below", HEAD "tune:\n  sysctl: { a.b: 1, a.b: 2 }\n",
          "3:21: found the key \"a.b\" a second time, expected it once: it is on line 3" },
        { "empty key", HEAD "\"\": 1\n", "2:1: found an empty key, expected a name" },
        { "key that is a map", HEAD "{a: b}: 1\n", "2:1: found a key that is not text, expected a name" },
        { "name that is a list", HEAD "name: [a]\n", "2:7: found a list, expected the profile's name" },
        { "name with a line break", HEAD "name: \"a\\nb\"\n",
          "2:7: found the control character 0x0a in \"a?b\", expected the profile's name on one line" },
        { "NUL byte by an escape", HEAD "name: \"a\\0b\"\n", "2:7: found a NUL character, expected text" },
        { "anchor", HEAD "name: &x a\n", "2:7: found the anchor &x, expected the value itself: profiles inherit by `extends`" },
        { "alias", HEAD "name: *x\n", "2:7: found the alias *x, expected the value itself: profiles inherit by `extends`" },
        { "merge key", HEAD "<<: x\n",
          "2:1: found unknown key \"<<\", expected one of plumbline, name, summary, extends, cpus, require, tune, health, "
          "audit, "
          "waivers" },
        { "tag", HEAD "name: !!str a\n",
          "2:7: found the tag \"tag:yaml.org,2002:str\", expected !drop or no tag; quote text that begins with !" },
        { "tag on a map", HEAD "tune: !drop {}\n",
          "2:7: found the tag \"!drop\", expected no tag; quote text that begins with !" },
        { "comparison that reads as a tag", HEAD "require: { critical: { cpu.cores: != 3 } }\n",
          "2:35: found the tag \"!=\", expected !drop or no tag; quote text that begins with !" },
        { "drop with a value", HEAD "name: !drop x\n", "2:7: found \"x\" behind !drop, expected nothing there" },
        { "drop in a list", HEAD "extends: [!drop ]\n", "2:11: found !drop in a list, expected it as the value of a key" },
        { "drop as a key", HEAD "!drop : 1\n", "2:1: found !drop as a key, expected it as a value" },
        { "tab", HEAD "tune:\n\tsysctl: 1\n",
          "3:1: found what is not YAML (found character that cannot start any token, while scanning for the next token that "
          "begins on "
          "line 3), expected YAML: indent with blanks, no tabs, and quote text that begins with % @ or `" },
        { "open bracket", HEAD "extends: [a\n",
          "3:1: found what is not YAML (did not find expected ',' or ']', while parsing a flow sequence that begins on line "
          "2), "
          "expected YAML" },
        { "comparison that reads as a block", HEAD "require:\n  critical:\n    cpu.cores: >= 3\n",
          "4:17: found what is not YAML (did not find expected comment or line break, while scanning a block scalar that "
          "begins on "
          "line 4), expected YAML: quote text that begins with > or |" },
        { "not UTF-8", HEAD "name: h\xc3\xa9 a\xff\n",
          "2:11: found 0xff (invalid leading UTF-8 octet), expected UTF-8 text without control characters" },
        { "UTF-16", "\xff\xfep",
          "1:1: found 0xff (invalid leading UTF-8 octet), expected UTF-8 text without control characters" },
        { "control character", HEAD "name: a\x01\n",
          "2:8: found 0x01 (control characters are not allowed), expected UTF-8 text without control characters" },
        { "extends that is text", HEAD "extends: base\n",
          "2:10: found \"base\", expected a list in [ ]: the profiles that this one extends" },
        { "cpus that is text", HEAD BASE "cpus: 3\n", "3:7: found \"3\", expected a map: housekeeping and isolated" },
        { "unknown key of cpus", HEAD BASE "cpus: { isolate: 3 }\n",
          "3:9: found unknown key \"isolate\", expected one of housekeeping, isolated; did you mean \"isolated\"?" },
        { "overlapping sets", HEAD BASE "cpus: { housekeeping: \"0-3\", isolated: \"2-5\" }\n",
          "3:40: found CPU(s) 2-3 in both housekeeping (0-3) and isolated (2-5), expected each in one set" },
        { "requirement tier", HEAD "require: { crucial: {} }\n",
          "2:12: found unknown key \"crucial\", expected one of critical, important, info, important_pass" },
        { "unknown fact", HEAD "require: { critical: { cpu.coers: 3 } }\n",
          "2:24: found unknown fact \"cpu.coers\", expected one of cpu.cores, cpu.isolated, kernel.rt, kernel.release, "
          "memory.used, memory.speed, nvme.*.size, nvme.*.health, nic.*.speed, nic.*.link, endpoint.*.state, unit.*.state, "
          "unit.*.restart_needed, unit.*.reload_needed, unit.*.restarts, disk.*.free; did you mean \"cpu.cores\"?" },
        { "unknown fact of a device", HEAD "require: { info: { nic.eth0.sped: 3 } }\n",
          "2:20: found unknown fact \"nic.eth0.sped\", expected one of cpu.cores, cpu.isolated, kernel.rt, kernel.release, "
          "memory.used, memory.speed, nvme.eth0.size, nvme.eth0.health, nic.eth0.speed, nic.eth0.link, endpoint.eth0.state, "
          "unit.eth0.state, unit.eth0.restart_needed, unit.eth0.reload_needed, unit.eth0.restarts, disk.eth0.free; did you "
          "mean \"nic.eth0.speed\"?" },
        { "pattern without a word", HEAD "require: { info: { nvme.*.size: 3 TB } }\n",
          "2:20: found the pattern \"nvme.*.size\" alone, expected \"any nvme.*.size\" or \"every nvme.*.size\"" },
        { "pattern over two kinds", HEAD "require: { info: { any nvme.*: 3 } }\n",
          "2:20: found \"nvme.*\", which stands for nvme.*.size and nvme.*.health, expected facts of one kind and unit" },
        { "requirement that is a list", HEAD "require: { info: { cpu.cores: [3] } }\n",
          "2:31: found a list, expected what the fact must be, such as \">= 4\"" },
        { "requirement without a value", HEAD "require:\n  info:\n    cpu.cores:\n",
          "4:15: found nothing, expected what the fact must be, such as \">= 4\"" },
        { "requirement without is", HEAD "require: { info: { cpu.cores: { why: x } } }\n",
          "2:31: found a map without \"is\", expected { is: VALUE, ... } or the value alone" },
        { "requirement with a tier", HEAD "require: { info: { cpu.cores: { is: 3, tier: info } } }\n",
          "2:40: found unknown key \"tier\", expected one of is, why" },
        { "requirement of another unit", HEAD "require: { info: { memory.speed: \">= 3 GiB\" } }\n",
          "2:34: found \">= 3 GiB\", expected a whole number for memory.speed: " },
        { "requirement of another kind", HEAD "require: { info: { cpu.cores: many } }\n",
          "2:31: found \"many\", expected a whole number for cpu.cores: " },
        { "size without a unit", HEAD "require: { info: { any nvme.*.size: \">= 2\" } }\n",
          "2:37: found \">= 2\", expected a whole number for nvme.*.size: \"2\" has no unit: a size was expected, such as "
          "\"128 GiB\"" },
        { "sizes without a unit", HEAD "require: { info: { any nvme.*.size: \"in [1 TB, 2]\" } }\n",
          "2:37: found \"in [1 TB, 2]\", expected a whole number for nvme.*.size: \"2\" has no unit: " },
        { "share that may be one of a hundred", HEAD "require: { important_pass: 0.9 }\n",
          "2:28: found \"0.9\", expected a share from 0 % to 100 %, such as \"90 %\"" },
        { "share beyond all", HEAD "require: { important_pass: 101 % }\n",
          "2:28: found \"101 %\", expected a share from 0 % to 100 %, such as \"90 %\"" },
        { "share that is none", HEAD "require: { important_pass: most }\n",
          "2:28: found \"most\", expected a share from 0 % to 100 %, such as \"90 %\"" },
        { "unknown knob", HEAD "tune: { sysctls: {} }\n",
          "2:9: found unknown key \"sysctls\", expected one of cmdline, services, sysctl, hugepages, cpu, limits, irq; did you "
          "mean "
          "\"sysctl\"?" },
        { "knob that is text", HEAD "tune: { sysctl: 3 }\n", "2:17: found \"3\", expected a map: the settings of sysctl" },
        { "unknown key of a knob", HEAD "tune: { cpu: { govenor: performance } }\n",
          "2:16: found unknown key of tune.cpu \"govenor\", expected one of governor, boost; did you mean \"governor\"?" },
        { "unknown key two deep", HEAD "tune: { limits: { hft: { nofiles: 3 } } }\n",
          "2:26: found unknown key of tune.limits \"nofiles\", expected one of nofile, memlock; did you mean \"nofile\"?" },
        { "text where a map belongs", HEAD "tune: { limits: { hft: 3 } }\n",
          "2:24: found \"3\", expected a map: what stands below tune.limits.hft" },
        { "long form where a map belongs", HEAD "tune: { limits: { hft: { is: 3 } } }\n",
          "2:24: found a value with \"is\", expected a map: what stands below tune.limits.hft" },
        { "map where text belongs", HEAD "tune: { cpu: { boost: { on: 1 } } }\n",
          "2:25: found unknown key \"on\", expected one of is, tier, absent, why" },
        { "too deep", HEAD "tune: { hugepages: { 2M: { node0: { x: 1 } } } }\n",
          "2:37: found unknown key \"x\", expected one of is, tier, absent, why" },
        { "list where text belongs", HEAD "tune: { cpu: { boost: [1] } }\n", "2:23: found a list, expected " },
        { "text where a list belongs", HEAD "tune: { services: { off: cups } }\n",
          "2:26: found \"cups\", expected a list in [ ]: the names" },
        { "name twice in a list", HEAD "tune: { services: { off: [cups, a, cups] } }\n",
          "2:36: found \"cups\" a second time, expected it once" },
        { "empty name in a list", HEAD "tune: { services: { off: [\"\"] } }\n", "2:27: found an empty name, expected one" },
        { "text without a value", HEAD "tune: { cmdline: { quiet: } }\n",
          "2:27: found nothing, expected text (\"\" if it is to be empty)" },
        { "value of another kind", HEAD "tune: { cpu: { boost: maybe } }\n",
          "2:23: found \"maybe\", expected true or false for cpu.boost: " },
        { "setting without a value", HEAD "tune: { cpu: { boost: } }\n", "2:23: found nothing, expected true or false" },
        { "value that is no choice", HEAD "tune: { cpu: { governor: performance|shedutil } }\n",
          "2:26: found unknown value \"shedutil\", expected one of performance, schedutil, powersave; did you mean "
          "\"schedutil\"?" },
        { "one-sided where it cannot be", HEAD "tune: { hugepages: { 2M: \">= 3\" } }\n",
          "2:26: found \">= 3\", expected one value: what is set must be told exactly" },
        { "operator that sets nothing", HEAD "tune: { sysctl: { a: \"!= 3\" } }\n",
          "2:22: found \"!= 3\", expected one value, \">= N\" or \"<= N\": what is set must be told exactly" },
        { "operator before text", HEAD "tune: { sysctl: { a: \">= many\" } }\n", "2:22: found \">= many\", expected " },
        { "unknown tier", HEAD "tune: { sysctl: { a: { is: 3, tier: inof } } }\n",
          "2:37: found unknown tier \"inof\", expected one of critical, important, info; did you mean \"info\"?" },
        { "absent that is not ok", HEAD "tune: { sysctl: { a: { is: 3, absent: fine } } }\n",
          "2:39: found \"fine\", expected \"absent: ok\", or no \"absent\" at all" },
        { "what the knob refuses", HEAD "tune: { sysctl: { no.such.key: 3 } }\n",
          "2:32: found \"3\" for sysctl.no.such.key, expected another: no kernel has \"no.such.key\"" },
        { "variable without cpus", HEAD "tune: { irq: { default: \"${cpus.isolated}\" } }\n",
          "2:25: found a variable in \"${cpus.isolated}\", expected a section \"cpus\" that gives it a value" },
        { "unknown variable", HEAD "cpus: { isolated: \"1\" }\ntune: { irq: { default: \"${cpus.isolatd}\" } }\n",
          "3:25: found unknown variable \"cpus.isolatd\", expected one of cpus.housekeeping, cpus.isolated; did you mean "
          "\"cpus.isolated\"?" },
        { "open variable", HEAD "cpus: { isolated: \"1\" }\ntune: { irq: { default: \"${cpus.isolated\" } }\n",
          "3:25: found \"${\" without \"}\" in \"${cpus.isolated\", expected ${cpus.housekeeping} or ${cpus.isolated}" },
        { "variable where a number belongs",
          HEAD "cpus: { isolated: \"1\" }\ntune: { hugepages: { 2M: \"${cpus.isolated}\" } }\n",
          "3:26: found \"${cpus.isolated}\", expected a whole number for hugepages.2M: " },
        { "unknown key of health", HEAD "health: { unit: [] }\n",
          "2:11: found unknown key \"unit\", expected one of units, journal, endpoints; did you mean \"units\"?" },
        { "part of health that nothing reads", HEAD "health: { files: [] }\n",
          "2:11: found unknown key \"files\", expected one of units, journal, endpoints" },
        { "units that are no list", HEAD "health: { units: cups }\n",
          "2:18: found \"cups\", expected a list in [ ]: the services that must run" },
        { "unit of another kind", HEAD "health: { units: [a, data.mount] }\n",
          "2:22: found \"data.mount\", expected the name of a service, such as postgresql.service" },
        { "unit of no name", HEAD "health: { units: [a b] }\n",
          "2:19: found \"a b\", expected the name of a service, such as postgresql.service" },
        { "unit that is a path", HEAD "health: { units: [../a] }\n",
          "2:19: found \"../a\", expected the name of a service, such as postgresql.service" },
        { "nameless unit", HEAD "health: { units: [\"\"] }\n",
          "2:19: found \"\", expected the name of a service, such as postgresql.service" },
        { "unknown key of the journal", HEAD "health: { journal: { windw: boot } }\n",
          "2:22: found unknown key \"windw\", expected one of window, allow; did you mean \"window\"?" },
        { "window that is no time", HEAD "health: { journal: { window: yesterday } }\n",
          "2:30: found \"yesterday\", expected boot, or a time such as \"1 h\"" },
        { "window of no length", HEAD "health: { journal: { window: 0 s } }\n",
          "2:30: found \"0 s\", expected boot, or a time such as \"1 h\"" },
        { "allow-list that is none", HEAD "health: { journal: { allow: cups.service } }\n",
          "2:29: found \"cups.service\", expected a list in [ ]: " },
        { "allowed by nothing", HEAD "health: { journal: { allow: [ {} ] } }\n",
          "2:31: found none, expected one of unit, message_id and pattern" },
        { "allowed by two things", HEAD "health: { journal: { allow: [ { unit: a, pattern: b } ] } }\n",
          "2:31: found several keys, expected one of unit, message_id and pattern" },
        { "message id that is short", HEAD "health: { journal: { allow: [ { message_id: abc } ] } }\n",
          "2:45: found \"abc\", expected a message id of 32 hex digits" },
        { "pattern that is none", HEAD "health: { journal: { allow: [ { pattern: \"(\" } ] } }\n",
          "2:42: found \"(\", expected a regular expression: " },
        { "endpoints as a list", HEAD "health: { endpoints: [a] }\n",
          "2:22: found a list, expected a map: endpoints by their names, and what each must answer" },
        { "endpoint of no name", HEAD "health: { endpoints: { \"a b\": { tcp: \"a:1\" } } }\n",
          "2:24: found \"a b\", expected the name of an endpoint: letters, digits, '-' and '_'" },
        { "endpoint of no kind", HEAD "health: { endpoints: { a: { timeout: 1 s } } }\n",
          "2:27: found an endpoint without tcp, http or command, expected one of them" },
        { "endpoint of two kinds", HEAD "health: { endpoints: { a: { tcp: \"a:1\", http: \"http://a\" } } }\n",
          "2:41: found http beside tcp, expected one of them" },
        { "misspelt key of an endpoint", HEAD "health: { endpoints: { a: { tcp: \"a:1\", timout: 1 s } } }\n",
          "2:41: found unknown key \"timout\", expected one of tcp, timeout, tier, why; did you mean \"timeout\"?" },
        { "key of another kind", HEAD "health: { endpoints: { a: { tcp: \"a:1\", body: OK } } }\n",
          "2:41: found unknown key \"body\", expected one of tcp, timeout, tier, why" },
        { "timeout for ever", HEAD "health: { endpoints: { a: { tcp: \"a:1\", timeout: 2 h } } }\n",
          "2:50: found \"2 h\", expected a time from 1 ms to 60 s, such as \"2 s\"" },
        { "timeout of nothing", HEAD "health: { endpoints: { a: { tcp: \"a:1\", timeout: 0 } } }\n",
          "2:50: found \"0\", expected a time from 1 ms to 60 s, such as \"2 s\"" },
        { "tier of an endpoint", HEAD "health: { endpoints: { a: { tcp: \"a:1\", tier: vital } } }\n",
          "2:47: found unknown tier \"vital\", expected one of critical, important, info" },
        { "JSON that wants nothing", HEAD "health: { endpoints: { a: { http: \"http://a\", json: {} } } }\n",
          "2:53: found an empty map, expected members that the answer must have" },
        { "a member that wants nothing", HEAD "health: { endpoints: { a: { http: \"http://a\", json: { b: {} } } } }\n",
          "2:58: found an empty map, expected members that the answer must have" },
        { "port that is none", HEAD "health: { endpoints: { a: { tcp: \"a:65536\" } } }\n",
          "2:34: found \"a:65536\", expected an address such as \"127.0.0.1:9000\" or \"[::1]:9000\"" },
        { "address without brackets", HEAD "health: { endpoints: { a: { tcp: \"::1:80\" } } }\n",
          "2:34: found \"::1:80\", expected an address such as \"127.0.0.1:9000\" or \"[::1]:9000\"" },
        { "file as an address", HEAD "health: { endpoints: { a: { http: \"file:///etc/shadow\" } } }\n",
          "2:35: found \"file:///etc/shadow\", expected an address that begins with http:// or https://" },
        { "port beyond all", HEAD "health: { endpoints: { a: { http: \"http://127.0.0.1:99999/\" } } }\n",
          "2:35: found \"http://127.0.0.1:99999/\", expected a host and a port from 1 to 65535, such as "
          "\"http://127.0.0.1:8080/health\" or \"http://[::1]:8080/health\"" },
        { "port of no digits", HEAD "health: { endpoints: { a: { http: \"http://x:y\" } } }\n",
          "2:35: found \"http://x:y\", expected a host and a port from 1 to 65535, such as \"http://127.0.0.1:8080/health\" or "
          "\"http://[::1]:8080/health\"" },
        { "port of nothing", HEAD "health: { endpoints: { a: { http: \"http://x:/\" } } }\n",
          "2:35: found \"http://x:/\", expected a host and a port from 1 to 65535, such as \"http://127.0.0.1:8080/health\" or "
          "\"http://[::1]:8080/health\"" },
        { "port 0", HEAD "health: { endpoints: { a: { http: \"https://x:0/\" } } }\n",
          "2:35: found \"https://x:0/\", expected a host and a port from 1 to 65535, such as \"http://127.0.0.1:8080/health\" "
          "or \"http://[::1]:8080/health\"" },
        { "bracket without its end", HEAD "health: { endpoints: { a: { http: \"http://[::1\" } } }\n",
          "2:35: found \"http://[::1\", expected a host and a port from 1 to 65535, such as \"http://127.0.0.1:8080/health\" "
          "or \"http://[::1]:8080/health\"" },
        { "bracket around a name", HEAD "health: { endpoints: { a: { http: \"http://[localhost]:80/\" } } }\n",
          "2:35: found \"http://[localhost]:80/\", expected a host and a port from 1 to 65535, such as "
          "\"http://127.0.0.1:8080/health\" or \"http://[::1]:8080/health\"" },
        { "address of the sixth without brackets", HEAD "health: { endpoints: { a: { http: \"http://::1/\" } } }\n",
          "2:35: found \"http://::1/\", expected a host and a port from 1 to 65535, such as \"http://127.0.0.1:8080/health\" "
          "or \"http://[::1]:8080/health\"" },
        { "port alone", HEAD "health: { endpoints: { a: { http: \"http://:80/\" } } }\n",
          "2:35: found \"http://:80/\", expected a host and a port from 1 to 65535, such as \"http://127.0.0.1:8080/health\" "
          "or \"http://[::1]:8080/health\"" },
        { "blank in an address", HEAD "health: { endpoints: { a: { http: \"http://h/ X\" } } }\n",
          "2:35: found \"http://h/ X\", expected an address without blanks and backslashes (a blank is %20 there)" },
        { "tcp bracket around a name", HEAD "health: { endpoints: { a: { tcp: \"[a]:80\" } } }\n",
          "2:34: found \"[a]:80\", expected an address such as \"127.0.0.1:9000\" or \"[::1]:9000\"" },
        { "tcp without a port", HEAD "health: { endpoints: { a: { tcp: \"[::1]\" } } }\n",
          "2:34: found \"[::1]\", expected an address such as \"127.0.0.1:9000\" or \"[::1]:9000\"" },
        { "timeout without a unit", HEAD "health: { endpoints: { a: { tcp: \"a:1\", timeout: 2 } } }\n",
          "2:50: found \"2\" without a unit, expected a time such as \"2 s\"" },
        { "password in an address", HEAD "health: { endpoints: { a: { http: \"http://u:p@h/\" } } }\n",
          "2:35: found a user in an address, expected none: a profile is no place for passwords" },
        { "status that is none", HEAD "health: { endpoints: { a: { http: \"http://h/\", status: ok } } }\n",
          "2:56: found \"ok\", expected a status from 100 to 599, such as 200" },
        { "json that is no map", HEAD "health: { endpoints: { a: { http: \"http://h/\", json: healthy } } }\n",
          "2:54: found \"healthy\", expected a map: members of the answer's JSON, and what each must be" },
        { "command as a line", HEAD "health: { endpoints: { a: { command: /bin/true, user: nobody } } }\n",
          "2:38: found \"/bin/true\", expected a list in [ ]: a program and its arguments, such as [/usr/bin/redis-cli, "
          "ping]" },
        { "command without a path", HEAD "health: { endpoints: { a: { command: [true], user: nobody } } }\n",
          "2:39: found \"true\", expected the path of a program, such as /usr/bin/redis-cli" },
        { "command without a user", HEAD "health: { endpoints: { a: { command: [/bin/true] } } }\n",
          "2:38: found a command without \"user\", expected the user who runs it" },
        { "command by root", HEAD "health: { endpoints: { a: { command: [/bin/true], user: root } } }\n",
          "2:57: found root, expected a user without privileges" },
        { "unknown key of audit", HEAD BASE "audit: { touch: [] }\n",
          "3:10: found unknown key \"touch\", expected one of touching, hysteresis" },
        { "hysteresis of no number", HEAD BASE "audit: { hysteresis: often }\n",
          "3:22: found \"often\", expected how often of how many looks an item must differ, such as \"2 of 3\", at most of "
          "64" },
        { "hysteresis that never comes", HEAD BASE "audit: { hysteresis: 3 of 2 }\n",
          "3:22: found \"3 of 2\", expected how often of how many looks an item must differ, such as \"2 of 3\", at most of "
          "64" },
        { "hysteresis of too many", HEAD BASE "audit: { hysteresis: 1 of 65 }\n",
          "3:22: found \"1 of 65\", expected how often of how many looks an item must differ, such as \"2 of 3\", at most of "
          "64" },
        { "hysteresis of nothing", HEAD BASE "audit: { hysteresis: 0 of 1 }\n",
          "3:22: found \"0 of 1\", expected how often of how many looks an item must differ, such as \"2 of 3\", at most of "
          "64" },
        { "hysteresis with more", HEAD BASE "audit: { hysteresis: 1 of 2 or so }\n",
          "3:22: found \"1 of 2 or so\", expected how often of how many looks an item must differ, such as \"2 of 3\", at most "
          "of 64" },
        { "pattern of no fact", HEAD BASE "audit: { touching: [nic.*.lnik] }\n", "3:21: found unknown fact \"nic.*.lnik\", " },
        { "waiver without a name", HEAD BASE "waivers: [ { id: a, until: 2026-01-01, why: x } ]\n",
          "3:12: found a waiver without \"who\", expected id, until, why and who" },
        { "waiver of no day", HEAD BASE "waivers: [ { id: a, until: 2026-02-29, why: x, who: y } ]\n",
          "3:28: found \"2026-02-29\", expected a date such as \"2026-12-31\"" },
        { "waiver without an end", HEAD BASE "waivers: [ { id: a, until: never, why: x, who: y } ]\n",
          "3:28: found \"never\", expected a date such as \"2026-12-31\"" },
        { "waiver with too much", HEAD BASE "waivers: [ { id: a, for: b } ]\n",
          "3:21: found unknown key \"for\", expected one of id, until, why, who" },
        { "waivers that are a map", HEAD BASE "waivers: { id: a }\n", "3:10: found a map, expected a list in [ ]: " },
};

static void test_wrong(void)
{
        struct tree *tree = tree_new();

        tree_file(tree, "/p/below.yaml", HEAD BASE);
        for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
                autopool struct pool *pool = pool_new();
                const char *want = pool_format(pool, "@/p/w.yaml:%s", wrong[i].problem), *problem;
                struct profile *profile;

                tree_file(tree, "/p/w.yaml", "%s", wrong[i].text);
                EXPECT_NUMBER(wrong[i].name, profile_tree_load(tree, pool, "/p/w.yaml", &profile, &problem), -EINVAL);
                /* What the parsers of values say may change: a row that ends in a blank says only how it begins. */
                if (!text_ends(want, " ") || !text_starts(problem, want))
                        EXPECT_TEXT(wrong[i].name, problem, want);
                profile_free(profile);
        }
        tree_free(tree);
}

static const struct {
        const char *name, *cpus;
        bool fine;
} partitions[] = {
        { "cores and the rest", "{ housekeeping: 2 per node, isolated: rest }", true },
        { "the rest and a list", "{ housekeeping: rest, isolated: \"2-7\" }", true },
        { "two lists", "{ housekeeping: \"0-1,48-49\", isolated: \"2-47\" }", true },
        { "no isolation", "{ housekeeping: 1 per node, isolated: none }", true },
        { "only isolated", "{ isolated: \"4-7\" }", true },
        { "garbage", "{ housekeeping: garbage, isolated: rest }", false },
        { "garbage to isolate", "{ housekeeping: \"0\", isolated: garbage }", false },
        { "nobody keeps house", "{ housekeeping: none }", false },
        { "both the rest", "{ housekeeping: rest, isolated: rest }", false },
        { "the rest of nothing", "{ isolated: rest }", false },
        { "no core", "{ housekeeping: 0 per node, isolated: rest }", false },
        { "too many cores", "{ housekeeping: 99999999999999999999 per node, isolated: rest }", false },
        { "cores of a negative number", "{ housekeeping: -1 per node, isolated: rest }", false },
        { "backwards", "{ housekeeping: \"3-0\", isolated: rest }", false },
        { "beyond any machine", "{ housekeeping: \"99999\", isolated: rest }", false },
        { "empty", "{ housekeeping: \"\", isolated: rest }", false },
        { "overlap with a hole", "{ housekeeping: \"0-3,9\", isolated: \"4-9\" }", false },
        { "a list of YAML", "{ housekeeping: [0, 1], isolated: rest }", false },
};

static void test_partitions(void)
{
        struct tree *tree = tree_new();

        for (size_t i = 0; i < sizeof(partitions) / sizeof(partitions[0]); i++) {
                autopool struct pool *pool = pool_new();
                struct profile *profile;
                const char *problem;

                tree_file(tree, "/p/c.yaml", HEAD BASE "cpus: %s\n", partitions[i].cpus);
                EXPECT_NUMBER(partitions[i].name, profile_tree_load(tree, pool, "/p/c.yaml", &profile, &problem),
                              partitions[i].fine ? 0 : -EINVAL);
                EXPECT(partitions[i].name, partitions[i].fine || (text_starts(problem, "@/p/c.yaml:3:")));
                profile_free(profile);
        }
        tree_free(tree);
}

static const struct test tests[] = {
        { "what is refused", test_wrong },
        { "partitions", test_partitions },
        { NULL, NULL },
};
const struct suite suite_profile_problem = { "profile_problem", tests };
