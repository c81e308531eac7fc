import { parseProviderArn } from '../../model/arn';
import { issuerKind } from '../../model/issuer';
import { partitionOfRegion } from '../../model/partitions';
import { isNamespaceName, isServiceAccountName } from '../../model/subject';
import { literal } from '../../text/texts';
import { requestedRole } from '../../wiring/requestedRole';
import type { WorkspaceView } from '../workspaceView';

/** An OIDC provider and how often the workspace names it; providers of configured clusters come first. */
export interface KnownProvider {
  readonly arn: string;
  readonly uses: number;
}

/** Provider ARNs: of the clusters in pod-roles.yaml, of AWS or its snapshot, and of the trust policies here; the most used first. */
export function knownProviders(view: WorkspaceView): KnownProvider[] {
  const uses = new Map<string, number>();
  for (const cluster of view.wiring.settings.clusters) {
    if (!cluster.issuer || !cluster.account) continue;
    const partition = cluster.region ? (partitionOfRegion(cluster.region)?.id ?? 'aws') : 'aws';
    uses.set(`arn:${partition}:iam::${cluster.account}:oidc-provider/${cluster.issuer}`, 1000);
  }
  for (const policy of view.wiring.policies()) {
    for (const value of policy.policy.statements.flatMap(({ principal }) => principal?.kinds ?? []).flatMap(({ values }) => values)) {
      const arn = parseProviderArn(value);
      const issuer = literal(arn?.issuer);
      if (arn && issuer && literal(arn.text) && issuerKind(issuer) === 'eks') uses.set(arn.text.value, (uses.get(arn.text.value) ?? 0) + 1);
    }
  }
  return [...uses].sort(([, a], [, b]) => b - a).map(([arn, count]) => ({ arn, uses: count }));
}

/** The AWS account that the workspace names most: of its clusters, then of its providers, then of its roles. */
export function likelyAccount(view: WorkspaceView): string | undefined {
  const configured = view.wiring.settings.clusters.find(({ account }) => account !== undefined)?.account;
  const provider = knownProviders(view)[0]?.arn;
  const counts = new Map<string, number>();
  for (const { arn, uses } of view.wiring.roleArns()) {
    const account = literal(arn.account);
    if (account) counts.set(account, (counts.get(account) ?? 0) + uses);
  }
  const used = [...counts].sort(([, a], [, b]) => b - a)[0]?.[0];
  return [configured, provider?.split(':')[4], used].find((account) => account !== undefined && /^\d{12}$/.test(account));
}

/** The issuer of the likeliest provider, without `https://`, in the characters that an issuer has. */
export function likelyIssuer(view: WorkspaceView): string | undefined {
  const issuers = knownProviders(view).map(({ arn }) => arn.slice(arn.indexOf('/') + 1));
  return issuers.find((issuer) => /^[\w.-]+(?:\/[\w.-]+)*$/.test(issuer));
}

/** The name of a cluster of the settings or of AWS. */
export function likelyCluster(view: WorkspaceView): string | undefined {
  const names = [...view.wiring.settings.clusters, ...(view.wiring.aws?.clusters() ?? [])].map(({ name }) => name);
  return names.find((name) => /^[A-Za-z0-9][\w-]{0,99}$/.test(name));
}

/** Namespaces of the service accounts here: those beside the file first, then the most used; at most ten. */
export function knownNamespaces(view: WorkspaceView, uri: string): string[] {
  return ranked(
    [...view.wiring.accounts()].flatMap((account) => {
      const namespace = view.wiring.namespaceOf(account);
      return namespace !== undefined && isNamespaceName(namespace) && view.wiring.together(uri, account.doc.uri)
        ? [{ text: namespace, weight: isBeside(uri, account.doc.uri) ? 1000 : 1 }]
        : [];
    }),
  );
}

/** Names of the service accounts here, as above. */
export function knownAccounts(view: WorkspaceView, uri: string): string[] {
  return ranked(
    [...view.wiring.accounts()].flatMap((account) => {
      const name = literal(account.name);
      return name !== undefined && isServiceAccountName(name) && view.wiring.together(uri, account.doc.uri)
        ? [{ text: name, weight: (isBeside(uri, account.doc.uri) ? 1000 : 1) + (account.roleArn ? 1 : 0) }]
        : [];
    }),
  );
}

/** The service account that uses a role whose name is in the file's path, so that the file is likely its trust policy. */
export function accountOfPath(
  view: WorkspaceView,
  uri: string,
): { readonly namespace: string; readonly name: string; readonly account?: string } | undefined {
  const parts = new Set(
    uri
      .split('/')
      .slice(-3)
      .flatMap((part) => [part, part.replace(/\.[^.]*$/, ''), part.replace(/[-_.]?(?:trust|assume[-_]?role)[^/]*$/i, '')]),
  );
  for (const account of view.wiring.accounts()) {
    const role = requestedRole(account);
    const [roleName, name, namespace] = [literal(role?.name), literal(account.name), view.wiring.namespaceOf(account)];
    if (!role || !roleName || !name || !namespace || !parts.has(roleName)) continue;
    if (!isNamespaceName(namespace) || !isServiceAccountName(name)) continue;
    const id = literal(role.account);
    return { namespace, name, ...(id && /^\d{12}$/.test(id) ? { account: id } : {}) };
  }
  return undefined;
}

function ranked(texts: readonly { readonly text: string; readonly weight: number }[]): string[] {
  const weights = new Map<string, number>();
  for (const { text, weight } of texts) weights.set(text, (weights.get(text) ?? 0) + weight);
  return [...weights]
    .sort(([, a], [, b]) => b - a)
    .slice(0, 10)
    .map(([text]) => text);
}

function isBeside(a: string, b: string): boolean {
  return a.slice(0, a.lastIndexOf('/')) === b.slice(0, b.lastIndexOf('/'));
}
