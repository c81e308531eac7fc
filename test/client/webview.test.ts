import * as fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { contentSecurityPolicy, escapeHtml, html, nonce, webviewPage } from '../../client/src/views/webview';

/** What a browser reads back of escaped text, as far as our escapes go. */
function read(escaped: string): string {
  const named: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'", '#96': '`' };
  return escaped.replace(/&([#a-z0-9]+);/g, (_, name: string) => named[name]!);
}

describe('text of a workspace in HTML', () => {
  test.each([
    ['<img src=x onerror=alert(1)>', '&lt;img src=x onerror=alert(1)&gt;'],
    [']]>', ']]&gt;'],
    ['" onclick="x', '&quot; onclick=&quot;x'],
    ["' onclick='x", '&#39; onclick=&#39;x'],
    ['a\u202eb', 'a\\u202eb'],
    ['a\nb\u0000', 'a\\nb\\u0000'],
    ['\ud800', '\ufffd'],
    ['&lt;', '&amp;lt;'],
  ])('%j', (text, escaped) => {
    expect(escapeHtml(text)).toBe(escaped);
  });

  it('never opens a tag, ends an attribute or begins an entity, whatever it is', () => {
    const nasty = fc.string({ unit: fc.constantFrom('<', '>', '"', "'", '`', '&', ';', 'a', '/', '=', ' ', '!', '-', 'é', '😀') });
    fc.assert(
      fc.property(nasty, (text) => {
        const escaped = escapeHtml(text);
        expect(escaped).not.toMatch(/[<>"'`]/);
        expect(read(escaped)).toBe(text);
      }),
    );
  });
});

describe('a template', () => {
  it('escapes texts, keeps HTML, joins lists, leaves out what is not there', () => {
    const name = '<b>';
    expect(html`<p title="${name}">${name}${undefined}${false}${[html`<i>${1}</i>`, '&']}</p>`.text).toBe(
      '<p title="&lt;b&gt;">&lt;b&gt;<i>1</i>&amp;</p>',
    );
  });
});

describe('a page', () => {
  it('runs no script but its own, once, and loads nothing from elsewhere', () => {
    const policy = contentSecurityPolicy('vscode-resource:', 'abc');
    expect(policy).toMatch(/^default-src 'none';/);
    expect(policy).not.toMatch(/unsafe|\*|https?:|data:|connect-src|img-src/);
    const webview = { cspSource: 'vscode-resource:', asWebviewUri: (uri: unknown) => uri } as unknown as Parameters<typeof webviewPage>[0];
    const uri = (path: string) => ({ toString: () => `vscode-resource:/${path}` }) as unknown as Parameters<typeof webviewPage>[1]['style'];
    const page = webviewPage(webview, { title: '</title><script>', body: html`<h1>x</h1>`, script: uri('a.js'), style: uri('a.css') });
    expect(page.match(/<script/g)).toHaveLength(1);
    const [, inPolicy] = /'nonce-([^&]+)&#39;/.exec(page) ?? /nonce-([^'&"]+)/.exec(page) ?? [];
    expect(page).toContain(`<script nonce="${inPolicy}"`);
    expect(page).not.toMatch(/\son\w+=|style="|javascript:/);
  });

  it('has a nonce that nobody guesses', () => {
    const all = new Set(Array.from({ length: 100 }, nonce));
    expect(all.size).toBe(100);
    for (const each of all) expect(each).toMatch(/^[A-Za-z0-9+/]{24}$/);
  });
});
