import { filePath } from '../../config/paths';
import { shownRoleName } from '../../trust/roleText';
import type { Chain } from '../../wiring/chain';
import { isPlain } from '../../wiring/tie';

/** A file's name without its folders, for messages. */
export function fileName(uri: string): string {
  return filePath(uri).name;
}

/** A sentence that says how the policy was found, where that is not sure by itself; with a space before it. */
export function tieNote(chain: Chain): string {
  const tie = chain.ties[0];
  if (!tie || isPlain(tie)) return '';
  if (tie.kind === 'aws') return ` So says ${tie.because === 'AWS' ? 'AWS' : `the ${tie.because}`}.`;
  return ` ${fileName(tie.policy.doc.uri)} is taken to be the trust policy of ${shownRoleName(chain.request.value)}, ${tie.because}.`;
}
