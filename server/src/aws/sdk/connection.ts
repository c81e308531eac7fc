import type { AwsGateway } from '../gateway';
import type { AwsWriter } from '../writer';

export interface ConnectOptions {
  /** A profile of the AWS CLI's files; absent: as the AWS CLI finds its credentials. */
  readonly profile?: string | undefined;
  /** Absent: from the environment, else from the profile, else us-east-1 for IAM alone. */
  readonly region?: string | undefined;
  /** The environment to go by; by default the process's. */
  readonly env?: NodeJS.ProcessEnv;
  /** How often a call is tried in all, throttling and lost connections alone. 4 by default. */
  readonly attempts?: number;
}

/** A way to AWS with one set of credentials. */
export interface Connection {
  /** For clients in bundles of their own: see cloudTrail.ts. */
  readonly sdk: SdkAccess;
  readonly gateway: AwsGateway;
  readonly writer: AwsWriter;
  /** The region that applies where none is named; undefined: none is configured. */
  readonly region: string | undefined;
  readonly profile: string | undefined;
  /** The same profile and region, for the AWS CLI: what a printed command has to name. */
  readonly shell: { readonly profile?: string | undefined; readonly region?: string | undefined };
}

/** The credentials and the way of calling that the clients of one connection share. */
export interface SdkAccess {
  /** The configuration of a client for a region. */
  configOf(region: string): object;
  /** Makes a call when its turn comes; throws an `AwsError`, or the signal's reason. */
  call<T>(
    name: { readonly action: string; readonly region?: string },
    send: (options: { abortSignal?: AbortSignal }) => Promise<T>,
    signal?: AbortSignal,
  ): Promise<T>;
}
