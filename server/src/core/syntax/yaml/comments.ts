import type { CST } from 'yaml';
import type { Comment } from '../tree';

/** The comments of a document, in source order, from the parser's tokens. */
export function commentsOf(tokens: readonly CST.Token[]): Comment[] {
  const comments: Comment[] = [];
  const stack: unknown[] = [...tokens];
  for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
    if (Array.isArray(at)) {
      for (const part of at) stack.push(part);
      continue;
    }
    if (typeof at !== 'object' || at === null) continue;
    const token = at as { type?: string; offset: number; source: string } & Record<string, unknown>;
    if (token.type === 'comment') {
      const end = token.offset + token.source.length;
      comments.push({ span: { start: token.offset, end }, text: token.source.slice(1).replace(/\r$/, '') });
      continue;
    }
    for (const part of ['start', 'key', 'sep', 'value', 'items', 'end', 'props']) {
      const value = token[part];
      if (typeof value === 'object' && value !== null) stack.push(value);
    }
  }
  return comments.sort((a, b) => a.span.start - b.span.start);
}
