import type { Text } from '../text/text';
import { parseJson } from './json/parse';
import { composeMaps, rebaseTree } from './rebase';
import { Decoder } from './scalar';
import { findExpressions, type Expression } from './template/expressions';
import type { Emission } from './template/mask';
import { unmask } from './template/unmask';
import type { Tree } from './tree';
import { parseYaml } from './yaml/parse';

/**
 * Reads the document that a scalar holds: JSON (as it is, or percent-encoded as IAM answers) or YAML.
 * The tree's spans, maps and encodings lead to the document around it, so that edits in it are edits
 * there. Undefined where the scalar holds no mapping or list. `language` forces one.
 */
export function parseEmbedded(scalar: Text, language?: 'json' | 'yaml'): Tree | undefined {
  const text = decodePercent(scalar);
  const json = language === 'json' || (language === undefined && /^\s*[[{]/.test(text.value) && !/^\s*\{\{/.test(text.value));
  if (!json && text !== scalar) return undefined;
  if (!json && !/:(?:\s|$)|^\s*(?:- |[[{])/m.test(text.value)) return undefined;
  const tree = json ? parseJson(text.value) : parseYaml(text.value);
  if (!json && tree.root?.kind !== 'map' && tree.root?.kind !== 'list') return undefined;
  return rebaseTree(withDirectives(tree, text), text);
}

/** Holes without a width are directives that stood on lines of their own: they open what they stand in. */
function withDirectives(tree: Tree, text: Text): Tree {
  const directives = text.holes.filter((hole) => hole.start === hole.end);
  if (directives.length === 0) return tree;
  const controls: Expression[] = [];
  const emissions: Emission[] = [];
  const [encoding] = text.encodings;
  const indent = encoding?.kind === 'yaml-block' ? encoding.indent : 0;
  for (const { start, source } of directives) {
    const expression = findExpressions(source)[0];
    if (!expression || expression.role === 'silent') continue;
    if (expression.role !== 'value') controls.push({ ...expression, start, end: start });
    else
      emissions.push({
        span: { start, end: start },
        column: expression.indent === undefined ? 0 : Math.max(0, expression.indent - indent),
      });
  }
  const mask = { text: text.value, spans: [], gaps: [], controls, emissions };
  return { ...tree, ...unmask(tree.root, text.value, mask, tree.language === 'yaml' ? 'yaml' : 'json') };
}

/** The text without percent-encoding, where it is percent-encoded JSON; else the text itself. */
function decodePercent(text: Text): Text {
  if (!/^(?:%20|%0[9AaDd]|\s)*%(?:7[Bb]|5[Bb])/.test(text.value)) return text;
  const decoder = new Decoder();
  // Decoded offsets first lead to offsets of the encoded value, then on to the document.
  const sequence = /(?:%[0-9A-Fa-f]{2})+/g;
  let at = 0;
  for (let match = sequence.exec(text.value); match; match = sequence.exec(text.value)) {
    decoder.add(text.value.slice(at, match.index), at);
    decodeRun(match[0], match.index, decoder);
    at = match.index + match[0].length;
  }
  decoder.add(text.value.slice(at), at);
  const decoded = decoder.done(0);
  const whole = { start: 0, end: text.value.length };
  const map = composeMaps({ ...decoded, span: whole }, text);
  const encodings = [{ kind: 'url' } as const, ...text.encodings];
  return { value: decoded.value, holes: [], map, span: text.span, outer: text.outer, encodings, quoted: text.quoted };
}

/** Decodes a run of `%XX`: each character by itself, so that each has its place. What is no UTF-8 stays. */
function decodeRun(run: string, offset: number, decoder: Decoder): void {
  for (let i = 0; i < run.length;) {
    const lead = parseInt(run.slice(i + 1, i + 3), 16);
    const bytes = lead < 0x80 ? 1 : lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
    const source = run.slice(i, i + 3 * bytes);
    decoder.add(tryDecode(source) ?? source, offset + i);
    i += source.length;
  }
}

function tryDecode(source: string): string | undefined {
  try {
    return decodeURIComponent(source);
  } catch {
    return undefined;
  }
}
