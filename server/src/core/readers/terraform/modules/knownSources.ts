import type { Evaluator } from '../evaluate/evaluator';
import type { Placed } from './definition';
import { literalOf } from '../evaluate/references';
import { moduleOfSource, type KnownModule } from './moduleSources';

export type { KnownModule };

/** Which known module a block calls. */
export function knownModule(placed: Placed, evaluator: Evaluator): KnownModule | undefined {
  const source = literalOf(placed, 'source', evaluator);
  return source === undefined ? undefined : moduleOfSource(source);
}
