import type { MigrationReason } from '../types';
import { addonReasons } from './addons';
import { associationReasons } from './associations';
import { clusterReasons } from './clusters';
import { identityReasons } from './identity';
import { imageReasons } from './images';
import { operatorReasons } from './operators';
import { policyReasons } from './policy';
import { packageReasons } from './packages';
import { replacedReasons } from './replaced';
import type { ReasonFinder, Subject } from './finder';
import { workloadReasons } from './workloads';

/** What may keep an account from moving, in the order in which people are told. */
const finders: readonly ReasonFinder[] = [
  identityReasons,
  policyReasons,
  clusterReasons,
  associationReasons,
  workloadReasons,
  operatorReasons,
  addonReasons,
  replacedReasons,
  imageReasons,
  packageReasons,
];

/** Everything that keeps an account from moving, makes that unknown, or is to be minded. */
export function reasonsOf(subject: Subject): MigrationReason[] {
  const reasons = finders.flatMap((find) => [...find(subject)]);
  // Several workloads may come to the same reason, such as one object that all of them use.
  const key = ({ code, message, at, line }: MigrationReason): string =>
    JSON.stringify([code, message, at?.doc.uri, at?.doc.start, at?.span.start, line]);
  return [...new Map(reasons.map((reason) => [key(reason), reason])).values()];
}
