"""The style of the pages about similarity: light and dark as the reader's system has it, and paper."""

STYLE = """
:root{color-scheme:light dark;--text:#1f2328;--soft:#59636e;--ground:#fff;--line:#c9d1d9;--panel:#f3f5f7;--accent:#1f5fbf;
--mark:#fff1c9;--edge:#8a5a00}
@media screen and (prefers-color-scheme:dark){:root{--text:#e6edf3;--soft:#a3adb8;--ground:#14181d;--line:#3d4650;
--panel:#1d2329;--accent:#7fb2ff;--mark:#3a3013;--edge:#f0c26a}}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--text);font:16px/1.5 system-ui,sans-serif;overflow-wrap:anywhere}
main{max-width:92rem;margin:0 auto;padding:1.5rem 1.25rem 4rem}
h1{font-size:1.6rem;line-height:1.25;margin:.2em 0}
h2{font-size:1.2rem;margin:1.8em 0 .5em}
p,ul{margin:.4em 0;max-width:48rem}
ul{padding-left:1.3em}
a{color:var(--accent)}
.soft{color:var(--soft)}
.care{padding:.6em 1em;border-left:3px solid var(--edge);background:var(--panel);max-width:50rem}
.care h2{margin:.2em 0}
.wide{overflow-x:auto;max-width:100%}
table{border-collapse:collapse;font-variant-numeric:tabular-nums;margin:.4em 0}
caption{text-align:left;padding:.3em 0;font-weight:600}
th,td{padding:.3em 1em .3em 0;text-align:left;vertical-align:top;font-weight:400}
thead th{color:var(--soft);font-size:.9em;border-bottom:1px solid var(--line)}
tbody tr+tr>*{border-top:1px solid var(--line)}
.number{text-align:right;white-space:nowrap}
svg{display:block;width:16rem;height:3.2rem}
.sides{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(34rem,100%),1fr));gap:1.25rem;align-items:start}
.code{font:13px/1.45 ui-monospace,monospace;width:100%;table-layout:fixed}
.code th,.code td{padding:0 .6em 0 0;border:0}
.code th{color:var(--soft);text-align:right;width:4em}
.code thead th{text-align:left;width:auto}.code thead th:first-child{width:4em}.code thead .to{width:8em}
.code pre{margin:0;font:inherit;white-space:pre-wrap}
.code caption{font:600 1rem system-ui,sans-serif}
.code tr.m td,.code tr.m th{background:var(--mark)}
.code tr.m th{box-shadow:inset 4px 0 var(--edge);color:inherit}
.code tr:target td,.code tr:target th{outline:2px solid var(--accent)}
@media print{:root{--line:#999}main{max-width:none;padding:0}body{font-size:10pt}tr{break-inside:avoid}.wide{overflow:visible}
.code tr.m td,.code tr.m th{print-color-adjust:exact;-webkit-print-color-adjust:exact}a{color:inherit;text-decoration:none}}
"""


def document(title: str, body: str) -> str:
    """A whole page; both parts are HTML already."""
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<style>{STYLE}</style></head><body><main>{body}</main></body></html>\n"
    )
