import { attributeOf, type HclReference } from '../../syntax/hcl/body';
import type { ScalarNode } from '../../syntax/tree';
import type { Hole } from '../../text/text';
import type { Evaluator, Scope } from './evaluate/evaluator';
import type { Placed } from './modules/definition';
import { borrowedScalar, holeText } from './texts';

/**
 * A cluster's issuer as AWS gives it: a URL. What follows `https://` is a hole whose source is the expression that makes
 * it, so that a key and a provider made of the same cluster are seen to be the same.
 * Sources: AWS provider, aws_eks_cluster (identity.oidc.issuer); terraform-aws-eks, output cluster_oidc_issuer_url.
 */
export function issuerUrl(reference: HclReference, evaluator: Evaluator): ScalarNode {
  const written = evaluator.text.slice(reference.span.start, reference.span.end).trim();
  const host = evaluator.holeFor(`replace(${written}, "https://", "")`);
  const scheme = 'https://';
  const holes = host.holes.map((hole) => ({ ...hole, start: hole.start + scheme.length, end: hole.end + scheme.length }));
  return borrowedScalar({ value: scheme + host.value, holes }, reference.span);
}

/** The ARN of an OIDC provider: of this module's resource or data source, or what the EKS module made (`issuer`: its output). */
export function providerArn(reference: HclReference, issuer: ScalarNode | Part): ScalarNode {
  return assembled(reference, ['arn:', named('<partition>'), ':iam::', named('<account>'), ':oidc-provider/', issuer]);
}

/**
 * The issuer of a provider without scheme: as its `url` says where that is literal, else a hole by the provider's
 * address. `url` itself may have the scheme or not: as configured it has, as read from AWS it has not.
 */
export function providerIssuer(address: string, placed: Placed | undefined, span: HclReference['span'], evaluator: Evaluator): ScalarNode {
  const url = placed && attributeOf(placed.block.body, 'url')?.value;
  const node = url && evaluator.elsewhere(placed.member, url, span);
  if (node?.kind === 'scalar' && node.holes.length === 0 && node.type === 'string' && node.value.length > 0) {
    return borrowedScalar({ value: node.value.replace(/^https:\/\//, ''), holes: [] }, span);
  }
  const issuer = evaluator.holeFor(`replace(${address}.url, "https://", "")`);
  // What the URL is made of says whose issuer it is, where the resource's own name does not.
  const made = node?.kind === 'scalar' ? node.holes.map(({ source }) => source).join(' ') : '';
  const holes = made === '' ? issuer.holes : issuer.holes.map((hole) => ({ ...hole, why: { kind: 'computed' as const, what: made } }));
  return borrowedScalar({ value: issuer.value, holes }, span);
}

/** The ARN of a role of this module: partition and account are not told, path and name where they are written. */
export function roleArn(placed: Placed, reference: HclReference, evaluator: Evaluator, scope?: Scope): ScalarNode {
  const text = (name: string) => {
    const value = attributeOf(placed.block.body, name)?.value;
    const node = value && evaluator.elsewhere(placed.member, value, reference.span, scope);
    return node?.kind === 'scalar' && node.type !== 'null' && node.value !== '' && node.holes.every((hole) => hole.named)
      ? node
      : undefined;
  };
  const path = attributeOf(placed.block.body, 'path')
    ? (text('path') ?? evaluator.holeFor(`aws_iam_role.${placed.block.labels[1]?.text ?? ''}.path`))
    : { value: '/', holes: [] };
  const name = roleNameOf(placed, evaluator, scope);
  return assembled(reference, ['arn:', named('<partition>'), ':iam::', named('<account>'), ':role', path, name]);
}

/**
 * A role's name as its block gives it, in the block's own place where the evaluator reads that file. Names that Terraform
 * makes (`name_prefix`, none at all) and those of instances are one hole by the role's address.
 */
export function roleNameOf({ member, block }: Placed, evaluator: Evaluator, scope: Scope = evaluator.scope): ScalarNode {
  const label = block.labels[1];
  const value = attributeOf(block.body, 'name')?.value;
  const isHere = member === evaluator.member && scope === evaluator.scope;
  const node = value && (isHere ? evaluator.evaluate(value) : evaluator.elsewhere(member, value, value.span, scope));
  if (node?.kind === 'scalar' && node.type !== 'null' && node.value !== '' && node.holes.every((hole) => hole.named)) return node;
  const place = value?.span ?? label?.span ?? block.type.span;
  const instances = ['for_each', 'count'].some((name) => attributeOf(block.body, name));
  return borrowedScalar(
    holeText(`${evaluator.module.address}aws_iam_role.${label?.text ?? ''}.name`, !instances, undefined, {
      kind: 'computed',
      what: `aws_iam_role.${label?.text ?? ''}.name`,
    }),
    place,
  );
}

/** What Terraform's own provider tells when it runs: `<account>`, shown to people as "unknown account". */
export function named(source: string): Exclude<Part, string> {
  return {
    value: source,
    holes: [{ start: 0, end: source.length, source, named: true, words: `unknown ${source.replace(/^<|>$/g, '')}` }],
  };
}

type Part = string | { readonly value: string; readonly holes: readonly Hole[] };

/** One borrowed text of several parts. */
export function assembled(reference: { readonly span: HclReference['span'] }, parts: readonly Part[]): ScalarNode {
  let value = '';
  const holes: Hole[] = [];
  for (const part of parts) {
    if (typeof part !== 'string')
      for (const hole of part.holes) holes.push({ ...hole, start: hole.start + value.length, end: hole.end + value.length });
    value += typeof part === 'string' ? part : part.value;
  }
  return borrowedScalar({ value, holes }, reference.span);
}
