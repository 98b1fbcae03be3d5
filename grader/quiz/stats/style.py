"""The style of the page of item statistics: light and dark as the reader's system has it, and paper."""

STYLE = """
:root{color-scheme:light dark;--text:#1f2328;--soft:#59636e;--ground:#fff;--line:#c9d1d9;--panel:#f3f5f7;--accent:#1f5fbf;
--good:#0b6e4f;--bad:#b3261e;--warn:#8a5a00}
@media screen and (prefers-color-scheme:dark){:root{--text:#e6edf3;--soft:#a3adb8;--ground:#14181d;--line:#3d4650;
--panel:#1d2329;--accent:#7fb2ff;--good:#6fd6ad;--bad:#ffa59b;--warn:#f0c26a}}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--text);font:16px/1.5 system-ui,sans-serif;overflow-wrap:break-word}
main{max-width:66rem;margin:0 auto;padding:1.5rem 1.25rem 4rem}
h1{font-size:1.6rem;line-height:1.25;margin:.2em 0}
h2{font-size:1.2rem;margin:2.2em 0 .5em}
h3{font-size:1rem;margin:0 0 .3em}
p,ul{margin:.4em 0}
ul{padding-left:1.3em}
code{font:.94em ui-monospace,monospace}
a{color:var(--accent)}
.soft{color:var(--soft)}
.warnings{list-style:none;padding:.6em 1em;border-left:3px solid var(--warn);background:var(--panel)}
.flags{list-style:none;padding:0}
.flags li{padding-left:4.2em;text-indent:-4.2em}
.sign{display:inline-block;width:3.7em;margin-right:.5em;text-indent:0;font-weight:600}
.look .sign{color:var(--bad)}
.maybe .sign{color:var(--warn)}
.wide{overflow-x:auto;max-width:100%}
table{border-collapse:collapse;font-variant-numeric:tabular-nums;margin:.4em 0}
caption{text-align:left;color:var(--soft);padding:.2em 0}
th,td{padding:.32em .9em .32em 0;text-align:right;vertical-align:baseline;font-weight:400;white-space:nowrap}
thead th{color:var(--soft);font-size:.9em;border-bottom:1px solid var(--line)}
tbody tr+tr>*{border-top:1px solid var(--line)}
th[scope=row],.left{text-align:left;white-space:normal}
th[scope=row]{min-width:9em}
.all td,.all th{padding-right:1.1em}
.all .sign{width:auto;margin:0}
.negative{color:var(--bad);font-weight:600}
.plots{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(26rem,100%),1fr));gap:1.5rem;margin-top:1.5rem}
figure{margin:0;max-width:36rem}
figcaption{color:var(--soft);font-size:.92em}
svg{display:block;width:100%;height:auto}
section.question{border-top:1px solid var(--line);padding:1.1em 0 .8em}
.tables{display:flex;flex-wrap:wrap;gap:.2em 3em}
.right{color:var(--good);font-weight:600}
.bar{display:inline-block;width:7em;height:.6em;background:var(--panel);border:1px solid var(--line);margin-left:.6em}
.bar i{display:block;height:100%;background:var(--accent)}
.right-row .bar i{background:var(--good)}
dt{font-weight:600}
dd{margin:0 0 .5em}
@media print{:root{--line:#999}main{max-width:none;padding:0}body{font-size:10pt}section.question,tr,figure{break-inside:avoid}
.wide{overflow:visible}.bar,.bar i{print-color-adjust:exact;-webkit-print-color-adjust:exact}a{color:inherit;text-decoration:none}
h2,h3,caption{break-after:avoid}}
"""
