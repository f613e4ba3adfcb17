/* Keeps small files from one run to the next. */

#include "agent/kept.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int kept_read(const struct session *session, const char *path, const void **bytes, size_t *size)
{
        struct host_stat stat;
        int r;

        r = host_stat(session->host, &stat, "%s", path);
        if (r < 0)
                return r;
        if (!S_ISREG(stat.mode) || stat.mode & 022 || (stat.uid != 0 && (host_is_live(session->host) || stat.uid != geteuid())))
                return -EBADMSG;
        return host_read_bytes(session->host, session->pool, bytes, size, "%s", path);
}

int kept_write(const struct session *session, const char *path, const char *text)
{
        struct content content = { .kind = CONTENT_ABSENT };
        int r = 0;

        if (host_is_live(session->host) && geteuid() != 0)
                return -EACCES;
        if (text) {
                content = (struct content){ .kind = CONTENT_FILE, .mode = 0600, .uid = geteuid(), .gid = getegid() };
                content.bytes = text;
                content.size = strlen(text);
                r = host_make_folder(session->host, KEPT_FOLDER, 0755);
        }
        return r < 0 ? r : host_replace(session->host, path, &content);
}
