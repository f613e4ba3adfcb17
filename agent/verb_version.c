/* version: which plumbline this is. */

#include "agent/report.h"
#include "agent/verb.h"

static int run(const struct options *options, struct text_buffer *out)
{
        if (options->format == FORMAT_JSON)
                report_json_print(json_pack("{s:s, s:i, s:s}", "plumbline", PLUMBLINE_VERSION, "schema", PLUMBLINE_SCHEMA,
                                            "verb", "version"),
                                  out);
        else
                text_addf(out, "plumbline %s\n", PLUMBLINE_VERSION);
        return EXIT_READY;
}

const struct verb verb_version = {
        .name = "version",
        .arguments = "",
        .help = "Which plumbline this is.",
        .run = run,
};
