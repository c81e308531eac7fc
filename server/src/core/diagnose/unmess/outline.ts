/** One key of YAML, of JSON as kubectl prints it, or one item of a list, with what stands below it. */
export interface OutlineNode {
  /** Absent for an item of a list. */
  readonly key?: string;
  /** The scalar beside the key; empty where there is none. */
  readonly value: string;
  /** The offset of the line's content. */
  readonly offset: number;
  readonly children: OutlineNode[];
}

/** A line of more characters holds no key that matters here. */
const longestLine = 4096;
/** As deep as no manifest is. */
const deepest = 64;

/**
 * The outline of a text by its indentation, however it begins and wherever it is cut: enough for what kubectl prints, and
 * for no more. Lines that are neither a key nor an item are passed over. Linear; never throws.
 */
export function outline(text: string): OutlineNode {
  const root: OutlineNode = { value: '', offset: 0, children: [] };
  const stack: { readonly indent: number; readonly node: OutlineNode }[] = [{ indent: -1, node: root }];
  let blockIndent: number | undefined;
  for (let start = 0; start < text.length;) {
    const feed = text.indexOf('\n', start);
    const end = feed < 0 ? text.length : feed;
    const line = text.slice(start, Math.min(end, start + longestLine));
    const at = start;
    start = end + 1;
    const indent = line.length - line.trimStart().length;
    const content = line.trim();
    if (content === '' || content.startsWith('#')) continue;
    if (blockIndent !== undefined) {
      if (indent > blockIndent) continue;
      blockIndent = undefined;
    }
    if (/^---/.test(content)) {
      stack.length = 1;
      continue;
    }
    const last = addLine(stack, content, indent, at + indent);
    if (last && /^[|>][-+\d]*$/.test(last.value)) blockIndent = indent;
  }
  return root;
}

/** Puts a line where its indentation says: an item, a key, or an item that begins with a key. */
function addLine(
  stack: { readonly indent: number; readonly node: OutlineNode }[],
  content: string,
  indent: number,
  offset: number,
): OutlineNode | undefined {
  let rest = content;
  let column = indent;
  let added: OutlineNode | undefined;
  for (let depth = 0; depth < 8 && (rest === '-' || rest.startsWith('- ') || rest === '{'); depth++) {
    added = add(stack, { value: '', offset, children: [] }, column * 2 + 1);
    const skipped = rest === '{' ? 1 : rest.length - rest.slice(1).trimStart().length;
    rest = rest.slice(skipped);
    column += skipped;
    if (rest === '') return added;
  }
  const match = /^(?:"([^"]{1,200})"|'([^']{1,200})'|([\w./@-]{1,200}))\s{0,40}:(?:\s+(.*)|)$/.exec(rest);
  const key = match?.[1] ?? match?.[2] ?? match?.[3];
  if (key === undefined) {
    if (added) add(stack, { value: scalar(rest), offset, children: [] }, column * 2 + 1);
    return added;
  }
  return add(stack, { key, value: scalar(match![4] ?? ''), offset, children: [] }, column * 2);
}

function add(stack: { readonly indent: number; readonly node: OutlineNode }[], node: OutlineNode, indent: number): OutlineNode {
  while (stack.length > 1 && stack[stack.length - 1]!.indent >= indent) stack.pop();
  stack[stack.length - 1]!.node.children.push(node);
  if (stack.length < deepest) stack.push({ indent, node });
  return node;
}

/** A scalar without its quotes, and without the comma or bracket of JSON behind it. */
function scalar(written: string): string {
  const text = written.trim().replace(/,$/, '');
  if (text === '{' || text === '[' || text === '{}' || text === '[]') return '';
  const quote = text[0];
  if (quote === '"' || quote === "'") {
    const end = text.indexOf(quote, 1);
    return end < 0 ? text.slice(1) : text.slice(1, end);
  }
  const comment = text.indexOf(' #');
  return comment < 0 ? text : text.slice(0, comment).trimEnd();
}

/** The child of a key. */
export function child(node: OutlineNode | undefined, ...path: readonly string[]): OutlineNode | undefined {
  let at = node;
  for (const key of path) at = at?.children.find((each) => each.key === key);
  return at;
}

/** The scalars below a key, by their keys. */
export function mapOf(node: OutlineNode | undefined): Record<string, string> {
  return Object.fromEntries((node?.children ?? []).flatMap((each) => (each.key === undefined ? [] : [[each.key, each.value] as const])));
}

/** The items of the list below a key. */
export function itemsOf(node: OutlineNode | undefined): readonly OutlineNode[] {
  return (node?.children ?? []).filter((each) => each.key === undefined);
}
