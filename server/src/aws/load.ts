import type { Connection, ConnectOptions } from './sdk/connection';

/**
 * Opens the way to AWS. The SDK is a bundle of its own, dist/aws.js, read at the first call; nothing is asked of AWS yet.
 */
export async function connectAws(options: ConnectOptions = {}): Promise<Connection> {
  // The SDK would tell a user of Node 20 which Node its later versions need. It is bundled: that is for us to know.
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
  const { connect } = await import('./sdk/index');
  return connect(options);
}

export type { Connection, ConnectOptions };
