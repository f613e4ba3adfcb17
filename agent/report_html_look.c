/* What the page looks like and does: its style sheet and its script, named by hash in its policy. */

#include "agent/report_html.h"

#include "agent/core/pool.h"
#include "agent/core/sha256.h"

#include <string.h>

/* Colours are told apart in both schemes with a contrast of 4.5 at least; no meaning hangs on them alone. */
static const char style[] =
        ":root{color-scheme:light "
        "dark;--bg:#fff;--fg:#1b1f24;--dim:#57606a;--line:#d0d7de;--soft:#f6f8fa;--ok:#176f31;--bad:#b3141d;"
        "--warn:#8a5a00;--info:#0a53a8;--okbg:#e6f4ea;--badbg:#fdecec;--warnbg:#fff4d6;--cell:#fff;--iso:#0a53a8;--isobg:#"
        "dbe9fa}"
        "@media(prefers-color-scheme:dark){:root{--bg:#0f1318;--fg:#e6e9ed;--dim:#9aa5b1;--line:#333b45;--soft:#181e25;--ok:#"
        "56d364;"
        "--bad:#ff8a85;--warn:#e8b341;--info:#7ab8ff;--okbg:#12261a;--badbg:#33161a;--warnbg:#2e2410;--cell:#1c232b;--iso:#"
        "7ab8ff;"
        "--isobg:#17304d}}"
        "*{box-sizing:border-box}"
        "body{margin:0;font:15px/1.45 system-ui,-apple-system,\"Segoe UI\",\"Liberation "
        "Sans\",Arial,sans-serif;background:var(--bg);"
        "color:var(--fg)}"
        "header,main,footer{max-width:1200px;margin:0 auto;padding:0 20px}"
        "h1,h2,h3,p,dl,ul,ol{margin:0;padding:0}"
        "h2{font-size:20px;margin:34px 0 10px}h3{font-size:15px;margin:18px 0 8px}"
        "header,p,li,code,td,dd,summary,.id{overflow-wrap:anywhere}code{font:13px ui-monospace,\"Liberation "
        "Mono\",Menlo,monospace}"
        "a{color:var(--info)}:focus-visible{outline:3px solid var(--info);outline-offset:2px}"
        ".skip{position:absolute;left:-999em}.skip:focus{left:8px;top:8px;background:var(--bg);padding:8px;z-index:2}"
        ".vh{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}"
        ".dim{color:var(--dim)}.ok{color:var(--ok)}.bad{color:var(--bad)}.warn{color:var(--warn)}"
        /* The verdict. */
        ".verdict{border-left:12px solid;padding:18px 22px;margin:20px 0 16px;border-radius:8px}"
        ".verdict h1{font-size:44px;line-height:1.1;letter-spacing:.01em}.verdict "
        ".host{font-size:19px;color:var(--fg);margin-top:6px}"
        ".verdict.ok{background:var(--okbg)}.verdict.bad{background:var(--badbg)}.verdict.warn{background:var(--warnbg)}"
        ".about,.tiles{display:flex;flex-wrap:wrap;gap:8px 28px}.about dt,.tiles dt{color:var(--dim);font-size:13px}.about "
        "dd,.tiles dd"
        "{margin:0}"
        ".tiles{margin:14px 0;gap:12px}.tiles div{flex:1 1 210px;background:var(--soft);border:1px solid "
        "var(--line);border-radius:8px;"
        "padding:10px 14px}.tiles b{font-size:24px}.eight{display:grid;grid-template-columns:repeat(4,1fr)}.tiles "
        ".more{display:block;font-size:13px;color:var(--dim)}"
        "nav ul{list-style:none;display:flex;flex-wrap:wrap;gap:6px 18px;margin:14px 0}"
        /* What is wrong. */
        ".todo{background:var(--soft);border:1px solid var(--line);border-radius:8px;padding:10px 14px 10px 30px}"
        ".cards{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,430px),1fr));gap:10px}"
        ".f{border:1px solid var(--line);border-left:6px solid;border-radius:6px;padding:8px 12px;background:var(--bg)}"
        ".f h4{margin:0 0 4px;font-size:15px}.f .st{display:inline-block;font-size:12px;letter-spacing:.04em;border:1px solid;"
        "border-radius:4px;padding:0 6px;margin-right:6px}.f .id{color:var(--fg)}"
        ".f dl{display:grid;grid-template-columns:auto 1fr;gap:1px 10px;color:var(--fg);font-size:14px}.f dt{color:var(--dim)}"
        ".f dd{margin:0}.f .main{font-weight:600}"
        /* The machine. */
        ".sheet{overflow-x:auto;border:1px solid var(--line);border-radius:8px;padding:8px;margin:10px 0}.sheet "
        "svg{display:block;width:100%;"
        "height:auto}.sheet .wide{min-width:900px}.sheet .narrow{min-width:520px;max-width:760px}"
        "svg text{font:12px system-ui,\"Liberation Sans\",Arial,sans-serif;fill:var(--fg)}svg .n{text-anchor:middle}svg "
        ".t{font-size:13px}"
        "svg "
        ".b{font-weight:700}.s{fill:none;stroke:var(--dim)}.g{fill:var(--soft);stroke:var(--line)}.k{fill:none;stroke:var(--"
        "dim);"
        "stroke-width:.8}.c{fill:var(--cell);stroke:var(--dim)}.c.h{fill:var(--okbg);stroke:var(--ok);stroke-width:1.5}"
        ".c.i,.c.y{fill:url(#hatch);stroke:var(--iso);stroke-width:2.5}.c.y{stroke:var(--bad);stroke-dasharray:5 2}"
        ".c.n{stroke:var(--warn);stroke-width:2;stroke-dasharray:5 3}.c.u{stroke-dasharray:1 3;stroke-width:2}"
        ".c.o{fill:none;stroke:var(--dim);stroke-dasharray:2 3}.x{stroke:var(--dim);stroke-width:1.5}.ha{fill:var(--isobg)}"
        ".hb{stroke:var(--iso);stroke-width:.9;fill:none;opacity:.55}.v,.d{fill:var(--bg);stroke:var(--fg);stroke-width:1.5}"
        ".v.far{stroke:var(--bad);stroke-width:3}.w{fill:none;stroke:var(--info);stroke-width:1.5;opacity:.8}.e{fill:var(--"
        "info)}"
        ".l{font-weight:700;paint-order:stroke;stroke:var(--soft);stroke-width:4px;stroke-linejoin:round}svg "
        ".l{fill:var(--bad)}.w.far{stroke:var(--bad);stroke-width:3;stroke-dasharray:9 "
        "5;opacity:1}.e.far{fill:var(--bad)}"
        ".legend{list-style:none;display:flex;flex-wrap:wrap;gap:4px 22px;font-size:13.5px}.legend svg{vertical-align:middle}"
        ".legend li{overflow-wrap:anywhere}"
        /* The history. */
        ".strip{list-style:none;display:flex;flex-wrap:wrap;gap:3px}.strip "
        "li{display:flex;flex-direction:column;align-items:center;width:50px;"
        "border:1px solid;border-radius:4px;padding:2px 0;font-weight:700;line-height:1.2;position:relative}.strip "
        ".ok{background:var(--okbg)}"
        ".strip .bad{background:var(--badbg)}.strip .warn{background:var(--warnbg)}.strip "
        "time{font-size:10.5px;font-weight:400;"
        "color:var(--fg);text-align:center}.strip .boot{border-left:5px solid var(--fg)}"
        /* Tables. */
        "details{border:1px solid var(--line);border-radius:8px;margin:10px 0;background:var(--bg)}summary{cursor:pointer;"
        "padding:10px 14px;font-weight:600}details>div,details>p{padding:0 14px 12px}"
        "table{border-collapse:collapse;width:100%;font-size:13.5px}th,td{text-align:left;vertical-"
        "align:top;padding:5px 7px;"
        "border-top:1px solid var(--line)}thead th{color:var(--dim);font-weight:600;border-top:0}tbody th{font-weight:500;"
        "overflow-wrap:anywhere;min-width:13em}td code{display:block;min-width:7em}details>div{overflow-x:auto}"
        "td.one,td.s{white-space:nowrap}td.words{overflow-wrap:break-word}.any{overflow-wrap:anywhere;white-space:normal}td.s{"
        "font-weight:600}#finder{display:flex;flex-wrap:"
        "wrap;gap:8px "
        "12px;align-items:center;margin:8px "
        "0}"
        "#finder[hidden],[hidden]{display:none}#search{font:inherit;padding:6px 10px;border:1px solid "
        "var(--dim);border-radius:6px;"
        "background:var(--bg);color:var(--fg);flex:0 1 340px;min-width:0}"
        "button{font:inherit;padding:5px 12px;border:1px solid "
        "var(--dim);border-radius:6px;background:var(--soft);color:var(--fg);"
        "cursor:pointer}footer{color:var(--dim);font-size:13px;margin:36px auto 24px}"
        /* On paper and where there is no room for the columns, each row is a paragraph of its own. */
        "@media print,(max-width:1199px){thead{position:absolute;clip-path:inset(50%);width:1px;height:1px;overflow:hidden}"
        "table,tbody,tr,tbody th{display:block}tr{border-top:1px solid var(--line);padding:6px 0}tr[hidden]{display:none}"
        "tbody th{border:0;padding:1px 0;font-weight:700;min-width:0}td code{display:inline;min-width:0}"
        "td{display:inline-block;border:0;padding:1px 18px 1px 0;max-width:100%}td:empty{display:none}"
        "td[data-l]::before{content:attr(data-l) \": \";color:var(--dim);font-weight:400}}"
        "@media(max-width:700px){.eight{grid-template-columns:repeat(2,1fr)}header,main,footer{padding:0 12px}"
        ".verdict h1{font-size:34px}.verdict{padding:14px}td{display:block}}"
        "@media print{nav,#finder,.skip{display:none!important}body{font-size:11px}.verdict,.f,.tiles "
        "div,tr{break-inside:avoid}"
        "details::details-content{content-visibility:visible!important;height:auto!important}h2,h3{break-after:avoid}}";

