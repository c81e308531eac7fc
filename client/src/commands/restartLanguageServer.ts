import type { Services } from './registry';

export function restartLanguageServer({ client }: Services): Promise<void> {
  return client.restart();
}
