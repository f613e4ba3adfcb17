/* From the format that was asked for to the file that prints it. */

#include "agent/report.h"

int report_check(const struct report *report, struct text_buffer *out)
{
#define PRINTER(upper, lower, plain) [FORMAT_##upper] = report_##lower##_check,
        static int (*const printers[])(const struct report *, struct text_buffer *) = { FORMATS(PRINTER) };
#undef PRINTER

        return printers[report->options->format](report, out);
}
