/** The scheme of documents that stand in AWS and not in a file: read-only, their text made from AWS's facts. */
export const awsScheme = 'pod-roles-aws';

/** The URI of a role's trust policy as AWS has it. Its name is fit to be a tab's title. */
export function trustPolicyUri(roleArn: string): string {
  return `${awsScheme}:/trust/${encodeURIComponent(roleArn)}/${encodeURIComponent(roleArn.slice(roleArn.lastIndexOf('/') + 1))}.trust.json`;
}

/** The role whose trust policy a URI stands for; undefined for every other URI. */
export function roleOfTrustUri(uri: string): string | undefined {
  const match = /^pod-roles-aws:\/+trust\/([^/]+)\//.exec(uri);
  if (!match) return undefined;
  try {
    return decodeURIComponent(match[1]!);
  } catch {
    return undefined;
  }
}
