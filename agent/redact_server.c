/* Names of other hosts, known by their place only: where a mounted filesystem comes from, and what a parameter of its says. */

#include "agent/redact_inside.h"

#include "agent/core/pool.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <string.h>

#define DOMAIN_LEAST 4 /* letters of "a.be" */
#define NAME_LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-"

/* Those are found by their form. */
static bool is_address(struct slice name)
{
        char word[INET6_ADDRSTRLEN];
        unsigned char address[16];

        if (name.size >= sizeof word)
                return false;
        memcpy(word, name.at, name.size);
        word[name.size] = '\0';
        return inet_pton(AF_INET, word, address) == 1 || inet_pton(AF_INET6, word, address) == 1;
}

static struct slice domain_of(struct slice name)
{
        const char *dot = memchr(name.at, '.', name.size);
        const char *from = dot ? dot + 1 : name.at + name.size;

        return (struct slice){ from, (size_t)(name.at + name.size - from) };
}

static struct slice label_of(struct slice name)
{
        const char *dot = memchr(name.at, '.', name.size);

        return (struct slice){ name.at, dot ? (size_t)(dot - name.at) : name.size };
}

void secret_server_in_place(const struct secrets *secrets, char *bytes, size_t size)
{
        struct slice name = { bytes, size }, label = label_of(name), domain = domain_of(name);

        if (is_address(name))
                return;
        secret_in_place(secrets, bytes, label.size);
        if (domain.size)
                secret_in_place(secrets, bytes + label.size + 1, domain.size);
}

/* Between these two only, of which each may be empty: elsewhere it may be a plain word. */
static void add_here(struct secrets *secrets, const char *before, struct slice name, const char *after)
{
        autobuffer struct text_buffer from = { 0 }, to = { 0 };

        if (!name.size || is_address(name) || slice_equals(name, "localhost"))
                return;
        text_add(&from, before);
        text_add_bytes(&from, name.at, name.size);
        text_add(&from, after);
        text_add_bytes(&to, from.at, from.size);
        secret_server_in_place(secrets, to.at + strlen(before), name.size);
        if (from.size >= 2)
                secret_put(secrets, &(struct secret){ .kind = SECRET_TEXT,
                                                      .from = (const unsigned char *)from.at,
                                                      .to = (const unsigned char *)to.at,
                                                      .size = from.size,
                                                      .word = true });
}

static void add_server(struct secrets *secrets, const char *before, struct slice name, const char *after)
{
        struct slice domain = domain_of(name);

        add_here(secrets, before, name, after);
        if (is_address(name) || slice_equals(name, "localhost"))
                return;
        redact_host_label(secrets, label_of(name));
        if (domain.size && memchr(domain.at, '.', domain.size))
                secret_add(secrets, SECRET_TEXT, domain.at, domain.size);
}

/* How much of its start may be a name. */
static size_t name_size(struct slice text)
{
        size_t size = 0;

        while (size < text.size && text.at[size] && strchr(NAME_LETTERS, text.at[size]))
                size++;
        return size;
}

/* "//SERVER/SHARE" of CIFS; "SERVER:/PATH" of NFS, "nfs:SERVER:/PATH" of dracut.cmdline(7), "USER@SERVER:/PATH" of sshfs. */
void redact_source(struct secrets *secrets, struct slice source)
{
        const char *path = memmem(source.at, source.size, ":/", 2), *name;

        if (source.size > 2 && !memcmp(source.at, "//", 2)) {
                struct slice rest = { source.at + 2, source.size - 2 };

                add_server(secrets, "//", (struct slice){ rest.at, name_size(rest) }, "");
                return;
        }
        if (!path)
                return;
        for (name = path; name > source.at && strchr(NAME_LETTERS, name[-1]);)
                name--;
        if (name < path)
                add_server(secrets, "", (struct slice){ name, (size_t)(path - name) }, ":/");
        if (name > source.at && name[-1] == '@')
                add_here(secrets, "", (struct slice){ source.at, (size_t)(name - 1 - source.at) }, "@");
}

