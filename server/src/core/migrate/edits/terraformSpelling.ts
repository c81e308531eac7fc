import type { TrustPolicyFact } from '../../model/facts';
import type { Statement } from '../../model/policy';
import { moduleOfSource } from '../../readers/terraform/modules/moduleSources';
import { attributeOf } from '../../syntax/hcl/body';
import type { SourceDocument } from '../../syntax/sourceFile';
import type { Spelling } from '../types';
import { literalArgument } from './hclSearch';
import { Folder, isConditional, sourceOf } from './terraformFolder';

/** The cluster of the provider that a policy names, and the AWS account where the module looks it up. */
export function terraformSpelling(
  fact: TrustPolicyFact,
  document: SourceDocument,
  siblings: readonly SourceDocument[],
  statement?: number,
  named?: string,
): { cluster?: Spelling; accountId?: Spelling } {
  const folder = new Folder([document, ...siblings.filter((each) => each !== document && each.syntax === 'hcl')]);
  const names = new Set<string | undefined>();
  for (const each of fact.policy.statements) {
    if (statement !== undefined && each.index !== statement) continue;
    for (const source of providerSources(each, document.text)) names.add(clusterOf(source, folder, 0));
  }
  const [cluster = named === undefined ? undefined : clusterMade(named, fact, document, folder)] = [...names].filter(
    (each) => each !== undefined,
  );
  const accountId = accountOf(folder);
  return {
    ...(names.size <= 1 && cluster !== undefined ? { cluster: { expression: cluster } } : {}),
    ...(accountId === undefined ? {} : { accountId: { expression: accountId } }),
  };
}

/** A cluster's OIDC provider, as a folder's expressions. */
export interface ProviderSpelling {
  readonly provider: Spelling;
  /** Without `https://`. */
  readonly issuer: Spelling;
}

/**
 * The OIDC provider that a Terraform folder makes, or looks up, for a cluster: the only one whose URL is the issuer of that
 * very cluster, else that of the module that makes the cluster. Undefined where there is none, or several.
 * @param cluster the expression of the cluster's name, as the association writes it
 */
export function terraformProvider(
  document: SourceDocument,
  siblings: readonly SourceDocument[],
  cluster: string,
): ProviderSpelling | undefined {
  const folder = new Folder([document, ...siblings.filter((each) => each !== document && each.syntax === 'hcl')]);
  const own = ['resource', 'data']
    .flatMap((type) => folder.find(type, 'aws_iam_openid_connect_provider'))
    .filter((placed) => {
      const url = sourceOf(placed, 'url');
      const found = url === undefined ? undefined : clusterOf(url, folder, 0);
      return found !== undefined && isNameOf(found, cluster, folder);
    });
  const [only, another] = own;
  const name = only?.block.labels[1]?.text;
  if (only && !another && !isConditional(only) && name !== undefined && /^[A-Za-z_][\w-]*$/.test(name)) {
    const reference = `${only.block.type.text === 'data' ? 'data.' : ''}aws_iam_openid_connect_provider.${name}`;
    return { provider: { expression: `${reference}.arn` }, issuer: { expression: `replace(${reference}.url, "https://", "")` } };
  }
  const call = own.length > 0 ? undefined : /^module\.([A-Za-z_][\w-]*)\.cluster_name$/.exec(cluster)?.[1];
  const [placed, second] = call === undefined ? [] : folder.find('module', call);
  const source = placed && !second && !isConditional(placed) ? literalArgument(placed.block, 'source', placed.text) : undefined;
  // Source: terraform-aws-modules/eks, outputs.tf; without enable_irsa it makes no provider.
  if (!placed || source === undefined || moduleOfSource(source) !== 'eks' || attributeOf(placed.block.body, 'enable_irsa'))
    return undefined;
  return { provider: { expression: `module.${call!}.oidc_provider_arn` }, issuer: { expression: `module.${call!}.oidc_provider` } };
}

/** Whether an expression is a cluster's name: the same one, or the very argument that names the cluster. */
export function isNameOf(found: string, cluster: string, folder: Folder): boolean {
  const [, data, label] = /^(data\.)?aws_eks_cluster\.([A-Za-z_][\w-]*)\.name$/.exec(found) ?? [];
  if (found === cluster || (label !== undefined && found.replace(/name$/, 'id') === cluster)) return true;
  const [placed, second] = label === undefined ? [] : folder.find(data === undefined ? 'resource' : 'data', 'aws_eks_cluster', label);
  return placed !== undefined && !second && !isConditional(placed) && sourceOf(placed, 'name') === cluster;
}

/**
 * The cluster that the folder makes with a name that is written out. Not where the cluster needs the role of this policy: each would
 * wait for the other.
 */
function clusterMade(name: string, fact: TrustPolicyFact, document: SourceDocument, folder: Folder): string | undefined {
  const made = folder.find('resource', 'aws_eks_cluster').filter((placed) => literalArgument(placed.block, 'name', placed.text) === name);
  const [only] = made;
  const resource = only?.block.labels[1]?.text;
  if (!only || made.length > 1 || isConditional(only) || resource === undefined || !/^[A-Za-z_][\w-]*$/.test(resource)) return undefined;
  const own = (document.tree().hcl?.blocks ?? []).find(({ span }) => span.start <= fact.span.start && span.end >= fact.span.end);
  const source = only.text.slice(only.block.span.start, only.block.span.end);
  // Whatever else it is made of may need the role in turn: only what plainly needs none is used.
  const needed = [...source.matchAll(/\b(?:module|local|aws_iam_role)\.([A-Za-z_][\w-]*)/g)].map(([, label]) => label);
  const label = own?.labels[own.labels.length - 1]?.text;
  const usesPolicy = (role: string | undefined): boolean =>
    folder.find('resource', 'aws_iam_role', role ?? '').some(({ block, text }) => label === undefined || text.slice(block.span.start, block.span.end).includes(`.${label}`)); // prettier-ignore
  if (/\b(?:module|local)\./.test(source) || needed.some((each) => each === label || usesPolicy(each))) return undefined;
  return `aws_eks_cluster.${resource}.name`;
}

