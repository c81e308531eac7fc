import type { Services } from '../services';

export function restartLanguageServer({ client }: Services): Promise<void> {
  return client.restart('requested by a command');
}
