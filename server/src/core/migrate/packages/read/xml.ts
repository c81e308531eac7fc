/** An element of XML as its end is met. */
export interface XmlElement {
  readonly name: string;
  /** The names of the elements around it, the outermost first. */
  readonly around: readonly string[];
  readonly attributes: ReadonlyMap<string, string>;
  /** Its text, if it has no elements in it. */
  readonly text: string;
  /** The texts of the elements directly in it, by name; of several of one name, the last. */
  readonly children: ReadonlyMap<string, string>;
  /** The line of its start, from 0. */
  readonly line: number;
}

interface Open {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: Map<string, string>;
  readonly line: number;
  text: string;
  isLeaf: boolean;
}

const tag = /<(\/?)([A-Za-z_][\w:.-]*)((?:\s+[\w:.-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>/y;
const attribute = /([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;

/** What is skipped as a whole; the second is a text. */
const wholes: readonly (readonly [start: string, end: string])[] = [
  ['<!--', '-->'],
  ['<![CDATA[', ']]>'],
  ['<?', '?>'],
];

/** So deep are elements read; those below are not. */
const deepest = 100;

/**
 * The elements of an XML text, each at its end. What isn't well-formed is skipped. A project file of Maven or of .NET needs no
 * entities, namespaces or types of documents, which are what a parser of XML is for, and none tells lines.
 */
export function* xmlElements(text: string): Generator<XmlElement> {
  const stack: Open[] = [];
  let [from, line, counted] = [0, 0, 0];
  const lineAt = (offset: number): number => {
    for (let feed = text.indexOf('\n', counted); feed >= 0 && feed < offset; feed = text.indexOf('\n', feed + 1)) {
      line++;
      counted = feed + 1;
    }
    return line;
  };
  const add = (more: string): void => {
    const inner = stack[stack.length - 1];
    if (inner?.isLeaf) inner.text += more;
  };
  for (let at = text.indexOf('<'); at >= 0; at = text.indexOf('<', from)) {
    add(text.slice(from, at));
    const whole = wholes.find(([start]) => text.startsWith(start, at));
    if (whole) {
      const end = text.indexOf(whole[1], at + whole[0].length);
      if (end < 0) return;
      if (whole[1] === ']]>') add(text.slice(at + whole[0].length, end));
      from = end + whole[1].length;
      continue;
    }
    tag.lastIndex = at;
    const match = tag.exec(text);
    from = match ? at + match[0].length : at + 1;
    if (!match) continue;
    const [, isEnd, name, written, isClosed] = match as unknown as readonly string[];
    if (isEnd === '' && stack.length < deepest) open(name!, written!, lineAt(at));
    if (isEnd === '' && isClosed === '') continue;
    // Elements that were not ended are no elements.
    const index = stack.findLastIndex((each) => each.name === name);
    if (index < 0) continue;
    const element = stack[index]!;
    stack.length = index;
    const content = element.isLeaf ? element.text.trim() : '';
    stack[index - 1]?.children.set(element.name, content);
    yield { ...element, text: content, around: stack.map((each) => each.name) };
  }

  function open(name: string, written: string, start: number): void {
    const outer = stack[stack.length - 1];
    if (outer) outer.isLeaf = false;
    const attributes = new Map([...written.matchAll(attribute)].map(([, key, double, single]) => [key!, double ?? single ?? '']));
    stack.push({ name, attributes, children: new Map(), line: start, text: '', isLeaf: true });
  }
}
