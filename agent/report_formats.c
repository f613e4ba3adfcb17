/* From the format that was asked for to the file that prints it. */

#include "agent/report.h"

#include "agent/core/pool.h"

int report_check(const struct report *report, struct text_buffer *out)
{
#define PRINTER(upper, lower, plain) [FORMAT_##upper] = report_##lower##_check,
        static int (*const printers[])(const struct report *, struct text_buffer *) = { FORMATS(PRINTER) };
#undef PRINTER

        return printers[report->options->format](report, out);
}

/* The plugin codes know no wrong usage: 2 would page somebody because of a typing error, and a plugin that prints nothing is
 * shown without a reason (Monitoring Plugins Development Guidelines, "Plugin Return Codes"). */
int report_refused(const struct options *options, int status, const char *problem, struct text_buffer *out)
{
        autopool struct pool *pool = NULL;

        if (options->format != FORMAT_NAGIOS)
                return status;
        pool = pool_new();
        text_add(out, "PLUMBLINE UNKNOWN - ");
        report_escape(out, text_printable(pool, problem, 1000), (const struct escape[]){ { '|', "/" }, { 0 } });
        text_add(out, "\n");
        return EXIT_CANNOT_TELL;
}
