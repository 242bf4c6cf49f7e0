import type { Config } from '../config/index.js';

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function escape(text: string): string {
  return text.replaceAll(/[&<>"]/g, (character) => escapes[character] ?? '');
}

export const INDEX_POLICY = "default-src 'none'; style-src 'nonce-NONCE'; img-src data:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

const STYLE = `body{font:1.125rem/1.6 system-ui,sans-serif;max-inline-size:40rem;margin:3rem auto;padding-inline:1rem;color:#1b2430;background:#fff}
a{color:#0b57a4}li{margin-block:.5rem}`;

/** The mark of the house; in the page itself, because no files are served at the plain host name. */
const ICON = `data:image/svg+xml,${encodeURIComponent('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><rect width="64" height="64" rx="12" fill="#0b3d91"/><path d="M16 50V22a16 16 0 0 1 32 0v28M24 50V24a8 8 0 0 1 16 0v26" fill="none" stroke="#fff" stroke-width="4" stroke-linecap="round"/></svg>')}`;

/** The page at the plain host name: nothing but the way to the apps that this build has. */
export function indexPage(
  origins: Config['origins'],
  built: { readonly cell: boolean; readonly hall: boolean; readonly console: boolean },
  nonce: string,
): string {
  const names = { cell: '监室终端 · Cell terminal', hall: '大厅自助终端 · Reception kiosk', console: '民警工作台 · Officer console' };
  const links = (['cell', 'hall', 'console'] as const)
    .filter((family) => built[family])
    .map((family) => `<li><a href="${escape(origins[family])}/">${names[family]}</a></li>`)
    .join('');
  return `<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><link rel="icon" href="${ICON}"><title>Sallyport</title><style nonce="${nonce}">${STYLE}</style></head>
<body><main><h1>Sallyport</h1><ul>${links}<li><a href="/api/docs">接口文档 · API</a></li><li><a href="/readyz">运行状态 · State</a></li></ul></main></body></html>`;
}
