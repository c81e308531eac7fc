import type { Fact, ServiceAccountFact } from '../../model/facts';
import { valueAt } from '../../syntax/nodes';
import type { MapNode, Node } from '../../syntax/tree';
import type { Text } from '../../text/text';
import { walkValues } from '../kubernetes/accountValues';
import { valuesWalk } from '../kubernetes/manifests';
import { Sink } from '../kubernetes/sink';
import type { ReaderInput } from '../reader';

/** Where a release's objects go. */
export interface HelmPlace {
  /** The release's namespace; absent where it is not told. */
  readonly namespace?: Text | undefined;
  /** As {@link ServiceAccountFact.deployedBy}. */
  readonly deployedBy?: readonly string[];
}

/**
 * What the values of one Helm release make: service accounts with their annotations, and whole objects in them. An account
 * whose values name no namespace is in the release's.
 * @param values all of the release's values as one tree, see {@link mergeHelmValues}
 * @param input the document that the facts count from; its tree is not looked at, but for its language
 */
export function readHelmValues(values: MapNode, place: HelmPlace, input: ReaderInput): Fact[] {
  const sink = new Sink(input);
  walkValues(values, valuesWalk(sink), sink);
  const elsewhere = movesAccounts(values);
  return sink.facts.map((fact): Fact => {
    const placed =
      fact.kind === 'serviceAccount' && fact.origin === 'values' ? inRelease(fact, elsewhere ? undefined : place.namespace) : fact;
    return place.deployedBy ? { ...placed, deployedBy: place.deployedBy } : placed;
  });
}

/** An account of a release's values in the release's namespace, where they name none of its own. */
export function inRelease(account: ServiceAccountFact, namespace: Text | undefined): ServiceAccountFact {
  if (account.namespace) return account;
  return { ...account, ofRelease: true, ...(namespace ? { namespace } : {}) };
}

/** Whether values put a chart's objects into another namespace than the release's. */
export function movesAccounts(values: Node | undefined): boolean {
  return ['namespaceOverride', 'forceNamespace'].some((key) =>
    [valueAt(values, key), valueAt(values, 'global', key)].some(
      (node) => node && !(node.kind === 'scalar' && (node.type === 'null' || node.value === '')),
    ),
  );
}
