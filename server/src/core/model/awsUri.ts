/** The scheme of documents that stand in AWS and not in a file: read-only, their text made from AWS's facts. */
export const awsScheme = 'pod-roles-aws';

/** A document of AWS. */
export type AwsDocument =
  | { readonly kind: 'trust'; readonly roleArn: string }
  | { readonly kind: 'managed'; readonly arn: string }
  | { readonly kind: 'inline'; readonly roleArn: string; readonly name: string };

/** The URI of a role's trust policy as AWS has it. Its name is fit to be a tab's title. */
export function trustPolicyUri(roleArn: string): string {
  return `${awsScheme}:/trust/${part(roleArn)}/${part(lastSegment(roleArn))}.trust.json`;
}

/** The URI of a managed policy's default version. */
export function managedPolicyUri(arn: string): string {
  return `${awsScheme}:/policy/${part(arn)}/${part(lastSegment(arn))}.json`;
}

/** The URI of an inline policy of a role. */
export function inlinePolicyUri(roleArn: string, name: string): string {
  return `${awsScheme}:/inline/${part(roleArn)}/${part(name)}/${part(lastSegment(roleArn))}.${part(name)}.json`;
}

/** The role whose trust policy a URI stands for; undefined for every other URI. */
export function roleOfTrustUri(uri: string): string | undefined {
  const document = parseAwsUri(uri);
  return document?.kind === 'trust' ? document.roleArn : undefined;
}

/** What a URI of the scheme stands for; undefined for every other URI. Takes them as editors rewrite them, too. */
export function parseAwsUri(uri: string): AwsDocument | undefined {
  const match = /^pod-roles-aws:\/+(trust|policy|inline)\/([^/?#]+)\/([^/?#]+)/.exec(uri);
  if (!match) return undefined;
  try {
    const [arn, second] = [whole(match[2]!), whole(match[3]!)];
    if (match[1] === 'trust') return { kind: 'trust', roleArn: arn };
    return match[1] === 'policy' ? { kind: 'managed', arn } : { kind: 'inline', roleArn: arn, name: second };
  } catch {
    return undefined;
  }
}

function lastSegment(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1);
}

/** One segment. A slash becomes `~`, which no ARN has: editors read `%2F` as a slash and write it back as one. */
function part(text: string): string {
  return encodeURIComponent(text.replace(/\//g, '~'));
}

function whole(segment: string): string {
  return decodeURIComponent(segment).replace(/~/g, '/');
}
