/*
 * Escaped HTML, for the extension and for what runs in a webview's browser alike.
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
  return typeof value === 'number' ? String(value) : escapeHtml(value);
}

/** Controls, formats (the writing direction, no width), line separators, halves of surrogate pairs: they change what is seen, and are not seen. */
const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;
const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;', '`': '&#96;' };

/** Nearly every text is free of both: then nothing is to be replaced. */
const plain = /^[\w ./:@(),=+*-]*$/;

/** Text of a workspace for HTML, between tags or in a quoted attribute. Characters that cannot be seen are written as `\u202e`. */
export function escapeHtml(text: string): string {
  if (plain.test(text)) return text;
  return text
    .replace(unseen, (character) => {
      const code = character.codePointAt(0)!;
      if (character === '\n') return '\\n';
      return code >= 0xd800 && code <= 0xdfff ? '\ufffd' : `\\u${code.toString(16).padStart(4, '0')}`;
    })
    .replace(/[&<>"'`]/g, (character) => entities[character]!);
}
