import { remembered } from '../text/remembered';
import { slice, split } from '../text/texts';
import type { Text } from '../text/text';

/** An ARN's parts as written, holes kept. Source: IAM guide, reference_identifiers. */
export interface Arn {
  readonly text: Text;
  readonly partition: Text;
  readonly service: Text;
  readonly region: Text;
  readonly account: Text;
  /** Everything after the fifth colon. */
  readonly resource: Text;
}

/** A role's ARN: `arn:<partition>:iam::<account>:role/<path><name>`. */
export interface RoleArn extends Arn {
  /** `/` or `/…/`, as IAM writes it. */
  readonly path: Text;
  /** The last segment: what GetRole takes. */
  readonly name: Text;
}

/** A provider's ARN: `arn:<partition>:iam::<account>:oidc-provider/<issuer>`. */
export interface ProviderArn extends Arn {
  /** The issuer as written after `oidc-provider/`. */
  readonly issuer: Text;
}

/** Splits an ARN; undefined when the text has no six colon parts or does not begin with `arn`. A hole may stand for any part. */
export function parseArn(text: Text): Arn | undefined {
  const parts = split(text, ':', 6);
  const [scheme, partition, service, region, account, resource] = parts;
  if (!scheme || !partition || !service || !region || !account || !resource) return undefined;
  if (scheme.value !== 'arn') return undefined;
  return { text, partition, service, region, account, resource };
}

/** A role's ARN with its path and name; undefined for any other ARN. */
export function parseRoleArn(text: Text): RoleArn | undefined {
  const arn = parseArn(text);
  if (!arn || arn.service.value !== 'iam' || !arn.resource.value.startsWith('role/')) return undefined;
  const segments = split(arn.resource, '/');
  const name = segments[segments.length - 1]!;
  if (name.value === '') return undefined;
  const path = slice(arn.resource, 'role'.length, arn.resource.value.length - name.value.length);
  return { ...arn, path, name };
}

/** A provider's ARN with its issuer; undefined for any other ARN. */
export const parseProviderArn = remembered((text: Text): ProviderArn | undefined => {
  const arn = parseArn(text);
  if (!arn || arn.service.value !== 'iam' || !arn.resource.value.startsWith('oidc-provider/')) return undefined;
  return { ...arn, issuer: slice(arn.resource, 'oidc-provider/'.length) };
});

/** IAM's rule for role names. Source: botocore iam roleNameType. */
export const roleNamePattern = /^[\w+=,.@-]{1,64}$/;
/** The webhook's own check of the annotation. Source: amazon-eks-pod-identity-webhook pkg/cache/cache.go. */
export const webhookRoleArnPattern = /^arn:aws[a-z0-9-]*:iam::\d{12}:role\/[\w\-/.@+=,]+$/;
