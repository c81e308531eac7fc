import { parseProviderArn } from '../../model/arn';
import type { ServiceAccountFact } from '../../model/facts';
import { parseEksIssuer } from '../../model/issuer';
import { defaultAudience, formatSubject } from '../../model/subject';
import type { MapNode } from '../../syntax/tree';
import { literal, plain } from '../../text/texts';
import type { Operator } from '../../trust/operators';
import { code } from '../markdown';
import type { WorkspaceView } from '../workspaceView';
import { child, type CompletionContext } from './context';
import { asKey, asValue, type Item } from './item';
import { knownProviders } from './known';

/** Provider ARNs: of the workspace's clusters, and of its other trust policies, the most used first. */
export function providersOf(view: WorkspaceView, context: CompletionContext): Item[] {
  const items: Item[] = knownProviders(view).map(({ arn, uses }, rank) => {
    const cluster = view.wiring.settings.clusters.find((candidate) => candidate.issuer && arn.endsWith(`/${candidate.issuer}`));
    const [, , , , account] = arn.split(':');
    return {
      label: cluster?.name ?? shortIssuer(arn.slice(arn.indexOf('/') + 1)),
      filter: arn,
      kind: 'value',
      insert: asValue(context, arn),
      rank,
      detail: [`account ${account}`, cluster ? 'in pod-roles.yaml' : `in ${uses} trust ${uses === 1 ? 'policy' : 'policies'}`].join(' · '),
      documentation: code(arn),
    };
  });
  const form = 'arn:aws:iam::${1:111122223333}:oidc-provider/oidc.eks.${2:eu-west-1}.amazonaws.com/id/${3:ID}';
  items.push({
    label: 'ARN of an OIDC provider',
    filter: 'arn:aws:iam::oidc-provider/oidc.eks.',
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
  const key = (name: string, detail: string, rank: number, value: string, label = name): Item[] =>
    present.has(name)
      ? []
      : [
          {
            label,
            kind: 'key',
            detail,
            rank,
            ...(label === name ? {} : { filter: name, documentation: code(name) }),
            ...asKey(context, name, context.syntax === 'json' ? `"${value}"` : value),
          },
        ];
  if (principalsOf(statement, 'Service').includes('pods.eks.amazonaws.com')) {
    return podIdentityKeys.flatMap(([label, detail], rank) => key(label, detail, rank, '$0'));
  }
  const issuers = issuersOf(statement);
  const known = issuers.length > 0 ? issuers : view.wiring.settings.clusters.flatMap((cluster) => (cluster.issuer ? [cluster.issuer] : []));
  const distinct = [...new Set(known)];
  return distinct.flatMap((issuer, i) => {
    // Lists are narrow, and keys of one issuer differ at their ends alone.
    const prefix = distinct.length === 1 ? '' : shortIssuer(issuer);
    return [
      ...key(`${issuer}:sub`, "the token's subject: which service account", i * 2, 'system:serviceaccount:$0', `${prefix}:sub`),
      ...key(`${issuer}:aud`, "the token's audience", i * 2 + 1, defaultAudience, `${prefix}:aud`),
    ];
  });
}

/** An issuer by what tells it from others: EKS's by its ID and region, any other as it is. */
function shortIssuer(issuer: string): string {
  const eks = parseEksIssuer(issuer);
  return eks ? `${eks.id} ${eks.region}` : issuer;
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
  const add = (namespace: string, name: string, detail: string, rank: number): void => {
    const subject = formatSubject(namespace, name);
    if ((items.get(subject)?.rank ?? Infinity) <= rank || context.siblings.includes(subject)) return;
    // Lists are narrow, and all subjects begin with the same words.
    items.set(subject, {
      label: `${namespace}:${name}`,
      filter: subject,
      kind: 'account',
      detail,
      rank,
      insert: asValue(context, subject),
    });
  };
  const users = usersOfRole(view, context);
  for (const account of view.wiring.accounts()) {
    const name = literal(account.name);
    const namespace = view.wiring.namespaceOf(account);
    if (!name || !namespace || !view.wiring.together(context.doc.uri, account.doc.uri)) continue;
    if (users.has(account)) add(namespace, name, 'uses this role', 0);
    else if (account.roleArn) add(namespace, name, 'uses another role', 1);
    else add(namespace, name, 'uses no role yet', 2);
    if (operator.like) add(namespace, '*', `every service account in ${namespace}`, 3);
  }
  return [...items.values()];
}

/** The accounts that use the role whose trust policy the cursor is in. */
function usersOfRole({ wiring }: WorkspaceView, { doc, span }: CompletionContext): ReadonlySet<ServiceAccountFact> {
  const policies = wiring
    .factsIn(doc)
    .filter((fact) => fact.kind === 'trustPolicy')
    .filter(({ span: whole }) => whole.start <= span.start && whole.end >= span.end);
  return new Set(policies.flatMap((policy) => wiring.chainsOf(policy)).map(({ account }) => account));
}

function audiences(view: WorkspaceView): string[] {
  const found = new Set([defaultAudience]);
  for (const account of view.wiring.accounts()) {
    const audience = literal(account.audience?.value);
    if (audience) found.add(audience);
  }
  return [...found];
}
