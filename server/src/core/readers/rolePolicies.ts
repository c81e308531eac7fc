import type { RolePolicyFact } from '../model/facts';
import { outerSpan, valueAt } from '../syntax/nodes';
import type { MapNode, Node } from '../syntax/tree';
import type { Text } from '../text/text';
import { asList, asMap, asScalar, textAt, toText } from './nodes';
import type { ReaderInput } from './reader';

type Doc = ReaderInput['doc'];

/** Managed policies in a list of their ARNs; what is no text is passed over. */
export function managedPolicies(role: Text, list: Node | undefined, doc: Doc): RolePolicyFact[] {
  return (asList(list)?.items ?? []).flatMap((item) =>
    item.kind === 'scalar' && item.value !== '' ? [{ kind: 'rolePolicy' as const, doc, span: item.span, role, arn: toText(item) }] : [],
  );
}

/** Inline policies in a list of maps that name them by a key. */
export function inlinePolicies(role: Text, list: Node | undefined, key: string, doc: Doc): RolePolicyFact[] {
  return (asList(list)?.items ?? []).flatMap((item) => {
    const name = textAt(item, key);
    return name ? [{ kind: 'rolePolicy' as const, doc, span: outerSpan(item), role, name }] : [];
  });
}

/** eksctl's policies of its own making: each key of `wellKnownPolicies` that is true, and one inline policy. Source: eksctl's schema. */
export function eksctlPolicies(role: Text, item: Node, arns: string, inline: string, doc: Doc): RolePolicyFact[] {
  const wellKnown = asMap(valueAt(item, 'wellKnownPolicies'))?.entries.filter(({ value }) => asScalar(value)?.value === 'true') ?? [];
  const own = asMap(valueAt(item, inline));
  return [
    ...managedPolicies(role, valueAt(item, arns), doc),
    ...wellKnown.map(({ key }): RolePolicyFact => ({ kind: 'rolePolicy', doc, span: key.span, role, name: toText(key) })),
    ...(own ? [{ kind: 'rolePolicy' as const, doc, span: own.span, role }] : []),
  ];
}

/** The policies of a role that eksctl creates as one text: two roles with the same policies have the same. Absent where a part isn't known. */
export function eksctlPermissions(item: MapNode, arns: string, inline: string, boundary: string): { readonly permissions?: string } {
  // Aliases may repeat parts without end.
  const left = { nodes: mostNodes };
  const value = (key: string): unknown => plainValue(valueAt(item, key), left);
  const [managed, wellKnown] = [value(arns), value('wellKnownPolicies')];
  const parts = [
    Array.isArray(managed) ? (managed as unknown[]).map(String).sort() : managed,
    value(inline),
    isRecord(wellKnown) ? Object.keys(wellKnown).filter((key) => wellKnown[key] === 'true').sort() : wellKnown, // prettier-ignore
    value(boundary),
  ];
  // A role without any policy of its own isn't told by them.
  if (item.open || parts.includes(unknown) || parts.every((each) => each === undefined)) return {};
  const text = JSON.stringify(parts);
  return text.length > longestPermissions ? {} : { permissions: text };
}

/** Longer than any role's policies can be: an inline policy has 10,240 characters at most. Source: IAM quotas. */
const longestPermissions = 20_000;

const mostNodes = 5000;

const unknown = Symbol('unknown');

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A node as plain values with sorted keys; the symbol `unknown` where a part isn't written out. */
function plainValue(node: Node | undefined, left: { nodes: number }): unknown {
  if (!node) return undefined;
  if (left.nodes-- <= 0 || node.kind === 'unknown' || (node.kind !== 'scalar' && node.open)) return unknown;
  // A variable has one value in one file.
  if (node.kind === 'scalar') return node.holes.every(({ named }) => named) ? node.value : unknown;
  if (node.kind === 'list') {
    const values = node.items.map((each) => plainValue(each, left));
    return values.includes(unknown) ? unknown : values;
  }
  if (node.entries.some(({ key, merged, conditional }) => merged || conditional || key.holes.length > 0)) return unknown;
  const entries = node.entries.map(({ key, value }) => [key.value, plainValue(value, left)] as const);
  if (entries.some(([, value]) => value === unknown)) return unknown;
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}
