import { accountItems } from './accounts';
import { annotationItems } from './annotations';
import type { Completer } from './item';
import { roleArnItems } from './roleArns';
import { trustPolicyItems } from './trustPolicy';

/** One file a kind of proposal, one line here. */
export const completers: readonly Completer[] = [annotationItems, roleArnItems, accountItems, trustPolicyItems];
