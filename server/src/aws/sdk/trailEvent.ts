import type { LookupQuestion } from '../../core/diagnose/lookup';

/** 256 KB is the most that an event has. */
const longestEvent = 300_000;

/** An event of CloudTrail, as far as it decides whether it is the one that is looked for. */
export interface TrailEvent {
  readonly id: string;
  /** Milliseconds since 1970; 0 where it has none. */
  readonly time: number;
  readonly requestId: string | undefined;
  readonly roleArn: string | undefined;
  readonly failed: boolean;
  /** `namespace/name` of the service account; undefined where the event doesn't say. */
  readonly account: string | undefined;
  /** The event as JSON, without credentials. */
  readonly json: string;
}

type Json = Readonly<Record<string, unknown>>;

const record = (value: unknown): Json => (typeof value === 'object' && value !== null ? (value as Json) : {});
const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

/** Reads an event; undefined for what is none, and for calls of AssumeRole that aren't EKS's. Credentials are cut here. */
export function readTrailEvent(json: string | undefined): TrailEvent | undefined {
  if (json === undefined || json.length > longestEvent) return undefined;
  let event: Json;
  try {
    event = record(JSON.parse(json));
  } catch {
    return undefined;
  }
  const identity = record(event['userIdentity']);
  const parameters = record(event['requestParameters']);
  if (event['eventName'] === 'AssumeRole' && identity['invokedBy'] !== 'pods.eks.amazonaws.com') return undefined;
  const { credentials: _secret, ...response } = record(event['responseElements']);
  const requestId = text(event['requestID'])?.toLowerCase();
  return {
    id: text(event['eventID']) ?? `${requestId}`,
    time: Date.parse(text(event['eventTime']) ?? '') || 0,
    requestId,
    roleArn: text(parameters['roleArn']),
    failed: text(event['errorCode']) !== undefined,
    account: accountOf(identity, parameters),
    json: JSON.stringify({ ...event, responseElements: event['responseElements'] === null ? null : response }),
  };
}

function accountOf(identity: Json, parameters: Json): string | undefined {
  const subject = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(text(identity['userName']) ?? '');
  if (subject) return `${subject[1]}/${subject[2]}`;
  const tags = Array.isArray(parameters['tags']) ? parameters['tags'].map(record) : [];
  const tag = (key: string): string | undefined => text(tags.find((each) => each['key'] === key)?.['value']);
  const [namespace, name] = [tag('kubernetes-namespace'), tag('kubernetes-service-account')];
  return namespace !== undefined && name !== undefined ? `${namespace}/${name}` : undefined;
}

/**
 * Whether an event is the one that is looked for: that of a request ID, else a failure of the role. `other`: a failure of
 * the role which isn't meant, of another request or another service account.
 */
export function matchOf(event: TrailEvent, { requestIds, roleArn, serviceAccount }: LookupQuestion): 'match' | 'other' | 'none' {
  if (event.requestId !== undefined && requestIds.includes(event.requestId)) return 'match';
  if (!event.failed || roleArn === undefined || event.roleArn !== roleArn) return 'none';
  if (requestIds.length > 0) return 'other';
  const wanted = serviceAccount && `${serviceAccount.namespace}/${serviceAccount.name}`;
  return wanted === undefined || event.account === undefined || event.account === wanted ? 'match' : 'other';
}
