import type { Connection, ConnectOptions } from './sdk/connection';

/**
 * Opens the way to AWS. The SDK is a bundle of its own, dist/aws.js, read at the first call; nothing is asked of AWS yet.
 */
export async function connectAws(options: ConnectOptions = {}): Promise<Connection> {
  const { connect } = await import('./sdk/index');
  return connect(options);
}

export type { Connection, ConnectOptions };
