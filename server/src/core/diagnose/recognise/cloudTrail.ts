import type { Carrier, Reading } from '../evidence';
import type { SymptomId } from '../symptoms/catalogue';
import { read, type Collector, type Prepared, type Recogniser } from './recogniser';
import {
  accountReadings,
  isNodeRoleName,
  issuerReading,
  requestIdForm,
  roleReadings,
  sessionKind,
  subjectReadings,
  timeForm,
} from './values';

const fields =
  /["'\s{,](eventSource|eventName|eventTime|errorCode|errorMessage|roleArn|roleSessionName|requestID|userAgent|principalId|userName|identityProvider|invokedBy|awsRegion|recipientAccountId|clusterName|arn|assumedRoleUser|credentials|EventName|EventSource)["']?\s{0,4}[:=]\s{0,4}(?:"([^"]{0,700})"|'([^']{0,700})'|([^\s,}"']{0,700}))/g;
const mostEvents = 200;

/** CloudTrail events, alone, in lists, within what `lookup-events` prints, whole or cut. Source: public samples of both mechanisms. */
export const cloudTrail: Recogniser = {
  name: 'CloudTrail',
  read(paste, found) {
    if (!/eventName|eventSource/.test(paste.text)) return;
    for (const [start, end] of segments(paste.text)) event(paste, found, start, end);
  },
};

/** Where each event stands: an event begins with its version. A cut one may not. */
function segments(text: string): (readonly [number, number])[] {
  const starts = [...text.matchAll(/eventVersion/g)].slice(0, mostEvents).map(({ index }) => index);
  if (starts.length === 0) return [[0, Math.min(text.length, 64_000)]];
  return starts.map((start, i) => [start, Math.min(starts[i + 1] ?? text.length, start + 64_000)] as const);
}

interface Field {
  readonly value: string;
  readonly offset: number;
}

function event(paste: Prepared, found: Collector, start: number, end: number): void {
  const text = paste.text.slice(start, end);
  const all = new Map<string, Field[]>();
  for (const match of text.matchAll(fields)) {
    const value = match[2] ?? match[3] ?? match[4] ?? '';
    const known = all.get(match[1]!) ?? [];
    if (known.length < 20) known.push({ value, offset: start + match.index });
    all.set(match[1]!, known);
  }
  const first = (name: string): Field | undefined => all.get(name)?.[0];
  const name = (first('eventName') ?? first('EventName'))?.value;
  if (name === undefined) return;
  const invokedByEks = all.get('invokedBy')?.some(({ value }) => value === 'pods.eks.amazonaws.com') === true;
  const isWebIdentity = name === 'AssumeRoleWithWebIdentity';
  const isPodIdentity = (name === 'AssumeRole' && invokedByEks) || name === 'AssumeRoleForPodIdentity';
  const carrier: Carrier = isWebIdentity ? 'web-identity-event' : isPodIdentity ? 'pod-identity-event' : 'event';
  const readings = [
    ...common(paste, first),
    ...(isWebIdentity ? webIdentity(paste, all) : []),
    ...(isPodIdentity ? podIdentity(paste, text, start, first) : []),
  ];
  const errorCode = first('errorCode')?.value;
  const succeeded = errorCode === undefined && (all.has('assumedRoleUser') || all.has('credentials'));
  found.observe({
    carrier,
    paste: paste.paste,
    offset: paste.at(start),
    readings,
    ...(errorCode !== undefined ? { errorCode } : succeeded ? { errorCode: '' } : {}),
  });
  const symptom = errorCode === undefined ? undefined : symptomOf(carrier, name, errorCode, all);
  if (symptom) found.symptom(paste, symptom, first('errorCode')!.offset, 'CloudTrail', readings);
}

function common(paste: Prepared, first: (name: string) => Field | undefined): Reading[] {
  const readings: Reading[] = [];
  const from = (name: string): string => `CloudTrail ${name}`;
  const id = first('requestID');
  if (id && requestIdForm.test(id.value)) readings.push(read(paste, 'requestId', id.value.toLowerCase(), id.offset, from('requestID')));
  const time = first('eventTime');
  if (time && timeForm.test(time.value)) readings.push(read(paste, 'time', time.value, time.offset, from('eventTime')));
  const region = first('awsRegion');
  if (region && /^[a-z]{2}(?:-[a-z]{1,10}){1,3}-\d$/.test(region.value))
    readings.push(read(paste, 'region', region.value, region.offset, from('awsRegion')));
  return readings;
}

function webIdentity(paste: Prepared, all: ReadonlyMap<string, readonly Field[]>): Reading[] {
  const readings: Reading[] = [];
  const take = (name: string, make: (field: Field) => Reading[]): void => {
    for (const field of all.get(name) ?? []) {
      const made = make(field);
      if (made.length === 0) continue;
      readings.push(...made);
      return;
    }
  };
  take('roleArn', ({ value, offset }) =>
    roleReadings(paste, value, 0, 'CloudTrail requestParameters.roleArn').map((each) => ({ ...each, offset: paste.at(offset) })),
  );
  take('userName', ({ value, offset }) => subjectReadings(paste, value, offset, 'CloudTrail userIdentity.userName'));
  take('identityProvider', ({ value, offset }) => providerIssuer(paste, value, offset));
  take('principalId', ({ value, offset }) => principal(paste, value, offset, readings));
  take('roleSessionName', ({ value, offset }) =>
    sessionKind(value) === 'other' ? [] : [read(paste, 'sessionName', value, offset, 'CloudTrail roleSessionName')],
  );
  readings.push(read(paste, 'mechanism', 'irsa', all.get('eventName')?.[0]?.offset ?? 0, 'CloudTrail eventName'));
  return readings;
}

function providerIssuer(paste: Prepared, arn: string, offset: number): Reading[] {
  const at = arn.indexOf(':oidc-provider/');
  return at < 0 ? [] : issuerReading(paste, arn.slice(at + ':oidc-provider/'.length), offset, 'CloudTrail userIdentity.identityProvider');
}

/** `<provider ARN>:<audience>:<subject>`: what no other field has. */
function principal(paste: Prepared, value: string, offset: number, known: readonly Reading[]): Reading[] {
  const at = value.indexOf(':system:serviceaccount:');
  const provider = value.indexOf(':oidc-provider/');
  if (at < 0 || provider < 0) return [];
  const before = value.slice(0, at);
  const colon = before.indexOf(':', provider + ':oidc-provider/'.length);
  if (colon < 0) return [];
  const readings: Reading[] = [];
  const audience = before.slice(colon + 1);
  if (/^[A-Za-z0-9][\w.:/-]{0,120}$/.test(audience))
    readings.push(read(paste, 'audience', audience, offset, 'CloudTrail userIdentity.principalId'));
  if (!known.some(({ kind }) => kind === 'issuer')) readings.push(...providerIssuer(paste, before.slice(0, colon), offset));
  if (!known.some(({ kind }) => kind === 'serviceAccount'))
    readings.push(...subjectReadings(paste, value.slice(at + 1), offset, 'CloudTrail userIdentity.principalId'));
  return readings;
}

function podIdentity(paste: Prepared, text: string, start: number, first: (name: string) => Field | undefined): Reading[] {
  const readings: Reading[] = [];
  const tags = new Map<string, Field>();
  for (const match of text.matchAll(
    /["']?key["']?\s{0,3}[:=]\s{0,3}["']?((?:kubernetes|eks)-[a-z-]{1,40})["']?[\s,]{1,40}["']?value["']?\s{0,3}[:=]\s{0,3}["']?([^"'\s,}]{1,260})/g,
  ))
    tags.set(match[1]!, { value: match[2]!, offset: start + match.index });
  const namespace = tags.get('kubernetes-namespace');
  const account = tags.get('kubernetes-service-account');
  if (namespace) readings.push(...accountReadings(paste, namespace.value, account?.value, namespace.offset, 'CloudTrail session tags'));
  const pod = tags.get('kubernetes-pod-name');
  if (pod && /^[a-z0-9.-]{1,253}$/.test(pod.value)) readings.push(read(paste, 'pod', pod.value, pod.offset, 'CloudTrail session tags'));
  const cluster = tags.get('eks-cluster-name') ?? first('clusterName');
  if (cluster && /^[0-9A-Za-z][\w-]{0,99}$/.test(cluster.value))
    readings.push(read(paste, 'cluster', cluster.value, cluster.offset, 'CloudTrail'));
  const role = first('roleArn');
  if (role)
    readings.push(
      ...roleReadings(paste, role.value, 0, 'CloudTrail requestParameters.roleArn').map((each) => ({
        ...each,
        offset: paste.at(role.offset),
      })),
    );
  readings.push(read(paste, 'mechanism', 'pod-identity', start, 'CloudTrail'));
  return readings;
}

/** What an event's error code means. Its message is looked at by the other recognisers: often it says nothing. */
function symptomOf(carrier: Carrier, name: string, code: string, all: ReadonlyMap<string, readonly Field[]>): SymptomId | undefined {
  const denied = /AccessDenied|UnauthorizedOperation|Unauthorized/i.test(code);
  if (carrier === 'web-identity-event') {
    if (denied) return 'trust-denied';
    if (/ExpiredToken/.test(code)) return 'token-expired';
    if (/InvalidIdentityToken/.test(code)) return 'identity-token-invalid';
    return /IDPCommunication/.test(code) ? 'provider-unreachable' : /IDPRejected/.test(code) ? 'token-rejected' : undefined;
  }
  if (carrier === 'pod-identity-event') {
    if (/ResourceNotFound/.test(code)) return 'association-missing';
    return denied ? 'pod-identity-denied' : name === 'AssumeRoleForPodIdentity' ? 'eks-auth-unreachable' : undefined;
  }
  if (!denied || (all.get('errorMessage') ?? []).some(({ value }) => value.includes('is not authorized to perform'))) return undefined;
  const session = (all.get('arn') ?? [])
    .map(({ value }) => /:assumed-role\/([\w+=,.@-]{1,64})\/([\w+=,.@:-]{2,64})$/.exec(value))
    .find(Boolean);
  if (!session) return undefined;
  const kind = sessionKind(session[2]!);
  if (kind === 'node' || isNodeRoleName(session[1]!)) return 'node-role';
  if (name === 'AssumeRole') return 'assume-denied';
  return kind === 'other' ? 'action-denied-unsure' : 'action-denied';
}
