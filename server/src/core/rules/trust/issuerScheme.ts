import type { TrustPolicyFact } from '../../model/facts';
import type { Borrowed, Text } from '../../text/text';
import type { Fix } from '../rule';
import { fix } from './edits';

/** An expression that gives an issuer's URL, where the value needs its host. */
export interface SchemeFault {
  readonly piece: Borrowed;
  /** The expression's source, as far as the value's hole tells it. */
  readonly expression: string;
}

const scheme = 'https://';

/** Looks for such an expression at an offset of a value. Values that a person wrote out with `https://` are not meant. */
export function schemeFault(text: Text, at: number): SchemeFault | undefined {
  const piece = text.borrowed?.find((each) => each.start === at);
  if (!piece || !text.value.startsWith(scheme, at)) return undefined;
  const hole = text.holes.find((each) => each.start === at + scheme.length);
  const expression = hole && /^\$\{replace\((.*), "https:\/\/", ""\)\}$/.exec(hole.source)?.[1];
  return expression === undefined ? undefined : { piece, expression };
}

/** The same anywhere in the value behind its beginning: a URL put together with a host of its own. */
export function innerSchemeFault(text: Text): SchemeFault | undefined {
  return text.borrowed?.map((piece) => (piece.start > 0 ? schemeFault(text, piece.start) : undefined)).find((fault) => fault !== undefined);
}

/** The offset of the issuer in a value of `Federated`; -1 for what is no ARN. */
export function issuerOffset(value: Text): number {
  const at = value.value.indexOf('oidc-provider/');
  return at < 0 ? -1 : at + 'oidc-provider/'.length;
}

/** Takes the scheme away with `replace`, where the expression stands there to be wrapped. */
export function withoutScheme({ doc }: TrustPolicyFact, { piece: { expression } }: SchemeFault): Fix[] {
  if (!expression) return [];
  const insert = (offset: number, newText: string) => ({ doc, span: { start: offset, end: offset }, newText });
  return [fix('Remove https:// with replace()', true, [insert(expression.start, 'replace('), insert(expression.end, ', "https://", "")')])];
}
