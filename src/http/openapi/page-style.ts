/** The style of the page: it fits a telephone and a wide screen, by day and by night. */
export const STYLE = `
:root{color-scheme:light dark;--text:#1c2330;--soft:#5a6475;--back:#fff;--panel:#f4f6f9;--line:#d9dee6;--link:#0b5cad;
--get:#0a6b3d;--post:#0b5cad;--put:#8a5300;--patch:#6a3fb0;--delete:#b3261e}
@media(prefers-color-scheme:dark){:root{--text:#dfe4ec;--soft:#9aa5b6;--back:#14181f;--panel:#1c222c;--line:#323b49;--link:#7db7ff;
--get:#6fd09f;--post:#7db7ff;--put:#e8b163;--patch:#c0a3f5;--delete:#ff8f86}}
*{box-sizing:border-box}
html{scroll-padding-top:1rem}
body{margin:0;font:16px/1.55 system-ui,sans-serif;color:var(--text);background:var(--back)}
nav,main{padding:1.5rem}
main{max-width:62rem}
nav{columns:17rem;background:var(--panel);border-right:1px solid var(--line);font-size:.875rem}
@media(min-width:70rem){body{display:grid;grid-template-columns:20rem minmax(0,1fr)}
nav{position:sticky;top:0;height:100vh;overflow-y:auto;columns:auto}}
nav h2{break-after:avoid;font-size:.75rem;letter-spacing:.06em;text-transform:uppercase;color:var(--soft);margin:1.25rem 0 .25rem;border:0;padding:0}
nav ul{break-inside:avoid;list-style:none;margin:0;padding:0}
nav a{display:inline-block;padding:.1rem 0;color:inherit;overflow-wrap:anywhere}
a{color:var(--link);text-decoration:none}
a:hover,a:focus{text-decoration:underline}
h1 small{display:block;font-size:1rem;font-weight:400;color:var(--soft)}
h2{margin:3rem 0 .5rem;padding-bottom:.25rem;border-bottom:2px solid var(--line)}
h3{margin:0 0 .25rem}
h4{margin:1.25rem 0 .25rem;font-size:.9rem;color:var(--soft)}
p{margin:.4rem 0 .6rem}
small{color:var(--soft)}
section{margin:1.25rem 0;padding:1.25rem;border:1px solid var(--line);border-radius:.5rem}
section:target,tr:target{outline:2px solid var(--link)}
code,pre{font:.85em/1.5 ui-monospace,monospace}
code{overflow-wrap:anywhere}
small code{font-size:1em}
.target code{font-size:1rem;font-weight:600}
.method{display:inline-block;min-width:4.2em;font:700 .7rem/1.6 ui-monospace,monospace;color:var(--get)}
.target .method{padding:0 .5em;min-width:0;border:1px solid;border-radius:.25rem}
.method.post{color:var(--post)}
.method.put{color:var(--put)}
.method.patch{color:var(--patch)}
.method.delete{color:var(--delete)}
.answer{margin:.5rem 0;padding-left:1rem;border-left:3px solid var(--line)}
figure{margin:.5rem 0 1rem}
figcaption{font-size:.8rem;color:var(--soft)}
pre{margin:.2rem 0;padding:.75rem;overflow-x:auto;background:var(--panel);border-radius:.375rem}
table{width:100%;border-collapse:collapse;font-size:.9rem}
th,td{padding:.4rem .75rem .4rem 0;border-top:1px solid var(--line);text-align:left;vertical-align:top}
th{font-weight:400;width:22%}
td:nth-child(2):not(:last-child){width:26%}
`;