/** What stands in the places of a statement's providers, if it is an expression. */
export function providerSources({ principal }: Statement, text: string): string[] {
  const values = (principal?.kinds ?? []).filter(({ key }) => key.value === 'Federated').flatMap((kind) => kind.values);
  return values
    .map(({ outer }) => text.slice(outer.start, outer.end))
    .filter((source) =>
      /\b(?:module|aws_iam_openid_connect_provider|aws_eks_cluster|terraform_remote_state|tfe_outputs|var|local)\./.test(source),
    );
}

const deepest = 6;

/** The expression of the cluster's name behind one of its provider's or issuer's. */
export function clusterOf(source: string, folder: Folder, depth: number): string | undefined {
  if (depth > deepest || source.length > 2000) return undefined;
  const ofCluster = /\b((?:data\.)?aws_eks_cluster\.[A-Za-z_][\w-]*(?:\[0\])?)\.identity\b/.exec(source)?.[1];
  if (ofCluster !== undefined) return `${ofCluster}.name`;
  const [, call] =
    /\bmodule\.([A-Za-z_][\w-]*(?:\[0\])?)\.(?:oidc_provider|oidc_provider_arn|cluster_oidc_issuer_url|eks_cluster_identity_oidc_issuer(?:_arn)?)\b/.exec(
      source,
    ) ?? [];
  if (call !== undefined) return clusterOfModule(call, folder) ?? lookedUp(`module.${call}.`, folder);
  const state = /\bdata\.(?:terraform_remote_state|tfe_outputs)\.[A-Za-z_][\w-]*\./.exec(source)?.[0];
  if (state !== undefined) {
    const output = [`${state}outputs.cluster_name`, `${state}values.cluster_name`].find((each) => folder.mentions(each));
    return lookedUp(state, folder) ?? output;
  }
  const [, data, provider] = /\b(data\.)?aws_iam_openid_connect_provider\.([A-Za-z_][\w-]*)/.exec(source) ?? [];
  if (provider !== undefined) {
    const [placed, second] = folder.find(data === undefined ? 'resource' : 'data', 'aws_iam_openid_connect_provider', provider);
    const url = placed && !second ? sourceOf(placed, 'url') : undefined;
    return url === undefined ? undefined : clusterOf(url, folder, depth + 1);
  }
  const [, certificate] = /\bdata\.tls_certificate\.([A-Za-z_][\w-]*)/.exec(source) ?? [];
  if (certificate !== undefined) {
    const [placed] = folder.find('data', 'tls_certificate', certificate);
    const url = placed && sourceOf(placed, 'url');
    return url === undefined ? undefined : clusterOf(url, folder, depth + 1);
  }
  const [, local] = /\blocal\.([A-Za-z_][\w-]*)/.exec(source) ?? [];
  if (local !== undefined) {
    const value = folder.local(local);
    return value === undefined ? undefined : clusterOf(value, folder, depth + 1);
  }
  if (!/\bvar\.\w*(?:oidc|issuer)\w*/i.test(source)) return undefined;
  const declared = ['cluster_name', 'eks_cluster_name'].filter((name) => folder.find('variable', name).length === 1);
  return declared.length === 1 ? `var.${declared[0]!}` : undefined;
}

/**
 * The output of a module that is the cluster's name. Of terraform-aws-modules/eks it is `cluster_name` from version 19 on, before it
 * `cluster_id`. Of any other module it is told by its use alone.
 */
function clusterOfModule(call: string, folder: Folder): string | undefined {
  const reference = `module.${call}.cluster_name`;
  if (folder.mentions(reference)) return reference;
  const [placed, second] = folder.find('module', call.replace('[0]', ''));
  if (!placed || second) return undefined;
  const source = literalArgument(placed.block, 'source', placed.text);
  if (source === undefined || moduleOfSource(source) !== 'eks') return undefined;
  const version = literalArgument(placed.block, 'version', placed.text);
  const major = version === undefined ? undefined : Number(/\d+/.exec(version)?.[0]);
  if (version === undefined && /[?&]ref=/.test(source)) return undefined;
  return major === undefined || major >= 19 ? reference : `module.${call}.cluster_id`;
}

/** The one cluster that the folder looks up by a name out of the same module or state as its provider. */
function lookedUp(origin: string, folder: Folder): string | undefined {
  const found = folder
    .find('data', 'aws_eks_cluster')
    .filter((placed) => !isConditional(placed) && sourceOf(placed, 'name')?.startsWith(origin) === true);
  const name = found.length === 1 ? found[0]!.block.labels[1]?.text : undefined;
  return name !== undefined && /^[A-Za-z_][\w-]*$/.test(name) ? `data.aws_eks_cluster.${name}.name` : undefined;
}

/** The account of the provider that has no alias. */
function accountOf(folder: Folder): string | undefined {
  const declared = folder
    .find('data', 'aws_caller_identity')
    .filter((placed) => !isConditional(placed))
    .flatMap(({ block }) => block.labels[1]?.text ?? []);
  const name = declared.includes('current') ? 'current' : declared.length === 1 ? declared[0] : undefined;
  return name !== undefined && /^[A-Za-z_][\w-]*$/.test(name) ? `data.aws_caller_identity.${name}.account_id` : undefined;
}
