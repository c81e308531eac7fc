import type { Span } from '../../text/span';
import { walkNodes } from '../nodes';
import { rebaseNode } from '../rebase';
import { maskTemplate } from '../template/mask';
import { unmask } from '../template/unmask';
import type { Entry, Node, Tree } from '../tree';
import { yamlLibrary, type YamlReading } from './port';
import { readSimpleYaml } from './simple';

/**
 * Reads the first document of a text. `inTemplate` marks the problems as a renderer's, not the user's.
 * Never throws: what the library gives up on becomes an UnknownNode and a problem.
 */
export function readYaml(text: string, inTemplate: boolean): YamlReading {
  const simple = readSimpleYaml(text);
  return simple ? { ...simple, problems: [], limits: [] } : yamlLibrary().readByLibrary(text, inTemplate);
}

/**
 * Reads one YAML document, or what can be read of a template of one (Helm, Jinja, Terraform, envsubst).
 * Never throws; near-linear in the text's length.
 */
export function parseYaml(text: string): Tree {
  let mask = maskTemplate(text);
  let reading = readYaml(mask?.text ?? text, mask !== undefined);
  if (reading.problems.length > 0) {
    const wide = maskTemplate(text, true);
    const second = wide && wide.text !== mask?.text ? readYaml(wide.text, true) : undefined;
    if (second && second.problems.length < reading.problems.length) [mask, reading] = [wide, second];
  }
  // What is past a limit leaves the other blocks to be read.
  const isUnread = reading.problems.length > 0 || (reading.limits.length > 0 && reading.root?.kind === 'unknown');
  const root = isUnread ? largest(reading.root, readBlocks(mask?.text ?? text)) : reading.root;
  const problems = [...reading.problems, ...reading.limits];
  if (!mask) return { root, problems, comments: reading.comments, templated: false, language: 'yaml' };
  const comments = reading.comments.map((comment) => ({ ...comment, text: commentText(text, comment.span) }));
  return { ...unmask(root, text, mask, 'yaml'), problems, comments, language: 'yaml' };
}

/** Where an error made the library drop what follows: each top-level block read by itself. */
function readBlocks(text: string): Node | undefined {
  const starts: number[] = [];
  const head = /^[^\s#\-}\]][^\n]*:(?=[ \t\r\n]|$)/gm;
  for (let match = head.exec(text); match; match = head.exec(text)) starts.push(match.index);
  if (starts.length < 2 || starts.length > 1000) return undefined;
  const entries: Entry[] = [];
  let open = false;
  starts.forEach((start, i) => {
    const block = text.slice(start, starts[i + 1]);
    const { root } = readYaml(block, true);
    if (root?.kind !== 'map') return;
    const span = { start, end: start + block.length };
    const outer = { value: block, holes: [], span, outer: span, encodings: [], quoted: false };
    const moved = rebaseNode(root, outer);
    if (moved.kind === 'map') entries.push(...moved.entries);
    open ||= root.open;
  });
  if (entries.length === 0) return undefined;
  return { kind: 'map', span: { start: starts[0]!, end: entries[entries.length - 1]!.span.end }, entries, open };
}

/** The reading by blocks where it holds as much: an error then cannot nest one block in another. */
function largest(a: Node | undefined, b: Node | undefined): Node | undefined {
  return b && size(b) >= size(a) ? b : a;
}

function size(root: Node | undefined): number {
  let count = 0;
  for (const node of walkNodes(root)) count += node.kind === 'unknown' ? 0 : 1;
  return count;
}

function commentText(text: string, span: Span): string {
  return text.slice(span.start + 1, span.end).replace(/\r$/, '');
}
