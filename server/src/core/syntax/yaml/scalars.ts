import type { CST } from 'yaml';
import { findHoles, type HoleOptions } from '../../text/holes';
import type { Encoding } from '../../text/text';
import type { Decoded } from '../scalar';
import { scalarNode } from '../scalar';
import type { ScalarNode } from '../tree';
import { decodeBlock } from './blockScalars';
import { decodeDoubleQuoted, decodePlain, decodeSingleQuoted } from './flowScalars';
import { plainType } from './types';

type ScalarToken = CST.FlowScalar | CST.BlockScalar;

/** A scalar node of a token of the YAML parser. `type` overrides what a plain scalar would be. */
export function readScalar(token: ScalarToken, options: HoleOptions = {}, type?: ScalarNode['type']): ScalarNode {
  return token.type === 'block-scalar' ? block(token, options, type) : flow(token, options, type);
}

function flow(token: CST.FlowScalar, options: HoleOptions, type?: ScalarNode['type']): ScalarNode {
  const { offset, source } = token;
  const outer = { start: offset, end: offset + source.length };
  if (token.type !== 'single-quoted-scalar' && token.type !== 'double-quoted-scalar') {
    const decoded = decodePlain(source, offset);
    const place = { span: outer, outer, encodings: [{ kind: 'yaml-plain' } as const], quoted: false };
    return scalarNode(decoded, { ...place, type: type ?? plainType(decoded.value) }, options);
  }
  const double = token.type === 'double-quoted-scalar';
  const closed = source.length > 1 && source.endsWith(double ? '"' : "'");
  const span = { start: offset + 1, end: closed ? outer.end - 1 : outer.end };
  const inside = source.slice(1, closed ? -1 : undefined);
  const decoded: Decoded = double ? decodeDoubleQuoted(inside, span.start) : decodeSingleQuoted(inside, span.start);
  const encodings: Encoding[] = [{ kind: double ? 'json' : 'yaml-single' }];
  return scalarNode(decoded, { span, outer, encodings, quoted: true, type: type ?? 'string' }, options);
}

function block(token: CST.BlockScalar, options: HoleOptions, type?: ScalarNode['type']): ScalarNode {
  const header = token.props.find((prop) => prop.type === 'block-scalar-header') as CST.SourceToken | undefined;
  const start = token.props.reduce((at, prop) => at + ('source' in prop ? prop.source.length : 0), token.offset);
  const { indent, ...decoded } = decodeBlock(header?.source ?? '|', token.source, start, token.indent);
  const last = decoded.map ? decoded.map[decoded.map.length - 1]! : [0, start];
  const span = { start: decoded.map?.[0]?.[1] ?? start, end: last[1] + decoded.value.length - last[0] };
  const outer = { start: token.offset, end: Math.max(start, start + token.source.length) };
  const node = scalarNode(
    decoded,
    { span, outer, encodings: [{ kind: 'yaml-block', indent }], quoted: false, type: type ?? 'string' },
    options,
  );
  return node;
}

/** A flow collection of one placeholder word, `[ROLE_ARN]` or `{account}`, as the scalar that it stands for. */
export function placeholderScalar(text: string, start: number, end: number): ScalarNode | undefined {
  const source = text.slice(start, end);
  const word = source.slice(1, -1);
  const list = source.startsWith('[');
  if (list && !/^(?:[A-Z][A-Z0-9]*(?:[_ -]+[A-Z0-9]+)*|[A-Za-z]\w*(?: [\w-]+)+|your[-_][\w-]+)$/.test(word)) return undefined;
  if (word.length < 2 || !/^[A-Za-z][\w -]*$/.test(word)) return undefined;
  const outer = { start, end };
  return {
    kind: 'scalar',
    value: source,
    holes: [{ start: 0, end: source.length, source, named: true }],
    span: outer,
    outer,
    encodings: [{ kind: 'yaml-plain' }],
    quoted: false,
    type: 'string',
  };
}

/** The scalar that `!Sub text` stands for: every `${…}` in it is a hole. */
export function substituted(node: ScalarNode): ScalarNode {
  return { ...node, type: 'string', holes: findHoles(node.value, { dialect: 'sub' }) };
}
