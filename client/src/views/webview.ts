import { randomBytes } from 'node:crypto';
import type { Uri, Webview } from 'vscode';

/*
 * What every webview of this extension is made with: escaped HTML, a strict content security policy, one style sheet and one
 * script from the package. Nothing here needs a running editor.
 */

/** HTML in which every value has been escaped. Made by {@link html} alone. */
export class Html {
  constructor(readonly text: string) {}

  toString(): string {
    return this.text;
  }
}

/** What a template takes: texts and numbers are escaped, HTML is not, lists are joined, `undefined` and `false` are nothing. */
export type HtmlValue = string | number | Html | undefined | false | readonly HtmlValue[];

/** A template of HTML. Values may stand in text and in quoted attributes; both are escaped in the same way. */
export function html(parts: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  return new Html(parts.reduce((text, part, i) => text + shown(values[i - 1]) + part));
}

function shown(value: HtmlValue): string {
  if (value === undefined || value === false) return '';
  if (value instanceof Html) return value.text;
  if (typeof value === 'object') return value.map(shown).join('');
  return escapeHtml(String(value));
}

/** Controls, formats (the writing direction, no width), line separators, halves of surrogate pairs: they change what is seen, and are not seen. */
const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;
const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;', '`': '&#96;' };

/** Text of a workspace for HTML, between tags or in a quoted attribute. Characters that cannot be seen are written as `\u202e`. */
export function escapeHtml(text: string): string {
  return text
    .replace(unseen, (character) => {
      const code = character.codePointAt(0)!;
      if (character === '\n') return '\\n';
      return code >= 0xd800 && code <= 0xdfff ? '\ufffd' : `\\u${code.toString(16).padStart(4, '0')}`;
    })
    .replace(/[&<>"'`]/g, (character) => entities[character]!);
}

/** A number that is used once: only the script that carries it runs. */
export function nonce(): string {
  return randomBytes(18).toString('base64');
}

/** Nothing is loaded but the style sheets of the package, nothing runs but the script with the nonce, nothing is sent anywhere. */
export function contentSecurityPolicy(cspSource: string, scriptNonce: string): string {
  return `default-src 'none'; base-uri 'none'; form-action 'none'; style-src ${cspSource}; script-src 'nonce-${scriptNonce}'`;
}

/** A whole page. `script` and `style` are files of `dist/`; `body` is what the script later replaces the content of `<main>` with. */
export function webviewPage(
  webview: Pick<Webview, 'cspSource' | 'asWebviewUri'>,
  { title, body, script, style }: { readonly title: string; readonly body: Html; readonly script: Uri; readonly style: Uri },
): string {
  const once = nonce();
  return html`<!DOCTYPE html>
    <html lang="en">
      <head>
        <meta charset="UTF-8" />
        <meta http-equiv="Content-Security-Policy" content="${contentSecurityPolicy(webview.cspSource, once)}" />
        <meta name="viewport" content="width=device-width, initial-scale=1.0" />
        <title>${title}</title>
        <link rel="stylesheet" href="${webview.asWebviewUri(style).toString()}" />
      </head>
      <body>
        <div id="announcement" class="unseen" role="status" aria-live="polite"></div>
        <main>${body}</main>
        <script nonce="${once}" src="${webview.asWebviewUri(script).toString()}"></script>
      </body>
    </html>`.text;
}
