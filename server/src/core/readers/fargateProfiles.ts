import type { FargateProfileFact, FargateSelector } from '../model/facts';
import { valueAt } from '../syntax/nodes';
import type { Node } from '../syntax/tree';
import type { Text } from '../text/text';
import { literal } from '../text/texts';
import { asList, asMap, literalAt, textAt, toText } from './nodes';

/** A Fargate profile by its cluster and its selectors, whatever its format calls them. Source: EKS API, CreateFargateProfile. */
export function fargateProfile(
  at: Pick<FargateProfileFact, 'doc' | 'span' | 'head'>,
  clusterName: Text | undefined,
  selectors: readonly FargateSelector[],
): FargateProfileFact[] {
  return selectors.length > 0 ? [{ kind: 'fargateProfile', ...at, ...(clusterName ? { clusterName } : {}), selectors }] : [];
}

/** The selectors of a list; `namespace` and `labels` as the format's case has them, labels as a map or as pairs of key and value. */
export function fargateSelectors(list: Node | undefined, [namespaceKey, labelsKey] = ['namespace', 'labels']): FargateSelector[] {
  return (asList(list)?.items ?? []).flatMap((item) => {
    const namespace = literal(textAt(item, namespaceKey));
    const labels = labelsOf(valueAt(item, labelsKey));
    // What isn't known may select less: such a selector says nothing.
    return namespace === undefined || !labels || asMap(item)?.open ? [] : [{ namespace, labels }];
  });
}

/** Labels with literal values; undefined where some aren't known. */
export function labelsOf(node: Node | undefined): Readonly<Record<string, string>> | undefined {
  if (!node || (node.kind === 'scalar' && node.type === 'null')) return {};
  if (node.kind === 'list') {
    const pairs = node.items.map((item) => [pairAt(item, 'key'), pairAt(item, 'value')] as const);
    return !node.open && pairs.every(([key, value]) => key !== undefined && value !== undefined)
      ? (Object.fromEntries(pairs) as Record<string, string>)
      : undefined;
  }
  if (node.kind !== 'map' || node.open) return undefined;
  const entries = node.entries.map(
    ({ key, value, conditional }) => [literal(key), conditional || value?.kind !== 'scalar' ? undefined : literal(toText(value))] as const,
  );
  return entries.every(([key, value]) => key !== undefined && value !== undefined)
    ? (Object.fromEntries(entries) as Record<string, string>)
    : undefined;
}

function pairAt(item: Node, key: string): string | undefined {
  return literalAt(item, key) ?? literalAt(item, key.charAt(0).toUpperCase() + key.slice(1));
}
