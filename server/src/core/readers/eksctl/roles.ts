import type { AnnotationFact } from '../../model/facts';
import type { Span } from '../../text/span';
import type { Text } from '../../text/text';
import { toText } from '../nodes';
import type { ReaderInput } from '../reader';
import { borrowedScalar, holeText, standIn } from '../terraform/texts';
import { assembled } from '../terraform/wellKnown';

/**
 * The name of a role that eksctl creates where the file gives none: CloudFormation names it. Each mechanism has a role of its own.
 * @param owner whose role it is: a service account, or an add-on
 */
export function madeName(owner: string, at: Span, mechanism: 'IRSA' | 'Pod Identity'): Text {
  const source = `eksctl's role for ${owner}${mechanism === 'IRSA' ? '' : ` by ${mechanism}`}`;
  return toText(borrowedScalar(holeText(source, true, 'role created by eksctl'), at));
}

/** The ARN of a role that eksctl creates. */
export function madeArn(role: Text): Text {
  return toText(
    assembled({ span: role.outer }, [
      'arn:',
      holeText('partition', true, 'unknown partition'),
      ':iam::',
      holeText('account', true, 'unknown account'),
      ':role/',
      role,
    ]),
  );
}

/** What eksctl writes onto the account. */
export function annotation(value: Text, span: Span, owner: AnnotationFact['owner'], doc: ReaderInput['doc']): AnnotationFact {
  return {
    kind: 'annotation',
    doc,
    span,
    key: toText(standIn('eks.amazonaws.com/role-arn', span)),
    value,
    valueType: 'string',
    valueSpan: value.outer,
    place: 'service-account',
    owner,
    entrySpan: span,
  };
}
