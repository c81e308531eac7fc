import type { Comment, Tree } from '../../syntax/tree';

const directive = /(?:<!--|\/\/|\.\.|#)[ \t]*(pod-roles-disable-[^\n]*)/g;

/** The text around embedded documents: its comments that silence rules, and nothing else. */
export function readProse(text: string): Tree {
  const comments: Comment[] = [];
  for (const match of text.matchAll(directive)) {
    const content = match[1]!.replace(/[ \t\r]*(?:-->.*)?$/, '');
    const start = match.index + match[0].length - match[1]!.length;
    comments.push({ span: { start, end: start + content.length }, text: content });
  }
  return { root: undefined, problems: [], comments, templated: false, language: 'yaml' };
}
