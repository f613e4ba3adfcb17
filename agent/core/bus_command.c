/* What a unit starts: of its command only what names files. */

#include "agent/core/bus.h"

#include "agent/core/text.h"

#include <string.h>

/* Arguments hold passwords, so of one that is no path only its place is told: "-" an option, "." anything else. What a shell is told to
 * do ("exec /opt/a") is taken for words. */
static void add_words(struct text_buffer *text, const char *argument)
{
        struct slice word;

        while (text_word(&argument, " \t\n\"';&|()", &word)) {
                text_add(text, " ");
                if (word.at[0] != '/') {
                        text_add(text, word.at[0] == '-' ? "-" : ".");
                        continue;
                }
                for (size_t i = 0; i < word.size; i++)
                        text_add_bytes(text, (unsigned char)word.at[i] < ' ' ? "?" : &word.at[i], 1);
        }
}

/* The path, and the arguments behind the first, which is a name for the program (bus_property_get_exec_command of systemd). */
static int add_command(sd_bus_message *reply, struct text_buffer *text)
{
        const char *path, *argument;
        bool name = true;
        int r;

        r = sd_bus_message_read_basic(reply, 's', &path);
        if (r < 0)
                return r;
        if (!strpbrk(path, " \n"))
                text_add(text, path);
        r = sd_bus_message_enter_container(reply, 'a', "s");
        if (r < 0)
                return r;
        while ((r = sd_bus_message_read_basic(reply, 's', &argument)) > 0) {
                if (!name && text->size)
                        add_words(text, argument);
                name = false;
        }
        if (r < 0)
                return r;
        r = sd_bus_message_exit_container(reply);
        return r < 0 ? r : sd_bus_message_skip(reply, "bttttuii");
}

/* Of several commands none is told: which of them the process is of, nobody knows. */
int bus_add_commands(sd_bus_message *reply, struct text_buffer *text)
{
        autobuffer struct text_buffer first = { 0 };
        unsigned count = 0;
        int r;

        r = sd_bus_message_enter_container(reply, 'a', BUS_COMMAND);
        while (r >= 0 && (r = sd_bus_message_enter_container(reply, 'r', "sasbttttuii")) > 0) {
                autobuffer struct text_buffer other = { 0 };

                r = add_command(reply, count == 0 ? &first : &other);
                count++;
                if (r >= 0)
                        r = sd_bus_message_exit_container(reply);
        }
        if (r < 0)
                return r;
        if (count == 1 && first.at)
                text_add(text, first.at);
        return sd_bus_message_exit_container(reply);
}
