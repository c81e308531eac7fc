import type { Report } from '../rule';
import { fileName, tieNote } from './ties';
import { isWeak } from '../../wiring/tie';
import { firstLine, headline, lines, sentence } from '../../text/message';
import { literal } from '../../text/texts';
import type { Chain } from '../../wiring/chain';
import { overlayWords } from '../../wiring/overlayWords';

/**
 * The account's side of a mistake in the trust policy of its role, which allows it nothing: on the annotation, with the fixes
 * of the mistake.
 * @param level that the mistake has where it is
 */
export function causeReport(chain: Chain, cause: Report, level: NonNullable<Report['level']>): Report {
  const { namespace, name, overlays } = chain;
  const role = literal(chain.roleArn?.name) ?? 'the role';
  const account = name === undefined ? 'this service account' : namespace === undefined ? name : `${namespace}/${name}`;
  return {
    doc: chain.request.doc,
    span: chain.request.valueSpan,
    level: isWeak(chain.ties[0]!) ? 'info' : level,
    message: lines(
      headline`${overlays ? `In ${overlayWords(overlays)}, the` : 'The'} trust policy of ${role} doesn't allow ${account}.`,
      `${sentence(`Cause in ${fileName(cause.doc.uri)}: ${firstLine(cause.message)}`)}${tieNote(chain)}`,
    ),
    overlays,
    related: [{ at: { doc: cause.doc, span: cause.span }, message: 'The cause in the trust policy' }],
    fixes: cause.fixes ?? [],
    otherSideOf: [{ doc: cause.doc, span: cause.span }],
  };
}
