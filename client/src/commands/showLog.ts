import type { Services } from './registry';

export function showLog({ log }: Services): void {
  log.show();
}
