/* What files of networkd and NetworkManager, and its scripts, set of a port or an interface: that one names it is not enough, since netplan
 * writes a file for each. */

#include "agent/evidence_inside.h"

#include "agent/core/pool.h"
#include "agent/core/text.h"
#include "agent/core/value.h"

#include <string.h>

/* By what each form calls it; NULL: it cannot say so. */
static const struct subject {
        const char *items;
        const char *words[LINK_FORMS];
        bool by_value; /* the file is one of another port, which it gives to this interface */
} subjects[] = {
        { "nic.*.mtu interface.*.mtu",
          { [LINK_NETWORK] = "MTUBytes", [LINK_MANAGER] = "ethernet.mtu", [LINK_SCRIPT] = "mtu" },
          false },
        { "nic.*.speed", { [LINK_SCRIPT] = "speed autoneg advertise" }, false },
        { "nic.*.duplex", { [LINK_SCRIPT] = "duplex autoneg advertise" }, false },
        { "interface.*.ports",
          { [LINK_NETWORK] = "Bond Bridge VRF VLAN MACVLAN", [LINK_SCRIPT] = "master nomaster enslave ifenslave" },
          true },
};

/* "eth0", "en*", "!eth0 *": a name that it is not settles it. */
static bool is_matched(struct pool *pool, const char *patterns, const char *device)
{
        bool matched = false;
        struct slice word;

        while (text_word(&patterns, " \t,;", &word)) {
                const char *pattern = slice_dup(pool, word);

                if (*pattern == '!')
                        return false;
                if (text_starts(pattern, "interface-name:"))
                        pattern = strchr(pattern, ':') + 1;
                pattern += *pattern == '=';
                matched = matched || text_matches(device, pattern);
        }
        return matched;
}

/* In [Match] of networkd for the whole file; "match-device" of NetworkManager for its section. */
static enum saying settings_say(const struct evidence *evidence, const struct drift_row *row, const struct subject *subject,
                                const char *device, enum link_form form, const char *const *lines)
{
        const char *key = form == LINK_NETWORK ? "Name" : "match-device";
        bool matched = false, in_match = form != LINK_NETWORK;
        enum saying saying = SAYS_NOT;

        for (; *lines && saying != SAYS; lines++) {
                const char *patterns, *value = evidence_set_value(*lines, subject->words[form]);

                if (**lines == '[') {
                        in_match = form != LINK_NETWORK || text_equals(*lines, "[Match]");
                        matched = matched && form == LINK_NETWORK;
                }
                patterns = in_match ? evidence_set_value(*lines, key) : NULL;
                matched = matched || (patterns && is_matched(evidence->pool, patterns, device));
                if (!value || in_match != (form != LINK_NETWORK))
                        continue;
                if (subject->by_value ? evidence_has_word(value, device) : matched) {
                        enum saying here = subject->by_value ? SAYS : evidence_saying(evidence->pool, row, value);

                        saying = here > saying ? here : saying;
                }
        }
        return saying;
}

/* "1 Gbit/s" of 1000 behind `speed`, which ethtool(8) takes in Mbit/s. */
static const char *as_bitrate(struct pool *pool, struct slice word)
{
        struct value value;
        uint64_t mega;

        if (text_u64(slice_dup(pool, word), 10, &mega) < 0 || mega > 1000000000)
                return NULL;
        value = value_number((int64_t)mega * 1000000, UNIT_BITRATE);
        return value_show(pool, &value);
}

static enum saying said_in(struct pool *pool, const struct drift_row *row, const char *line)
{
        struct slice word;
        const char *value;

        while (text_word(&line, " \t'\"", &word)) {
                if (!slice_equals(word, "speed") && !slice_equals(word, "mtu") && !slice_equals(word, "duplex"))
                        continue;
                if (!text_ends(row->name, pool_format(pool, ".%s", slice_dup(pool, word))) ||
                    !text_word(&line, " \t'\";", &word))
                        continue;
                value = text_ends(row->name, ".speed") ? as_bitrate(pool, word) : slice_dup(pool, word);
                return value ? evidence_saying(pool, row, value) : SAYS;
        }
        return SAYS;
}

/* The port and what is done to it may stand on two lines. */
static enum saying script_says(const struct evidence *evidence, const struct drift_row *row, const struct subject *subject,
                               const char *device, const char *const *lines)
{
        enum saying saying = SAYS_NOT;
        bool named = false;

        for (; *lines; lines++) {
                const char *words = subject->words[LINK_SCRIPT];
                struct slice word;

                named = named || evidence_has_word(*lines, device);
                while (text_word(&words, " ", &word)) {
                        enum saying here = evidence_has_word(*lines, slice_dup(evidence->pool, word))
                                                   ? said_in(evidence->pool, row, *lines)
                                                   : SAYS_NOT;

                        saying = here > saying ? here : saying;
                }
        }
        return named ? saying : SAYS_NOT;
}

/* What is no port's own, such as a key of sysctl, a script has to name as a command would. */
static enum saying named_in(const struct evidence *evidence, const struct drift_row *row, const char *const *lines)
{
        enum saying saying = SAYS_NOT;

        for (; *lines && saying != SAYS; lines++) {
                const char *equals = strchr(*lines, '=');
                enum saying here = evidence_names(evidence, row, *lines)
                                           ? evidence_saying(evidence->pool, row, equals ? equals + 1 : *lines)
                                           : SAYS_NOT;

                saying = here > saying ? here : saying;
        }
        return saying;
}

enum saying evidence_link_saying(const struct evidence *evidence, const struct drift_row *row, enum link_form form,
                                 const struct evidence_text *text)
{
        size_t size = drift_device_size(row->name), head = strcspn(row->name, ".") + 1;
        const char *device;

        if (text_starts(row->name, "sysctl."))
                return form == LINK_SCRIPT ? named_in(evidence, row, text->lines) : SAYS_NOT;
        /* A .link is udev's. */
        if (!size || (form == LINK_NETWORK && !text_ends(text->path, ".network")))
                return SAYS_NOT;
        device = pool_copy(evidence->pool, row->name + head, size - head - 1);
        for (size_t i = 0; i < sizeof subjects / sizeof subjects[0]; i++) {
                if (!subjects[i].words[form] || !evidence_matches(evidence->pool, row->name, subjects[i].items))
                        continue;
                return form == LINK_SCRIPT ? script_says(evidence, row, &subjects[i], device, text->lines)
                                           : settings_say(evidence, row, &subjects[i], device, form, text->lines);
        }
        return SAYS_NOT;
}