/* Everything is there without it: it only hides what was not looked for, and unfolds what is to be printed. */
static const char script[] =
        "(function(){'use strict';"
        "var box=document.getElementById('search'),said=document.getElementById('found');"
        "var all=function(what,from){return Array.prototype.slice.call((from||document).querySelectorAll(what));};"
        "var folds=all('details'),rows=all('[data-row]');"
        "var open=function(yes){folds.forEach(function(fold){fold.open=yes;});};"
        "document.getElementById('finder').hidden=false;"
        "document.getElementById('unfold').addEventListener('click',function(){open(true);});"
        "document.getElementById('fold').addEventListener('click',function(){open(false);});"
        "box.addEventListener('input',function(){"
        "var words=box.value.toLowerCase().split(/\\s+/).filter(Boolean),count=0;"
        "rows.forEach(function(row){var text=row.textContent.toLowerCase();"
        "row.hidden=!words.every(function(word){return text.indexOf(word)>=0;});count+=!row.hidden;});"
        "if(words.length)all('#tables details').forEach(function(fold){"
        "fold.open=all('[data-row]',fold).some(function(row){return !row.hidden;});});"
        "said.textContent=words.length?count+' of '+rows.length+' rows':'';});"
        /* Paper has no search to be emptied: it has all rows. */
        "var were=null,hid=[];"
        "addEventListener('beforeprint',function(){were=folds.map(function(fold){return fold.open;});"
        "hid=rows.filter(function(row){return row.hidden;});hid.forEach(function(row){row.hidden=false;});open(true);});"
        "addEventListener('afterprint',function(){if(were)folds.forEach(function(fold,i){fold.open=were[i];});"
        "hid.forEach(function(row){row.hidden=true;});hid=[];});"
        "}());";

