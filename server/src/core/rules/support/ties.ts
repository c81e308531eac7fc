import { filePath } from '../../config/paths';
import { line } from '../../text/message';
import { workloadWords } from '../../trust/platforms';
import { shownRoleName } from '../../trust/roleText';
import type { Chain } from '../../wiring/chain';
import { passesByWebhook } from '../../wiring/chains';
import { isPlain } from '../../wiring/tie';

/** A file's name without its folders, for messages. */
export function fileName(uri: string): string {
  return filePath(uri).name;
}

/** The source of AWS's answer, as a sentence with a space before it: ` Source: snapshot of 2026-11-20.` */
export function sourceNote(label: string): string {
  return ` Source: ${label}.`;
}

/** A sentence that says how the policy was found, if that isn't certain by itself; with a space before it. */
export function tieNote(chain: Chain): string {
  const tie = chain.ties[0];
  if (!tie || isPlain(tie)) return '';
  if (tie.kind === 'aws') return sourceNote(tie.because);
  if (tie.kind === 'config')
    return line` pod-roles.yaml names ${fileName(tie.policy.doc.uri)} as the trust policy of ${shownRoleName(chain.request.value)}.`;
  return line` ${fileName(tie.policy.doc.uri)} is assumed to be the trust policy of ${shownRoleName(chain.request.value)}, ${tie.because}.`;
}

/** Who gets an error, as the beginning of a sentence: `Pods get`, or the operator that requests the role by itself. */
export function recipients({ account: { requestedBy }, workloads }: Pick<Chain, 'account' | 'workloads'>): string {
  if (!requestedBy && workloads[0] && workloads.every(passesByWebhook)) return line`${workloadWords(workloads[0])} gets`;
  if (!requestedBy) return 'Pods get';
  return requestedBy.name ? line`${requestedBy.kind} ${requestedBy.name.value} gets` : `${requestedBy.kind} gets`;
}