/* mount.cifs(8), nfs(5) */
static void find_options(struct secrets *secrets, struct slice options)
{
        static const struct {
                const char *before;
                bool host;
        } marks[] = {
                { "username=", false }, { "user=", false },   { "domain=", false },     { "dom=", false },
                { "addr=", true },      { "servern=", true }, { "netbiosname=", true }, { "mountaddr=", true },
        };
        struct slice option;

        while (slice_word(&options, ",", &option)) {
                const char *equals = memchr(option.at, '=', option.size);
                struct slice value;

                if (!equals || equals + 1 == option.at + option.size)
                        continue;
                value = (struct slice){ equals + 1, option.size - (size_t)(equals + 1 - option.at) };
                for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++)
                        if (text_starts(option.at, marks[i].before))
                                (marks[i].host ? add_server : add_here)(secrets, marks[i].before, value, "");
        }
}

/* In /proc/PID/mountinfo the type, the source and its options stand behind a dash; elsewhere as in fstab(5). */
void redact_mounts(struct secrets *secrets, const char *text)
{
        struct slice line;

        while (text_line(&text, &line)) {
                const char *dash = memmem(line.at, line.size, " - ", 3);
                struct slice fields[4] = { { NULL, 0 } }, source, type, options;
                size_t count = 0;

                if (dash)
                        line = (struct slice){ dash + 3, line.size - (size_t)(dash + 3 - line.at) };
                while (count < 4 && slice_word(&line, " \t", &fields[count]))
                        count++;
                if (count < 3)
                        continue;
                type = dash ? fields[0] : fields[2];
                source = dash ? fields[1] : fields[0];
                options = dash ? fields[2] : fields[3];
                redact_source(secrets, source);
                if (slice_equals(type, "cifs") || slice_equals(type, "smb3") || slice_equals(type, "nfs") ||
                    slice_equals(type, "nfs4"))
                        find_options(secrets, options);
        }
}

/* A whole domain, wherever it stands; of one word only behind this. */
static void add_domain(struct secrets *secrets, const char *before, struct slice word)
{
        while (word.size && word.at[word.size - 1] == '.')
                word.size--;
        if (memchr(word.at, '.', word.size) && name_size(word) == word.size && word.size >= DOMAIN_LEAST && !is_address(word))
                secret_add(secrets, SECRET_TEXT, word.at, word.size);
        else
                add_here(secrets, before, word, "");
}

/* Has it the form of a name in the domain system, and none of a file, a unit or a page of the manual? */
static bool is_domain(const char *start, struct slice word)
{
        static const char *const files[] = { "conf",  "service", "socket",  "target", "d",    "so",   "rules", "path", "timer",
                                             "mount", "device",  "network", "netdev", "link", "yaml", "html",  "sh",   "py" };
        const char *last = memrchr(word.at, '.', word.size);
        struct slice top;

        if (!last || last == word.at || is_address(word) || (word.at > start && word.at[-1] == '/'))
                return false;
        top = (struct slice){ last + 1, (size_t)(word.at + word.size - last - 1) };
        if (top.size < 2)
                return false;
        for (size_t i = 0; i < sizeof files / sizeof files[0]; i++)
                if (slice_equals(top, files[i]))
                        return false;
        for (size_t i = 0; i < top.size; i++)
                if (!isalpha((unsigned char)top.at[i]))
                        return false;
        return true;
}

/* The domains that names are looked for in: "search a.example b", "domain a.example" (resolv.conf(5)). What else has the form of one was
 * written by somebody: in a remark, or for a server. */