static unsigned hex_digit(char c)
{
        return (unsigned)(c <= '9' ? c - '0' : c - 'a' + 10);
}

/* "sha256-BASE64", as a policy names what it lets in (Content Security Policy Level 3, section 2.3.1). */
static const char *hash_source(struct pool *pool, const char *text)
{
        static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        char hex[65], base64[44 + 1];
        unsigned char digest[33] = { 0 };

        sha256_hex(text, strlen(text), hex);
        for (size_t i = 0; i < 32; i++)
                digest[i] = (unsigned char)(hex_digit(hex[2 * i]) << 4 | hex_digit(hex[2 * i + 1]));
        for (size_t i = 0; i < 11; i++) {
                unsigned bits = (unsigned)digest[3 * i] << 16 | (unsigned)digest[3 * i + 1] << 8 | digest[3 * i + 2];

                for (size_t j = 0; j < 4; j++)
                        base64[4 * i + j] = letters[bits >> (18 - 6 * j) & 63];
        }
        /* 32 bytes are one short of eleven times three. */
        base64[43] = '=';
        base64[44] = '\0';
        return pool_format(pool, "sha256-%s", base64);
}

void html_add_head(const struct html *html)
{
        html_add(html,
                 "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src '%s'; script-src '%s'; "
                 "base-uri 'none'; form-action 'none'\">\n",
                 hash_source(html->pool, style), hash_source(html->pool, script));
        text_add(html->out, "<style>");
        text_add(html->out, style);
        text_add(html->out, "</style>\n");
}

void html_add_script(const struct html *html)
{
        text_add(html->out, "<script>");
        text_add(html->out, script);
        text_add(html->out, "</script>\n");
}
