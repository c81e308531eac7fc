import { read, type Prepared } from './recogniser';
import type { Reading } from '../evidence';

/*
 * What a value must look like to be taken from a paste. Nothing else of a paste is ever shown: so no secret can pass, even
 * one that the door did not know.
 */

/** `arn:aws:iam::111122223333:role/path/name`; the account may be masked (`***`, `xxxx`, 13 digits). */
export const roleArnForm =
  /arn:(aws[a-z-]{0,12}):iam::([0-9]{5,14}|[*xX#.\u2026\u00b7]{1,16}|<[\w -]{1,24}>|ACC(?:OUNT)?(?:_?ID)?|):role\/([\w+=,.@/-]{1,200})/;
const accountForm = /^\d{12}$/;
const maskForm = /^(?:[xX*#.\u2026\u00b7]{2,}|x+|role)$/i;

/** The role that an ARN names: its ARN where it is whole, and its account; masked parts are said to be. */
export function roleReadings(paste: Prepared, arn: string, offset: number, from: string): Reading[] {
  const match = roleArnForm.exec(arn);
  if (!match) return [];
  const [whole, partition, account, path] = match as unknown as [string, string, string, string];
  const trimmed = path.replace(/[.,]+$/, '');
  const name = trimmed.slice(trimmed.lastIndexOf('/') + 1);
  const at = offset + match.index;
  if (name === '' || name.length > 64) return [];
  const isWhole = accountForm.test(account) && !maskForm.test(name) && !isCut(arn, match.index + whole.length);
  const readings = [
    read(paste, 'role', isWhole ? `arn:${partition}:iam::${account}:role/${trimmed}` : name, at, from, isWhole ? 'told' : 'masked'),
  ];
  if (accountForm.test(account)) readings.push(read(paste, 'account', account, at, from));
  return maskForm.test(name) ? readings.slice(1) : readings;
}

/** True where dots or an ellipsis say that the rest is missing. */
function isCut(text: string, end: number): boolean {
  return text[end] === '\u2026' || text.startsWith('...', end);
}

export const namespaceForm = /^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$/;
export const accountNameForm = /^[a-z0-9](?:[-a-z0-9.]{0,251}[a-z0-9])?$/;
/** A request ID of AWS: a UUID, or the shorter one of S3 and EC2. */
export const requestIdForm = /^[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/;
export const regionForm = /^(?:us|eu|ap|sa|ca|me|af|il|mx|cn|us-gov|us-iso[bef]?|eu-isoe|eusc-de)-[a-z]{2,10}-\d$/;
export const timeForm = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z$/;

/** `system:serviceaccount:namespace:name` as two readings. */
export function subjectReadings(paste: Prepared, subject: string, offset: number, from: string): Reading[] {
  const match = /^system:serviceaccount:([a-z0-9-]{1,63}):([a-z0-9.-]{1,253})$/.exec(subject);
  return match ? accountReadings(paste, match[1], match[2], offset, from) : [];
}

export function accountReadings(
  paste: Prepared,
  namespace: string | undefined,
  name: string | undefined,
  offset: number,
  from: string,
): Reading[] {
  const found: Reading[] = [];
  if (namespace !== undefined && namespaceForm.test(namespace)) found.push(read(paste, 'namespace', namespace, offset, from));
  if (name !== undefined && accountNameForm.test(name)) found.push(read(paste, 'serviceAccount', name, offset, from));
  return found;
}

/** An issuer as policies write it: without `https://`. */
export function issuerReading(paste: Prepared, issuer: string, offset: number, from: string): Reading[] {
  const host = issuer.replace(/^https:\/\//, '').replace(/\/$/, '');
  return /^[a-z0-9][a-z0-9.-]{2,200}(?::\d{1,5})?(?:\/[\w./-]{0,200})?$/.test(host) ? [read(paste, 'issuer', host, offset, from)] : [];
}

/** How a session's name was made: what gave it to the SDK. */
export type SessionKind = 'web-identity' | 'pod-identity' | 'node' | 'other';

/** Source: the default names of the SDKs; EKS's own for Pod Identity; EC2's instance id. */
export function sessionKind(name: string): SessionKind {
  // Ids are masked with letters: i-0xxxxxxxxxxxxxxxx.
  if (/^i-(?:[0-9a-f]{8,17}|[0-9a-fxX*.…]{4,17})$/.test(name)) return 'node';
  if (/^eks-.{1,120}-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(name)) return 'pod-identity';
  if (
    /^(?:botocore-session-\d+|aws-sdk-java-\d+|aws-sdk-js-session-\d+|token-file-web-identity|web-identity-token-\d+|aws-sdk-php-\d+|aws-dotnet-sdk-session-\d+|aws-cli-[a-z-]*\d*|\d{13,20})$/.test(
      name,
    )
  )
    return 'web-identity';
  return 'other';
}

/** Roles that are nodes' by their names: of eksctl, Karpenter, the modules of Terraform. */
export function isNodeRoleName(name: string): boolean {
  return /Node-?Instance|node-?group|KarpenterNode|eks-?nodes?(?:[-_]|$)|(?:^|[-_])node[-_]?role|NodeRole|worker-?node/i.test(name);
}
