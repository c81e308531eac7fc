import type { SymptomId } from './symptoms/catalogue';

/** What can be read from a paste. `object`: the Kubernetes object that an error speaks of. */
export type ReadingKind =
  | 'role'
  | 'account'
  | 'namespace'
  | 'serviceAccount'
  | 'issuer'
  | 'audience'
  | 'region'
  | 'cluster'
  | 'mechanism'
  | 'sessionName'
  | 'sdk'
  | 'requestId'
  | 'time'
  | 'pod'
  | 'action'
  | 'target'
  | 'host'
  | 'object'
  | 'policy';

/** One value, where it was read, and how sure it is. */
export interface Reading {
  readonly kind: ReadingKind;
  readonly value: string;
  /** What it was read from: "CloudTrail requestParameters.roleArn". */
  readonly from: string;
  /** The number of the paste, from 0, and the UTF-16 offset in it. */
  readonly paste: number;
  readonly offset: number;
  /** `told`: written so. `derived`: follows from a form, such as a session's name. `masked`: parts are hidden or cut. */
  readonly sure: 'told' | 'derived' | 'masked';
}

/** What kind of thing was read: what it can prove hangs on it. */
export type Carrier =
  | 'web-identity-event' // CloudTrail AssumeRoleWithWebIdentity
  | 'pod-identity-event' // CloudTrail AssumeRole by pods.eks.amazonaws.com, AssumeRoleForPodIdentity
  | 'event' // CloudTrail, any other call
  | 'token'
  | 'environment'
  | 'pod'
  | 'service-account'
  | 'role' // a role's trust policy, as IAM gives it
  | 'caller' // "User: arn:… is not authorized", get-caller-identity
  | 'text'; // words of an SDK, a controller, an agent

/** Readings that belong together: one event, one token, one pod. */
export interface Observation {
  readonly carrier: Carrier;
  readonly paste: number;
  readonly offset: number;
  readonly readings: readonly Reading[];
  /** The variables that a listing, a description or a manifest shows, by name; what no variable has is `undefined`. */
  readonly environment?: Environment;
  /** Of an event: its error code; empty for one that succeeded. */
  readonly errorCode?: string;
  /** Of a pod or a service account. */
  readonly object?: ObservedObject;
  /** Of a token: seconds since 1970. */
  readonly expires?: number;
  /** Of a role. */
  readonly policy?: PastedPolicy;
}

/** A trust policy that was pasted. */
export interface PastedPolicy {
  /** JSON, or JSON as URLs encode it. */
  readonly text: string;
  /** The role's ARN; absent for a policy by itself. */
  readonly role?: string;
}

export interface Environment {
  readonly names: ReadonlySet<string>;
  /** True where all of it is there: a manifest, a description, a listing with variables that every pod has. */
  readonly whole: boolean;
}

export interface ObservedObject {
  readonly kind: 'pod' | 'service-account';
  readonly name?: string;
  readonly namespace?: string;
  /** Annotations and labels of the webhook's prefix. */
  readonly annotations: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
  readonly containers: readonly ObservedContainer[];
  /** Audiences of projected tokens. */
  readonly audiences: readonly string[];
  readonly fargate: boolean;
  readonly whole: boolean;
}

export interface ObservedContainer {
  readonly name: string;
  readonly environment: ReadonlyMap<string, string>;
  readonly offset: number;
}

/** A text that a cause is known by. */
export interface Symptom {
  readonly id: SymptomId;
  readonly paste: number;
  readonly offset: number;
  /** Who writes such texts: "Go v2", "external-dns". */
  readonly emitter: string;
  /** What the text itself names. */
  readonly readings: readonly Reading[];
}

export interface Findings {
  readonly symptoms: readonly Symptom[];
  readonly observations: readonly Observation[];
}

/** The value of a kind in some readings, where one is told. */
export function reading(readings: readonly Reading[], kind: ReadingKind): Reading | undefined {
  return readings.find((each) => each.kind === kind);
}
