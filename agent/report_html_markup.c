/* How a text gets into the page, and the class and sign of each state and verdict. */

#include "agent/report_html.h"

#include <string.h>

static const struct escape escapes[] = {
        { '&', "&amp;" }, { '<', "&lt;" }, { '>', "&gt;" }, { '"', "&quot;" }, { '\'', "&#39;" }, { 0 },
};

void html_add(const struct html *html, const char *markup, ...)
{
        struct text_buffer *out = html->out;
        const char *cut = markup, *text;
        va_list args;

        va_start(args, markup);
        for (const char *c = strchr(markup, '%'); c; c = strchr(cut, '%')) {
                text_add_bytes(out, cut, (size_t)(c - cut));
                cut = c + 2;
                if (c[1] == 's') {
                        text = va_arg(args, const char *);
                        if (text)
                                report_escape(out, text_printable(html->pool, text, HTML_TEXT_MAX), escapes);
                } else if (c[1] == 'u') {
                        text_addf(out, "%u", va_arg(args, unsigned));
                } else {
                        text_addf(out, "%zu", va_arg(args, size_t));
                        cut++;
                }
        }
        va_end(args);
        text_add(out, cut);
}

const char *html_state_class(enum state state)
{
        static const char *const classes[STATES] = { "ok", "warn", "warn", "dim", "warn", "bad" };

        return classes[state];
}

const char *html_state_sign(enum state state)
{
        static const char *const signs[STATES] = { "&#10003;", "&#8776;", "&#8635;", "&#8211;", "?", "&#10007;" };

        return signs[state];
}

const char *html_verdict_class(const char *verdict)
{
        return text_equals(verdict, "ready") ? "ok" : text_equals(verdict, "not-ready") ? "bad" : "warn";
}

const char *html_verdict_sign(const char *verdict)
{
        return text_equals(verdict, "ready")       ? "&#10003;"
               : text_equals(verdict, "not-ready") ? "&#10007;"
               : text_equals(verdict, "pending")   ? "&#8635;"
                                                   : "?";
}