void redact_resolver(struct secrets *secrets, const char *text)
{
        const char *start = text, *at = text;
        struct slice line, word;

        while (text_line(&text, &line)) {
                if (!slice_word(&line, " \t", &word) || !(slice_equals(word, "search") || slice_equals(word, "domain")))
                        continue;
                while (slice_word(&line, " \t", &word)) {
                        const char before[] = { word.at[-1], '\0' };

                        add_domain(secrets, before, word);
                }
        }
        for (at += strcspn(at, NAME_LETTERS); *at; at += strcspn(at, NAME_LETTERS)) {
                word = (struct slice){ at, strspn(at, NAME_LETTERS) };
                at += word.size;
                while (word.size && strchr(".-", word.at[word.size - 1]))
                        word.size--;
                if (is_domain(start, word))
                        add_domain(secrets, "", word);
        }
}

/* Behind "Domains=", "Hostname=" and their like; "~" says that a domain is for asking only. */
void redact_names(struct secrets *secrets, struct slice value)
{
        const char *sign = value.at - 1;
        struct slice word;

        while (slice_word(&value, " \t,;\"'~", &word)) {
                const char before[] = { word.at[-1], '\0' };

                if (word.size < 2 || name_size(word) != word.size || slice_equals(word, "localhost"))
                        continue;
                if (memchr(word.at, '.', word.size) || word.at - 1 != sign || !redact_host_label(secrets, word))
                        add_domain(secrets, before, word);
        }
}

/* Pages of those who make the system: they are on every host. */
static bool is_makers(struct slice name)
{
        static const char *const makers[] = { "debian.org", "ubuntu.com", "freedesktop.org", "kernel.org", "gnu.org",
                                              "gnome.org",  "redhat.com", "github.com",      "w3.org",     "systemd.io" };

        for (size_t i = 0; i < sizeof makers / sizeof makers[0]; i++) {
                size_t size = strlen(makers[i]);

                if (name.size >= size && !memcmp(name.at + name.size - size, makers[i], size) &&
                    (name.size == size || name.at[name.size - size - 1] == '.'))
                        return true;
        }
        return false;
}

/* A plain word stays: "http://proxy:3128". */
void redact_urls(struct secrets *secrets, const char *text)
{
        while ((text = strstr(text, "://"))) {
                size_t login;
                struct slice name;

                text += strlen("://");
                login = strcspn(text, "/?#@ \t\n\"'<>");
                login = text[login] == '@' ? login + 1 : 0;
                name = (struct slice){ text + login, strspn(text + login, NAME_LETTERS) };
                while (name.size && name.at[name.size - 1] == '.')
                        name.size--;
                if (is_address(name) || is_makers(name))
                        continue;
                if (memchr(name.at, '.', name.size))
                        add_server(secrets, login ? "@" : "://", name, "");
                else
                        redact_host_label(secrets, name);
        }
}

static void add_mail(struct secrets *secrets, struct slice user, struct slice domain)
{
        struct slice from = { user.at, user.size + 1 + domain.size };
        autobuffer struct text_buffer to = { 0 };

        text_add_bytes(&to, from.at, from.size);
        secret_in_place(secrets, to.at, user.size);
        secret_in_place(secrets, to.at + user.size + 1, domain.size);
        secret_put(secrets, &(struct secret){ .kind = SECRET_TEXT,
                                              .from = (const unsigned char *)from.at,
                                              .to = (const unsigned char *)to.at,
                                              .size = from.size,
                                              .word = true });
}

/* "bob@corp.example"; "getty@tty1.service" is a unit. */
void redact_mails(struct secrets *secrets, const char *text)
{
        const char *start = text;

        for (const char *sign = text; (sign = strchr(sign, '@')); sign++) {
                struct slice domain = { sign + 1, strspn(sign + 1, NAME_LETTERS) };
                const char *user = sign;

                while (domain.size && strchr(".-", domain.at[domain.size - 1]))
                        domain.size--;
                while (user > start && strchr(NAME_LETTERS, user[-1]))
                        user--;
                if (user == sign || (user > start && strchr(":/", user[-1])) || !is_domain(start, domain) || is_makers(domain))
                        continue;
                add_mail(secrets, (struct slice){ user, (size_t)(sign - user) }, domain);
        }
}
