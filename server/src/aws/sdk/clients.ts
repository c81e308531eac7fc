import { EKSClient } from '@aws-sdk/client-eks';
import { IAMClient } from '@aws-sdk/client-iam';
import { STSClient } from '@aws-sdk/client-sts';
import { fromEnv, fromNodeProviderChain } from '@aws-sdk/credential-providers';
import { AwsError } from '../gateway';
import { Limiter } from '../limiter';
import type { AwsProfile } from '../profiles';
import type { ConnectOptions } from './connection';
import { toAwsError } from './errors';
import { requestHandler } from './network';

/** How many calls go out at once, over all services. */
const callsAtOnce = 4;
const attemptsByDefault = 4;

/** What a call is, for messages: `iam:GetRole`, and the region where that decides. */
export interface CallName {
  readonly action: string;
  readonly region?: string;
}

interface Client {
  config: object;
}

/** The SDK's clients of one set of credentials. Made when first used. */
export class Clients {
  readonly profile: string | undefined;
  /** The configured region; undefined where none is. */
  readonly region: string | undefined;
  /** For printed commands: AWS_PROFILE counts like a profile that was named, unless keys of the environment win over it. */
  readonly shell: { readonly profile?: string | undefined; readonly region?: string | undefined };
  private readonly limiter = new Limiter(callsAtOnce);
  private readonly common: Record<string, unknown>;
  private readonly made = new Map<string, Client>();

  /** @param profiles what the AWS CLI's files say */
  constructor(options: ConnectOptions, profiles: readonly AwsProfile[]) {
    const env = options.env ?? process.env;
    this.profile = options.profile;
    const name = options.profile ?? env['AWS_PROFILE'] ?? 'default';
    const profile = profiles.find((each) => each.name === name);
    const named = options.profile ?? env['AWS_PROFILE'];
    // The AWS CLI's order: what is asked for, the environment, the profile.
    this.region = options.region || env['AWS_REGION'] || env['AWS_DEFAULT_REGION'] || profile?.region;
    const handler = requestHandler(env, profile?.caBundle);
    // A profile that is named wins over keys in the environment; keys there win over AWS_PROFILE.
    const hasKeys = Boolean(env['AWS_ACCESS_KEY_ID'] && env['AWS_SECRET_ACCESS_KEY']);
    this.shell = { profile: options.profile ?? (hasKeys ? undefined : env['AWS_PROFILE'] || undefined), region: this.region };
    const clientConfig = { requestHandler: handler, ...(this.region ? { region: this.region } : {}) };
    const missing = named !== undefined && !profile;
    this.common = {
      credentials:
        options.profile === undefined && hasKeys ? fromEnv() : missing ? noProfile(name) : chain(name, options.profile, clientConfig),
      requestHandler: handler,
      retryMode: 'adaptive',
      maxAttempts: options.attempts ?? attemptsByDefault,
      ...(options.profile === undefined ? {} : { profile: options.profile }),
    };
  }

  /** IAM is one for a partition; the region only says which partition. */
  iam(once = false): IAMClient {
    return this.client('iam', this.region ?? 'us-east-1', once, (config) => new IAMClient(config));
  }

  sts(): STSClient {
    return this.client('sts', this.region ?? 'us-east-1', false, (config) => new STSClient(config));
  }

  eks(region: string, once = false): EKSClient {
    return this.client('eks', region, once, (config) => new EKSClient(config));
  }

  /** What a client that is bundled elsewhere needs: credentials, network and retries of these. */
  configOf(region: string): object {
    return { ...this.common, region };
  }

  /** `once`: the SDK repeats nothing by itself, since a repeated write hides what the first one did. */
  private client<C extends Client>(service: string, region: string, once: boolean, make: (config: object) => C): C {
    const key = `${service} ${region} ${once}`;
    const known = this.made.get(key) as C | undefined;
    if (known) return known;
    const client = make({ ...this.common, region, ...(once ? { retryMode: 'standard', maxAttempts: 1 } : {}) });
    this.made.set(key, client);
    return client;
  }

  /** Makes a call when its turn comes. What goes wrong is an {@link AwsError}; an aborted signal is thrown as it is. */
  async call<T>(name: CallName, send: (options: { abortSignal?: AbortSignal }) => Promise<T>, signal?: AbortSignal): Promise<T> {
    try {
      return await this.limiter.run(() => send(signal ? { abortSignal: signal } : {}), signal);
    } catch (error) {
      signal?.throwIfAborted();
      throw toAwsError(error, { ...name, profile: this.profile });
    }
  }
}

/** The SDK's advice to those who build with it goes nowhere: what matters comes as an error. */
const silent = { trace: () => undefined, debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

/** The AWS CLI's own ways to credentials: files, SSO, assumed roles, web identity, processes, containers. */
function chain(name: string, profile: string | undefined, clientConfig: object): ReturnType<typeof fromNodeProviderChain> {
  return fromNodeProviderChain({
    clientConfig,
    logger: silent,
    ...(profile === undefined ? {} : { profile }),
    mfaCodeProvider: () =>
      Promise.reject(
        new AwsError('profile', `The profile ${name} needs an MFA code, which can't be entered here.`, {
          next: 'Sign in first with a session that has MFA, such as `aws sts get-session-token`, or use another profile.',
        }),
      ),
  });
}

function noProfile(name: string): () => Promise<never> {
  return () =>
    Promise.reject(
      new AwsError('profile', `There is no profile ${name} in ~/.aws/config or ~/.aws/credentials.`, {
        next: 'Select another profile, or set this one up with `aws configure`.',
      }),
    );
}
