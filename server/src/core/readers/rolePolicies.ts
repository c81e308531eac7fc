import type { RolePolicyFact } from '../model/facts';
import { outerSpan, valueAt } from '../syntax/nodes';
import type { Node } from '../syntax/tree';
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
