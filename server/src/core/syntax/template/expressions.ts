import { Closings } from '../../text/holes';

/**
 * What a template expression does: `open`, `middle` and `close` belong to blocks (`{{ if }}`,
 * `{{ else }}`, `{{ end }}`), `silent` gives no text (comments, assignments), `value` gives text.
 */
export type Role = 'open' | 'middle' | 'close' | 'silent' | 'value';

export interface Expression {
  readonly start: number;
  readonly end: number;
  readonly role: Role;
  /** The number of spaces that `nindent N` or `indent N` puts before the text it gives. */
  readonly indent?: number;
  /** True when the text it gives is a block of lines (`nindent`, `toYaml`), not a value. */
  readonly block: boolean;
}

const opener = /\{\{|\{%|\{#|%\{/g;

/** The template expressions of a text (Go templates, Jinja, Terraform's directives), in order. Linear. */
export function findExpressions(text: string): Expression[] {
  const found: Expression[] = [];
  const closings = new Closings(text);
  opener.lastIndex = 0;
  for (let match = opener.exec(text); match; match = opener.exec(text)) {
    const start = match.index;
    const end = closings.end(start);
    const expression = end === undefined ? undefined : classify(text, match[0], start, end);
    if (expression) {
      found.push(expression);
      opener.lastIndex = expression.end;
    } else {
      opener.lastIndex = start + match[0].length;
    }
  }
  return found;
}

/** The places of other tools' expressions (`${…}`, `$(…)`, `<…>`, `[X]`, `{x}`), for texts that do not parse with them. */
export function findPlaceholders(text: string): Expression[] {
  const found: Expression[] = [];
  const closings = new Closings(text);
  placeholder.lastIndex = 0;
  for (let match = placeholder.exec(text); match; match = placeholder.exec(text)) {
    const start = match.index;
    const end = match[0].startsWith('$') ? closings.end(start) : start + match[0].length;
    if (end === undefined) continue;
    found.push({ start, end, role: 'value', block: false });
    placeholder.lastIndex = end;
  }
  return found;
}

const placeholder =
  /\$[{(]|<{1,2}[A-Za-z0-9_][\w .,:/'-]{0,80}>{1,2}|\[[A-Z][A-Z0-9_ -]{1,60}\](?=[:/])|\{[A-Za-z][\w-]{0,60}\}(?=[:/.@-])/g;

function classify(text: string, opening: string, start: number, end: number): Expression | undefined {
  const inside = text.slice(start + 2, end - (opening === '%{' ? 1 : 2));
  const content = inside
    .replace(/^[-~+]/, '')
    .replace(/[-~+]$/, '')
    .trim();
  const make = (role: Role): Expression => ({ start, end, role, block: false });
  switch (opening) {
    case '{{':
      return goExpression(content, start, end);
    case '{#':
      return /^[\s-]/.test(inside) ? make('silent') : undefined;
    case '{%': {
      const word = /^[a-z]+/.exec(content)?.[0] ?? '';
      if (/^(?:if|for|block|macro|call|filter|with|raw|autoescape)$/.test(word)) return make('open');
      if (/^(?:else|elif)$/.test(word)) return make('middle');
      return make(word.startsWith('end') ? 'close' : 'silent');
    }
    default: {
      if (text[start - 1] === '%') return undefined; // %%{ is literal text for Terraform
      const word = /^(?:if|for|else|endif|endfor)\b/.exec(content)?.[0];
      if (word === undefined) return undefined;
      return make(word === 'else' ? 'middle' : word.startsWith('end') ? 'close' : 'open');
    }
  }
}

function goExpression(content: string, start: number, end: number): Expression {
  const make = (role: Role): Expression => ({ start, end, role, block: false });
  if (content.startsWith('/*') || content.startsWith('!')) return make('silent');
  const word = /^(?:if|with|range|define|block|else|end|break|continue)\b/.exec(content)?.[0];
  if (word === 'else') return make('middle');
  if (word === 'end') return make('close');
  if (word === 'break' || word === 'continue') return make('silent');
  if (word !== undefined) return make('open');
  if (content.startsWith('#')) return make('open'); // Handlebars
  if (content.startsWith('/')) return make('close');
  if (/^\$\w*\s*:?=/.test(content)) return make('silent');
  const indent = /\bn?indent\s+\(?(?:int\s+)?(\d{1,3})/.exec(content)?.[1];
  const block = /\bnindent\b|\btoYaml\b/.test(content) && !/\b(?:quote|squote|toJson|b64enc|sha256sum)\b/.test(content);
  return { start, end, role: 'value', block, ...(indent === undefined ? {} : { indent: Number(indent) }) };
}
