import { parseProviderArn } from '../../model/arn';
import { defaultAudience, formatSubject } from '../../model/subject';
import type { MapNode } from '../../syntax/tree';
import { literal, plain } from '../../text/texts';
import type { Operator } from '../../trust/operators';
import type { WorkspaceView } from '../workspaceView';
import { child, type CompletionContext } from './context';
import { asKey, asValue, type Item } from './item';
import { knownProviders } from './known';

/** Provider ARNs: of the workspace's clusters, and of its other trust policies, the most used first. */
export function providersOf(view: WorkspaceView, context: CompletionContext): Item[] {
  const items: Item[] = knownProviders(view).map(({ arn, uses }, rank) => {
    const cluster = view.wiring.settings.clusters.find((candidate) => candidate.issuer && arn.endsWith(`/${candidate.issuer}`));
    return {
      label: arn,
      kind: 'value',
      insert: asValue(context, arn),
      rank,
      detail: cluster ? `cluster ${cluster.name}` : `in ${uses} trust ${uses === 1 ? 'policy' : 'policies'}`,
    };
  });
  const form = 'arn:aws:iam::${1:111122223333}:oidc-provider/oidc.eks.${2:eu-west-1}.amazonaws.com/id/${3:ID}';
  items.push({
    label: 'arn:aws:iam::…:oidc-provider/oidc.eks.…',
    kind: 'snippet',
    rank: items.length,
    snippet: true,
    detail: 'the form of an EKS provider',
    insert: context.quoted || context.syntax === 'yaml' ? form : `"${form}"`,
  });
  return items;
}

/** Condition keys built from the statement's own provider; for Pod Identity the session tags. */
export function keysFor(view: WorkspaceView, context: CompletionContext): Item[] {
  const statement = context.maps.find((map) => child(map, 'Principal') !== undefined);
  const present = new Set(context.maps[context.maps.length - 1]?.entries.map((entry) => entry.key.value));
  const key = (label: string, detail: string, rank: number, value: string): Item[] =>
    present.has(label)
      ? []
      : [{ label, kind: 'key', detail, rank, ...asKey(context, label, context.syntax === 'json' ? `"${value}"` : value) }];
  if (principalsOf(statement, 'Service').includes('pods.eks.amazonaws.com')) {
    return podIdentityKeys.flatMap(([label, detail], rank) => key(label, detail, rank, '$0'));
  }
  const issuers = issuersOf(statement);
  const known = issuers.length > 0 ? issuers : view.wiring.settings.clusters.flatMap((cluster) => (cluster.issuer ? [cluster.issuer] : []));
  return [...new Set(known)].flatMap((issuer, i) => [
    ...key(`${issuer}:sub`, "the token's subject: which service account", i * 2, 'system:serviceaccount:$0'),
    ...key(`${issuer}:aud`, "the token's audience", i * 2 + 1, defaultAudience),
  ]);
}

const podIdentityKeys: readonly (readonly [string, string])[] = [
  ['aws:RequestTag/kubernetes-namespace', "the pod's namespace"],
  ['aws:RequestTag/kubernetes-service-account', "the pod's service account"],
  ['aws:RequestTag/eks-cluster-arn', "the cluster's ARN"],
  ['aws:RequestTag/eks-cluster-name', "the cluster's name"],
  ['aws:SourceAccount', "the cluster's account"],
];

/** The issuers of a statement's providers, as written, holes too. */
function issuersOf(statement: MapNode | undefined): string[] {
  return principalsOf(statement, 'Federated').flatMap((value) => {
    const issuer = parseProviderArn(plain(value))?.issuer.value;
    return issuer ? [issuer] : [];
  });
}

function principalsOf(statement: MapNode | undefined, kind: string): string[] {
  const principal = child(statement, 'Principal');
  const node = principal?.kind === 'map' ? child(principal, kind) : undefined;
  const items = node?.kind === 'list' ? node.items : node ? [node] : [];
  return items.flatMap((item) => (item.kind === 'scalar' ? [item.value] : []));
}

/** Values of a condition: subjects of the workspace's accounts, or audiences, by the claim of the key. */
export function subjectItems(view: WorkspaceView, context: CompletionContext, operator: Operator): Item[] {
  const key = context.path.findLast((part): part is string => typeof part === 'string' && part.includes(':')) ?? '';
  const claim = key.slice(key.lastIndexOf(':') + 1).toLowerCase();
  if (claim === 'aud') return audiences(view).map((text, rank) => ({ label: text, kind: 'value', insert: asValue(context, text), rank }));
  if (claim !== 'sub') return [];
  const items = new Map<string, Item>();
  const add = (label: string, detail: string, rank: number): void => {
    if (!items.has(label) && !context.siblings.includes(label))
      items.set(label, { label, kind: 'account', detail, rank, insert: asValue(context, label) });
  };
  for (const account of view.wiring.accounts()) {
    const name = literal(account.name);
    const namespace = view.wiring.namespaceOf(account);
    if (!name || !namespace || !view.wiring.together(context.doc.uri, account.doc.uri)) continue;
    add(formatSubject(namespace, name), account.roleArn ? 'uses a role' : 'has no role yet', account.roleArn ? 0 : 1);
    if (operator.like) add(formatSubject(namespace, '*'), `every service account of ${namespace}`, 2);
  }
  return [...items.values()];
}

function audiences(view: WorkspaceView): string[] {
  const found = new Set([defaultAudience]);
  for (const account of view.wiring.accounts()) {
    const audience = literal(account.audience?.value);
    if (audience) found.add(audience);
  }
  return [...found];
}
