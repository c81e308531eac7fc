import type { AwsProfile } from './profiles';
import type { Connection, ConnectOptions } from './sdk/connection';

/**
 * Opens the way to AWS. The SDK is a bundle of its own, dist/aws.js, read at the first call; nothing is asked of AWS yet.
 */
export async function connectAws(options: ConnectOptions = {}): Promise<Connection> {
  const { connect } = await loadSdk();
  return connect(options);
}

/** The profiles of the AWS CLI's files, see sdk/profiles.ts: read by the SDK, so that what is offered is what it can use. */
export async function readProfiles(env?: NodeJS.ProcessEnv): Promise<AwsProfile[]> {
  const sdk = await loadSdk();
  return sdk.readProfiles(env);
}

/** Loads what looks events up in CloudTrail: a bundle of its own, dist/cloudtrail.js, read when somebody asks for it. */
export function loadCloudTrail(): Promise<typeof import('./sdk/cloudTrail')> {
  return import('./sdk/cloudTrail');
}

function loadSdk(): Promise<typeof import('./sdk/index')> {
  // The SDK would tell a user of Node 20 which Node its later versions need. It is bundled: that is for us to know.
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
  return import('./sdk/index');
}

export type { Connection, ConnectOptions };
