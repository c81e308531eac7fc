import { podIdentityPrincipal } from '../../model/podIdentity';
import { hasNamespaceForm, hasServiceAccountForm, subjectPrefix } from '../../model/subject';
import type { Made, MovedAccount, Spelling, WebIdentityAccount } from '../types';
import { list, map, phrase, text, type Phrase, type Value } from './write/value';

/** A statement that is to be added: it allows one principal, under conditions of equality. */
export interface NewStatement {
  readonly principal: { readonly kind: 'Service' | 'Federated'; readonly value: Phrase };
  readonly actions: readonly string[];
  /** Keys of StringEquals with their values. */
  readonly conditions: readonly (readonly [key: Phrase, values: readonly Phrase[]])[];
}

/** The keys of a Pod Identity session that are compared. Source: facts of aws-samples/sample-eks-nitro-sandbox; EKS user guide, pod-id-abac-tags. */
export const sessionKeys = {
  account: 'aws:SourceAccount',
  cluster: 'aws:RequestTag/eks-cluster-name',
  namespace: 'aws:RequestTag/kubernetes-namespace',
  serviceAccount: 'aws:RequestTag/kubernetes-service-account',
} as const;

/**
 * Statements that allow EKS Pod Identity for accounts, and nobody else. Accounts of one cluster and namespace share one. A cluster
 * or an AWS account that isn't known is not compared; a namespace and a service account always are.
 */
export function podStatements(accounts: readonly MovedAccount[]): Made<readonly NewStatement[]> {
  const groups = new Map<string, { readonly first: MovedAccount; readonly names: Spelling[] }>();
  for (const account of accounts) {
    const wrong = wrongName(account) ?? wrongCluster(account);
    if (wrong !== undefined) return { refused: wrong };
    const key = JSON.stringify([account.namespace, account.cluster, account.accountId]);
    const group = groups.get(key);
    if (!group) groups.set(key, { first: account, names: [account.serviceAccount] });
    else if (!group.names.some((name) => JSON.stringify(name) === JSON.stringify(account.serviceAccount)))
      group.names.push(account.serviceAccount);
  }
  if (groups.size === 0) return { refused: 'No service account is given.' };
  return {
    made: Array.from(groups.values(), ({ first, names }) => ({
      principal: { kind: 'Service', value: phrase(podIdentityPrincipal) },
      actions: ['sts:AssumeRole', 'sts:TagSession'],
      conditions: [
        ...(first.accountId ? [equals(sessionKeys.account, [first.accountId])] : []),
        ...(first.cluster ? [equals(sessionKeys.cluster, [first.cluster])] : []),
        equals(sessionKeys.namespace, [first.namespace]),
        equals(sessionKeys.serviceAccount, names),
      ],
    })),
  };
}

function equals(key: string, values: readonly Spelling[]): readonly [Phrase, readonly Phrase[]] {
  return [phrase(key), values.map((value) => [value])];
}

/** Statements that allow web identity tokens of accounts. Accounts of one provider and audience share one. */
export function webIdentityStatements(accounts: readonly WebIdentityAccount[]): Made<readonly NewStatement[]> {
  const groups = new Map<string, { readonly first: WebIdentityAccount; readonly subjects: Phrase[] }>();
  for (const account of accounts) {
    const wrong = wrongName(account) ?? wrongProvider(account);
    if (wrong !== undefined) return { refused: wrong };
    const key = JSON.stringify([account.provider, account.issuer, account.audience]);
    const subject = phrase(subjectPrefix, account.namespace, ':', account.serviceAccount);
    const group = groups.get(key);
    if (group) group.subjects.push(subject);
    else groups.set(key, { first: account, subjects: [subject] });
  }
  if (groups.size === 0) return { refused: 'No service account is given.' };
  return {
    made: Array.from(groups.values(), ({ first, subjects }) => ({
      principal: { kind: 'Federated', value: [first.provider] },
      actions: ['sts:AssumeRoleWithWebIdentity'],
      conditions: [
        [phrase(first.issuer, ':aud'), [phrase(first.audience)]],
        [phrase(first.issuer, ':sub'), subjects],
      ],
    })),
  };
}

/** The statement in the elements of IAM's grammar. */
export function statementValue({ principal, actions, conditions }: NewStatement): Value {
  const [action] = actions;
  return map({
    Effect: text('Allow'),
    Principal: map({ [principal.kind]: { phrase: principal.value } }),
    Action: actions.length === 1 ? text(action!) : list(actions.map(text)),
    Condition: map({
      StringEquals: {
        map: conditions.map(([key, values]) => [
          key,
          values.length === 1 ? { phrase: values[0]! } : list(values.map((each) => ({ phrase: each }))),
        ]),
      },
    }),
  });
}

/** Names are Kubernetes' own, so that none of them can end the text that it is written into. */
export function wrongName({ namespace, serviceAccount }: Pick<MovedAccount, 'namespace' | 'serviceAccount'>): string | undefined {
  if ('text' in namespace && !(namespace.text.length <= 63 && hasNamespaceForm(namespace.text)))
    return `${JSON.stringify(namespace.text)} is not a valid namespace.`;
  if ('text' in serviceAccount && !(serviceAccount.text.length <= 253 && hasServiceAccountForm(serviceAccount.text)))
    return `${JSON.stringify(serviceAccount.text)} is not a valid service account name.`;
  return undefined;
}

/** Source: botocore, eks-auth model (clusterName). */
export function wrongCluster({ cluster, accountId }: Pick<MovedAccount, 'cluster' | 'accountId'>): string | undefined {
  if (cluster && 'text' in cluster && !/^[0-9A-Za-z][A-Za-z0-9_-]{0,99}$/.test(cluster.text))
    return `${JSON.stringify(cluster.text)} is not a valid cluster name.`;
  return accountId && 'text' in accountId && !/^\d{12}$/.test(accountId.text)
    ? `${JSON.stringify(accountId.text)} is not an AWS account ID.`
    : undefined;
}

function wrongProvider({ provider, issuer, audience }: WebIdentityAccount): string | undefined {
  if ('text' in provider && !/^arn:aws[a-z0-9-]*:iam::\d{12}:oidc-provider\/[\w./:-]{1,255}$/.test(provider.text))
    return `${JSON.stringify(provider.text)} is not the ARN of an OIDC provider.`;
  if ('text' in issuer && !/^[\w.-]{1,200}(?:\/[\w./-]{0,200})?$/.test(issuer.text))
    return `${JSON.stringify(issuer.text)} is not an issuer without https://.`;
  return /^[\w.:/-]{1,255}$/.test(audience) ? undefined : `${JSON.stringify(audience)} is not a valid audience.`;
}
