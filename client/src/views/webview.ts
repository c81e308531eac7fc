import { randomBytes } from 'node:crypto';
import type { Uri, Webview } from 'vscode';
import { html, type Html } from './html';

export { escapeHtml, html, Html } from './html';

/*
 * What every webview of this extension is made with: escaped HTML (./html), a strict content security policy, one style sheet
 * and one script from the package. Nothing here needs a running editor.
 */

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
